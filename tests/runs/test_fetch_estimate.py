"""What a fetch would cost, of which only what is missing counts."""

import math
from datetime import date, timedelta

import pytest

from timeweave.archive.location import take_turn
from timeweave.project.parameters import Parameters
from timeweave.runs.fetch_estimate import describe_estimate, estimate_fetch, estimate_run
from timeweave.runtime.analysis_params import AnalysisSettings
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import Period, span
from timeweave.runtime.progress import Progress
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl.connection import TogglSettings, account
from timeweave.toggl.fetch import fetch_days, open_archive, read_archive

AS_OF = date(2025, 10, 14)
WEEK = span(date(2025, 10, 7), date(2025, 10, 13))


@pytest.fixture
def settings(sandbox, monkeypatch, tmp_path):
    monkeypatch.setenv("TOGGL_API_TOKEN", TOGGL_TOKEN)
    monkeypatch.chdir(tmp_path)
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield TogglSettings(url=sandbox.url, workspace_id=WORKSPACE_ID, requests_per_second=1000)
    sandbox.behaviour.update(vars(Behaviour()))


def fetch(settings, days=WEEK):
    with open_archive(account("live", settings), print) as archive:
        return fetch_days(archive, settings, AS_OF, days, Progress("test"))


def test_of_an_interrupted_fetch_only_the_rest_counts(settings, sandbox):
    whole = estimate_fetch("live", settings, AS_OF, WEEK)
    # Seven requests for the names, five pages, then nothing any more.
    sandbox.behaviour.update({"script": ["ok"] * 12 + ["reset"] * 20})
    with pytest.raises(TimeweaveError):
        fetch(settings)
    sandbox.behaviour.update({"script": []})
    rest = estimate_fetch("live", settings, AS_OF, WEEK)
    assert (whole.days, whole.ranges) == (7, [(WEEK[0], WEEK[-1])])
    assert 0 < rest.days < 7
    assert rest.most < whole.most
    before = len(sandbox.requests)
    fetch(settings)
    assert rest.least <= len(sandbox.requests) - before <= rest.most


def test_where_only_the_proof_is_missing_one_request_is_left(settings, sandbox):
    # Seven requests for the names, all pages with the days on either side, and no answer about the totals.
    rows = sandbox.world.timesheet.entries(WEEK[0] - timedelta(days=1), WEEK[-1] + timedelta(days=1))
    sandbox.behaviour.update({"script": ["ok"] * (7 + math.ceil(len(rows) / 50)) + ["reset"] * 20})
    with pytest.raises(TimeweaveError):
        fetch(settings)
    sandbox.behaviour.update({"script": []})
    found = estimate_fetch("live", settings, AS_OF, WEEK)
    assert (found.ranges, found.least, found.asked) == ([], 1, 0)
    before = len(sandbox.requests)
    fetch(settings)
    assert found.least <= len(sandbox.requests) - before <= found.most


def test_nothing_is_asked_where_nothing_is_missing_though_others_add_to_the_archive(settings, sandbox):
    fetch(settings)
    archive = read_archive(account("live", settings), print)
    sandbox.reset()
    with take_turn(archive.files, print):
        found = estimate_fetch("live", settings, AS_OF, WEEK)
    assert (found.ranges, found.least, found.most, found.asked, sandbox.requests) == ([], 0, 0, 0, [])


def test_what_comparison_adds_is_told_apart_and_nothing_once_the_archive_has_it(settings, sandbox):
    period = Period(start=WEEK[0], end=WEEK[-1])
    given = Parameters(source="live", as_of=AS_OF, period=period, toggl=settings, analysis=AnalysisSettings())
    whole = estimate_run(given, period, AS_OF)
    assert (whole.ranges, whole.days, whole.compared_days) == ([(date(2025, 9, 30), WEEK[-1])], 14, 7)
    assert 0 < whole.compared_requests < whole.most
    fetch(settings)
    rest = estimate_run(given, period, AS_OF)
    assert (rest.days, rest.compared_days, rest.compared_requests) == (7, 7, rest.most)
    assert f"comparison 7 of the days, about {rest.most} of the requests" in describe_estimate(rest)
    before = len(sandbox.requests)
    fetch(settings, given.analysis.list_utc_days(period, AS_OF))
    assert rest.least <= len(sandbox.requests) - before <= rest.most
    nothing = estimate_run(given, period, AS_OF)
    assert (nothing.days, nothing.compared_days, nothing.compared_requests, nothing.most) == (0, 0, 0, 0)
    assert not [line for line in describe_estimate(nothing) if line.startswith("comparison")]


@pytest.mark.parametrize(("cap", "refused"), [(50, None), (1000, None), (1000, 50)])
def test_a_plan_is_right_whatever_a_page_holds_and_exact_once_that_is_known(settings, sandbox, cap, refused):
    sandbox.behaviour.update({"page_cap": cap, "page_refused_over": refused})
    for days, spread in ((WEEK, None), (span(date(2025, 9, 16), date(2025, 9, 29)), 3)):
        planned = estimate_fetch("live", settings, AS_OF, days)
        before = len(sandbox.requests)
        fetch(settings, days)
        assert planned.least <= len(sandbox.requests) - before <= planned.most
        assert spread is None or planned.most - planned.least <= spread


def test_a_span_of_years_is_counted_in_parts(settings, sandbox):
    days = span(date(2024, 8, 1), date(2025, 10, 13))
    planned = estimate_fetch("live", settings, AS_OF, days)
    assert planned.asked == 2
    assert planned.entries == pytest.approx(len(sandbox.world.timesheet.entries(days[0], days[-1])), rel=0.02)
    assert planned.most is not None


def test_a_plan_says_what_grouped_rows_would_save_and_is_right_with_them(settings, sandbox):
    assert estimate_fetch("live", settings, AS_OF, WEEK).grouped_share is None
    fetch(settings)
    two_weeks = span(date(2025, 9, 16), date(2025, 9, 29))
    planned = estimate_fetch("live", settings, AS_OF, two_weeks)
    rows = [entry for day in WEEK for entry in read_archive(account("live", settings), print).days.read_entries(day)]
    assert 0 < planned.grouped_share < 1
    assert len(rows) * planned.grouped_share == pytest.approx(len({
        (one.row["user_id"], one.row["project_id"], one.row["task_id"], one.row["billable"], one.row["description"],
         tuple(one.row["tag_ids"])) for one in rows}), abs=1)  # fmt: skip
    grouped = settings.model_copy(update={"grouped": True})
    planned = estimate_fetch("live", grouped, AS_OF, two_weeks)
    before = len(sandbox.requests)
    fetch(grouped, two_weeks)
    assert planned.least <= len(sandbox.requests) - before <= planned.most
