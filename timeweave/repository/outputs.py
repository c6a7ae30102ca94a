"""What a run wrote, found by the hashes in the dvc.lock of its commit; the project's folder is neither read nor written."""

import json
from pathlib import Path

from timeweave.repository.configuration import DIGEST, find_cache, find_object
from timeweave.repository.experiments import Experiments
from timeweave.repository.lock_file import LockFile
from timeweave.runtime.errors import TimeweaveError

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
        try:
            return find_object(self._cache, digest).read_bytes()
        except FileNotFoundError:
            raise TimeweaveError(
                f"{path} of {self._run} is not in this machine's cache; where it was pushed, "
                f"`dvc exp pull origin {self._run}` brings it"
            ) from None


def read_cached(lock: LockFile, name: str, cache: Path) -> bytes | None:
    """One output by its hash in a dvc.lock; None where it has none, or where the cache has it no more."""
    digest = lock.get_hashes().get(FOLDER + name, "")
    path = find_object(cache, digest) if DIGEST.fullmatch(digest) else None
    return path.read_bytes() if path and path.is_file() else None
