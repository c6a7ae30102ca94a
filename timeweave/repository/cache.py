"""DVC's cache of a project: the outputs of stages by their hash, and which of them a stage wrote from what. DVC itself trusts it blindly."""

import contextlib
import json
from collections.abc import Collection, Iterator
from os.path import normpath
from pathlib import Path
from typing import Any

import yaml

from timeweave.repository.dvc_configuration import FOLDER, find_cache, find_object, hash_file
from timeweave.repository.lock_file import READER, LockFile
from timeweave.runtime.errors import TimeweaveError

TREE = ".dir"
"""How the hash of a folder ends; its object lists files and their hashes."""


class Cache:
    """The files on this machine."""

    def __init__(self, project: Path) -> None:
        self._project, self.folder = project, find_cache(project)

    def list_objects(self) -> Iterator[tuple[str, Path]]:
        """Every object by its hash; what lies in the place of one, too."""
        for path in sorted((self.folder / "files" / "md5").glob("??/*")):
            yield path.parent.name + path.name, path

    def list_notes(self) -> list[Path]:
        """DVC's notes of what stages wrote from what: by them it brings outputs back instead of running a stage."""
        return sorted((self.folder / "runs").glob("??/*/*"))

    def list_temporary(self) -> list[Path]:
        """What DVC left of experiments that were queued or interrupted."""
        return sorted(path for path in (self._project / FOLDER / "tmp").rglob("*") if path.is_file())

    def remove(self, digests: Collection[str]) -> None:
        """Objects, folders that list one of them, and notes that name one of either."""
        gone = set(digests)
        for digest, path in self.list_objects():
            if digest.endswith(TREE) and gone.intersection(self._list_tree("", digest).values()):
                gone.add(digest)
            if digest in gone:
                path.unlink()
        for note in self.list_notes():
            if any(out.get("md5") in gone for out in _read_yaml(note).get("outs") or []):
                note.unlink()
        self.remove_empty()

    def remove_empty(self) -> None:
        """Take away the folders of notes that have none left: DVC looks for the newest one in them and ends with a fault."""
        for folder in (self.folder / "runs").glob("??/*"):
            with contextlib.suppress(OSError):  # it has notes
                folder.rmdir()

    def find_damaged(self) -> Iterator[tuple[Path, str]]:
        """Objects that are not what their name says, notes that say nothing, and DVC's own locks where none can be."""
        for digest, path in self.list_objects():
            if hash_file(path) != digest.removesuffix(TREE):
                yield path, "its content is not what its name says"
        for path in self.list_notes():
            if not _names_outputs(_read_yaml(path).get("outs")):
                yield path, "it does not say what the stage wrote"
        for path in (self._project / FOLDER / "tmp" / name for name in ("lock", "rwlock", "rwlock.lock")):
            if path.is_dir() or (path.name == "rwlock" and path.exists() and not _is_json(path)):
                yield path, "DVC cannot use it as a lock"

    def list_files(self, lock: LockFile) -> dict[str, str]:
        """Hash by path of every output that a dvc.lock names, files of folders each; of a folder as far as it is known."""
        found: dict[str, str] = {}
        for path, digest in lock.get_hashes().items():
            found |= self._list_tree(path, digest) if digest.endswith(TREE) else {path: digest}
        return found

    def list_hashes(self, lock: LockFile) -> set[str]:
        """All objects that a dvc.lock names, those of folders included."""
        return set(lock.get_hashes().values()) | set(self.list_files(lock).values())

    def find_changed(self, lock: LockFile, folder: Path, above: str = "") -> list[Path]:
        """Outputs in a folder that are not what a dvc.lock says, or not there; `above` is what paths begin with only there."""
        named = [
            (normpath(folder / path.removeprefix(above)), digest) for path, digest in self.list_files(lock).items()
        ]
        # A dvc.lock may come from another machine: what it names outside of the folder is none of its outputs.
        paths = [(Path(path), digest) for path, digest in named if Path(path).is_relative_to(folder)]
        return [path for path, digest in paths if hash_file(path) != digest]

    def _list_tree(self, path: str, digest: str) -> dict[str, str]:
        try:
            listed = json.loads(find_object(self.folder, digest).read_bytes())
            return {f"{path}/{entry['relpath']}": entry["md5"] for entry in listed}
        except (TimeweaveError, OSError, ValueError, TypeError, KeyError):
            return {}


def _read_yaml(path: Path) -> dict[str, Any]:
    try:
        found = yaml.load(path.read_bytes(), Loader=READER)  # noqa: S506 - a safe loader
    except (OSError, yaml.YAMLError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}


def _names_outputs(outs: Any) -> bool:
    return isinstance(outs, list) and all(isinstance(out, dict) and len(str(out.get("md5"))) >= 32 for out in outs)


def _is_json(path: Path) -> bool:
    try:
        json.loads(path.read_bytes() or b"{}")
    except ValueError:
        return False
    return True
