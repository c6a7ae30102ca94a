"""What is damaged in a project, and how each is mended: kept aside in `.timeweave/damaged/`, never deleted, and rebuilt from what is whole."""

import os
import shutil
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial
from pathlib import Path

from timeweave.archive.files import LocalFiles, find_damaged, set_aside
from timeweave.archive.location import find_archive
from timeweave.fibery import schema
from timeweave.llm import completion_requests
from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.cache import Cache
from timeweave.repository.experiment_results import FOLDER, CommittedOutputs, Experiment, Experiments
from timeweave.repository.git import Git
from timeweave.repository.lock_file import NAME, LockFile, is_readable
from timeweave.repository.run_workspace import Workspace
from timeweave.runs.run_folder import ID, LATEST, MANIFEST, RunFolder
from timeweave.runs.run_results import rebuild_manifest
from timeweave.runs.workspace_lock import LOCK, list_idle, take_left
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError, explain
from timeweave.toggl import changes, day_files, kept_pages, learned_limits, paged_walk
from timeweave.toggl.archive import FORGOTTEN, INDEX, INDEX_LOST, LISTS, NAMES, NAMES_LOST, read_forgotten
from timeweave.toggl.erasure import list_accounts

OLD = 3600
"""Seconds: what is written takes less, so that an older part of a file is nobody's."""
_LOSSES = {
    changes.NAME: changes.LOSS, INDEX: INDEX_LOST, NAMES: NAMES_LOST, LISTS: NAMES_LOST, schema.NAME: schema.LOSS,
    paged_walk.WALK: paged_walk.LOSS, paged_walk.PAGES: kept_pages.LOSS, learned_limits.NAME: learned_limits.LOSS,
    "llm": completion_requests.LOSS,
}  # fmt: skip


@dataclass(frozen=True)
class Damage:
    """Something that is not as it should be."""

    about: str
    text: str
    _mend: Callable[[], str]
    is_fatal: bool
    """Whether something does not work until it is mended."""
    place: Path | str = ""
    """What `text` begins with, where it is of a kind that many files may have."""

    def mend(self) -> str:
        """Do what can be done; what that was, or why it could not be done."""
        try:
            return self._mend()
        except (TimeweaveError, OSError) as error:
            return str(explain(error))

    @property
    def is_mendable(self) -> bool:
        """Whether anything can be done without a person."""
        return self._mend is not _leave


def find_damage(project: ProjectFolder) -> Iterator[Damage]:
    """Everything that is damaged or left over, place by place; nothing is changed."""
    for about, look in _PLACES.items():
        try:
            yield from look(project)
        except (TimeweaveError, OSError) as error:
            yield Damage(about, str(explain(error)), _leave, True)


def _look_at_rights(project: ProjectFolder) -> Iterator[Damage]:
    for folder in project.list_open():
        yield Damage("rights", f"others may look into {folder}", partial(project.close, folder), False)


def _look_at_archive(project: ProjectFolder) -> Iterator[Damage]:
    files = find_archive()
    for _, account in list_accounts():
        try:
            read_forgotten(account)
        except TimeweaveError as error:
            yield Damage("archive", str(error), _leave, True)
    for name, content, reason in find_damaged(files):
        if (kept := Path(name)).name != FORGOTTEN:
            loss = _LOSSES.get(kept.name, _LOSSES.get(kept.parent.name, day_files.LOSS))
            mend = partial(set_aside, files, name, content, reason, loss)
            yield Damage("archive", f"{files.address(name)} is damaged ({reason})", mend, False, files.address(name))


def _look_at_leftovers(project: ProjectFolder) -> Iterator[Damage]:
    """Of processes that were killed while they wrote a file."""
    archive = find_archive()
    found = [path for place in (project.data, project.runs) for path in document.find_unfinished(place)]
    found += project.runs.glob(f".{LATEST}.[0-9]*.*")
    if isinstance(archive, LocalFiles):
        found += archive.find_unfinished()
    for path in found:
        # One that is gone by now was finished.
        if os.path.lexists(path) and time.time() - path.lstat().st_mtime > OLD:
            yield Damage("leftovers", f"{path} was never finished", partial(project.keep_aside, path), False, path)


def _look_at_outputs(project: ProjectFolder) -> Iterator[Damage]:
    """What DVC would take for whole: it trusts its cache, and looks at outputs only where their age or size has changed."""
    cache = Cache(project.folder)
    for path, reason in cache.find_damaged():
        yield Damage("cache", f"{path} is damaged ({reason})", partial(project.keep_aside, path), True, path)
    if not is_readable(project.folder):
        yield Damage("lock", f"{project.folder / NAME} is damaged", partial(_restore_lock, project), True)
    for folder in (project.folder, *(one.folder for one in list_idle(project))):
        changed = cache.find_changed(LockFile.read(folder), folder) if is_readable(folder) else []
        # What is not there DVC sees by itself.
        for path in (one for one in changed if one.exists()):
            yield Damage("data", f"{path} is not what {NAME} says", partial(_touch, path), False, path)


def _look_at_workspaces(project: ProjectFolder) -> Iterator[Damage]:
    """Those that nobody works in; the next run makes a new one."""
    for folder in sorted(project.workspaces.glob("*")):
        if (folder / LOCK).is_dir():
            yield Damage("workspaces", f"{folder / LOCK} is a folder", partial(project.keep_aside, folder / LOCK), True)
    for workspace in list_idle(project):
        with take_left(workspace) as is_left:
            pass
        if is_left:
            text = f"{workspace.folder} is damaged, or was left in the middle of a run"
            yield Damage("workspaces", text, partial(_clear, workspace), False, workspace.folder)


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
        except document.Damaged as damage:
            mend = partial(_rebuild, project, folder, result)
            yield Damage("runs", f"{path} is damaged ({damage.reason})", mend, False, path)
        if result:
            for changed in cache.find_changed(experiments.read_lock(result.commit), path.parent, FOLDER):
                mend = partial(_bring_back, project, result, path.parent, changed)
                yield Damage("runs", f"{changed} is not what the run wrote", mend, False, changed)


_PLACES = {
    "archive": _look_at_archive, "leftovers": _look_at_leftovers, "cache": _look_at_outputs,
    "workspaces": _look_at_workspaces, "runs": _look_at_runs, "rights": _look_at_rights,
}  # fmt: skip


def _leave() -> str:
    return "it needs you"


def _clear(workspace: Workspace) -> str:
    with take_left(workspace) as is_left:
        if not is_left:
            return "a run has taken it meanwhile, and it stays"
        shutil.rmtree(workspace.folder, ignore_errors=True)
        workspace.release()
    return "removed; the next run makes a new one"


def _touch(path: Path) -> str:
    os.utime(path)
    return "DVC looks at it again: `dvc repro` makes it again"


def _restore_lock(project: ProjectFolder) -> str:
    kept, git = project.keep_aside(project.folder / NAME), Git(project.folder)
    if not git.succeeds("ls-files", "--error-unmatch", "--", NAME):
        return f"{kept}; git has none, and `dvc repro` writes a new one"
    git.run("checkout", "--", NAME)
    return f"{kept}; the committed one is back, and `dvc repro` completes it"


def _bring_back(project: ProjectFolder, result: Experiment, folder: Path, path: Path) -> str:
    kept = project.keep_aside(path) if path.exists() else "it was gone"
    try:
        outputs = CommittedOutputs(project.folder, result.commit, result.name)
        content = outputs.read(path.relative_to(folder).as_posix())
    except TimeweaveError as error:
        return f"{kept}; {error}"
    document.write_bytes(path, content or b"", document.PRIVATE)
    return f"{kept}; brought back from DVC's cache"


def _rebuild(project: ProjectFolder, folder: RunFolder, result: Experiment | None) -> str:
    kept = project.keep_aside(folder.path / MANIFEST)
    folder.write_manifest(rebuild_manifest(project.folder, folder, result))
    return f"{kept}; rebuilt from what else the run left"
