"""People edit while a list is read, between two pages and between two looks: what counts in the end is what there is."""

import math
from datetime import UTC, datetime, time, timedelta

import pytest

from tests.toggl.fetching import AS_OF, WEEK, archive_in, fetch, staged
from timeweave.archive.files import LocalFiles
from timeweave.runtime.errors import IncompleteData, QuotaExhausted, TimeweaveError
from timeweave.runtime.period import DAY, span
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World
from timeweave.toggl import changes
from timeweave.toggl.learned_limits import read_facts

USER = 9100001


def logged(number, day, hour=9, seconds=3600, **keys):
    start = datetime.combine(day, time(hour), UTC) + timedelta(seconds=number)
    return TimeEntry(number, USER, start, seconds, f"Entry {number}", **keys)


def team(days=WEEK, per_day=6):
    """Entries of one length, so that no sum tells one from another."""
    return [logged(100 + n * per_day + k, day) for n, day in enumerate(days) for k in range(per_day)]


@pytest.fixture
def served():
    """A sandbox that has these entries, in pages of ten rows; `by_hand` may change while it is served."""
    with Sandbox(AS_OF + 30 * DAY, world=World(AS_OF + 30 * DAY, entries=team())) as sandbox:
        sandbox.behaviour.update({"page_cap": 10, "quota": None})
        yield sandbox


def entries_of(sandbox):
    return sandbox.world.timesheet.by_hand


def before_request(sandbox, number, edit):
    """Do something just before the page of this number is answered."""
    asked, respond = iter(range(10**6)), sandbox._server.respond

    def answer(request):
        if request.path.endswith("/search/time_entries") and next(asked) == number:
            edit()
        return respond(request)

    sandbox._server.respond = answer


def held(folder, days=WEEK):
    days_of = archive_in(folder).days
    return {(entry.id, day, entry.seconds) for day in days for entry in days_of.read_entries(day)}


def there(sandbox, days=WEEK):
    return {(one.id, one.start.date(), one.seconds) for one in entries_of(sandbox) if one.start.date() in days}


def remove(sandbox, place):
    del entries_of(sandbox)[place]


EDITS = {
    "deleted where it was read": lambda sandbox: remove(sandbox, 3),
    "several deleted where it was read": lambda sandbox: [remove(sandbox, 3) for _ in range(4)],
    "a whole page deleted": lambda sandbox: [remove(sandbox, 0) for _ in range(10)],
    "the last one read deleted": lambda sandbox: remove(sandbox, 19),
    "the announced one deleted": lambda sandbox: remove(sandbox, 20),
    "both of them deleted": lambda sandbox: [remove(sandbox, 19) for _ in range(2)],
    "added where it was read": lambda sandbox: entries_of(sandbox).insert(0, logged(1, WEEK[0], 5)),
    "many added where it was read": lambda sandbox: entries_of(sandbox).extend(logged(n, WEEK[0], 5) for n in range(1, 26)),
    "moved from before to behind": lambda sandbox: entries_of(sandbox).append(
        entries_of(sandbox).pop(2)._replace(start=datetime.combine(WEEK[6], time(20), UTC))
    ),
    "moved from behind to before": lambda sandbox: entries_of(sandbox).append(
        entries_of(sandbox).pop(-2)._replace(start=datetime.combine(WEEK[0], time(20), UTC))
    ),
    "made longer where it was read": lambda sandbox: entries_of(sandbox).append(entries_of(sandbox).pop(2)._replace(seconds=7200)),
    "deleted, and another of its length added, where it was read": lambda sandbox: [
        remove(sandbox, 3), remove(sandbox, 3), entries_of(sandbox).append(logged(1, WEEK[0], 5))],
}  # fmt: skip


@pytest.mark.parametrize("verify", [True, False], ids=["verified", "not verified"])
@pytest.mark.parametrize("name", EDITS)
def test_an_edit_between_two_pages_is_noticed(served, tmp_path, name, verify):
    before_request(served, 2, lambda: EDITS[name](served))
    fetch(tmp_path, served, as_of=AS_OF + 30 * DAY, verify_totals=verify)
    if verify:
        assert held(tmp_path) == there(served)
    else:
        # What was edited where it was read already is seen by the next look; nothing that stayed is missed.
        stayed = {one for one in there(served) if one[0] in range(100, 142)}
        moved = {one for one in stayed if one[0] == 140} if name == "moved from behind to before" else set()
        longer = {one for one in stayed if one[2] == 7200}
        assert held(tmp_path) >= stayed - moved - longer


@pytest.mark.parametrize("name", EDITS)
def test_an_edit_between_two_windows_is_noticed(served, tmp_path, name):
    served.behaviour.update({"quota": 2, "quota_window": 1000.0})
    with pytest.raises(QuotaExhausted):
        fetch(tmp_path, served, as_of=AS_OF + 30 * DAY)
    EDITS[name](served)
    for window in range(1, 20):
        served.behaviour.update({"clock_offset": 1001.0 * window})
        try:
            fetch(tmp_path, served, as_of=AS_OF + 30 * DAY)
            break
        except QuotaExhausted:
            continue
    assert held(tmp_path) == there(served)


def test_a_list_that_never_stands_still_is_given_up_and_what_was_read_is_kept(served, tmp_path):
    respond = served._server.respond

    def answer(request):
        if request.path.endswith("/search/time_entries"):
            remove(served, 0)
        return respond(request)

    served._server.respond = answer
    entries_of(served).extend(logged(n, WEEK[6], 20) for n in range(1000, 1200))
    with pytest.raises(IncompleteData, match="changed 5 times while it was read; what was read is kept: run again"):
        fetch(tmp_path, served, as_of=AS_OF + 30 * DAY)
    assert staged(tmp_path)


def test_an_empty_page_in_the_middle_is_an_error_without_totals_too(served, tmp_path):
    respond = served._server.respond

    def answer(request):
        response = respond(request)
        if request.path.endswith("/search/time_entries") and request.json().get("first_row_number") == 21:
            response.body = b"[]"
            response.headers = {name: value for name, value in response.headers.items() if "Next" not in name}
        return response

    served._server.respond = answer
    with pytest.raises(IncompleteData, match="empty page but says that more rows follow"):
        fetch(tmp_path, served, as_of=AS_OF + 30 * DAY, verify_totals=False)
    # The next run goes on from some rows before it.
    fetch(tmp_path, served, as_of=AS_OF + 30 * DAY, verify_totals=False)
    assert held(tmp_path) == there(served)


def test_a_page_of_html_in_the_middle_passes_and_at_first_it_is_a_wrong_address(served, tmp_path):
    served.behaviour.update({"script": ["ok", "html", "html", "ok", "html"]})
    fetch(tmp_path, served, as_of=AS_OF + 30 * DAY)
    assert held(tmp_path) == there(served)
    served.behaviour.update({"script": ["html"]})
    with pytest.raises(TimeweaveError, match=r"not JSON.*check that toggl\.url is the address"):
        fetch(tmp_path / "other", served, as_of=AS_OF + 30 * DAY)


@pytest.mark.parametrize(
    ("asked", "cap", "refused"), [("auto", 1000, None), ("auto", 200, None), ("auto", 50, 50), (25, 50, 50)]
)
def test_a_page_has_as_many_rows_as_toggl_gives_which_is_learnt_once(tmp_path, asked, cap, refused):
    rows = [logged(n, WEEK[3]) for n in range(1, 402)]
    with Sandbox(AS_OF, world=World(AS_OF, entries=rows)) as sandbox:
        sandbox.behaviour.update({"page_cap": cap, "page_refused_over": refused})
        fetch(tmp_path, sandbox, page_size=asked)
        size = 25 if asked == 25 else cap
        assert len(sandbox.requests) == math.ceil(401 / size) + 1 + (asked == "auto" and refused is not None)
        sandbox.reset()
        fetch(tmp_path, sandbox, as_of=AS_OF + DAY, page_size=asked)
        assert len(sandbox.requests) == math.ceil(401 / size) + 1
    facts = read_facts(LocalFiles(tmp_path))
    assert facts.refuses_large_pages == (asked == "auto" and refused is not None)
    assert facts.page_rows == (cap if asked == "auto" and refused is None else None)


def test_a_span_that_is_too_long_is_asked_for_in_halves_which_is_learnt_once(tmp_path):
    days = span(AS_OF - 150 * DAY, AS_OF - DAY)
    with Sandbox(AS_OF, world=World(AS_OF, entries=[logged(n, day) for n, day in enumerate(days, 1)])) as sandbox:
        sandbox.behaviour.update({"longest_span": 47, "page_cap": 1000})
        fetch(tmp_path, sandbox, days)
        assert held(tmp_path, days) == there(sandbox, days)
        sandbox.reset()
        fetch(tmp_path / "again", sandbox, days[:30])
        assert len(sandbox.requests) == 2
        longest = read_facts(LocalFiles(tmp_path)).longest_span
        assert 23 < longest <= 47
        sandbox.reset()
        fetch(tmp_path, sandbox, [day - 200 * DAY for day in days])
        assert not any(request.status == 400 for request in sandbox.requests)


def look_again(folder, sandbox_of, entries, days, as_of):
    with Sandbox(as_of, world=World(as_of, entries=entries), behaviour=Behaviour(quota=None)) as sandbox:
        fetch(folder, sandbox, days, as_of)
        return len(sandbox.requests), sandbox.requests


MONTH = span(AS_OF - 30 * DAY, AS_OF - DAY)
SETTLED, OPEN = AS_OF - 20 * DAY, AS_OF - 3 * DAY


def noted(folder):
    return [(one.day, str(one.kind), one.entry_id, one.moved_to) for one in changes.read(LocalFiles(folder)).changes]


def fetch_twice(folder, entries, edited, quota=None):
    """A month looked at on two days; the archive holds what there is then, days that were settled too."""
    with Sandbox(AS_OF, world=World(AS_OF, entries=entries)) as sandbox:
        fetch(folder, sandbox, MONTH)
    later = AS_OF + DAY
    with Sandbox(later, world=World(later, entries=edited)) as sandbox:
        fetch(folder, sandbox, MONTH, later)
        assert held(folder, MONTH) == there(sandbox, MONTH)
        return len(sandbox.requests)


def test_an_entry_that_moved_into_a_settled_day_has_that_day_asked_for_again(tmp_path):
    entries = team(MONTH, 2)
    moved = next(one for one in entries if one.start.date() == OPEN)
    edited = [one for one in entries if one != moved] + [moved._replace(start=moved.start + (SETTLED - OPEN))]
    fetch_twice(tmp_path, entries, edited)
    assert noted(tmp_path) == [(str(OPEN), "moved", moved.id, str(SETTLED))]


def test_so_has_one_that_moved_to_a_day_that_only_another_period_asks_for(tmp_path):
    entries = team(MONTH, 2)
    moved = next(one for one in entries if one.start.date() == OPEN)
    edited = [one for one in entries if one != moved] + [moved._replace(start=moved.start + (SETTLED - OPEN))]
    later, open_days = AS_OF + DAY, [day for day in MONTH if day >= OPEN]
    with Sandbox(AS_OF, world=World(AS_OF, entries=entries)) as sandbox:
        fetch(tmp_path, sandbox, MONTH)
    with Sandbox(later, world=World(later, entries=edited)) as sandbox:
        fetch(tmp_path, sandbox, open_days, later)
        assert archive_in(tmp_path).index.invalidated == (SETTLED,)
        fetch(tmp_path, sandbox, MONTH, later)
        assert held(tmp_path, MONTH) == there(sandbox, MONTH)
    assert noted(tmp_path) == [(str(OPEN), "moved", moved.id, str(SETTLED))]


def test_an_entry_that_moved_out_of_a_settled_day_is_gone_from_it(tmp_path):
    entries = team(MONTH, 2)
    moved = next(one for one in entries if one.start.date() == SETTLED)
    edited = [one for one in entries if one != moved] + [moved._replace(start=moved.start + (OPEN - SETTLED))]
    fetch_twice(tmp_path, entries, edited)
    assert noted(tmp_path) == [(str(SETTLED), "moved", moved.id, str(OPEN))]


def test_an_entry_that_moved_between_two_days_of_a_walk_is_one_change(tmp_path):
    entries = team(MONTH, 2)
    moved = next(one for one in entries if one.start.date() == OPEN)
    edited = [one for one in entries if one != moved] + [moved._replace(start=moved.start - DAY)]
    fetch_twice(tmp_path, entries, edited)
    assert noted(tmp_path) == [(str(OPEN), "moved", moved.id, str(OPEN - DAY))]


def test_a_deleted_entry_costs_one_look_for_it_and_is_deleted(tmp_path):
    entries = team(MONTH, 2)
    lost = next(one for one in entries if one.start.date() == OPEN)
    requests = fetch_twice(tmp_path, entries, [one for one in entries if one != lost])
    assert noted(tmp_path) == [(str(OPEN), "deleted", lost.id, None)]
    assert requests == 1 + 1 + 1


def test_grouped_rows_give_the_same_archive_in_fewer_pages(tmp_path):
    entries = [
        logged(n, day, 6 + n % 10)._replace(description=f"Plan {n % 4}") for n, day in enumerate(sorted(MONTH * 7), 1)
    ]
    asked = {}
    for grouped in (False, True):
        with Sandbox(
            AS_OF, world=World(AS_OF, entries=entries), behaviour=Behaviour(page_cap=3 if grouped else 50)
        ) as sandbox:
            fetch(tmp_path / str(grouped), sandbox, MONTH, grouped=grouped)
            assert held(tmp_path / str(grouped), MONTH) == there(sandbox, MONTH)
            asked[grouped] = len(sandbox.requests)
    assert asked == {False: 5 + 1, True: 2 + 1}


def test_a_walk_of_grouped_rows_goes_on_after_an_interruption_with_its_own_numbers(tmp_path):
    entries = [logged(n, day)._replace(description=f"Plan {n % 20}") for n, day in enumerate(sorted(MONTH * 7), 1)]
    with Sandbox(AS_OF, world=World(AS_OF, entries=entries)) as sandbox:
        sandbox.behaviour.update({"page_cap": 3, "script": ["ok"] * 3 + ["reset"] * 20})
        with pytest.raises(TimeweaveError):
            fetch(tmp_path, sandbox, MONTH, grouped=True)
        sandbox.behaviour.update({"script": []})
        fetch(tmp_path, sandbox, MONTH, grouped=False)
        assert held(tmp_path, MONTH) == there(sandbox, MONTH)


def test_an_entry_is_looked_up_in_shorter_spans_where_longer_ones_are_refused(tmp_path):
    entries = team(MONTH, 2)
    lost = next(one for one in entries if one.start.date() == OPEN)
    with Sandbox(AS_OF, world=World(AS_OF, entries=entries)) as sandbox:
        fetch(tmp_path, sandbox, span(AS_OF - 120 * DAY, AS_OF - 100 * DAY))
        fetch(tmp_path, sandbox, MONTH)
    left = [one for one in entries if one != lost]
    with Sandbox(AS_OF + DAY, world=World(AS_OF + DAY, entries=left), behaviour=Behaviour(longest_span=93)) as sandbox:
        fetch(tmp_path, sandbox, MONTH, AS_OF + DAY)
    assert noted(tmp_path) == [(str(OPEN), "deleted", lost.id, None)]


def test_a_server_that_does_not_look_up_ids_is_asked_for_one_page_and_it_is_said(tmp_path):
    entries = team(MONTH, 9)
    lost = next(one for one in entries if one.start.date() == OPEN)
    with Sandbox(AS_OF, world=World(AS_OF, entries=entries)) as sandbox:
        fetch(tmp_path, sandbox, MONTH)
    left = [one for one in entries if one != lost]
    with Sandbox(AS_OF + DAY, world=World(AS_OF + DAY, entries=left)) as sandbox:
        respond = sandbox._server.respond

        def answer(request):
            request.body = request.body.replace(b"time_entry_ids", b"unknown")
            return respond(request)

        sandbox._server.respond = answer
        said = fetch(tmp_path, sandbox, MONTH, AS_OF + DAY)
    assert "entries that are gone count as deleted, since Toggl does not look them up: 1" in said
    assert noted(tmp_path) == [(str(OPEN), "deleted", lost.id, None)]
