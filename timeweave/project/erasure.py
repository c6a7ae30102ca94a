"""What goes from this machine when a person, or old months, are to be forgotten: planned as steps that say what they take, and then done."""

import shutil
from collections.abc import Callable, Collection, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from functools import partial
from os.path import normpath
from pathlib import Path

from timeweave.archive.files import DAMAGED
from timeweave.archive.location import find_archive
from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.cache import Cache
from timeweave.repository.experiment_results import Experiments
from timeweave.repository.lock_file import LockFile
from timeweave.runs.index_page import INDEX, write_index
from timeweave.runs.run_folder import ID, RunFolder
from timeweave.runs.stage_status import format_count
from timeweave.runs.workspace_lock import LOCK, Lock
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.toggl.archive import read_forgotten
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.erasure import EMAIL, Person, forget_email, forget_users, list_accounts, plan_days, split_name
from timeweave.toggl.paged_walk import DAYS

Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """Something that goes, in words, and how; one with nothing to take (`count` is 0) is not worth a word."""

    text: str
    take: Callable[[], object]
    count: int = 1


def plan_person(project: ProjectFolder, email: str, say: Say, names: Collection[str] = ()) -> list[Step]:
    """All that names the person, and what keeps them from coming back."""
    _refuse_runs_at_work(project)
    person, cache, experiments = _find_person(email, names, say), Cache(project.folder), Experiments(project.folder)
    objects = {digest for digest, path in cache.list_objects() if path.is_file() and person.is_in(path)}
    runs = {path.name for path in _list_runs(project) if any(map(person.is_in, _list_files(path)))}
    for name, one in experiments.list_experiments().items():
        lock = experiments.read_lock(one.commit)
        if objects & cache.list_hashes(lock) or person.is_named_in(str(lock.get_params("aggregate_time"))):
            runs.add(name)
    outputs = [path for path in _list_files(project.data) if person.is_in(path)]
    notes = [path for path in [*cache.list_notes(), *cache.list_temporary()] if path.is_file() and person.is_in(path)]
    steps = list(_plan_accounts(person, say))
    if not (person.ids or objects or runs or outputs or notes):
        if not steps:
            raise ConfigurationError(f"nothing on this machine names {email}")
        say(f"nothing here has {email} in it{person.hint}")
        say("what has only their name in it, as that of Fibery's items, is found with --name")
        return steps
    steps += [*_plan_answers(), *_plan_rest(project), *_plan_results(project, runs, objects)]
    steps.append(_plan_outputs(project, outputs))
    steps.append(Step(format_count(len(notes), "note of DVC", "notes of DVC"), partial(_unlink, notes), len(notes)))
    return steps


def _find_person(email: str, names: Collection[str], say: Say) -> Person:
    """ConfigurationError for what is no e-mail or no name: parts of them would be found in what is about others."""
    person = Person(email, names)
    if not (person.ids or EMAIL.fullmatch(email)):
        raise ConfigurationError(f"{email!r} is not an e-mail address: write all of it{person.hint}")
    if not all(map(split_name, names)):
        raise ConfigurationError("--name has no letter or digit in it: write the name as reports show it")
    if person.short:
        listed = ", ".join(map(repr, person.short))
        say(f"not looked for, since others may have it, too: {listed}; if it is theirs alone, say it with --name")
    return person


def plan_months(project: ProjectFolder, before: date, say: Say) -> list[Step]:
    """All days before that one, the runs whose period ended before it, and what only those have in DVC's cache."""
    _refuse_runs_at_work(project)
    experiments, steps = Experiments(project.folder), list(_plan_rest(project))
    for _, files in list_accounts():
        count, take = plan_days(files, before, say)
        steps.append(Step(f"{format_count(count, 'day', 'days')} in {files.address()}", take, count))
    runs = {
        path.name for path in _list_runs(project)
        if (found := RunFolder(project.runs, path.name).read_manifest()) and _is_old(found.parameters.end, before)
    }  # fmt: skip
    results = experiments.list_experiments()
    runs |= {name for name, one in results.items() if _is_old(_find_end(experiments.read_lock(one.commit)), before)}
    kept, gone, cache = set[str](), set[str](), Cache(project.folder)
    for lock in [*experiments.list_locks(), own := LockFile.read(project.folder)]:
        (gone if _is_old(_find_end(lock), before) else kept).update(cache.list_hashes(lock))
    if _is_old(_find_end(own), before):
        steps.append(_plan_outputs(project, _list_outputs(project, own)))
    if (archive := find_archive()).names("llm"):
        say(f"the model's answers stay: none tells its time; all of them go with {archive.address('llm')}")
    return steps + _plan_results(project, runs, gone - kept)


def _list_outputs(project: ProjectFolder, lock: LockFile) -> list[Path]:
    """The files of `data/` that a dvc.lock names, by themselves or with their folder."""
    paths = (Path(normpath(project.folder / name)) for name in lock.get_hashes())
    ours = filter(lambda path: path.is_relative_to(project.data), paths)
    return [file for path in ours for file in ([path] if path.is_file() else _list_files(path))]


def _plan_outputs(project: ProjectFolder, outputs: list[Path]) -> Step:
    text = f"{format_count(len(outputs), 'file', 'files')} in {project.data}; `dvc repro` makes them again"
    return Step(text, partial(_unlink, outputs), len(outputs))


def _plan_accounts(person: Person, say: Say) -> Iterator[Step]:
    """Where no account knows them, each notes their e-mail: a list that was lost is made again like that."""
    accounts = list_accounts()
    if not accounts:
        say("the archive is empty: nothing keeps them from coming with what is fetched")
    for folder, files in accounts:
        read_forgotten(files)
        if ids := person.ids.get(folder):
            days = DayFiles(files.below(DAYS))
            count = sum(len(ids & set(days.read_authors([day]))) for day in days.list_days())
            text = f"{format_count(count, 'day', 'days')} of theirs, and their name, in {files.address()}"
            yield Step(text, partial(forget_users, files, ids, say))
        elif not person.ids:
            text = f"nothing in {files.address()}; a hash of {person.email} is added there, to keep them from coming"
            yield Step(text, partial(forget_email, files, person.email, say))


def _plan_answers() -> Iterator[Step]:
    archive = find_archive()
    if count := len(archive.names("llm")):
        text = f"{format_count(count, 'answer', 'answers')} of the model: none has a name in it, yet any may be about them; asking again costs"
        yield Step(text, partial(archive.remove, "llm"))


def _plan_rest(project: ProjectFolder) -> Iterator[Step]:
    """What cannot be told apart by people or months."""
    archive = find_archive()
    if archive.names(DAMAGED):
        yield Step(f"damaged files in {archive.address(DAMAGED)}", partial(archive.remove, DAMAGED))
    for folder in (project.own / DAMAGED, project.workspaces):
        if folder.exists():
            yield Step(str(folder), partial(_remove_folder, project, folder))


def _remove_folder(project: ProjectFolder, folder: Path) -> None:
    # Since the question was asked a run may have begun.
    _refuse_runs_at_work(project)
    shutil.rmtree(folder, ignore_errors=True)


def _plan_results(project: ProjectFolder, runs: set[str], objects: set[str]) -> list[Step]:
    named = f"{format_count(len(runs), 'run', 'runs')}: {', '.join(sorted(runs))}"
    cached = f"{format_count(len(objects), 'file', 'files')} in DVC's cache"
    removal = partial(Cache(project.folder).remove, objects)
    return [Step(named, partial(_remove_runs, project, runs), len(runs)), Step(cached, removal, len(objects))]


def _remove_runs(project: ProjectFolder, runs: set[str]) -> None:
    Experiments(project.folder).remove(sorted(runs))
    for run in filter(ID.fullmatch, runs):
        RunFolder(project.runs, run).remove()
    if (index := project.runs / INDEX).exists():
        # It names everybody who is in a run. A template at fault stops no removal; the next run makes the page again.
        index.unlink()
        with suppress(TimeweaveError):
            write_index(project)


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _refuse_runs_at_work(project: ProjectFolder) -> None:
    if any(Lock(folder / LOCK).is_held() for folder in project.workspaces.glob("*")):
        raise ConfigurationError("a run is in progress: wait for it, or end it with `timeweave cancel-run`")


def _list_runs(project: ProjectFolder) -> list[Path]:
    return [path for path in sorted(project.runs.glob("*")) if path.is_dir() and not path.is_symlink()]


def _list_files(folder: Path) -> list[Path]:
    return [path for path in sorted(folder.rglob("*")) if path.is_file()]


def _find_end(lock: LockFile) -> str:
    return str(lock.get_params("aggregate_time").get("period", {}).get("end", ""))


def _is_old(day: str, before: date) -> bool:
    """Whether a period's last day is before that one; one that nobody knows is not."""
    try:
        return date.fromisoformat(day) < before
    except ValueError:
        return False
