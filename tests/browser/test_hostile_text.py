"""Text from outside in a real browser: it runs nothing, asks nobody, and the page around it stays as it was."""

from tests.browser.conftest import written
from tests.reports.test_hostile_text import HOSTILE, data_of

# Those that a browser may read otherwise than a parser, or finds hard to lay out; that none of the others changes a page
# tests/reports/test_hostile_text.py shows. Nothing at all is as hard to lay out as too much.
CHOSEN = ("script", "attributes", "end of style", "comment", "direction", "long", "long words", "accents")
TEXTS = [*(HOSTILE[name] for name in CHOSEN), ""]
ACTIVE = """[...document.querySelectorAll('script, iframe, img, object, embed, form, base, meta, link, style')]
    .map(element => element.tagName)"""
HANDLERS = r"""[...document.querySelectorAll('*')].flatMap(element => [...element.attributes])
    .filter(one => one.name.startsWith('on') || /^\s*(javascript|vbscript|data:text)/i.test(one.value))
    .map(one => one.name + '=' + one.value)"""


PAGES = ("index.html", "people/ruben.html")


def assert_quiet(seen):
    """The page complains of nothing and asks for itself only."""
    assert seen.errors == []
    assert all(url.startswith(("file:", "data:image/svg+xml")) for url in seen.asked)


def test_wherever_a_hostile_text_stands_it_runs_nothing_and_the_page_fits_any_screen(visit, tmp_path, exhaustive):
    folder = written(tmp_path / "harmless", data_of("harmless"))
    seen, active = visit(folder / PAGES[0]), {}
    for name in PAGES:
        seen.open(folder / name)
        active[name] = seen.page.evaluate(ACTIVE)
    for first in range(0, len(TEXTS), 1 if exhaustive else 3):
        # Every text moves on: from three sites, each has been in every kind of place; from all, at every place.
        texts = TEXTS[first:] + TEXTS[:first]
        folder = written(tmp_path / str(first), data_of(*texts))
        for name in PAGES:
            seen.open(folder / name)
            assert seen.page.evaluate(ACTIVE) == active[name]
            assert seen.page.evaluate(HANDLERS) == []
            assert [seen.overflow(width) for width in (360, 1200)] == [0, 0], texts
            assert_quiet(seen)


def test_pages_of_hostile_texts_can_be_used_and_printed_by_everybody(visit, tmp_path):
    seen = visit(written(tmp_path / "site", data_of(*TEXTS)) / "index.html")
    assert seen.violations() == []
    assert seen.page.pdf(format="A4").startswith(b"%PDF")
    seen.page.locator("#q").fill("checkout")
    seen.page.locator("#items-table thead button").first.click()
    for select in seen.page.locator(".choices select").all():
        select.select_option(index=1)
    assert seen.page.locator("[data-for=items] .count").inner_text()
    seen.page.locator(".clear").click()
    seen.page.locator('#people a[href^="people/"]').first.click()
    seen.page.wait_for_url("**/people/*.html")
    assert seen.violations() == []
    assert seen.page.pdf(format="A4").startswith(b"%PDF")
    assert_quiet(seen)
