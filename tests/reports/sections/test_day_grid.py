"""People by days: each cell's hours, share and sign, and the same for teams."""

import pytest

from tests.analysis import documents
from tests.analysis.documents import full_time, member, work
from tests.reports import analyses, story
from tests.reports.analyses import HOUR, Log, Member, Scene, Span
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.attendance import build_attendance
from timeweave.reports.sections.day_grid import CellKind, DayGrid
from timeweave.reports.sections.first_screen import build_tiles


def cells_of(member, *logs, span=None, missing=()):
    findings = [analyses.finding("missing_day", "problem", 0, [member.key], days=missing)] if missing else []
    scene = Scene(members=[member], logs=logs, period=span or Span(), findings=findings)
    data = ReportData(analyses.build(scene))
    grid = DayGrid(data)
    [group] = grid.build_groups()
    return grid, group.rows[0]


@pytest.mark.parametrize(
    ("seconds", "kind", "level"),
    [
        pytest.param(0, CellKind.MISSING, None, id="nothing"),
        pytest.param(7.2 * HOUR - 1, CellKind.SHORT, 8, id="one second under the threshold"),
        pytest.param(7.2 * HOUR, CellKind.WORK, 9, id="at the threshold"),
        pytest.param(8.8 * HOUR, CellKind.WORK, 10, id="at the upper threshold"),
        pytest.param(8.8 * HOUR + 1, CellKind.OVER, 10, id="one second over it"),
    ],
)
def test_a_day_is_filled_by_its_share_of_what_was_expected(seconds, kind, level):
    member = Member(1, "Ada")
    logs = [Log(member, "2025-10-07", "09:00", int(seconds))] if seconds else []
    _, row = cells_of(member, *logs, missing=() if logs else ["2025-10-07"])
    assert (row.cells[0].kind, row.cells[0].level) == (kind, level)


def test_absence_holiday_and_free_days_are_told_apart():
    member = Member(1, "Ada", absences={"2025-10-07": (8, "vacation"), "2025-10-08": (0, "Founders’ Day")})
    _, row = cells_of(
        member, Log(member, "2025-10-11", "09:00", HOUR), missing=["2025-10-09", "2025-10-10", "2025-10-13"]
    )
    assert [cell.kind for cell in row.cells] == ["absent", "holiday", "missing", "missing", "free", "none", "missing"]
    assert row.cells[0].note == "8.0 h absent, vacation"
    assert row.cells[1].note == "Founders’ Day"
    assert row.cells[4].note == "1.0 h, none expected"


def test_where_nothing_is_said_of_hours_nothing_is_missing_and_nothing_is_filled():
    member = Member(1, "Ada", hours=None)
    _, row = cells_of(member, Log(member, "2025-10-07", "09:00", HOUR))
    assert {cell.kind for cell in row.cells} == {CellKind.WORK, CellKind.NONE}
    assert [cell.level for cell in row.cells] == [None] * 7
    assert (row.expected, row.percent) == (None, None)


def test_people_stand_under_their_teams_and_those_in_none_come_last():
    groups = DayGrid(story.report_data()).build_groups()
    assert [(group.key, len(group.rows)) for group in groups] == [("mobile", 2), ("web", 3), ("", 1)]
    head = groups[0].head
    assert (head.name, head.worked, head.expected, head.percent) == ("Mobile", "61.20", "80.00", 76)
    assert head.cells[0].hours == "15.0"


def test_a_long_period_is_shown_in_weeks_that_add_up():
    member = Member(1, "Ada")
    logs = [Log(member, day, "09:00", HOUR) for day in ("2025-10-01", "2025-10-02", "2025-11-05")]
    grid, row = cells_of(member, *logs, span=Span("2025-10-01", "2025-11-30"))
    assert [column.label for column in grid.columns][:2] == ["week of 29 Sep", "week of 6 Oct"]
    assert [cell.hours for cell in row.cells if cell.hours] == ["2.0", "1.0"]
    assert CellKind.MISSING not in {cell.kind for cell in row.cells}


def test_a_day_that_was_logged_on_another_account_is_not_missing():
    member = Member(1, "Ada")
    _, row = cells_of(member, missing=["2025-10-07"])
    assert [cell.kind for cell in row.cells][:2] == [CellKind.MISSING, CellKind.NONE]


def analyze_team():
    """Ada works on two accounts, and of Bo nobody said what is expected; the data is looked at on Wednesday."""
    ada = {"email": "p1@b.example", "aliases": ["p2@b.example"], "team": "all"}
    bo = {"email": "p3@b.example", "team": "all", "hours": None}
    logs = [*work("06", hours=4), *work("06", hours=4, who=2), *work("07", who=2), *work("08"), *work("06 08", who=3)]
    accounts = [member(1, name="Ada"), member(2, name="Ada 2"), member(3, name="Bo")]
    team = full_time(ada, bo) | {"teams": {"all": {}}}
    return ReportData(documents.Scene(logs=logs, team=team, accounts=accounts, as_of="2025-10-08").analyze())


def test_beside_what_was_expected_stands_what_was_worked_on_all_accounts_and_a_day_that_is_not_over_asks_for_nothing():
    data = analyze_team()
    [group] = DayGrid(data).build_groups()
    main, further, _ = group.rows
    assert [(cell.hours, cell.kind, cell.level) for cell in main.cells[:3]] == [
        ("8.0", CellKind.WORK, 10), ("8.0", CellKind.WORK, 10), ("8.0", CellKind.WORK, None)
    ]  # fmt: skip
    assert (main.worked, main.expected, main.percent, main.kind) == ("24.00", "16.00", 100, CellKind.WORK)
    assert (further.worked, further.expected, further.percent) == ("12.00", None, None)
    assert build_attendance(data, [group]).deviations == []


def test_a_team_s_share_is_the_same_as_the_tile_s_and_counts_only_those_of_whom_something_is_expected():
    data = analyze_team()
    [group] = DayGrid(data).build_groups()
    tile = next(one for one in build_tiles(data) if one.key == "coverage")
    assert (group.head.worked, group.head.percent, tile.value) == ("40.00", 100, "100")
    assert (group.head.cells[0].hours, group.head.cells[0].level) == ("16.0", 10)
    assert group.head.cells[0].note == "8.0 of 8.0 h expected"
