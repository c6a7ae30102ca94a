"""The site in a real browser: it works from disk, asks nobody, and can be used by everybody."""

import pytest
from axe_playwright_python.sync_playwright import Axe


def a_person(site):
    return min((site / "people").glob("*.html"))


def page_of(site, which):
    return site / "index.html" if which == "team" else a_person(site)


BOTH = pytest.mark.parametrize("which", ["team", "person"])
SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@BOTH
@SCHEMES
def test_a_page_opens_without_an_error_and_asks_for_nothing_but_itself(visit, site, which, scheme):
    path = page_of(site, which)
    seen = visit(path, color_scheme=scheme)
    seen.page.wait_for_load_state("networkidle")
    assert seen.errors == []
    assert [url for url in seen.asked if not url.startswith("data:")] == [path.as_uri()]


@BOTH
@SCHEMES
def test_axe_finds_no_violation(visit, site, which, scheme):
    seen = visit(page_of(site, which), color_scheme=scheme)
    for closed in seen.page.query_selector_all("details:not([open]) > summary"):
        closed.click()
    found = Axe().run(seen.page)
    assert [(one["id"], one["nodes"][0]["html"]) for one in found.response["violations"]] == []


@BOTH
@pytest.mark.parametrize("width", [360, 768])
def test_a_narrow_screen_scrolls_down_and_not_sideways(visit, site, which, width):
    seen = visit(page_of(site, which), viewport={"width": width, "height": 700})
    assert seen.page.evaluate("document.documentElement.scrollWidth") <= width


def column(table, index):
    return table.evaluate(
        "(table, index) => [...table.tBodies[0].rows].map(row => row.cells[index].innerText.trim())", index
    )


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_table_sorts_and_says_so(visit, site, by):
    seen = visit(site / "index.html")
    table = seen.page.locator("table", has=seen.page.locator("th[aria-sort]")).first
    headings = table.locator("thead th")
    index = next(n for n in range(headings.count()) if "num" in (headings.nth(n).get_attribute("class") or ""))
    before = column(table, index)
    button = headings.nth(index).locator("button")
    orders = []
    for _ in range(2):
        if by == "mouse":
            button.click()
        else:
            button.focus()
            seen.page.keyboard.press("Enter")
        orders.append((headings.nth(index).get_attribute("aria-sort"), column(table, index)))
    assert {order for order, _ in orders} == {"ascending", "descending"}
    for order, values in orders:
        numbers = [float(value.replace(",", "").rstrip(" %")) for value in values if value]
        assert numbers == sorted(numbers, reverse=order == "descending")
        assert sorted(values) == sorted(before)


def test_dark_mode_can_be_chosen_and_the_choice_is_seen(visit, site):
    seen = visit(site / "index.html", color_scheme="light")
    paper = "getComputedStyle(document.body).backgroundColor"
    light = seen.page.evaluate(paper)
    button = seen.page.locator("button.theme")
    button.click()
    assert button.get_attribute("aria-pressed") == "true"
    assert seen.page.evaluate(paper) != light
    button.click()
    assert seen.page.evaluate(paper) == light


def test_the_team_page_leads_to_a_person_and_back(visit, site):
    seen = visit(site / "index.html")
    seen.page.locator('a[href^="people/"]').first.click()
    seen.page.wait_for_url("**/people/*.html")
    seen.page.locator('a[href$="index.html"]').first.click()
    seen.page.wait_for_url("**/index.html")
    assert seen.errors == []
    assert all(url.startswith(("file:", "data:")) for url in seen.asked)


@BOTH
def test_links_outside_lead_to_fibery_and_toggl_only(visit, site, which):
    seen = visit(page_of(site, which))
    hosts = set(seen.page.eval_on_selector_all("a[href^=http]", "links => links.map(link => new URL(link.href).host)"))
    assert hosts
    assert all(host.endswith(".fibery.io") or host == "track.toggl.com" for host in hosts), hosts


@BOTH
def test_a_page_prints_on_paper(visit, site, which, tmp_path):
    seen = visit(page_of(site, which))
    pdf = seen.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert pdf.count(b"/Type /Page\n") + pdf.count(b"/Type /Page ") + pdf.count(b"/Type/Page") >= 1
    seen.page.emulate_media(media="print")
    assert not seen.page.locator("button.theme").is_visible()


def test_the_keyboard_reaches_the_content_first(visit, site):
    seen = visit(site / "index.html")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.getAttribute('href')").startswith("#")


@BOTH
def test_hostile_text_runs_nothing_and_changes_no_layout(visit, site, hostile_site, which):
    fine = visit(page_of(site, which))
    seen = visit(page_of(hostile_site, which))
    seen.page.wait_for_load_state("networkidle")
    assert seen.errors == []
    assert [url for url in seen.asked if not url.startswith("data:")] == [page_of(hostile_site, which).as_uri()]
    width = "document.documentElement.scrollWidth"
    assert seen.page.evaluate(width) == fine.page.evaluate(width) == 1200
    tags = "[...document.querySelectorAll('script, iframe, img, object, embed, form, base, meta, link, style')].map(e => e.tagName)"
    assert seen.page.evaluate(tags) == fine.page.evaluate(tags)
    bad = "[...document.querySelectorAll('*')].filter(e => [...e.attributes].some(a => a.name.startsWith('on') || /^\\s*javascript:/i.test(a.value))).length"
    assert seen.page.evaluate(bad) == 0
