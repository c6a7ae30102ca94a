"""Periods one after the other, the ones without a run among them."""

from pathlib import Path

import pytest

from tests.project import ROOT
from timeweave.cli.trend import render_markdown, render_page, trend
from timeweave.runs.comparison import find_points
from timeweave.runs.manifest import Manifest, Place, Request, Status
from timeweave.runtime.errors import ConfigurationError


def run(start, end, hours):
    return Manifest(
        id=f"run_{start}", status=Status.completed, where=Place.here, started_at=start,
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
