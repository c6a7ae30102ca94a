"""Collects the days that are missing: in as few requests as there are pages, proven complete, resumable anywhere."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from datetime import date
from functools import cached_property

from timeweave.runtime.period import DAY, span
from timeweave.toggl.answers import Entry
from timeweave.toggl.archive import Archive
from timeweave.toggl.changes import Change, find_changes, read, record
from timeweave.toggl.connection import TogglSettings
from timeweave.toggl.learned_limits import SHORTEST_SPAN, PageSize, find_longest_walk, learn, read_facts
from timeweave.toggl.missing_days import Missing
from timeweave.toggl.paged_walk import PageReader, StagedWalk, Walk
from timeweave.toggl.walk_proof import verify
from timeweave.toggl.workspace_requests import LONGEST, Toggl
from timeweave.web.client import RequestRefused


class Collection:
    """Brings days from Toggl into the archive."""

    def __init__(self, archive: Archive, settings: TogglSettings, as_of: date, say: Callable[[str], None]) -> None:
        self.archive = archive
        self.settings = settings
        self.as_of = as_of
        self._say = say
        self.reached: Callable[[int, int], None] | None = None
        """Told after each page how many of how many days are there."""
        self._done = self._wanted = 0

    def collect(self, toggl: Toggl, missing: Missing) -> None:
        """Fetch what is missing, one walk after the other."""
        self._done, self._wanted = 0, missing.day_count
        for walk in missing.abandoned:
            walk.discard()
        for walk, rest in missing.resumed:
            walk.renew(self.as_of, self.settings.settle_days, rest[-1] if rest else walk.walk.last)
            self._walk(toggl, walk)
        for first, last in missing.new:
            self._begin(toggl, first, last)

    def _begin(self, toggl: Toggl, first: date, last: date) -> None:
        """Walk these days, in halves where Toggl takes no question about so many."""
        walk = StagedWalk.begin(self.archive.walk_files, self._describe(first, last))
        try:
            self._walk(toggl, walk)
        except RequestRefused:
            if walk.pages.count or walk.day_count <= SHORTEST_SPAN:
                raise
            walk.discard()
            middle = first + (last - first) // 2
            self._begin(toggl, first, middle)
            # Only now: a question that is refused for another reason teaches nothing.
            longest = (middle - first).days + 3
            if longest < (read_facts(self.archive.files).longest_span or LONGEST):
                learn(self.archive.files, longest_span=longest)
            self._begin(toggl, middle + DAY, last)

    def _describe(self, first: date, last: date) -> Walk:
        return Walk(first=first, last=last, as_of=self.as_of, is_grouped=self.settings.grouped)

    def _walk(self, toggl: Toggl, walk: StagedWalk) -> None:
        """Read what it lacks, prove the whole, and have its days count."""
        reader = PageReader(toggl, walk, PageSize(self.archive.files, self.settings), walk.walk.is_grouped)
        if not walk.pages.is_complete:
            self._say(f"fetching {walk.next_day} to {walk.walk.last}")
        begun = walk.next_day
        for _ in reader.read():
            self._tell((walk.next_day - begun).days)
        self._done += (walk.next_day - begun).days
        if reader.duplicates:
            self._say(f"{reader.duplicates} entries came twice and were kept once")
        if self.settings.verify_totals and not walk.walk.is_proven:
            verify(toggl, walk, self._say)
            walk.save(is_proven=True)
        walk.cut_days()
        self._settle(toggl, walk)
        self.archive.commit(walk)

    def _tell(self, days: int) -> None:
        if self.reached:
            self.reached(min(self._done + days, self._wanted), self._wanted)

    def _settle(self, toggl: Toggl, walk: StagedWalk) -> None:
        """Note what changed in days that were looked at before, and see to it that no entry is kept or missed twice.

        Before the walk is committed: what is noted or moved twice does no harm, what is forgotten would.
        """
        self.archive.note_forgotten((one.user_id, one.email) for one in walk.read_authors().values())
        moves = Moves(self.archive, walk, self.as_of)
        walk.save(invalidated=moves.settle(self._look_up(toggl, moves)))

    def _look_up(self, toggl: Toggl, moves: "Moves") -> list[Entry]:
        """The entries that are gone from their days and are on others; in shorter spans where longer ones are refused."""
        longest = find_longest_walk(read_facts(self.archive.files))
        while True:
            try:
                return [
                    entry for page in toggl.find_entries(moves.gone, *moves.possible_days, longest) for entry in page
                ]
            except RequestRefused:
                longest //= 2
                if longest < SHORTEST_SPAN:
                    self._say(
                        f"entries that are gone count as deleted, since Toggl does not look them up: {len(moves.gone)}"
                    )
                    return []


class Moves:
    """Holds the days of a walk against what the archive has of them, and of all other days."""

    def __init__(self, archive: Archive, walk: StagedWalk, as_of: date) -> None:
        self._archive, self._walk, self._as_of = archive, walk, as_of
        self._walked = span(walk.walk.first, walk.walk.last)
        self._before = {id_: day for day in self._walked for id_ in archive.days.read_ids(day)}
        self._now = {id_: one.day for id_, one in walk.pages.entries.items()}
        # What an earlier look does not know is not gone, but not there yet: the invented team may be looked at so.
        earlier = {day for day in self._walked if (archive.days.find_look(day) or as_of) > as_of}
        self.gone = sorted(id_ for id_, day in self._before.items() if id_ not in self._now and day not in earlier)
        """Entries of these days that the walk did not see: deleted, or moved to where it did not come."""

    @property
    def possible_days(self) -> tuple[date, date]:
        """From the first to the last day that an entry of the archive may have been moved to."""
        days = [*self._archive.days.list_days(), *self._walked, self._as_of]
        return min(days) - DAY, max(days) + DAY

    def settle(self, elsewhere: Iterable[Entry]) -> tuple[date, ...]:
        """Note what changed and take moved entries out of other days; the days that must be asked for again.

        `elsewhere`: those of `gone` that Toggl still has.
        """
        moved = {entry.id: entry for entry in elsewhere} | self._find_moved()
        came = {*self._before, *self._leave_other_days(), *(one.entry_id for one in self._noted_moves)}
        for day in self._walked:
            previously = self._archive.days.find_look(day)
            if previously is not None:
                before, after = self._archive.days.read_entries(day), self._walk.days.read_entries(day)
                found = find_changes(before, after, day, previously, self._as_of, moved=moved, came=came)
                record(self._archive.files, found)
        return tuple(sorted({one.day for one in moved.values() if self._is_missing(one)}))

    @cached_property
    def _noted_moves(self) -> list[Change]:
        walked = set(map(str, self._walked))
        return [one for one in read(self._archive.files).changes if one.moved_to in walked]

    def _is_missing(self, entry: Entry) -> bool:
        """Whether the archive will not have it on its day."""
        if entry.day in self._walked:
            return self._now.get(entry.id) != entry.day
        return entry.id not in self._archive.days.read_ids(entry.day)

    def _find_moved(self) -> dict[int, Entry]:
        ids = {id_ for id_, day in self._before.items() if self._now.get(id_, day) != day}
        found = self._walk.pages.cut_days(sorted({self._now[id_] for id_ in ids}))
        return {entry.id: entry for _, entries in found for entry in entries if entry.id in ids}

    def _leave_other_days(self) -> set[int]:
        """Take the entries that came just now out of other days they are still filed under.

        Ids grow: an entry with a higher one than any before is new and stands nowhere else. Nor does one that stood on
        a day of the walk, so that the other days are read only where something did move.
        """
        walked = set(self._walked)
        old = {id_ for id_, day in self._now.items() if id_ <= self._archive.index.highest_id and day in walked}
        if not old - self._before.keys():
            return set()
        places = {id_: day for day in self._archive.days.list_days() if day not in walked
                  for id_ in self._archive.days.read_ids(day)}  # fmt: skip
        leaving: dict[date, set[int]] = defaultdict(set)
        for id_ in sorted((old - self._before.keys()) & places.keys()):
            leaving[places[id_]].add(id_)
        days = sorted({self._now[id_] for ids in leaving.values() for id_ in ids})
        moved = {entry.id: entry for _, entries in self._walk.pages.cut_days(days) for entry in entries}
        for day, ids in sorted(leaving.items()):
            self._take_out(day, ids, moved)
        return {id_ for ids in leaving.values() for id_ in ids}

    def _take_out(self, day: date, ids: set[int], moved: Mapping[int, Entry]) -> None:
        look = self._archive.days.find_look(day)
        assert look is not None, "a day that holds entries was looked at"  # noqa: S101
        before = self._archive.days.read_entries(day)
        after = [entry for entry in before if entry.id not in ids]
        record(self._archive.files, find_changes(before, after, day, look, self._as_of, moved=moved))
        self._archive.days.write(day, after, look)
