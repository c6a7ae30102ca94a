"""Whatever people edit and whatever fails, in any order: what the archive holds is what a fresh walk finds, or a sentence."""

import tempfile
from datetime import UTC, datetime, time, timedelta
from pathlib import Path

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, rule

from tests.toggl.fetching import AS_OF, archive_in, fetch
from timeweave.runtime.errors import IncompleteData, QuotaExhausted, TimeweaveError
from timeweave.runtime.period import DAY, span
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World

SETTLE = 5
DAYS = span(AS_OF - 9 * DAY, AS_OF - DAY)
"""The first of them are settled at the first look."""
SETTLED = AS_OF - SETTLE * DAY
"""The last of them."""
ROWS = 4
LENGTHS = st.sampled_from([1800, 3600])
PLACES = st.integers(0, 10**6)
WORLD = World(AS_OF + 60 * DAY, entries=[])
"""One for all: its items take long to invent."""
FAULTS = st.lists(st.sampled_from(["429", "503", "reset", "cut", "html"]), min_size=1, max_size=3)


class Archives(RuleBasedStateMachine):
    """Edits come between looks and between the pages of a look, whose windows are a few requests long."""

    @initialize(counts=st.lists(st.integers(0, 3), min_size=len(DAYS), max_size=len(DAYS)), seconds=LENGTHS)
    def begin(self, counts, seconds):
        self.folder = Path(tempfile.mkdtemp())
        self.sandbox = Sandbox(
            AS_OF + 60 * DAY, world=WORLD, behaviour=Behaviour(page_cap=ROWS, quota=None)
        ).__enter__()
        self.look, self.next_id, self.waiting, self.settled_once = AS_OF, 100, [], set()
        self.sandbox._server.respond = self._answer(self.sandbox._server.respond)
        self.entries.clear()
        for day, count in zip(DAYS, counts, strict=True):
            for _ in range(count):
                self._add(day, seconds)

    @property
    def entries(self):
        return self.sandbox.world.timesheet.by_hand

    def _answer(self, respond):
        """Edits that wait are made just before a page is answered, one before each."""

        def answer(request):
            if request.path.endswith("/search/time_entries") and self.waiting:
                edit = self.waiting.pop()
                edit and edit()
            return respond(request)

        return answer

    def _add(self, day, seconds):
        self.next_id += 1
        self.settled_once |= {self.next_id} if day <= SETTLED else set()
        start = datetime.combine(day, time(8), UTC) + timedelta(hours=self.next_id % 7)
        self.entries.append(TimeEntry(self.next_id, 9100001, start, seconds, "Plan"))

    def _pick(self, place, may_go=False):
        """An entry; with `may_go` one of an open day that no settled day of the archive can still hold.

        What is deleted from a settled day, or edited there, is never seen: that is what settled means.
        """
        found = [one for one in self.entries if not may_go or self._may_go(one)]
        return found[place % len(found)] if found else None

    def _may_go(self, entry):
        day = entry.start.date()
        seen = entry.id not in self.settled_once or entry.id in archive_in(self.folder).days.read_ids(day)
        return day > SETTLED and seen

    def _delete(self, place):
        if (one := self._pick(place, may_go=True)) is not None:
            self.entries.remove(one)

    def _edit(self, place, seconds):
        if (one := self._pick(place, may_go=True)) is not None:
            self.entries[self.entries.index(one)] = one._replace(seconds=seconds)

    def _move(self, place, day):
        """From any day to any other, but not within what is settled; into it only what a look has seen."""
        one = self._pick(place)
        if one is None or max(one.start.date(), day) <= SETTLED:
            return
        if day > SETTLED or one.id in archive_in(self.folder).days.read_ids(one.start.date()):
            self.settled_once |= {one.id} if day <= SETTLED else set()
            start = one.start + (day - one.start.date())
            self.entries[self.entries.index(one)] = one._replace(start=start)

    def _make(self, kind, place, day, seconds):
        match kind:
            case "add":
                self._add(max(day, AS_OF - (SETTLE - 1) * DAY), seconds)
            case "delete":
                self._delete(place)
            case "edit":
                self._edit(place, seconds)
            case "move":
                self._move(place, day)

    edits = st.tuples(
        st.sampled_from(["add", "delete", "edit", "move", "nothing"]), PLACES, st.sampled_from(DAYS), LENGTHS
    )

    @rule(edits=st.lists(edits, min_size=1, max_size=4))
    def edit_between_looks(self, edits):
        for edit in edits:
            self._make(*edit)

    @rule(
        edits=st.lists(edits, min_size=1, max_size=6), quota=st.none() | st.integers(2, 6), faults=st.just([]) | FAULTS
    )
    def look_while_people_edit(self, edits, quota, faults):
        self.waiting = [
            lambda edit=edit: self._make(*edit) for edit in edits if edit[0] != "move" or edit[2] >= AS_OF - 3 * DAY
        ]
        self.sandbox.behaviour.update({"quota": quota, "script": ["ok", *faults]})
        self._fetch(self.look)

    @rule(quota=st.integers(2, 6), windows=st.integers(1, 3))
    def look_over_some_windows(self, quota, windows):
        for _ in range(windows):
            self.sandbox.behaviour.update({"quota": quota})
            self._fetch(self.look)
            self.sandbox.behaviour.update({"clock_offset": self.sandbox.behaviour.clock_offset + 3601})

    @rule()
    def time_passes(self):
        if self.look < AS_OF + 1 * DAY:
            self.look += DAY

    def _fetch(self, as_of):
        try:
            fetch(self.folder, self.sandbox, DAYS, as_of, settle_days=self._settle(as_of))
        except TimeweaveError as stopped:
            assert isinstance(stopped, QuotaExhausted | IncompleteData), stopped
        finally:
            self.sandbox.behaviour.update({"script": []})

    def _settle(self, as_of):
        """The same days stay settled, however late it is."""
        return SETTLE + (as_of - AS_OF).days

    def teardown(self):
        if not hasattr(self, "sandbox"):
            return
        try:
            self._compare()
        finally:
            self.sandbox.__exit__()

    def _compare(self):
        """After a last look at which nobody edits anything."""
        self.waiting = []
        self.sandbox.behaviour.update({"quota": None, "script": []})
        last = self.look + DAY
        fetch(self.folder, self.sandbox, DAYS, last, settle_days=self._settle(last))
        held = {(e.id, e.day, e.seconds) for day in DAYS for e in archive_in(self.folder).days.read_entries(day)}
        there = {(e.id, e.start.date(), e.seconds) for e in self.entries if e.start.date() in DAYS}
        assert held == there
        assert not archive_in(self.folder).walks


TestArchives = Archives.TestCase
TestArchives.settings = settings(
    max_examples=25,
    stateful_step_count=8,
    deadline=None,
    suppress_health_check=list(HealthCheck),
    phases=[Phase.generate],
)
