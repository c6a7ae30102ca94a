"""Brings what is missing into an account's archive, one process at a time; asks for nothing where nothing is missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date

import msgspec

from timeweave.archive.location import take_turn
from timeweave.models.directory import Account
from timeweave.runtime.progress import Progress
from timeweave.toggl.archive import Archive, find_files, is_settled, is_stale
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.day_files import DAY, span
from timeweave.toggl.former_archive import take_over
from timeweave.toggl.names import KnownNames
from timeweave.toggl.walk import StagedWalk

LONGEST = 360
"""Days in one question: Toggl's clients know of a limit at one year."""


@dataclass(frozen=True)
class Missing:
    """Walks to be finished, walks that are of no use any more, and walks to begin."""

    resumed: list[tuple[StagedWalk, list[date]]]
    """Each with the days that it has not come to; none where only the proof is missing."""
    abandoned: list[StagedWalk]
    new: list[tuple[date, date]]

    def __bool__(self) -> bool:
        return bool(self.resumed or self.new)

    @property
    def ranges(self) -> list[tuple[date, date]]:
        """The days to be asked for, as first and last of each question, ascending."""
        return sorted([*((rest[0], rest[-1]) for _, rest in self.resumed if rest), *self.new])

    @property
    def day_count(self) -> int:
        """How many days that are."""
        return sum((last - first).days + 1 for first, last in self.ranges)


def find_missing(archive: Archive, days: list[date], as_of: date, settle_days: int) -> Missing:
    """What it takes to have these days as of a day; nothing is changed.

    A walk under way is resumed if it can be, the one with most of the missing days first. Of those that cannot, one
    that was begun on another day is abandoned; one of this day is left alone, for a run that wants more of its days.
    """
    stale = archive.find_stale(days, as_of, settle_days)
    resumed: list[tuple[StagedWalk, list[date]]] = []
    abandoned = []
    for staged in sorted(archive.walks, key=lambda one: (-len(_within(stale, one)), one.folder)):
        wanted = _within(stale, staged)
        if not wanted:
            continue
        if staged.walk.verified:
            stale = [day for day in stale if day not in wanted]
        elif (rest := _find_rest(staged, wanted, as_of, settle_days)) is not None:
            resumed.append((staged, rest))
            stale = [day for day in stale if day not in wanted]
        elif staged.walk.as_of != as_of:
            abandoned.append(staged)
    return Missing(resumed, abandoned, find_ranges(stale, LONGEST))


def find_ranges(days: list[date], longest: int) -> list[tuple[date, date]]:
    """Ascending days as contiguous ranges of at most `longest` days."""
    found: list[tuple[date, date]] = []
    for day in days:
        if found and found[-1][1] + DAY == day and (day - found[-1][0]).days < longest:
            found[-1] = (found[-1][0], day)
        else:
            found.append((day, day))
    return found


def _within(days: list[date], walk: StagedWalk) -> list[date]:
    return [day for day in days if walk.walk.first <= day <= walk.walk.last]


def _is_firm(staged: StagedWalk, as_of: date, settle_days: int) -> bool:
    """Whether what the walk saw of the days at its edge is what it would see today."""
    walk = staged.walk
    edges = (walk.first - DAY, walk.last + DAY) if walk.after is not None else (walk.first - DAY,)
    return walk.as_of == as_of or all(is_settled(edge, walk.as_of, settle_days) for edge in edges)


def _find_rest(staged: StagedWalk, wanted: list[date], as_of: date, settle_days: int) -> list[date] | None:
    """The days that a walk must still bring so that all that is wanted of its range is there; None where it cannot.

    It goes on where it stopped and leaves no gap; where it ends before its end was meant to be, it is proven so far.
    """
    if not _is_firm(staged, as_of, settle_days):
        return None
    days = span(staged.walk.first, staged.walk.last)
    first = next((day for day in days if is_stale(day, staged.days.find_look(day), as_of, settle_days)), None)
    if first is None:
        return [] if staged.walk.after is not None else None
    # What lies behind a day that was damaged comes again with it.
    pending = span(first, staged.walk.last)
    rest = [day for day in wanted if day in pending]
    goes_on = bool(rest) and rest[0] == pending[0] and rest == span(rest[0], rest[-1])
    return rest if goes_on else None


def read_archive(account: Account, say: Callable[[str], None]) -> Archive:
    """The archive of an account, to look into."""
    take_over(say)
    return Archive(find_files(account), account)


@contextmanager
def open_archive(account: Account, say: Callable[[str], None]) -> Iterator[Archive]:
    """The archive of an account, to add to: nobody else on this machine does meanwhile."""
    take_over(say)
    files = find_files(account)
    with take_turn(files, say):
        archive = Archive(files, account)
        if archive.is_new:
            # A place that cannot be written shows itself before anything is paid for.
            archive.write_index()
        archive.finish_commits()
        yield archive


def find_names(archive: Archive, as_of: date) -> KnownNames | None:
    """The names behind ids, if they are as new as `as_of` asks; the invented team's, if they are of that very day."""
    names = archive.read_names()
    if names is None or (archive.account.source == "demo" and names.fetched_as_of != as_of):
        return None
    return names if names.fetched_as_of >= as_of else None


def fetch_days(
    archive: Archive, settings: TogglSettings, as_of: date, days: list[date], progress: Progress
) -> KnownNames:
    """Have these UTC days in the archive; the names of everyone who has entries on them."""
    missing = find_missing(archive, days, as_of, settings.settle_days)
    names = find_names(archive, as_of)
    if names and not missing and not names.find_unknown(archive.days.read_authors(days)):
        progress("every day of the period is in the archive, no request needed")
        progress.count(0, "days", 0)
        return names
    # Imported here, so that a fetch that finds nothing missing is quick.
    from timeweave.toggl.collection import Collection
    from timeweave.toggl.connection import connect
    from timeweave.toggl.names import fetch_lists, look_up

    with connect(archive.account.source, settings, as_of, progress) as toggl:
        client = toggl.client
        if names is None:
            lists = fetch_lists(toggl, archive.account, settings.everyone)
            names = archive.write_names(KnownNames(fetched_as_of=as_of, lists=lists))
        collection = Collection(archive, settings, as_of, progress)
        collection.reached = lambda done, total: progress.advance(
            done, total, "days", client.requests, client.quota_left
        )
        collection.collect(toggl, missing)
        unknown = names.find_unknown(archive.days.read_authors(days))
        if unknown:
            departed = tuple(sorted([*names.departed, *look_up(toggl, unknown)], key=lambda one: one.user_id))
            names = archive.write_names(msgspec.structs.replace(names, departed=departed))
        left = "" if client.quota_left is None else f", {client.quota_left} left of the quota"
        progress(f"{client.requests} requests{left}")
        progress.count(missing.day_count, "days", client.requests, client.quota_left)
    return names
