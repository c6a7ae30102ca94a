"""The site in a real browser: it works from disk, asks nobody, and can be used by everybody."""

import re

import pytest

SCHEMES = pytest.mark.parametrize("scheme", ["light", "dark"])


@pytest.fixture(params=["team", "person", "crowd"])
def path(request, site, crowded_site):
    """A page of each kind."""
    team = (crowded_site if request.param == "crowd" else site) / "index.html"
    return min((site / "people").glob("*.html")) if request.param == "person" else team


@SCHEMES
def test_a_page_opens_without_an_error_asks_for_itself_only_and_never_scrolls_sideways(visit, path, scheme):
    seen = visit(path, color_scheme=scheme)
    seen.page.wait_for_load_state("networkidle")
    assert seen.errors == []
    assert seen.asked == [path.as_uri(), *[url for url in seen.asked if url.startswith("data:")]]
    assert [seen.overflow(width) for width in (320, 360, 768, 1200)] == [0, 0, 0, 0]


@SCHEMES
def test_axe_finds_no_violation(visit, path, scheme):
    seen = visit(path, color_scheme=scheme)
    for closed in seen.page.locator("details:not([open]) > summary").all():
        closed.click()
    assert seen.violations() == []


@pytest.mark.parametrize("by", ["mouse", "keyboard"])
def test_a_table_sorts_and_says_so(visit, crowded_site, by):
    seen = visit(crowded_site / "index.html")
    table = seen.page.locator("#people table").first
    headings = table.locator("thead th")
    index = next(n for n in range(headings.count()) if headings.nth(n).inner_text() == "Without")
    before = seen.column(table, index)
    button = headings.nth(index).locator("button")
    orders = []
    for _ in range(2):
        if by == "mouse":
            button.click()
        else:
            button.focus()
            seen.page.keyboard.press("Enter")
        orders.append((headings.nth(index).get_attribute("aria-sort"), seen.column(table, index)))
        assert table.locator("th[aria-sort=ascending], th[aria-sort=descending]").count() == 1
    assert {order for order, _ in orders} == {"ascending", "descending"}
    for order, values in orders:
        numbers = [float(value.replace(",", "")) for value in values]
        assert numbers == sorted(numbers, reverse=order == "descending")
        assert sorted(values) == sorted(before)


def test_a_long_table_shows_its_first_rows_and_all_of_them_when_asked(visit, crowded_site):
    seen = visit(crowded_site / "index.html")
    rows = seen.page.locator("#people table tbody tr:visible")
    button = seen.page.locator("#people button.all")
    assert (rows.count(), button.get_attribute("aria-expanded")) == (25, "false")
    button.press("Enter")
    assert (rows.count(), button.get_attribute("aria-expanded")) == (40, "true")
    button.press("Enter")
    seen.page.locator("#people thead button").first.click()
    assert rows.count() == 25


REMEMBERED = "localStorage.getItem('timeweave-theme')"


@pytest.mark.parametrize(("scheme", "other"), [("light", "dark"), ("dark", "light")])
def test_the_mode_can_be_switched_and_the_choice_is_remembered(visit, path, scheme, other):
    seen = visit(path, color_scheme=scheme)
    button = seen.page.locator("button.theme")
    papers = {button.get_attribute("aria-pressed"): seen.paper()}
    button.click()
    papers[button.get_attribute("aria-pressed")] = seen.paper()
    assert seen.page.evaluate(REMEMBERED) == other
    button.press("Enter")
    assert seen.page.evaluate(REMEMBERED) == scheme
    assert papers == {"false": "rgb(251, 250, 247)", "true": "rgb(21, 24, 27)"}


# Whether a page from disk keeps what it stores is the browser's affair; that a page obeys what it finds is ours.
@pytest.mark.parametrize(("stored", "pressed"), [("dark", "true"), ("light", "false"), ("<b>", "false")])
def test_a_page_begins_in_the_mode_that_was_chosen(browser, site, stored, pressed):
    page = browser.new_page(color_scheme="light")
    page.add_init_script(f"localStorage.setItem('timeweave-theme', '{stored}')")
    page.goto((site / "index.html").as_uri())
    assert page.locator("button.theme").get_attribute("aria-pressed") == pressed
    page.context.close()


def test_the_team_page_leads_to_a_person_and_back(visit, site):
    seen = visit(site / "index.html")
    link = seen.page.locator('#people a[href^="people/"]').first
    name = link.inner_text()
    link.click()
    seen.page.wait_for_url("**/people/*.html")
    assert seen.page.locator("h1").inner_text() == name
    seen.page.locator('a[href$="index.html"]').first.click()
    seen.page.wait_for_url("**/index.html")
    assert seen.errors == []
    assert all(url.startswith(("file:", "data:")) for url in seen.asked)


def test_links_outside_lead_to_fibery_and_toggl_only(visit, path):
    seen = visit(path)
    hosts = set(seen.page.eval_on_selector_all("a[href^=http]", "links => links.map(link => new URL(link.href).host)"))
    assert {"track.toggl.com", "heliotrope.fibery.io"} == hosts


def test_a_page_prints_on_paper_with_every_row_and_nothing_to_click(visit, path):
    seen = visit(path, color_scheme="dark")
    pdf = seen.page.pdf(format="A4")
    assert pdf.startswith(b"%PDF")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
    assert seen.page.locator("details:not([open])").count() == 0
    seen.page.emulate_media(media="print")
    rows = seen.page.locator("tbody tr")
    assert rows.locator("visible=true").count() == rows.count() > 0
    assert not seen.page.locator("button.theme").is_visible()
    assert seen.paper() == "rgb(255, 255, 255)"


def test_the_keyboard_reaches_the_content_first(visit, site):
    seen = visit(site / "index.html")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"


def test_without_a_script_everything_is_there(visit, path):
    seen = visit(path, java_script_enabled=False)
    rows = seen.page.locator("tbody tr")
    folded = seen.page.locator("details:not([open]) tbody tr")
    assert rows.locator("visible=true").count() == rows.count() - folded.count() > 0
