"""From a page of one period to the same page of another, in a real browser and from disk."""

import shutil

import pytest

from tests.reports import story
from tests.runs.test_period_index import Folder
from timeweave.runs.period_index import write_index


@pytest.fixture
def runs(tmp_path, site):
    """Two weeks with their pages, and the page of all periods beside them."""
    project = Folder(tmp_path)
    for run, start, end in (("run_1", "2025-09-30", "2025-10-06"), ("weekly", "2025-10-07", "2025-10-13")):
        project.add(run, start, end)
        shutil.rmtree(project.runs / run / "site")
        shutil.copytree(site, project.runs / run / "site")
    write_index(project)
    return project.runs


def test_a_person_s_page_leads_to_their_page_of_another_week_and_to_the_same_row(visit, runs):
    slug = story.ANOUK.slug
    seen = visit(runs / "weekly" / "site" / "people" / f"{slug}.html")
    seen.page.evaluate("location.hash = '#i-scrum-task-12'")
    seen.page.locator(".periods").click()
    seen.page.locator(".here:visible").wait_for()
    seen.page.get_by_role("link", name="30 September – 6 October 2025").first.click()
    seen.page.wait_for_url(f"**/run_1/site/people/{slug}.html#i-scrum-task-12")
    assert seen.errors == []


def test_the_page_of_all_periods_can_be_used_by_everybody_on_any_screen(visit, runs):
    seen = visit(runs / "index.html")
    assert seen.violations() == []
    assert seen.overflow(360) == 0
    assert [url for url in seen.asked if not url.startswith("file:")] == []
    assert seen.errors == []
