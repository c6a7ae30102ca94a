"""What Toggl must be asked for, now that the archive and the walks under way are taken into account."""

from dataclasses import dataclass
from datetime import date

from timeweave.toggl.archive import Archive, is_settled, is_stale
from timeweave.toggl.day_files import DAY, span
from timeweave.toggl.staging import StagedWalk

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

    A walk under way is resumed if it can be, the one with most of the missing days first; one that has some of them
    and cannot be resumed is abandoned. Walks of other days are other runs' affair.
    """
    stale = archive.find_stale(days, as_of, settle_days)
    resumed: list[tuple[StagedWalk, list[date]]] = []
    abandoned = []
    for walk in sorted(archive.walks, key=lambda one: (-len(_within(stale, one)), one.walk.folder)):
        wanted = _within(stale, walk)
        if not wanted:
            continue
        rest = [day for day in wanted if is_stale(day, walk.days.find_look(day), as_of, settle_days)]
        if walk.walk.verified:
            stale = [day for day in stale if day not in wanted]
        elif _can_resume(walk, rest, as_of, settle_days):
            resumed.append((walk, rest))
            stale = [day for day in stale if day not in wanted]
        else:
            abandoned.append(walk)
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


def _can_resume(staged: StagedWalk, rest: list[date], as_of: date, settle_days: int) -> bool:
    """Only if what is wanted of its range is exactly what it did not come to, and its edge cannot have changed."""
    walk = staged.walk
    reached_end = walk.after is not None
    edges = (walk.first - DAY, walk.last + DAY) if reached_end else (walk.first - DAY,)
    firm = all(is_settled(edge, walk.as_of, settle_days) for edge in edges)
    if walk.as_of != as_of and not firm:
        return False
    wanted = span(rest[0], walk.last) if rest else []
    return rest == wanted and (bool(rest) or reached_end)
