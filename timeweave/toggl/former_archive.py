"""What an earlier version remembered among the outputs of DVC, taken over once, so that nobody pays for it again."""

import shutil
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from timeweave.archive.files import LocalFiles
from timeweave.archive.location import find_archive, take_turn
from timeweave.models.directory import Account, Directory
from timeweave.repository.lock_file import has_former_outputs, restore_former_outputs
from timeweave.runtime import document
from timeweave.runtime.project import find_project, make_own_folder
from timeweave.toggl import changes
from timeweave.toggl.archive import Archive, find_files
from timeweave.toggl.changes import Changes
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.names import Departed, KnownNames
from timeweave.toggl.paged_walk import DAYS, StagedWalk, Walk

MARK = "former-archive-taken-over"
INDEX = "archive.json"
FORMER = (f"toggl/days/{INDEX}", f"toggl/days-of-*/{INDEX}", "toggl/days-in-flight/walk.json", "llm/*.json")
REMEDY = "put a copy of it from a backup in its place, or move it away, and what it remembered is asked for again"
Say = Callable[[str], None]


class _Index(msgspec.Struct):
    account: Account
    highest_id: int = 0
    doubted: list[date] = []


class _WalkUnderWay(msgspec.Struct):
    account: Account
    walk: Walk
    proven: bool = False


class _Look(msgspec.Struct):
    fetched_as_of: date


def take_over(say: Say) -> None:
    """Copy it from the project's `data` into the archive; the later look at a day stays."""
    project = find_project()
    own, data = make_own_folder(project), project / "data"
    if (own / MARK).exists() or not (has_former_outputs(project) or any(any(data.glob(one)) for one in FORMER)):
        return
    with take_turn(LocalFiles(own), say):
        if not (own / MARK).exists():
            _take_days_and_names(project, own / "former-outputs", say)
            _take_walk(data / "toggl" / "days-in-flight", say)
            _take_answers(data / "llm")
            (own / MARK).touch()


def _take_days_and_names(project: Path, restored: Path, say: Say) -> None:
    toggl = project / "data" / "toggl"
    current = toggl
    if has_former_outputs(project) and not (toggl / "days" / INDEX).exists():
        current = restored
        if not restore_former_outputs(project, restored):
            say("what an earlier version fetched is not in DVC's cache any more and must be asked for again")
    if (current / "days" / INDEX).exists():
        _take_days(current / "days", say)
        _take_changes(current / "days" / INDEX, toggl / "changes.json", say)
        _take_names(current / "directory.json", say)
    for index in sorted(toggl.glob(f"days-of-*/{INDEX}")):
        _take_days(index.parent, say)
    shutil.rmtree(restored, ignore_errors=True)


def _take_days(folder: Path, say: Say) -> None:
    former = document.read(folder / INDEX, _Index, REMEDY)
    # The days of the former demo are of another sandbox.
    if former.account.source == "demo":
        return
    files, theirs = find_files(former.account), DayFiles(LocalFiles(folder))
    with take_turn(files, say):
        archive, taken = Archive(files, former.account), []
        for day in theirs.list_days():
            look, ours = theirs.find_look(day), archive.days.find_look(day)
            if look and (ours is None or ours < look):
                files.write(f"{DAYS}/{day}.json", (folder / f"{day}.json").read_bytes())
                taken.append(day)
        archive.write_index(
            highest_id=max(archive.index.highest_id, former.highest_id),
            invalidated=tuple(sorted({*archive.index.invalidated, *(day for day in former.doubted if day in taken)})),
        )
    say(f"{len(taken)} days that an earlier version had fetched were taken over into the archive")


def _take_changes(index: Path, path: Path, say: Say) -> None:
    account = document.read(index, _Index, REMEDY).account
    if account.source != "demo" and path.exists():
        files = find_files(account)
        with take_turn(files, say):
            changes.record(files, document.read(path, Changes, REMEDY).changes)


def _take_names(path: Path, say: Say) -> None:
    """The former directory told those who left from inactive members by nothing but their lack of a time zone."""
    if not path.exists():
        return
    directory, look = document.read(path, Directory, REMEDY), document.read(path, _Look, REMEDY).fetched_as_of
    if directory.account.source == "demo":
        return
    files = find_files(directory.account)
    with take_turn(files, say):
        archive = Archive(files, directory.account)
        known = archive.read_names()
        if known and known.fetched_as_of >= look:
            return
        left = [person for person in directory.people if not person.active and person.timezone is None]
        lists = msgspec.structs.replace(directory, people=[one for one in directory.people if one not in left])
        departed = tuple(Departed(user_id=one.user_id, name=one.name, email=one.email) for one in left)
        archive.write_names(KnownNames(fetched_as_of=look, lists=lists, departed=departed))


def _take_walk(folder: Path, say: Say) -> None:
    """The days of a walk that was proven and not committed yet; one that was not has no pages to go on with."""
    if not (folder / "walk.json").exists():
        return
    former = document.read(folder / "walk.json", _WalkUnderWay, REMEDY)
    if former.account.source == "demo" or not former.proven:
        return
    files = find_files(former.account)
    with take_turn(files, say):
        walk = StagedWalk(Archive(files, former.account).walk_files, former.walk)
        for path in sorted(folder.glob("????-??-??.json")):
            files.write(f"walks/{walk.folder}/{DAYS}/{path.name}", path.read_bytes())
        walk.save(verified=True)


def _take_answers(folder: Path) -> None:
    """Of language models, each under the hash of its question."""
    files = find_archive().below("llm")
    for path in sorted(folder.glob("*.json")):
        if files.read(path.name) is None:
            files.write(path.name, path.read_bytes())
