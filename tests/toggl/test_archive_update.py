"""Collection loses nothing and pays for nothing twice, whatever happens on the way."""

import math
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.toggl.fetching import AS_OF, WEEK, archive_in, contents, fetch, staged
from timeweave.archive.files import LocalFiles
from timeweave.runtime.errors import CredentialsError, IncompleteData, QuotaExhausted, TimeweaveError
from timeweave.runtime.period import span
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import TOGGL_MEMBER_TOKEN
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World
from timeweave.toggl import changes
from timeweave.toggl.client import QuotaSpent, TogglClient
from timeweave.web.answers import Response
from timeweave.web.limits import Pace

DAY = timedelta(days=1)


@pytest.fixture(autouse=True)
def calm(sandbox):
    """A sandbox that behaves, with nothing counted yet."""
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield
    sandbox.behaviour.update(vars(Behaviour()))


@pytest.fixture(scope="module")
def clean(sandbox, tmp_path_factory):
    """The archive of the week after a fetch without faults."""
    folder = tmp_path_factory.mktemp("clean")
    fetch(folder, sandbox)
    return contents(folder)


def rows_asked(sandbox, first, last):
    return len(sandbox.world.timesheet.entries(first - DAY, last + DAY))


def fetch_until_done(folder, sandbox, tries=40):
    """Run again and again as a person would; each stop must be an error that says what to do."""
    for _ in range(tries):
        try:
            return fetch(folder, sandbox)
        except TimeweaveError as error:
            assert error.exit_code in (1, 4, 5), error
    raise AssertionError("never done")


def test_a_week_costs_its_pages_and_one_request_for_the_totals(sandbox, tmp_path):
    fetch(tmp_path, sandbox)
    assert len(sandbox.requests) == math.ceil(rows_asked(sandbox, WEEK[0], WEEK[-1]) / 50) + 1


def test_a_second_fetch_with_the_same_parameters_costs_nothing(sandbox, tmp_path):
    fetch(tmp_path, sandbox)
    sandbox.reset()
    fetch(tmp_path, sandbox)
    assert sandbox.requests == []


def test_every_entry_of_the_week_is_in_the_file_of_its_utc_day(sandbox, tmp_path, clean):
    everything = sandbox.world.timesheet.entries(WEEK[0] - DAY, WEEK[-1] + DAY)
    expected = {entry.id: entry.start.date() for entry in everything if WEEK[0] <= entry.start.date() <= WEEK[-1]}
    fetch(tmp_path, sandbox)
    archive = archive_in(tmp_path)
    assert {entry.id: day for day in WEEK for entry in archive.days.read_entries(day)} == expected


def test_days_with_a_gap_between_them_are_two_walks(sandbox, tmp_path):
    fetch(tmp_path, sandbox, [WEEK[0], WEEK[-1]])
    walks = [request for request in sandbox.requests if request.path.endswith("/totals")]
    assert len(walks) == 2


def test_the_next_day_costs_only_what_is_not_settled(tmp_path):
    days = span(date(2025, 9, 29), date(2025, 10, 13))
    with Sandbox(AS_OF) as today:
        fetch(tmp_path, today, days)
    with Sandbox(AS_OF + DAY) as tomorrow:
        fetch(tmp_path, tomorrow, [day + DAY for day in days], AS_OF + DAY)
        # Looked at on the 14th, the 30th of September was 14 days old: settled.
        first_open = date(2025, 10, 1)
        rows = rows_asked(tomorrow, first_open, date(2025, 10, 14))
        assert len(tomorrow.requests) == math.ceil(rows / 50) + 1


def test_late_edits_come_in_deleted_entries_go_and_both_are_noted(tmp_path):
    days = span(date(2025, 9, 23), date(2025, 10, 1))
    before, after = date(2025, 10, 1), date(2025, 10, 11)
    with Sandbox(before) as sandbox:
        fetch(tmp_path / "twice", sandbox, days, before)
    with Sandbox(after) as sandbox:
        fetch(tmp_path / "twice", sandbox, days, after)
        fetch(tmp_path / "once", sandbox, days, after)
    assert contents(tmp_path / "twice") == contents(tmp_path / "once")
    noted = changes.read(LocalFiles(tmp_path / "twice")).changes
    assert {change.kind for change in noted} == {"added", "edited", "deleted"}
    assert not (tmp_path / "once" / "changes.json").exists()


@pytest.mark.parametrize("seed", range(6))
def test_random_faults_change_nothing(sandbox, tmp_path, clean, seed):
    sandbox.behaviour.update(
        {"faults": ("429", "500", "503", "reset", "cut"), "fault_rate": 0.45, "fault_seed": f"seed {seed}",
         "most_in_a_row": 9, "quota": None}
    )  # fmt: skip
    sandbox.reset()
    fetch_until_done(tmp_path, sandbox)
    assert any(request.status != 200 for request in sandbox.requests)
    assert contents(tmp_path) == clean


@pytest.mark.parametrize("oddity", ["duplicated_rows", "unknown_keys", "null_lists", "row cursor"])
def test_odd_but_complete_answers_lose_nothing(sandbox, tmp_path, clean, oddity):
    sandbox.behaviour.update({"cursor": "row"} if oddity == "row cursor" else {oddity: True})
    said = fetch(tmp_path, sandbox)
    found = contents(tmp_path)
    assert found.keys() == clean.keys()
    if oddity == "unknown_keys":
        assert b"novelty" in found["days/2025-10-07.json"]
    else:
        assert found == clean
    assert any("came twice" in sentence for sentence in said) == (oddity == "duplicated_rows")


@pytest.mark.parametrize("fault", ["repeated_cursor", "empty_page"])
def test_a_broken_cursor_is_incomplete_data_and_not_the_end(sandbox, tmp_path, clean, fault):
    sandbox.behaviour.update({fault: True})
    with pytest.raises(IncompleteData):
        fetch(tmp_path, sandbox)
    sandbox.behaviour.update({fault: False})
    fetch(tmp_path, sandbox)
    assert contents(tmp_path) == clean


def test_a_missing_row_stops_the_run_and_says_whose_and_when(sandbox, tmp_path, clean):
    sandbox.behaviour.update({"dropped_rows": 1})
    with pytest.raises(IncompleteData) as incomplete:
        fetch(tmp_path, sandbox)
    [lost, *_] = sandbox.world.timesheet.entries(WEEK[0] - DAY, WEEK[-1] + DAY)
    local_day = lost.start.astimezone(sandbox.world.timesheet.zone(lost.user_id)).date()
    assert f"({lost.seconds:+d} s)" in str(incomplete.value)
    assert f"user {lost.user_id} {lost.seconds:+d} s on {local_day}" in str(incomplete.value)
    sandbox.behaviour.update({"dropped_rows": 0})
    fetch(tmp_path, sandbox)
    assert contents(tmp_path) == clean


class Killed(BaseException):
    """Stands for a process that ends between two instructions."""


class CutOff(LocalFiles):
    """Files of a process that ends after its n-th change to them: they are as before the next one."""

    def __init__(self, folder, root=None, left=None):
        super().__init__(folder, root)
        self.left = left

    def below(self, folder):
        return CutOff(self.folder / folder, self._root, self.left)

    def write(self, name, content):
        self._change(super().write, name, content)

    def move(self, name, target):
        self._change(super().move, name, target)

    def remove(self, name):
        self._change(super().remove, name)

    def _change(self, change, *arguments):
        self.left[0] -= 1
        change(*arguments)
        if self.left[0] == 0:
            raise Killed


def test_a_process_that_ends_at_any_change_is_resumed_without_a_difference(sandbox, tmp_path):
    # The third page brings the first finished day, so that every kind of change happens.
    sandbox.behaviour.update({"quota": None})
    days = WEEK[:3]
    fetch(tmp_path / "whole", sandbox, days)
    for point in range(1, 60):
        folder = tmp_path / str(point)
        try:
            fetch(folder, sandbox, days, files=CutOff(folder, left=[point]))
        except Killed:
            fetch(folder, sandbox, days)
        else:
            break
        assert contents(folder) == contents(tmp_path / "whole"), f"after change {point}"
    assert 20 < point < 59


def pages_asked(sandbox):
    return sum(request.path.endswith("/search/time_entries") for request in sandbox.requests)


@pytest.mark.parametrize("read", [1, 2, 4, 7])
def test_a_resumed_fetch_goes_on_at_the_page_with_one_row_to_compare(sandbox, tmp_path, clean, read):
    sandbox.behaviour.update({"script": ["ok"] * read + ["reset"] * 20})
    with pytest.raises(TimeweaveError):
        fetch(tmp_path, sandbox)
    assert len(staged(tmp_path)) == read
    sandbox.behaviour.update({"script": []})
    sandbox.reset()
    said = fetch(tmp_path, sandbox)
    left = rows_asked(sandbox, WEEK[0], WEEK[-1]) - 50 * read
    assert pages_asked(sandbox) == math.ceil((left + 1) / 50)
    # Besides them the summary by entries: a sum alone may fit by chance.
    assert len(sandbox.requests) == pages_asked(sandbox) + 1
    assert not any("twice" in sentence for sentence in said)
    assert contents(tmp_path) == clean


def test_another_period_after_an_interruption_leaves_no_day_unproven(sandbox, tmp_path):
    sandbox.behaviour.update({"script": ["ok"] * 3 + ["reset"] * 20})
    with pytest.raises(TimeweaveError):
        fetch(tmp_path, sandbox)
    sandbox.behaviour.update({"script": []})
    sandbox.reset()
    fetch(tmp_path, sandbox, WEEK[:4])
    assert pages_asked(sandbox) == math.ceil((rows_asked(sandbox, WEEK[0], WEEK[3]) - 150 + 1) / 50)
    assert archive_in(tmp_path).days.list_days() == WEEK[:4]


def test_days_that_a_walk_has_come_past_are_cut_from_it_without_those_behind_them(sandbox, tmp_path, clean):
    sandbox.behaviour.update({"script": ["ok"] * 6 + ["reset"] * 20})
    with pytest.raises(TimeweaveError):
        fetch(tmp_path, sandbox)
    sandbox.behaviour.update({"script": []})
    [walk] = archive_in(tmp_path).walks
    days = [day for day in WEEK if day <= walk.next_day]
    fetch(tmp_path, sandbox, days)
    found = contents(tmp_path)
    assert {name: content for name, content in found.items() if name != "account.json"}.items() <= clean.items()
    assert archive_in(tmp_path).days.list_days() == days


def test_walks_of_other_days_wait_for_their_run_while_others_come_and_go(sandbox, tmp_path):
    august = span(date(2025, 8, 4), date(2025, 8, 10))
    for days in (august, WEEK):
        sandbox.behaviour.update({"script": ["ok"] * 5 + ["reset"] * 20})
        with pytest.raises(TimeweaveError):
            fetch(tmp_path, sandbox, days)
    sandbox.behaviour.update({"script": []})
    assert len(staged(tmp_path)) == 10
    for days in (WEEK, august):
        sandbox.reset()
        fetch(tmp_path, sandbox, days)
        assert pages_asked(sandbox) == math.ceil((rows_asked(sandbox, days[0], days[-1]) - 250 + 1) / 50)
    assert not list((tmp_path / "walks").iterdir())
    assert archive_in(tmp_path).days.list_days() == [*august, *WEEK]


def test_a_spent_quota_keeps_every_page_and_says_when_to_come_back(sandbox, tmp_path, clean):
    sandbox.behaviour.update({"quota": 5, "quota_window": 1800.0})
    sandbox.reset()
    with pytest.raises(QuotaExhausted, match=r"run again after \d\d:\d\d UTC \(in 30 min\)"):
        fetch(tmp_path, sandbox)
    assert len(sandbox.requests) == 6
    assert len(staged(tmp_path)) == 5
    sandbox.behaviour.update({"quota": 8, "clock_offset": 1801.0})
    fetch(tmp_path, sandbox)
    assert contents(tmp_path) == clean


@pytest.mark.parametrize("quota", [1, 2, 3])
def test_a_week_arrives_however_small_the_quota_is(sandbox, tmp_path, clean, quota):
    sandbox.behaviour.update({"quota": quota})
    pages = math.ceil(rows_asked(sandbox, WEEK[0], WEEK[-1]) / 50)
    for window in range(math.ceil(pages / quota) + 3):
        sandbox.behaviour.update({"clock_offset": 3601.0 * window})
        try:
            fetch(tmp_path, sandbox)
            break
        except QuotaExhausted:
            continue
    assert contents(tmp_path) == clean


def test_a_spent_quota_is_waited_for_where_that_is_allowed(sandbox, tmp_path, clean):
    sandbox.behaviour.update({"quota": 7, "quota_window": 1.0})
    sandbox.reset()
    said = fetch(tmp_path, sandbox, quota_wait_minutes=1)
    assert any("quota is spent; going on" in sentence for sentence in said)
    assert contents(tmp_path) == clean


def test_a_quota_without_headers_is_told_by_its_words(tmp_path):
    client = TogglClient("http://127.0.0.1:1", "nobody", Pace("nobody", None), 0, print)
    words = "You have hit your hourly limit for API calls. Your quota will reset in 840 seconds."
    refusal = client.find_error(Response(402, {}, words, is_json=True))
    assert isinstance(refusal, QuotaSpent)
    assert refusal.seconds == 840
    client.close()


def test_a_members_token_sees_only_their_own_time_and_is_no_error_of_the_walk(sandbox, tmp_path):
    fetch(tmp_path, sandbox, token=TOGGL_MEMBER_TOKEN)
    assert b"Jonas Ferrowell" in contents(tmp_path)["days/2025-10-07.json"]
    assert b"Mira Castellane" not in contents(tmp_path)["days/2025-10-07.json"]


def test_a_wrong_token_is_not_tried_twice(sandbox, tmp_path):
    with pytest.raises(CredentialsError):
        fetch(tmp_path, sandbox, token="wrong")
    assert len(sandbox.requests) == 1


def moment(text):
    return datetime.fromisoformat(text)


ODD = [
    TimeEntry(id=2**40 + 1, user_id=9100001, start=moment("2025-10-08T00:00:00+01:00"), seconds=60),
    TimeEntry(id=2**40 + 2, user_id=9100008, start=moment("2025-10-08T00:00:00+09:00"), seconds=0),
    TimeEntry(id=2**40 + 3, user_id=9100009, start=moment("2025-10-08T23:59:59-04:00"), seconds=25 * 3600),
    TimeEntry(id=2**40 + 4, user_id=9100006, start=moment("2025-10-09T12:00:00-05:00"), seconds=None),
    TimeEntry(id=2**40 + 5, user_id=9999999, start=moment("2025-10-10T12:00:00+00:00"), seconds=120),
]


@pytest.mark.parametrize("running", ["null", "absent", "omitted"])
@pytest.mark.parametrize("zone", ["owner", "caller"])
def test_odd_entries_are_kept_wherever_days_are_cut(tmp_path, running, zone):
    with Sandbox(AS_OF, world=World(AS_OF, entries=ODD), behaviour=Behaviour(running=running, zone=zone)) as sandbox:
        fetch(tmp_path, sandbox)
    archive = archive_in(tmp_path)
    found = {entry.id: (day, entry.seconds) for day in WEEK for entry in archive.days.read_entries(day)}
    expected = {
        entry.id: (entry.start.astimezone(UTC).date(), entry.seconds or 0)
        for entry in ODD
        if running != "omitted" or entry.seconds is not None
    }
    assert found == expected


def test_an_entry_that_was_moved_out_of_a_settled_day_counts_once(tmp_path):
    moved = TimeEntry(id=4_000_000_000, user_id=9100001, start=moment("2025-09-10T09:00:00+00:00"), seconds=3600)
    other = TimeEntry(id=4_000_000_001, user_id=9100001, start=moment("2025-10-07T09:00:00+00:00"), seconds=60)
    with Sandbox(AS_OF, world=World(AS_OF, entries=[moved, other])) as sandbox:
        fetch(tmp_path, sandbox, span(date(2025, 9, 9), date(2025, 9, 11)))
        fetch(tmp_path, sandbox)
    later = AS_OF + DAY
    now = [moved._replace(start=moment("2025-10-09T09:00:00+00:00")), other]
    with Sandbox(later, world=World(later, entries=now)) as sandbox:
        fetch(tmp_path, sandbox, as_of=later)
    archive = archive_in(tmp_path)
    assert [day for day in archive.days.list_days() for id_ in archive.days.read_ids(day) if id_ == moved.id] == [
        date(2025, 10, 9)
    ]
    noted = [(change.day, change.kind) for change in changes.read(archive.files).changes]
    assert noted == [("2025-09-10", "moved")]
    assert archive.find_stale([date(2025, 9, 10)], later, 14) == []


@pytest.mark.parametrize("counted", [True, False])
def test_totals_may_count_a_running_timer_or_not(tmp_path, counted):
    behaviour = Behaviour(totals_count_running=counted)
    with Sandbox(AS_OF, world=World(AS_OF, entries=ODD), behaviour=behaviour) as sandbox:
        fetch(tmp_path, sandbox)


def test_a_running_timer_does_not_hide_a_missing_row(tmp_path):
    behaviour = Behaviour(totals_count_running=True, dropped_rows=2)
    with (
        Sandbox(AS_OF, world=World(AS_OF, entries=ODD), behaviour=behaviour) as sandbox,
        pytest.raises(IncompleteData),
    ):
        fetch(tmp_path, sandbox)
