"""A past run's own files, found by the hashes in its own dvc.lock; the workspace is neither read nor written."""

import configparser
import json
from pathlib import Path
from typing import Any

from timeweave.runs.experiment import Experiments
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError


class Past:
    """The outputs of one run."""

    def __init__(self, folder: Path, commit: str, run: str) -> None:
        self._cache = cache_folder(folder) / "files" / "md5"
        self._run = run
        lock = Experiments(folder).document(commit, "dvc.lock")
        self.lock: dict[str, Any] = lock
        self._hashes = {
            out["path"]: out["md5"]
            for stage in lock.get("stages", {}).values()
            for out in stage.get("outs", [])
            if "md5" in out
        }

    def paths(self) -> list[str]:
        """All files that the stages wrote, ascending."""
        return sorted(name for path in self._hashes for name in self._files(path))

    def read(self, path: str) -> bytes:
        """The bytes of a file as the run wrote it."""
        for top in self._hashes:
            if path == top or path.startswith(f"{top}/"):
                found = self._files(top)
                if path in found:
                    return self._object(found[path], path)
        raise TimeweaveError(
            f"{self._run} has no {path}; `timeweave show-run {self._run} --export DIR` writes all it has"
        )

    def has(self, path: str) -> bool:
        """Whether there is such a file."""
        return any(path in self._files(top) for top in self._hashes if path == top or path.startswith(f"{top}/"))

    def export(self, out: Path, below: tuple[str, ...]) -> list[str]:
        """Write the files below these paths into a folder, under their names there; the names written."""
        names = []
        for path in self.paths():
            parts = Path(path).parts
            if path.startswith(below) and ".." not in parts and not Path(path).is_absolute():
                name = Path(*parts[1:])
                document.write_bytes(out / name, self.read(path))
                names.append(str(name))
        return names

    def _files(self, path: str) -> dict[str, str]:
        """Hash by name of the file, or of those in the folder, at a path of dvc.lock."""
        digest = self._hashes[path]
        if not digest.endswith(".dir"):
            return {path: digest}
        listed = json.loads(self._object(digest, path))
        return {f"{path}/{entry['relpath']}": entry["md5"] for entry in listed}

    def _object(self, digest: str, path: str) -> bytes:
        try:
            return (self._cache / digest[:2] / digest[2:]).read_bytes()
        except FileNotFoundError:
            raise TimeweaveError(
                f"{path} of {self._run} is not in this machine's cache; where it was pushed, "
                f"dvc exp pull origin {self._run} brings it"
            ) from None


def cache_folder(folder: Path) -> Path:
    """Where DVC keeps files by hash: `cache.dir` of the project's configuration, the local one first."""
    for name in ("config.local", "config"):
        path = folder / ".dvc" / name
        parser = configparser.ConfigParser(interpolation=None, strict=False)
        if path.exists():
            parser.read_string("\n".join(line.strip() for line in path.read_text(encoding="utf-8").splitlines()))
        if parser.has_option("cache", "dir"):
            return (path.parent / parser.get("cache", "dir").strip("'\"")).resolve()
    return folder / ".dvc" / "cache"
