"""What goes from this machine when a person, or old months, are to be forgotten: planned as steps that say what they take, and then done."""

import re
import shutil
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import date
from functools import partial
from pathlib import Path

from timeweave.archive.files import DAMAGED, Files
from timeweave.archive.location import find_archive
from timeweave.project.project_folder import ProjectFolder
from timeweave.repository.cache import Cache
from timeweave.repository.experiments import Experiments
from timeweave.repository.lock_file import LockFile
from timeweave.runs.lock import LOCK, Lock
from timeweave.runs.run_folder import ID, RunFolder
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.spelling import find_nearest
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.forgotten import forget_days, forget_users, list_accounts, list_people
from timeweave.toggl.walk import DAYS

Say = Callable[[str], None]


@dataclass(frozen=True)
class Step:
    """Something that goes, in words, and how."""

    text: str
    take: Callable[[], object]


class Person:
    """Somebody by their e-mail, with the numbers and names that the archive knows them by."""

    def __init__(self, email: str) -> None:
        self.email = email
        self.ids: dict[str, set[int]] = {}
        """By the folder of each account that knows them."""
        names, others = set(), set()
        for folder, files in list_accounts():
            for user_id, name, address in list_people(files):
                others.add(address)
                if address.casefold() == email.casefold():
                    self.ids.setdefault(folder, set()).add(user_id)
                    names.add(name)
        self.near = find_nearest(email, others - {""})
        ids = {str(one) for found in self.ids.values() for one in found}
        words = [re.escape(email), *(rf"(?<!\d){one}(?!\d)" for one in ids), *map(_match_name, names - {""})]
        self._traces = re.compile("|".join(words))

    def is_in(self, path: Path) -> bool:
        """Whether a file names them, by e-mail, number or name."""
        text = path.read_text(encoding="utf-8", errors="replace")
        return bool(self._traces.search(text)) or self.email.casefold() in text.casefold()


def _match_name(name: str) -> str:
    # Between the words of a name stands whatever a report's format makes of blanks and apostrophes.
    words = ".{1,8}?".join(map(re.escape, re.findall(r"\w+", name)))
    return rf"(?<![\w-]){words}(?![\w-])"


def plan_person(project: ProjectFolder, email: str, say: Say) -> list[Step]:
    """All that names the person, and what keeps them from coming back; ConfigurationError where nothing does."""
    _refuse_runs_at_work(project)
    person, cache, experiments = Person(email), Cache(project.folder), Experiments(project.folder)
    objects = {digest for digest, path in cache.list_objects() if path.is_file() and person.is_in(path)}
    runs = {path.name for path in _list_runs(project) if any(map(person.is_in, _list_files(path)))}
    for name, one in experiments.list_experiments().items():
        lock = experiments.read_lock(one.commit)
        if objects & cache.list_hashes(lock) or email.casefold() in str(lock.get_params("aggregate_time")).casefold():
            runs.add(name)
    outputs = [path for path in _list_files(project.data) if person.is_in(path)]
    notes = [path for path in [*cache.list_notes(), *cache.list_temporary()] if path.is_file() and person.is_in(path)]
    if not (person.ids or objects or runs or outputs or notes):
        hint = f"; did you mean {' or '.join(person.near)}?" if person.near else ""
        raise ConfigurationError(f"nothing on this machine names {email}{hint}")
    steps = [_plan_account(files, person.ids[folder], say) for folder, files in list_accounts() if folder in person.ids]
    steps += _plan_rest(project)
    steps += _plan_results(project, runs, objects)
    steps.append(
        Step(f"{len(outputs)} files in {project.data}; `dvc repro` makes them again", partial(_unlink, outputs))
    )
    steps.append(Step(f"{len(notes)} notes of DVC", partial(_unlink, notes)))
    return steps


def plan_months(project: ProjectFolder, before: date, say: Say) -> list[Step]:
    """All days before that one, the runs whose period ended before it, and what only those have in DVC's cache."""
    _refuse_runs_at_work(project)
    experiments, steps = Experiments(project.folder), list[Step]()
    for _, files in list_accounts():
        old = [day for day in DayFiles(files.below(DAYS)).list_days() if day < before]
        steps.append(Step(f"{len(old)} days in {files.address()}", partial(forget_days, files, before, say)))
    runs = {
        path.name for path in _list_runs(project)
        if (found := RunFolder(project.runs, path.name).read_manifest()) and _is_old(found.parameters.end, before)
    }  # fmt: skip
    results = experiments.list_experiments()
    runs |= {name for name, one in results.items() if _is_old(_find_end(experiments.read_lock(one.commit)), before)}
    kept: set[str] = set()
    gone: set[str] = set()
    cache = Cache(project.folder)
    for lock in [*experiments.list_locks(), LockFile.read(project.folder)]:
        (gone if _is_old(_find_end(lock), before) else kept).update(cache.list_hashes(lock))
    return steps + _plan_results(project, runs, gone - kept)


def _plan_account(files: Files, ids: set[int], say: Say) -> Step:
    days = DayFiles(files.below(DAYS))
    count = sum(len(ids & set(days.read_authors([day]))) for day in days.list_days())
    return Step(f"{count} days of theirs, and their name, in {files.address()}", partial(forget_users, files, ids, say))


def _plan_rest(project: ProjectFolder) -> Iterator[Step]:
    """What cannot be told apart by people."""
    archive = find_archive()
    if count := len(archive.names("llm")):
        text = f"{count} answers of the language model: none has a name in it, yet any may be about them; asking again costs"
        yield Step(text, partial(archive.remove, "llm"))
    if archive.names(DAMAGED):
        yield Step(f"damaged files in {archive.address(DAMAGED)}", partial(archive.remove, DAMAGED))
    for folder in (project.own / DAMAGED, project.workspaces):
        if folder.exists():
            yield Step(str(folder), partial(shutil.rmtree, folder, ignore_errors=True))


def _plan_results(project: ProjectFolder, runs: set[str], objects: set[str]) -> list[Step]:
    named = f": {', '.join(sorted(runs))}" if runs else ""
    return [
        Step(f"{len(runs)} runs{named}", partial(_remove_runs, project, runs)),
        Step(f"{len(objects)} files in DVC's cache", partial(Cache(project.folder).remove, objects)),
    ]


def _remove_runs(project: ProjectFolder, runs: set[str]) -> None:
    Experiments(project.folder).remove(sorted(runs))
    for run in runs:
        if ID.fullmatch(run):
            RunFolder(project.runs, run).remove()


def _unlink(paths: list[Path]) -> None:
    for path in paths:
        path.unlink(missing_ok=True)


def _refuse_runs_at_work(project: ProjectFolder) -> None:
    if any(Lock(folder / LOCK).is_held() for folder in project.workspaces.glob("*")):
        raise ConfigurationError("a run is at work: wait for it, or end it with `timeweave cancel-run`")


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
