"""What Toggl must be asked for, now that the archive and the walks under way are taken into account."""

from dataclasses import dataclass
from datetime import date, timedelta

from timeweave.runtime.period import DAY, span
from timeweave.toggl.archive import Archive
from timeweave.toggl.learned_limits import find_longest_walk, read_facts
from timeweave.toggl.paged_walk import StagedWalk


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
    return Missing(resumed, abandoned, find_ranges(stale, find_longest_walk(read_facts(archive.files))))


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


def _find_rest(staged: StagedWalk, wanted: list[date], as_of: date, settle_days: int) -> list[date] | None:
    """The days that a walk must still bring so that all that is wanted of its range is there; None where it cannot.

    It goes on where it stopped and leaves no gap; where it ends before its end was meant to be, it is proven so far.
    Of what was read as of another day only what was settled by then counts.
    """
    walk, next_day = staged.walk, staged.next_day
    if walk.as_of != as_of:
        settled = walk.as_of - timedelta(days=settle_days)
        if walk.first - DAY > settled or not staged.pages.count:
            return None
        if walk.last + DAY > settled:
            next_day = min(next_day, max(settled + DAY, walk.first), walk.last)
    pending = span(next_day, walk.last)
    if not pending:
        return []
    rest = [day for day in wanted if day in pending]
    goes_on = bool(rest) and rest[0] == pending[0] and rest == span(rest[0], rest[-1])
    return rest if goes_on else None
