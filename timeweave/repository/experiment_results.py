"""Results of runs as DVC experiments, and what they wrote, found by the hashes in the dvc.lock of their commit; the project's folder is neither read nor written."""

import json
from dataclasses import dataclass
from pathlib import Path

from timeweave.repository.dvc_configuration import DIGEST, find_cache, find_object, hash_file
from timeweave.repository.git import Git
from timeweave.repository.lock_file import NAME, LockFile
from timeweave.runtime.errors import TimeweaveError

REFS = "refs/exps"


@dataclass(frozen=True)
class Experiment:
    """A result that git knows: `name` is the run's id."""

    name: str
    ref: str
    commit: str
    baseline: str
    """The commit that it belongs to."""
    at: str
    """When it was committed, UTC, ISO 8601."""


def make_ref(baseline: str, name: str) -> str:
    """Where DVC looks for the experiments of a commit."""
    return f"{REFS}/{baseline[:2]}/{baseline[2:]}/{name}"


class Experiments:
    """The experiments of one project."""

    def __init__(self, folder: Path) -> None:
        self._git = Git(folder)

    def list_experiments(self) -> dict[str, Experiment]:
        """By name; of several with one name the newest."""
        shape = "%(refname) %(objectname) %(committerdate:format-local:%Y-%m-%dT%H:%M:%SZ)"
        found = {}
        for line in self._git.run("for-each-ref", "--sort=committerdate", f"--format={shape}", REFS).splitlines():
            ref, commit, at = line.split()
            parts = ref.split("/")
            # refs/exps/ab/cdef…/name; DVC's own, such as refs/exps/exec/…, have fewer parts.
            if len(parts) == 5 and len(parts[2]) == 2:
                found[parts[4]] = Experiment(parts[4], ref, commit, parts[2] + parts[3], at)
        return found

    def read_files(self, wanted: list[tuple[str, str]]) -> list[str | None]:
        """The texts of (commit, path), in one question; None for one that is not there."""
        given = "".join(f"{commit}:{path}\n" for commit, path in wanted)
        output = self._git.run_bytes("cat-file", "--batch", given=given.encode())
        found: list[str | None] = []
        for _ in wanted:
            head, _, output = output.partition(b"\n")
            if head.endswith(b"missing"):
                found.append(None)
                continue
            size = int(head.rsplit(b" ", 1)[1])
            found.append(output[:size].decode(errors="replace"))
            output = output[size + 1 :]
        return found

    def read_lock(self, commit: str) -> LockFile:
        """dvc.lock as a run left it."""
        [text] = self.read_files([(commit, NAME)])
        if text is None:
            raise TimeweaveError(f"commit {commit[:10]} has no {NAME}; the experiment is not a run of this project")
        return LockFile.parse(text, f"{NAME} of commit {commit[:10]}")

    def list_locks(self) -> list[LockFile]:
        """Every dvc.lock that a branch, a tag or an experiment has."""
        listed = self._git.run("log", "--branches", "--tags", "--format=%H", "--", NAME).split()
        commits = [*listed, *(one.commit for one in self.list_experiments().values())]
        texts = self.read_files([(commit, NAME) for commit in commits]) if commits else []
        return [LockFile.parse(text, NAME) for text in texts if text is not None]

    def bring(self, source: str, name: str) -> None:
        """Take the experiment of that name over from a repository that is reached by its address."""
        listed = [
            line.split()
            for line in self._git.run("ls-remote", "--end-of-options", source, f"{REFS}/*/*/{name}").splitlines()
        ]
        for _, ref in listed:
            self._git.run("fetch", "-q", "--end-of-options", source, f"+{ref}:{ref}")

    def remove(self, names: list[str]) -> None:
        """Forget results; files in DVC's cache stay until `dvc gc`."""
        known = self.list_experiments()
        lines = "".join(f"delete {known[name].ref}\n" for name in names if name in known)
        self._git.run("update-ref", "--stdin", given=lines.encode())


FOLDER = "data/"
"""Where stages write; names of outputs are given without it."""


class CommittedOutputs:
    """The outputs that a commit names, read from DVC's cache."""

    def __init__(self, project: Path, commit: str, run: str) -> None:
        self._cache, self._run = find_cache(project), run
        self._hashes = Experiments(project).read_lock(commit).get_hashes()

    def list_names(self) -> list[str]:
        """All files that the stages wrote, ascending."""
        return sorted(name.removeprefix(FOLDER) for path in self._hashes for name in self._list_files(path))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file as the run wrote it; None where it wrote none. TimeweaveError where the cache lost it."""
        path = FOLDER + name
        for top in self._hashes:
            if path == top or path.startswith(f"{top}/"):
                digest = self._list_files(top).get(path)
                return self._read_object(digest, path) if digest else None
        return None

    def _list_files(self, path: str) -> dict[str, str]:
        """Hash by name of the file, or of those in the folder, at a path of dvc.lock."""
        digest = self._hashes[path]
        if not digest.endswith(".dir"):
            return {path: digest}
        listed = json.loads(self._read_object(digest, path))
        return {f"{path}/{entry['relpath']}": entry["md5"] for entry in listed}

    def _read_object(self, digest: str, path: str) -> bytes:
        found = find_object(self._cache, digest)
        if not found.exists():
            raise TimeweaveError(
                f"{path} of {self._run} is not in this machine's cache; where it was pushed, "
                f"`dvc exp pull origin {self._run}` brings it"
            )
        if hash_file(found) != digest.removesuffix(".dir"):
            raise TimeweaveError(
                f"{path} of {self._run} is damaged in this machine's cache; `timeweave doctor --repair` takes it out, "
                f"and where it was pushed `dvc exp pull origin {self._run}` brings it back"
            )
        return found.read_bytes()


def read_cached(lock: LockFile, name: str, cache: Path) -> bytes | None:
    """One output by its hash in a dvc.lock; None where it has none, or where the cache has it no more."""
    digest = lock.get_hashes().get(FOLDER + name, "")
    path = find_object(cache, digest) if DIGEST.fullmatch(digest) else None
    return path.read_bytes() if path and path.is_file() else None
