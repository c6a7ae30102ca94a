"""What Toggl must be asked for, now that the archive and the walks under way are taken into account."""

from dataclasses import dataclass
from datetime import date

from timeweave.toggl.archive import Archive, is_settled, is_stale
from timeweave.toggl.day_files import DAY, span
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
