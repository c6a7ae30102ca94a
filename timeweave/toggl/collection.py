"""Collects the days that are missing: in as few requests as there are pages, proven complete, resumable anywhere."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime
from pathlib import Path

import msgspec

from timeweave.runtime.errors import IncompleteData
from timeweave.toggl import changes
from timeweave.toggl.archive import DAY, Archive, Walk, is_settled, ranges, span
from timeweave.toggl.difference import explanation
from timeweave.toggl.entry import Entry
from timeweave.toggl.moves import Moves
from timeweave.toggl.settings import TogglSettings
from timeweave.toggl.walk import Reading
from timeweave.toggl.workspace import Toggl

LONGEST = 360
"""Days in one question: Toggl's clients know of a limit at one year."""


class Collection:
    """Brings days from Toggl into the archive."""

    def __init__(
        self, archive: Archive, changed: Path, settings: TogglSettings, as_of: date, say: Callable[[str], None]
    ) -> None:
        self.archive = archive
        self.changed = changed
        self.settings = settings
        self.as_of = as_of
        self._say = say
        self.reached: Callable[[int, int], None] | None = None
        """Told after each day how many of how many are written."""
        self._done = self._wanted = 0

    def missing(self, days: list[date]) -> list[date]:
        """Those of the days that Toggl must be asked for, now that interrupted work is taken into account."""
        walk = self.archive.unproven
        if walk is not None and not self._can_resume(walk, self._stale(days)):
            self.archive.discard()
        return self._stale(days)

    def stale(self, days: list[date]) -> list[date]:
        """The same without touching the archive: what `missing` would say."""
        walk = self.archive.unproven
        stale = self._stale(days)
        if walk is None or self._can_resume(walk, stale):
            return stale
        return [day for day in days if day in stale or walk.first <= day <= walk.last]

    def _stale(self, days: list[date]) -> list[date]:
        return self.archive.stale(days, self.as_of, self.settings.settle_days)

    @property
    def is_unproven(self) -> bool:
        """Whether an interrupted walk still waits for its proof."""
        return self.archive.unproven is not None

    def collect(self, toggl: Toggl, days: list[date]) -> None:
        """Fetch the missing days of `days`; call `missing` first."""
        missing = self.missing(days)
        self._done, self._wanted = 0, len(missing)
        walk = self.archive.unproven
        if walk is not None:
            rest = [day for day in missing if walk.first <= day <= walk.last]
            self._walk(toggl, walk, rest)
            missing = [day for day in missing if day not in rest]
        for first, last in ranges(missing, LONGEST):
            self._walk(toggl, Walk(first=first, last=last, as_of=self.as_of), span(first, last))

    def _can_resume(self, walk: Walk, stale: list[date]) -> bool:
        """Only if what is wanted of its range is exactly what it did not come to, and its edge cannot have changed."""
        rest = [day for day in stale if walk.first <= day <= walk.last]
        reached_end = walk.after is not None
        edges = (walk.first - DAY, walk.last + DAY) if reached_end else (walk.first - DAY,)
        firm = all(is_settled(edge, walk.as_of, self.settings.settle_days) for edge in edges)
        if walk.as_of != self.as_of and not firm:
            return False
        wanted = span(rest[0], walk.last) if rest else []
        return rest == wanted and (bool(rest) or reached_end)

    def _walk(self, toggl: Toggl, walk: Walk, rest: list[date]) -> None:
        """Walk the days `rest`, all of `walk` or the end of it, and prove the whole."""
        reading = Reading(rest[0], rest[-1], self.settings.page_size) if rest else None
        if reading:
            self._say(f"fetching {rest[0]} to {rest[-1]}")
            walk = self._read(toggl, walk, reading)
            if reading.duplicates:
                self._say(f"{reading.duplicates} entries came twice and were kept once")
        if self.settings.verify_totals:
            self._compare(toggl, walk, reading)
        self._settle(walk)
        self.archive.prove(walk)

    def _read(self, toggl: Toggl, walk: Walk, reading: Reading) -> Walk:
        waiting: dict[date, list[Entry]] = defaultdict(list)
        resumed = reading.first > walk.first
        before, after, written = walk.before if resumed else 0, 0, reading.first
        for found, complete_before in reading.pages(toggl):
            for entry in found:
                if entry.day > reading.last:
                    after += entry.seconds
                elif entry.day >= reading.first:
                    waiting[entry.day].append(entry)
                elif not resumed:
                    before += entry.seconds
            if min(complete_before, reading.last) > written:
                walk = msgspec.structs.replace(walk, before=before)
                self.archive.note(walk)
                while written < min(complete_before, reading.last):
                    self._keep(written, waiting.pop(written, []))
                    written += DAY
        # The last day is written after this, so that a complete archive always knows its edges.
        walk = msgspec.structs.replace(walk, before=before, after=after)
        self.archive.note(walk)
        for day in span(written, reading.last):
            self._keep(day, waiting.pop(day, []))
        return walk

    def _keep(self, day: date, found: list[Entry]) -> None:
        self.archive.keep(day, found, self.as_of)
        self._done += 1
        if self.reached:
            self.reached(self._done, self._wanted)

    def _settle(self, walk: Walk) -> None:
        """Note what changed in days that were looked at before, and take moved entries out of other days.

        Before the walk is proven: what is noted or moved twice does no harm, what is forgotten would.
        """
        moves = Moves(self.archive, self.changed, self.as_of, besides=walk)
        for day in span(walk.first, walk.last):
            found, previously = self.archive.fetched(day), self.archive.seen_as_of(day)
            moves.settle(found)
            if previously is not None:
                noted = changes.between(self.archive.entries(day), found, day, previously, self.as_of)
                changes.record(self.changed, noted)

    def _compare(self, toggl: Toggl, walk: Walk, reading: Reading | None) -> None:
        kept = sum(entry.seconds for day in span(walk.first, walk.last) for entry in self.archive.fetched(day))
        ours = walk.before + kept + (walk.after or 0)
        theirs = toggl.seconds(walk.first - DAY, walk.last + DAY)
        if ours == theirs or (reading and reading.explains(theirs - ours, datetime.now(UTC))):
            return
        self.archive.discard()
        where = explanation(toggl, reading, walk) if reading and reading.first == walk.first else ""
        raise IncompleteData(
            f"Toggl's own total for {walk.first - DAY} to {walk.last + DAY} is {theirs} s, its entries add up to {ours} s "
            f"({theirs - ours:+d} s){where}; these days will be asked for again, so run again"
        )
