"""From a page of one period to the same of another, over three runs on disk, in a real browser."""

import shutil

import pytest

from tests.browser.conftest import BROKEN_WORDS, written
from tests.reports import analyses, story
from tests.reports.analyses import HOUR, Log
from tests.runs.test_index_page import Folder
from timeweave.reports.report_data import ReportData
from timeweave.runs.index_page import write_index

WEEKS = {
    "run_2025-09-30-08-00-00": analyses.Span("2025-09-23", "2025-09-29"),
    "run_2025-10-07-08-00-00": analyses.Span("2025-09-30", "2025-10-06"),
    "run_2025-10-14-08-00-00": analyses.Span("2025-10-07", "2025-10-13"),
}
FIRST, SECOND, THIRD = WEEKS
ITEM = "i-scrum-task-12"


def analyze(run, week):
    """Anouk works on one task in all weeks, Ruben does not in the second, Priya comes in the third."""
    who = {FIRST: (story.ANOUK, story.RUBEN), SECOND: (story.ANOUK,), THIRD: (story.ANOUK, story.RUBEN, story.PRIYA)}[
        run
    ]
    logs = [Log(one, week.start, "09:00", 5 * HOUR, "Checkout form", story.TASK, "features") for one in who]
    members = [story.ANOUK, story.RUBEN, *({story.PRIYA} & {*who})]
    return analyses.build(
        analyses.Scene(members, logs, story.ENTITIES, story.CATEGORIES, story.TEAMS, compared=False, period=week)
    )


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Three weeks with their pages, and the page of all periods beside them."""
    project = Folder(tmp_path_factory.mktemp("periods"))
    for run, week in WEEKS.items():
        analysis = analyze(run, week)
        project.add(run, week.start, week.end, analysis=analysis)
        written(project.runs / run / "site", ReportData(analysis))
    write_index(project)
    return project.runs


@pytest.fixture
def copied(made, tmp_path):
    """The folder of runs somewhere else and under another name."""
    return shutil.copytree(made, tmp_path / "to show")


def open_periods(seen, run):
    """Follow the page's link to all periods, where the one it is of is marked."""
    seen.page.locator(".periods").click()
    seen.page.wait_for_url("**/index.html#run=*")
    seen.page.locator(".here:visible").wait_for()
    marked = seen.page.locator("tr[data-run]:has(.here:visible)")
    assert [marked.nth(at).get_attribute("data-run") for at in range(marked.count())] == [run]


@pytest.mark.parametrize(("folder", "page"), [("made", "index.html"), ("copied", f"people/{story.ANOUK.slug}.html")])
def test_each_page_leads_to_all_periods_and_on_to_the_same_person_and_item_of_another(visit, request, folder, page):
    seen = visit(request.getfixturevalue(folder) / FIRST / "site" / page)
    seen.page.evaluate(f"location.hash = '#{ITEM}'")
    for here, there in ((FIRST, SECOND), (SECOND, THIRD), (THIRD, FIRST)):
        open_periods(seen, here)
        seen.page.locator(f'tr[data-run="{there}"] .site').click()
        seen.page.wait_for_url(f"**/{there}/site/{page}#{ITEM}")
        seen.page.locator(f"#{ITEM}.aim").wait_for()
    assert seen.errors == []
    assert [url for url in seen.asked if not url.startswith(("file:", "data:"))] == []


def test_who_logged_nothing_in_a_week_has_a_page_of_it_and_who_was_not_there_leads_to_the_team_s(visit, made):
    for slug, pages in (
        (story.RUBEN.slug, [f"people/{story.RUBEN.slug}.html"] * 3),
        (story.PRIYA.slug, [f"people/{story.PRIYA.slug}.html", "index.html", "index.html"]),
    ):
        seen = visit(made / THIRD / "site" / "people" / f"{slug}.html")
        open_periods(seen, THIRD)
        links = seen.page.eval_on_selector_all(".site", "links => links.map(link => link.getAttribute('href'))")
        assert links == [f"{run}/site/{page}" for run, page in zip((THIRD, SECOND, FIRST), pages, strict=True)]
        assert all((made / link).is_file() for link in links)


def test_the_page_of_all_periods_shows_three_weeks_side_by_side(visit, made):
    seen = visit(made / "index.html")
    [people] = [table for table in seen.page.locator("table.plainer").all() if "by person" in table.inner_text()]
    assert people.locator("tbody tr").all_inner_texts() == [
        "Anouk Delisse\t\t5.0\t5.0\t5.0", "Priya Raghunden\t\t–\t–\t5.0", "Ruben Askeland\t\t5.0\t–\t5.0"
    ]  # fmt: skip
    people.get_by_role("link", name="5.0").first.click()
    seen.page.wait_for_url(f"**/{FIRST}/site/people/{story.ANOUK.slug}.html")


def test_the_page_of_all_periods_can_be_used_by_everybody_on_any_screen(visit, made):
    seen = visit(made / "index.html")
    assert seen.violations() == []
    light = seen.paper()
    seen.page.emulate_media(color_scheme="dark")
    assert seen.paper() != light
    assert seen.violations("color-contrast") == []
    assert [seen.overflow(width) for width in (1280, 768, 360)] == [0, 0, 0]
    assert seen.page.evaluate(BROKEN_WORDS) == []
    assert seen.page.locator("#periods td").evaluate_all(
        "cells => cells.every(one => one.getBoundingClientRect().right <= 360)"
    )
    assert [url for url in seen.asked if not url.startswith("file:")] == []
    assert seen.errors == []
