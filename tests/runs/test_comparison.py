"""Periods one after the other, the ones without a run among them."""

import json
from pathlib import Path

import pytest

from tests.project import ROOT
from tests.runs.empty_project import make_register
from timeweave.cli.diff_runs import _format_row
from timeweave.cli.trend import render_markdown, render_page, trend
from timeweave.runs.comparison import Row, compare_runs, find_points
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runtime.errors import ConfigurationError


def run(start, end, hours):
    return Manifest(
        id=f"run_{start}", status=Status.completed, where=Location.here, started_at=start,
        parameters=Request(source="demo", as_of="2025-12-01", start=start, end=end),
        numbers={"hours": hours, "people": 4, "matched_share": 0.914, "entities": 1200, "done": 3, "overdue": 0},
    )  # fmt: skip


def test_a_period_without_a_run_is_a_gap_and_no_zero(tmp_path):
    (tmp_path / "run_2025-01-01" / "site").mkdir(parents=True)
    (tmp_path / "run_2025-01-01" / "site" / "index.html").touch()
    runs = [run("2025-01-01", "2025-01-31", 1234.5), run("2025-03-01", "2025-03-31", 617.25)]
    found = find_points(runs, "month", ("demo", ""), [], tmp_path)
    assert render_markdown(found).splitlines()[2:] == [
        "| 2025-01 | 1,234.50 | 4 | 91 % | 1,200 | 3 | 0 | run_2025-01-01 |",
        "| 2025-02 | – | – | – | – | – | – | no run |",
        "| 2025-03 | 617.25 | 4 | 91 % | 1,200 | 3 | 0 | run_2025-03-01 |",
    ]
    page = render_page(found, "month", [], ROOT / "config/templates").decode()
    assert page.count("<rect ") == 2
    assert page.count('href="run_2025-01-01/site/index.html"') == 1
    assert "run_2025-03-01/site" not in page
    assert '<td class="num">1,234.50</td>' in page
    assert '<th scope="row">2025-02</th><td class="num">–</td>' in page


def test_nothing_is_drawn_of_other_people_s_runs(tmp_path):
    assert find_points([run("2025-01-01", "2025-01-31", 1)], "month", ("demo", ""), ["a@team.example"], tmp_path) == []


def test_the_demo_and_real_accounts_are_not_mixed(tmp_path):
    assert find_points([run("2025-01-01", "2025-01-31", 1)], "month", ("live", "7"), [], tmp_path) == []


def test_a_page_that_would_not_be_written_is_refused():
    with pytest.raises(ConfigurationError, match="--json writes no page; leave out --out"):
        trend(out=Path("page.html"), as_json=True)


def analyzed(folder, name, categories, people=(), **others):
    """The manifest of a run of which there is a headline and who and what time went to."""
    made = folder / "runs" / name
    made.mkdir(parents=True)
    (made / "metrics.json").write_text("{}")
    categories = [{"key": key, "name": shown, "seconds": seconds} for key, shown, seconds in categories]
    people = [{"user_id": number, "name": shown, "seconds": seconds} for number, shown, seconds in people]
    (made / "analysis.json").write_text(json.dumps({"people": people, "categories": categories} | others))
    asked = Request(source="demo", as_of="2025-12-01", start="2025-10-06", end="2025-10-12")
    return Manifest(id=name, status=Status.completed, where=Location.here, started_at="", parameters=asked)


def test_categories_and_people_are_compared_by_key_and_two_of_one_name_are_told_apart(tmp_path):
    register = make_register(tmp_path)
    first = analyzed(
        tmp_path, "first", [("meetings", "Meetings", 7200), ("meetings-2", "Meetings", 36), ("bugs", "Bug", 3600)],
        [(7, "Ana", 3600)],
    )  # fmt: skip
    second = analyzed(tmp_path, "second", [("meetings", "Meetings", 3600), ("bugs", "Bugs", 60)], [(7, "Ana B", 60)])
    rows, caution = compare_runs(register, first, second)
    assert [(row.label, row.first, row.second) for row in rows[3:]] == [
        ("Category Bugs", 1, 0.02),
        ("Category Meetings (meetings)", 2, 1),
        ("Category Meetings (meetings-2)", 0.01, None),
        ("Hours of Ana B", 1, 0.02),
    ]
    assert caution is None


def test_of_two_runs_of_which_one_was_looked_at_too_late_it_is_said_why_their_findings_differ(tmp_path):
    register = make_register(tmp_path)
    late, other = analyzed(tmp_path, "late", [], whole_is_later=True), analyzed(tmp_path, "other", [])
    caution = compare_runs(register, late, other)[1]
    assert caution.startswith("2025-10-06 to 2025-10-12 was looked at on 2025-12-01, too late")
    assert caution.endswith("problems and findings of the two runs cannot be compared")
    assert compare_runs(register, late, late)[1] is None


@pytest.mark.parametrize(
    ("name", "values", "change"),
    [
        ("matched_share", (0.9, 0.931), "+3.1 points"),
        ("matched_share", (0.9, 0.8996), "-0.04 points"),
        ("matched_share", (0.9, 0.9), ""),
        ("hours", (1000.5, 3000), "+1,999.5"),
        ("hours", (None, 3), ""),
    ],
)
def test_a_change_is_told_however_small_a_part_of_a_point(name, values, change):
    assert _format_row(Row(name, "Label", *values))[2] == change
