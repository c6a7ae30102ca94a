"""Collects the days that are missing: in as few requests as there are pages, proven complete, resumable anywhere."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime

from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.toggl import changes
from timeweave.toggl.answers import Entry
from timeweave.toggl.archive import Archive
from timeweave.toggl.changes import Moves
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.day_files import DAY, span
from timeweave.toggl.missing import Missing
from timeweave.toggl.walk import PageReader, StagedWalk, Walk
from timeweave.toggl.workspace import Toggl


class Collection:
    """Brings days from Toggl into the archive."""

    def __init__(self, archive: Archive, settings: TogglSettings, as_of: date, say: Callable[[str], None]) -> None:
        self.archive = archive
        self.settings = settings
        self.as_of = as_of
        self._say = say
        self.reached: Callable[[int, int], None] | None = None
        """Told after each day how many of how many are written."""
        self._done = self._wanted = 0

    def collect(self, toggl: Toggl, missing: Missing) -> None:
        """Fetch what is missing, one walk after the other."""
        self._done, self._wanted = 0, missing.day_count
        for walk in missing.abandoned:
            walk.discard()
        for walk, rest in missing.resumed:
            self._walk(toggl, walk, rest)
        for first, last in missing.new:
            walk = StagedWalk.begin(self.archive.walk_files, Walk(first=first, last=last, as_of=self.as_of))
            self._walk(toggl, walk, span(first, last))

    def _walk(self, toggl: Toggl, walk: StagedWalk, rest: list[date]) -> None:
        """Walk the days `rest`, all of `walk` or the end of it, and prove the whole."""
        reader = PageReader(rest[0], rest[-1], self.settings.page_size) if rest else None
        if reader:
            if rest[-1] < walk.walk.last:
                walk.save(last=rest[-1])
            self._say(f"fetching {rest[0]} to {rest[-1]}")
            self._read(toggl, walk, reader)
            if reader.duplicates:
                self._say(f"{reader.duplicates} entries came twice and were kept once")
        if self.settings.verify_totals:
            self._compare(toggl, walk, reader)
        self._settle(walk)
        self.archive.commit(walk)

    def _read(self, toggl: Toggl, walk: StagedWalk, reader: PageReader) -> None:
        waiting: dict[date, list[Entry]] = defaultdict(list)
        resumed = reader.first > walk.walk.first
        before, after, written = walk.walk.before if resumed else 0, 0, reader.first
        for found, complete_before in reader.pages(toggl):
            for entry in found:
                if entry.day > reader.last:
                    after += entry.seconds
                elif entry.day >= reader.first:
                    waiting[entry.day].append(entry)
                elif not resumed:
                    before += entry.seconds
            if min(complete_before, reader.last) > written:
                walk.save(before=before)
                while written < min(complete_before, reader.last):
                    self._stage(walk, written, waiting.pop(written, []))
                    written += DAY
        # The last day is written after this, so that a complete walk always knows its edges.
        walk.save(before=before, after=after)
        for day in span(written, reader.last):
            self._stage(walk, day, waiting.pop(day, []))

    def _stage(self, walk: StagedWalk, day: date, found: list[Entry]) -> None:
        walk.days.write(day, found, self.as_of)
        self._done += 1
        if self.reached:
            self.reached(self._done, self._wanted)

    def _settle(self, walk: StagedWalk) -> None:
        """Note what changed in days that were looked at before, and take moved entries out of other days.

        Before the walk is committed: what is noted or moved twice does no harm, what is forgotten would.
        """
        authors = walk.days.read_authors(walk.days.list_days()).values()
        self.archive.note_forgotten((one.user_id, one.email) for one in authors)
        moves = Moves(self.archive, span(walk.walk.first, walk.walk.last), self.as_of)
        for day in span(walk.walk.first, walk.walk.last):
            found, previously = walk.days.read_entries(day), self.archive.days.find_look(day)
            moves.settle(found)
            if previously is not None:
                before = self.archive.days.read_entries(day)
                noted = changes.find_changes(before, found, day, previously, self.as_of)
                changes.record(self.archive.files, noted)

    def _compare(self, toggl: Toggl, staged: StagedWalk, reader: PageReader | None) -> None:
        walk = staged.walk
        kept = sum(entry.seconds for day in span(walk.first, walk.last) for entry in staged.days.read_entries(day))
        ours = walk.before + kept + (walk.after or 0)
        theirs = toggl.seconds(walk.first - DAY, walk.last + DAY)
        if ours == theirs or (reader and reader.explains(theirs - ours, datetime.now(UTC))):
            return
        staged.discard()
        where = explain_mismatch(toggl, reader, walk) if reader and reader.first == walk.first else ""
        raise IncompleteData(
            f"Toggl's own total for {walk.first - DAY} to {walk.last + DAY} is {theirs} s, its entries add up to {ours} s "
            f"({theirs - ours:+d} s){where}; these days will be asked for again, so run again"
        )


MOST_USERS = 3
"""How many people's days are looked into: each costs some requests of a scarce quota."""


def explain_mismatch(toggl: Toggl, reader: PageReader, walk: Walk) -> str:
    """Words to put behind the difference; empty if Toggl will not say more. Never hides the difference itself."""
    first, last = walk.first - DAY, walk.last + DAY
    try:
        theirs = toggl.seconds_by_user(first, last)
        ours: dict[int, int] = defaultdict(int)
        for (user, _), seconds in reader.seconds_by_user_and_day.items():
            ours[user] += seconds
        differing = sorted(user for user in theirs.keys() | ours.keys() if theirs.get(user, 0) != ours.get(user, 0))
        parts = [
            f"user {user} {theirs.get(user, 0) - ours.get(user, 0):+d} s{_days(toggl, reader, user, first, last)}"
            for user in differing[:MOST_USERS]
        ]
    except TimeweaveError:
        return ""
    more = f" and {len(differing) - MOST_USERS} more people" if len(differing) > MOST_USERS else ""
    return f": {', '.join(parts)}{more}" if parts else ""


def _days(toggl: Toggl, reader: PageReader, user: int, first: date, last: date) -> str:
    """The days in [first, last] that differ for one person, found by halving."""
    found: list[date] = []
    open_ranges = [(first, last)]
    while open_ranges:
        start, end = open_ranges.pop()
        ours = sum(reader.seconds_by_user_and_day.get((user, day), 0) for day in span(start, end))
        if toggl.seconds(start, end, [user]) == ours:
            continue
        if start == end:
            found.append(start)
            continue
        middle = start + (end - start) // 2
        open_ranges += [(middle + DAY, end), (start, middle)]
    return f" on {', '.join(str(day) for day in sorted(found))}" if found else ""
