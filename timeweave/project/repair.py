"""What is damaged in a project, and how each is mended: kept aside in `.timeweave/damaged/`, never deleted, and rebuilt from what is whole."""

import shutil
import time
import uuid
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from timeweave.archive.files import DAMAGED, TEMPORARY, Files, LocalFiles, find_damaged, set_aside
from timeweave.archive.location import find_archive
from timeweave.project.project_folder import ProjectFolder
from timeweave.repository.cache import Cache
from timeweave.repository.experiments import FOLDER, CommittedOutputs, Experiment, Experiments
from timeweave.repository.git import Git
from timeweave.repository.lock_file import NAME, LockFile, is_readable
from timeweave.repository.workspace import Workspace
from timeweave.runs.lock import LOCK, Lock
from timeweave.runs.result_reader import rebuild_manifest
from timeweave.runs.run_folder import ID, MANIFEST, RunFolder
from timeweave.runtime import document
from timeweave.runtime.document import Damaged
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.runtime.project import make_private
from timeweave.toggl import changes

OLD = 3600
"""Seconds: what is written takes less, so that an older part of a file is nobody's."""


@dataclass(frozen=True)
class Damage:
    """Something that is not as it should be."""

    about: str
    text: str
    _mend: Callable[[], str]
    is_fatal: bool
    """Whether something does not work until it is mended."""

    def mend(self) -> str:
        """Do what can be done; what that was, or why it could not be done."""
        try:
            return self._mend()
        except TimeweaveError as error:
            return str(error)
        except OSError as error:
            return str(explain(error))


def find_damage(project: ProjectFolder) -> Iterator[Damage]:
    """Everything that is damaged or left over, place by place; nothing is changed."""
    for about, look in _PLACES.items():
        try:
            yield from look(project)
        except (TimeweaveError, OSError) as error:
            said = str(explain(error) if isinstance(error, OSError) else error)
            yield Damage(about, said, lambda: "it needs you", True)


def _look_at_rights(project: ProjectFolder) -> Iterator[Damage]:
    for folder in (project.own, project.runs):
        if folder.is_dir() and folder.stat().st_mode & 0o077:
            yield Damage("rights", f"others may look into {folder}", partial(_close, folder), False)


def _look_at_archive(project: ProjectFolder) -> Iterator[Damage]:
    files = find_archive()
    for name, content, reason in find_damaged(files):
        loss = changes.LOSS if name.endswith(changes.NAME) else "What it held is asked for again when it is needed"
        mend = partial(_set_aside, files, name, content, reason, loss)
        yield Damage("archive", f"{files.address(name)} is damaged ({reason})", mend, False)


def _look_at_leftovers(project: ProjectFolder) -> Iterator[Damage]:
    """Of processes that were killed while they wrote a file."""
    archive = find_archive()
    found = [path for place in (project.data, project.runs) for path in sorted(place.rglob(".?*.?*"))]
    if isinstance(archive, LocalFiles):
        found += sorted((archive.folder / TEMPORARY).glob("*"))
    for path in (one for one in found if time.time() - one.lstat().st_mtime > OLD):
        yield Damage("leftovers", f"{path} was never finished", partial(_remove, path), False)


def _look_at_outputs(project: ProjectFolder) -> Iterator[Damage]:
    """What DVC would take for whole: it trusts its cache, and looks at outputs only where their age or size has changed."""
    cache = Cache(project.folder)
    for path, reason in cache.find_damaged():
        yield Damage("cache", f"{path} is damaged ({reason})", partial(_keep, project, path), True)
    if not is_readable(project.folder):
        yield Damage("lock", f"{project.folder / NAME} is damaged", partial(_restore_lock, project), True)
    for folder in (project.folder, *(one.folder for one in _list_idle(project))):
        changed = cache.find_changed(LockFile.read(folder), folder) if is_readable(folder) else []
        # What is not there DVC sees by itself.
        for path in (one for one in changed if one.exists()):
            yield Damage("data", f"{path} is not what {NAME} says", partial(_touch, path), False)


def _look_at_workspaces(project: ProjectFolder) -> Iterator[Damage]:
    """Those that nobody works in; the next run makes a new one."""
    for folder in sorted(project.workspaces.glob("*")):
        if (folder / LOCK).is_dir():
            yield Damage("workspaces", f"{folder / LOCK} is a folder", partial(_remove, folder), True)
    for workspace in _list_idle(project):
        if not workspace.is_sound():
            text = f"{workspace.folder} is damaged, or was left in the middle of a run"
            yield Damage("workspaces", text, partial(_remove, workspace.folder.parent), False)


def _list_idle(project: ProjectFolder) -> list[Workspace]:
    folders = [one for one in sorted(project.workspaces.glob("*")) if not (one / LOCK).is_dir()]
    return [Workspace(project.folder, one) for one in folders if not Lock(one / LOCK).is_held()]


def _look_at_runs(project: ProjectFolder) -> Iterator[Damage]:
    experiments = Experiments(project.folder)
    results, cache = experiments.list_experiments(), Cache(project.folder)
    for path in sorted(project.runs.glob(f"*/{MANIFEST}")):
        if path.parent.is_symlink() or not ID.fullmatch(path.parent.name):
            continue
        folder, result = RunFolder(project.runs, path.parent.name), results.get(path.parent.name)
        if folder.lock.is_held():
            continue
        try:
            folder.read_manifest()
        except Damaged as damage:
            mend = partial(_rebuild, project, folder, result)
            yield Damage("runs", f"{path} is damaged ({damage.reason})", mend, False)
        if result:
            for changed in cache.find_changed(experiments.read_lock(result.commit), path.parent, FOLDER):
                mend = partial(_bring_back, project, result, path.parent, changed)
                yield Damage("runs", f"{changed} is not what the run wrote", mend, False)


_PLACES = {
    "archive": _look_at_archive, "leftovers": _look_at_leftovers, "cache": _look_at_outputs,
    "workspaces": _look_at_workspaces, "runs": _look_at_runs, "rights": _look_at_rights,
}  # fmt: skip


def _set_aside(files: Files, name: str, content: bytes, reason: str, loss: str) -> str:
    set_aside(files, name, content, reason, loss)
    return "kept aside"


def _keep(project: ProjectFolder, path: Path) -> str:
    place = path.relative_to(project.folder) if project.folder in path.parents else Path(*path.parts[-4:])
    target = project.own / DAMAGED / f"{place}.{uuid.uuid4().hex[:8]}"
    make_private(target.parent)
    shutil.move(path, target)
    return f"kept as {target}"


def _remove(path: Path) -> str:
    if path.is_dir() and not path.is_symlink():
        shutil.rmtree(path, ignore_errors=True)
    else:
        path.unlink(missing_ok=True)
    return "removed"


def _touch(path: Path) -> str:
    path.touch()
    return "DVC looks at it again: `dvc repro` makes it again"


def _restore_lock(project: ProjectFolder) -> str:
    kept, git = _keep(project, project.folder / NAME), Git(project.folder)
    if not git.succeeds("ls-files", "--error-unmatch", "--", NAME):
        return f"{kept}; git has none, and `dvc repro` writes a new one"
    git.run("checkout", "--", NAME)
    return f"{kept}; the committed one is back, and `dvc repro` completes it"


def _close(folder: Path) -> str:
    folder.chmod(0o700)
    return "closed"


def _bring_back(project: ProjectFolder, result: Experiment, folder: Path, path: Path) -> str:
    kept = _keep(project, path) if path.exists() else "it was gone"
    try:
        outputs = CommittedOutputs(project.folder, result.commit, result.name)
        content = outputs.read(path.relative_to(folder).as_posix())
    except TimeweaveError as error:
        return f"{kept}; {error}"
    document.write_bytes(path, content or b"", document.PRIVATE)
    return f"{kept}; brought back from DVC's cache"


def _rebuild(project: ProjectFolder, folder: RunFolder, result: Experiment | None) -> str:
    kept = _keep(project, folder.path / MANIFEST)
    folder.write_manifest(rebuild_manifest(project.folder, folder, result))
    return f"{kept}; rebuilt from what else the run left"
