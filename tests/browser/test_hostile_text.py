"""Text from outside in a real browser: it runs nothing, asks nobody, and the page around it stays as it was."""

import pytest

from tests.browser.conftest import written
from tests.reports.test_hostile_text import HOSTILE, data_of

# Those that a browser may read otherwise than a parser, or finds hard to lay out; that none of the others changes a page
# tests/reports/test_hostile_text.py shows. Nothing at all is as hard to lay out as too much.
CHOSEN = ("script", "attributes", "end of style", "comment", "direction", "long", "long words", "accents")
TEXTS = {name: HOSTILE[name] for name in CHOSEN} | {"empty": ""}
ACTIVE = """[...document.querySelectorAll('script, iframe, img, object, embed, form, base, meta, link, style')]
    .map(element => element.tagName)"""
HANDLERS = r"""[...document.querySelectorAll('*')].flatMap(element => [...element.attributes])
    .filter(one => one.name.startsWith('on') || /^\s*(javascript|vbscript|data:text)/i.test(one.value))
    .map(one => one.name + '=' + one.value)"""


@pytest.fixture(scope="module")
def harmless(browser, tmp_path_factory):
    """What can act on the pages when nobody means harm."""
    folder = written(tmp_path_factory.mktemp("harmless"), data_of("harmless"))
    page = browser.new_page()
    found = []
    for path in (folder / "index.html", min((folder / "people").glob("*.html"))):
        page.goto(path.as_uri())
        found.append(page.evaluate(ACTIVE))
    page.close()
    return found


@pytest.fixture
def hostile_site(request, tmp_path):
    """The team's pages with one text wherever text comes from outside."""
    return written(tmp_path, data_of(TEXTS[request.param]))


def check(seen, active):
    """The page has what a harmless one has, fits any screen, prints, and axe finds nothing."""
    assert seen.page.evaluate(ACTIVE) == active
    assert seen.page.evaluate(HANDLERS) == []
    assert [seen.overflow(width) for width in (360, 1200)] == [0, 0]
    assert seen.page.pdf(format="A4").startswith(b"%PDF")
    assert seen.violations() == []


@pytest.mark.parametrize("hostile_site", sorted(TEXTS), indirect=True)
def test_hostile_text_runs_nothing_and_changes_no_layout(visit, hostile_site, harmless):
    seen = visit(hostile_site / "index.html")
    check(seen, harmless[0])
    seen.page.locator("#q").fill("checkout")
    seen.page.locator("#items-table thead button").first.click()
    for select in seen.page.locator(".choices select").all():
        select.select_option(index=1)
    assert seen.page.locator("[data-for=items] .count").inner_text()
    seen.page.locator(".clear").click()
    seen.page.locator('#people a[href^="people/"]').first.click()
    seen.page.wait_for_url("**/people/*.html")
    check(seen, harmless[1])
    assert seen.errors == []
    assert all(url.startswith(("file:", "data:image/svg+xml")) for url in seen.asked)
