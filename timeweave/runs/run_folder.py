"""`runs/RUN_ID/`: the manifest and the outputs of one run, whole by themselves, and the log of how it was made."""

import contextlib
import os
import re
import shutil
from dataclasses import replace
from pathlib import Path

import msgspec

from timeweave.repository import experiment_results
from timeweave.repository.lock_file import LockFile
from timeweave.runs.manifest import Manifest
from timeweave.runs.stage_status import StageLog
from timeweave.runs.workspace_lock import Lock
from timeweave.runtime import document
from timeweave.runtime.document import Damaged
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.project import make_private
from timeweave.runtime.redaction import redact

MANIFEST, LOG, LATEST = "manifest.json", "log", "latest"
CANCEL = "cancel"
"""A file in the log's folder: somebody asks for the end of the run."""
REMEDY = "`timeweave doctor --repair` keeps it aside and rebuilds it from what else the run left"
ID = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9_-]|\.(?!\.)){0,98}[A-Za-z0-9_-]|[A-Za-z0-9]")
"""What a folder and a git reference can be called; never two dots, none at the end."""


def check_run_id(name: str) -> str:
    """The name, if it is one for a run. ConfigurationError otherwise."""
    if not ID.fullmatch(name) or name.endswith(".lock") or name in (LATEST, "workspace"):
        raise ConfigurationError(
            f"{name[:100]!r} cannot be the id of a run: letters, digits, dots, dashes and underscores only"
        )
    return name


class RunFolder:
    """The files of one run."""

    def __init__(self, runs: Path, run: str) -> None:
        self.runs, self.run = runs, check_run_id(run)
        self.path = runs / run
        self.log = StageLog(self.path / LOG)

    @property
    def lock(self) -> Lock:
        """Held from the moment that the run is asked for until it is over."""
        return Lock(self.path / LOG / "lock")

    def take(self) -> Lock:
        """Make the folder of a new run, and hold its lock. ConfigurationError where another run has the id."""
        make_private(self.runs)
        try:
            self.path.mkdir(mode=0o700)
        except FileExistsError:
            raise ConfigurationError(f"there is a run {self.run} already; see: timeweave show-run {self.run}") from None
        lock = self.lock
        lock.acquire()
        for log in (self.log.journal, self.log.dvc):
            log.touch(document.PRIVATE)
        return lock

    def read_manifest(self) -> Manifest | None:
        """The manifest as it is on disk; None where there is no such run."""
        path = self.path / MANIFEST
        found = document.read(path, Manifest, REMEDY) if path.exists() else None
        if found and found.id != self.run:
            reason = f"it is of the run {found.id[:50]!r}; a folder holds the run of its own name"
            raise Damaged(reason, f"{path}: {reason}; {REMEDY}")
        return found

    def write_manifest(self, manifest: Manifest) -> None:
        """Write it whole. What an engine says of a failure comes from another machine."""
        if manifest.error:
            error = replace(manifest.error, sentence=redact(manifest.error.sentence))
            manifest = msgspec.structs.replace(manifest, error=error)
        document.write(self.path / MANIFEST, manifest, document.PRIVATE)

    def read_output(self, name: str) -> bytes | None:
        """A document of the run; None where there is none."""
        return FolderOutputs(self.path).read(name)

    def ask_for_cancellation(self) -> None:
        """Leave word for whoever is at work on the run."""
        (self.path / LOG / CANCEL).touch()

    def is_cancellation_asked(self) -> bool:
        """Whether somebody left that word."""
        return (self.path / LOG / CANCEL).exists()

    def copy_outputs(self, workspace: Path) -> None:
        """Copy what the stages wrote in a workspace: files of their own, which share nothing with DVC's cache."""
        for path in LockFile.read(workspace).get_hashes():
            source, target = workspace / path, self._find_place(path.removeprefix(experiment_results.FOLDER))
            if not source.exists():
                raise TimeweaveError(f"{path} is missing in {workspace} though its stage has run; run again")
            for file in sorted(source.rglob("*")) if source.is_dir() else [source]:
                if file.is_file():
                    copy_private(file, target / file.relative_to(source))

    def _find_place(self, name: str) -> Path:
        """Of an output, below this folder."""
        place = Path(os.path.normpath(self.path / name))
        if not place.is_relative_to(self.path) or place == self.path:
            raise TimeweaveError(f"{name} lies outside of data/; let the stages of dvc.yaml write inside it")
        return place

    def point_latest_here(self) -> None:
        """Let `runs/latest` be this run, unless that is one of a newer period; a file system without links goes without."""
        held, run = self._read_latest(), self.read_manifest()
        if held and run and held.parameters.newness > run.parameters.newness:
            return
        new = self.runs / f".{LATEST}.{os.getpid()}.{self.run}"
        with contextlib.suppress(OSError):
            new.unlink(missing_ok=True)
            new.symlink_to(self.run, target_is_directory=True)
            new.replace(self.runs / LATEST)

    def _read_latest(self) -> Manifest | None:
        """The run that `runs/latest` is; None where there is none that can be read."""
        with contextlib.suppress(OSError, TimeweaveError):
            return RunFolder(self.runs, (self.runs / LATEST).readlink().name).read_manifest()
        return None

    def remove(self) -> None:
        """Forget the run."""
        if (self.runs / LATEST).is_symlink() and (self.runs / LATEST).readlink() == Path(self.run):
            (self.runs / LATEST).unlink()
        shutil.rmtree(self.path, ignore_errors=True)


def copy_private(source: Path, target: Path) -> None:
    """A copy of its own, for its owner only."""
    make_private(target.parent)
    shutil.copyfile(source, target)
    target.chmod(document.PRIVATE)


class FolderOutputs:
    """The outputs in a folder: of a run, or of the project itself."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def list_names(self) -> list[str]:
        """All files, ascending, without the manifest and the log."""
        names = [path.relative_to(self._folder) for path in self._folder.rglob("*") if path.is_file()]
        return sorted(name.as_posix() for name in names if name.parts[0] not in (LOG, MANIFEST))

    def read(self, name: str) -> bytes | None:
        """The bytes of a file; None where there is none."""
        path = self._folder / name
        return path.read_bytes() if path.is_file() else None
