"""The page of all periods, from runs that lie beside it; a script of its own, and nothing from elsewhere."""

import json
import re
import shutil
from pathlib import Path

import msgspec
import pytest

from tests.project import ROOT
from tests.reports import analyses, reading, story
from timeweave.analysis.metrics import compute_metrics
from timeweave.reports.formatting.hours import HoursFormat, HoursStyle
from timeweave.runs.index_page import INDEX, build_trends, write_index
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.newest_runs import find_of_period, list_periods
from timeweave.runs.run_folder import RunFolder
from timeweave.runtime import document

ANALYSIS = story.analysis()
NUMBERS = compute_metrics(ANALYSIS)


class Folder:
    """What of a project the page is made from."""

    def __init__(self, folder: Path) -> None:
        self.folder, self.runs, self.params = folder, folder / "runs", folder / "params.yaml"
        shutil.copytree(ROOT / "config/templates", folder / "config/templates")
        shutil.copy(ROOT / "params.yaml", self.params)

    def add(self, run, start="2025-10-07", end="2025-10-13", *, analysis=ANALYSIS, numbers=NUMBERS, **asked):
        """A completed run with its pages."""
        folder = RunFolder(self.runs, run)
        request = Request(**{"source": "demo", "as_of": "2025-10-14"} | asked, start=start, end=end)
        folder.path.mkdir(parents=True)
        folder.write_manifest(
            Manifest(
                id=run,
                status=Status.completed,
                where=Location.here,
                parameters=request,
                started_at=run,
                numbers=numbers,
            )
        )
        for name in ("site/index.html", "reports/team_summary.md", "reports/team_digest.html"):
            document.write_bytes(folder.path / name, b"x")
        if analysis:
            document.write(folder.path / "analysis.json", analysis)


@pytest.fixture
def project(tmp_path):
    return Folder(tmp_path)


def render(project):
    return write_index(project).read_text(encoding="utf-8")


def test_a_period_is_shown_by_its_newest_run_with_the_figures_of_its_reports(project):
    project.add("run_1")
    project.add("run_2")
    project.add("run_0", "2025-09-30", "2025-10-06")
    page = reading.page(render(project))
    first, second = page.tables[0].rows
    assert first[0].startswith("7–13 October 2025")
    assert second[0].startswith("30 September – 6 October 2025")
    assert first[2] == HoursFormat().brief(ANALYSIS.totals.seconds)
    assert first[3] == f"{100 * NUMBERS['coverage']:.0f} %"
    assert first[5:8] == [str(NUMBERS[name]) for name in ("people", "overdue", "problems")]
    assert "1 earlier run" in first[8]
    assert "Looked at too long" not in page.text
    links = {found["href"] for _, found in page.elements if "href" in found}
    assert {"run_2/site/index.html", "run_2/reports/team_summary.md", "run_2/reports/team_digest.html"} <= links
    assert "run_1/site/index.html" in links


def test_a_period_that_was_looked_at_too_late_is_marked_at_its_problems(project):
    project.add("late", analysis=msgspec.structs.replace(ANALYSIS, whole_is_later=True))
    project.add("soon", "2025-09-30", "2025-10-06")
    page = reading.page(render(project))
    assert [row[7] for row in page.tables[0].rows] == [f"{NUMBERS['problems']}*", str(NUMBERS["problems"])]
    assert page.text.count("Looked at too long after the period") == 1


def test_categories_and_people_go_on_from_period_to_period(project):
    project.add("run_1", "2025-09-30", "2025-10-06")
    project.add("run_2")
    [trend] = build_trends(list_periods(project.runs, HoursFormat())[0], HoursFormat())
    assert (trend.length, [column.run.id for column in trend.columns]) == ("week", ["run_1", "run_2"])
    assert [column.brief for column in trend.columns] == ["30 Sep – 6 Oct 2025", "7–13 Oct 2025"]
    categories = sorted(ANALYSIS.categories, key=lambda one: (-one.seconds, one.key))
    people = sorted(ANALYSIS.people, key=lambda one: one.name)
    for rows, parts in ((trend.categories, categories), (trend.people, people)):
        assert [row.cells for row in rows] == [[HoursFormat().brief(one.seconds)] * 2 for one in parts if one.seconds]
    assert "run_1/site/people/anouk-delisse.html" in render(project)


def test_runs_of_some_people_of_another_account_and_of_another_length_are_in_no_trend(project):
    project.add("run_3")
    project.add("run_2", "2025-09-30", "2025-10-06", users=["a@team.example", "b@team.example", "c@team.example"])
    project.add("run_1", "2025-09-23", "2025-09-29", source="live", account="7")
    project.add("run_0", "2025-09-01", "2025-09-30")
    rows, older = list_periods(project.runs, HoursFormat())
    assert (len(rows), older, build_trends(rows, HoursFormat())) == (4, 0, [])
    assert "a@team.example, b@team.example and 1 more" in render(project).replace("<wbr>", "")


def test_a_run_of_an_earlier_version_is_listed_with_what_it_has(project):
    project.add("old", analysis=None, numbers={"hours": 1234.5})
    row = reading.page(render(project)).tables[0].rows[0]
    assert row[2:8] == ["1,234.5", "–", "–", "–", "–", "–"]


def test_what_is_no_run_with_pages_is_left_out(project):
    project.add("run_1")
    (project.runs / "latest").symlink_to("run_1")
    shutil.rmtree(project.runs / "run_1" / "site")
    project.add("run_2")
    (project.runs / "run_2" / "manifest.json").write_text("{")
    assert "No run is kept here" in render(project)


def test_hours_are_written_as_params_yaml_says(project):
    project.add("run_1")
    project.params.write_text(project.params.read_text().replace("hours: decimal", "hours: clock"))
    assert HoursFormat(HoursStyle.CLOCK).brief(ANALYSIS.totals.seconds) in render(project)


def test_the_page_allows_its_own_style_and_script_and_asks_nobody(project):
    project.add("run_1", "2025-09-30", "2025-10-06")
    project.add("run_2")
    source = render(project)
    page = reading.page(source)
    assert "default-src &#39;none&#39;" in source
    assert not [found for _, found in page.elements if {"src", "style", "srcset"} & set(found)]
    for tag, found in page.elements:
        if tag == "a":
            assert re.match(r"run_\d/(site|reports)/", found["href"])
    assert (project.runs / INDEX).stat().st_mode & 0o077 == 0


def test_a_hostile_name_stays_a_name(project):
    text = "<script>alert(1)</script>"
    scene = analyses.Scene(
        members=[analyses.Member(1, text, "x@y.example")],
        logs=[analyses.Log(analyses.Member(1, text, "x@y.example"), "2025-10-07", "09:00", 3600)],
    )
    for run, start, end in (("run_1", "2025-09-30", "2025-10-06"), ("run_2", "2025-10-07", "2025-10-13")):
        project.add(run, start, end, analysis=analyses.build(scene))
    assert text not in render(project)
    assert "&lt;script&gt;alert(1)" in render(project)


def test_the_same_runs_give_the_same_bytes(project):
    project.add("run_1")
    assert render(project) == render(project)
    assert json.loads((project.runs / "run_1/manifest.json").read_text())["id"] == "run_1"


def test_the_newest_run_of_a_period_is_the_one_made_last_whatever_day_it_looked_at_the_data(project):
    for run, day in (("run_1", "2025-10-20"), ("run_2", "2025-10-14")):
        project.add(run, as_of=day)
    rows, _ = list_periods(project.runs, HoursFormat())
    runs = [RunFolder(project.runs, run).read_manifest() for run in ("run_2", "run_1")]
    found = find_of_period("2025-10", runs[0].parameters.days, runs, project.params)
    assert [row.run.id for row in rows] == [found.id] == ["run_2"]
