"""The site in a real browser: it works from disk, asks nobody, can be used by everybody, and is a tool."""

import csv
import re

import pytest

from tests.browser.conftest import BROKEN_WORDS, written
from tests.reports.reading import read_anchor
from tests.reports.test_hostile_text import HOSTILE, data_of

FURTHER_ROWS = "tbody:nth-of-type(n + 7), tbody tr:nth-child(n + 13)"


@pytest.fixture(params=["team", "person", "crowd"])
def path(request, site, crowded_site):
    """A page of each kind."""
    team = (crowded_site if request.param == "crowd" else site) / "index.html"
    return site / "people" / "priya.html" if request.param == "person" else team


@pytest.fixture
def team(visit, site):
    return visit(site / "index.html")


def shown(seen, selector):
    """The names of the rows that can be seen."""
    return seen.page.eval_on_selector_all(
        selector,
        "rows => rows.filter(row => row.offsetParent).map(row => row.cells[0].querySelector('.t, a').innerText)",
    )


def said(seen, name="items"):
    return seen.page.locator(f"[data-for={name}] .count").inner_text()


def test_a_page_asks_for_itself_only_leads_to_the_services_only_fits_any_screen_and_satisfies_axe(visit, path, request):
    seen = visit(path)
    for button in seen.page.locator("button.fold-all:visible").all():
        if button.inner_text() == "Open all":
            button.click()
    assert [seen.overflow(width) for width in (320, 360, 768, 1280)] == [0, 0, 0, 0]
    assert seen.errors == []
    assert seen.asked == [path.as_uri(), *[url for url in seen.asked if url.startswith("data:")]]
    hosts = set(seen.page.eval_on_selector_all("a[href^=http]", "links => links.map(link => new URL(link.href).host)"))
    assert hosts <= {"track.toggl.com", "heliotrope.fibery.io"}
    seen.page.reload()
    # Of a long table one group is like the next, and one row, too.
    first = "tbody.head:first-of-type .fold[aria-expanded=false]"
    seen.page.eval_on_selector_all(first, "buttons => buttons.forEach(button => button.click())")
    seen.page.eval_on_selector_all(FURTHER_ROWS, "rows => rows.forEach(row => row.remove())")
    assert seen.violations() == []
    if request.node.callspec.params["path"] != "crowd":
        # In the dark nothing else than colours is different, and those of the crowd's page are the team's.
        light = seen.paper()
        seen.page.emulate_media(color_scheme="dark")
        assert seen.paper() != light
        assert seen.violations("color-contrast") == []


def test_on_a_phone_rows_are_cards_with_their_hours_and_no_word_is_broken(visit, path):
    seen = visit(path, viewport={"width": 360, "height": 740})
    if seen.page.locator("[data-for=items] .fold-all").inner_text() == "Open all":
        seen.page.locator("[data-for=items] .fold-all").click()
    assert seen.page.evaluate(BROKEN_WORDS) == []
    hours = seen.page.locator("#items-table .rows tr[data-s] td:nth-child(2)")
    assert hours.count() == hours.locator("visible=true").count() > 0
    assert seen.page.locator("nav a").last.is_visible()


@pytest.mark.parametrize("which", ["site", "crowded_site"])
def test_the_first_screen_answers_the_first_questions_without_scrolling(visit, request, which):
    seen = visit(request.getfixturevalue(which) / "index.html", viewport={"width": 1280, "height": 800})
    for selector in (".proof", ".tiles", ".know li", "#who-title + *", "#went-title + table tbody tr:nth-child(3)"):
        box = seen.page.locator(selector).first.bounding_box()
        assert box["y"] + min(box["height"], 100) <= 800, selector
    last = seen.page.locator(".know li").last.bounding_box()
    assert last["y"] + last["height"] <= 800


def test_the_search_finds_people_items_and_texts_and_says_what_is_left(team):
    team.page.keyboard.press("/")
    team.page.keyboard.type("login")
    team.page.wait_for_url(re.compile("q=login"))
    assert shown(team, "#items-table .rows tr") == ["Login loops"]
    assert said(team) == "1 of 10 rows, 38.20 h"
    team.page.keyboard.press("Escape")
    assert said(team) == "10 rows, 123.71 h"
    assert "q=" not in team.page.url
    team.page.locator("#q").fill("delisse")
    team.page.wait_for_url(re.compile("q=delisse"))
    assert shown(team, "#people-table .rows tr") == ["Anouk Delisse"]
    assert shown(team, "#items-table .rows tr") == ["Checkout form", "Address validation", "Stand-up"]


def test_filters_are_held_in_the_address_so_that_a_view_can_be_sent(team, visit, site):
    team.page.select_option("select[name=category]", label="Features")
    team.page.select_option("select[name=person]", label="Priya Raghunden")
    address = team.page.url
    names = ["Version 2 of the design", "Dashboard tiles"]
    assert shown(team, "#items-table .rows tr") == names
    assert said(team) == "2 of 10 rows, 14.00 h"
    team.page.locator(".clear").click()
    assert said(team) == "10 rows, 123.71 h"
    team.page.goto("about:blank")
    team.page.goto(address)
    assert shown(team, "#items-table .rows tr") == names
    assert shown(team, "#people-table .rows tr") == ["Priya Raghunden"]
    paper = "People and items below: only person Priya Raghunden, category Features. 2 of 10 rows, 14.00 h."
    assert team.page.locator(".on-paper").text_content() == paper


def test_a_filter_by_project_says_the_hours_of_the_table_of_projects(visit, crowded_site):
    seen = visit(crowded_site / "index.html")
    table = seen.page.locator("section[aria-labelledby=by-project] tbody tr", has_text="Apollo")
    seen.page.select_option("select[name=project]", label="Apollo")
    assert f" rows, {table.locator('td').first.inner_text()} h of the " in said(seen)
    # What one person logged on an item of several projects may be of any of them.
    seen.page.select_option("select[name=person]", index=1)
    assert " rows, at most " in said(seen)


def test_rows_that_the_page_has_no_room_for_are_found_counted_and_have_an_address(visit, crowded_site):
    seen = visit(crowded_site / "index.html")
    index = seen.page.evaluate("JSON.parse(document.getElementById('index').textContent)")
    rest = index["rest"]
    assert len(rest) > 100
    title, place = rest[-1][0], read_anchor(index, rest[-1])
    seen.page.locator("#q").fill(title)
    found = seen.page.locator("#items-table .found tr")
    found.first.wait_for()
    assert title in found.all_inner_texts()[0]
    assert said(seen).startswith("1 of ")
    anchor = found.first.get_attribute("id")
    assert anchor == place
    seen.page.goto("about:blank")
    seen.page.goto(f"{(crowded_site / 'index.html').as_uri()}#{anchor}")
    seen.page.locator(f"#{anchor}.aim").wait_for()


def save(seen, path):
    """The CSV of the table of items, as lines of cells."""
    with seen.page.expect_download() as caught:
        seen.page.locator("[data-for=items] .csv").click()
    caught.value.save_as(path)
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.reader(file))


def test_the_rows_shown_are_saved_as_csv(team, tmp_path):
    team.page.select_option("select[name=person]", label="Anouk Delisse")
    head, *rows = save(team, tmp_path / "items.csv")
    assert head[:5] == ["Group", "Item", "Reference", "Hours", "Change"]
    assert rows[0][:6] == ["Faster checkout", "Checkout form", "Scrum/Task #12", "20.17", "8.17", "In Progress"]
    assert rows[2][:2] == ["Without a work item", "Stand-up"]
    assert len(rows) == 3
    assert team.errors == []


def test_no_text_becomes_a_formula_in_the_csv(visit, tmp_path):
    seen = visit(written(tmp_path / "site", data_of(HOSTILE["formula"])) / "index.html")
    cells = [cell for row in save(seen, tmp_path / "items.csv") for cell in row]
    assert any(cell.startswith("'=HYPERLINK") for cell in cells)
    assert [cell for cell in cells if cell.startswith(("=", "+", "@"))] == []


def test_no_copied_cell_becomes_a_formula(visit, site):
    seen = visit(site / "index.html", permissions=["clipboard-read", "clipboard-write"])
    texts = ["=1+1", '"=1+1', "＝1", "－1", "+5:11", "12:30", "1,234", '"quoted"']
    seen.page.evaluate(
        "texts => document.querySelectorAll('#items-table .rows .t').forEach((one, at) => { if (texts[at]) one.textContent = texts[at]; })",
        texts,
    )
    seen.page.locator("[data-for=items] .copy").click()
    seen.page.get_by_text("Copied").wait_for()
    lines = [line.split("\t") for line in seen.page.evaluate("navigator.clipboard.readText()").splitlines()]
    assert [line[1] for line in lines[1:9]] == [
        "'=1+1", "'\"=1+1", "'＝1", "'－1", "'+5:11", "12:30", "1,234", '"""quoted"""'
    ]  # fmt: skip
    assert lines[1][4] == "8.17"


def test_the_table_of_days_is_walked_by_keyboard_and_a_cell_opens_the_day_with_its_entries(team):
    cells = team.page.locator('#people-table td a[tabindex="0"]')
    assert cells.count() == 1
    cells.focus()
    for key in ("ArrowDown", "ArrowRight", "ArrowRight", "ArrowLeft"):
        team.page.keyboard.press(key)
    focused = team.page.evaluate("document.activeElement.getAttribute('href')")
    assert focused == "people/ruben.html#d-2025-10-08"
    team.page.keyboard.press("Enter")
    team.page.wait_for_url("**/people/ruben.html#d-2025-10-08")
    day = team.page.locator("#d-2025-10-08")
    assert day.get_attribute("open") is not None
    assert day.locator("tbody tr").all_inner_texts() == ["10:00–17:00\tCustomer calls\tSupport\t7.00"]
    assert team.errors == []


def test_missing_absent_holiday_and_over_are_told_apart_by_their_sign(team):
    rows = team.page.locator("#people-table tr[data-who]")
    cells = {row.locator("th").inner_text(): row.locator("td").all_inner_texts()[:7] for row in rows.all()}
    assert cells["Ruben Askeland"] == ["7.0", "7.0", "7.0", "!", "·", "·", "!"]
    assert cells["Priya Raghunden"] == ["8.0", "A", "A", "H", "·", "·", "8.0"]
    assert cells["Hana Moriyabe (user 104)"][1] == "14.2+"


def test_groups_open_and_close_by_keyboard_and_say_so(team):
    button = team.page.locator("#items-table .fold").first
    assert button.get_attribute("aria-expanded") == "true"
    button.press("Enter")
    assert button.get_attribute("aria-expanded") == "false"
    assert not team.page.locator("#i-scrum-task-12").is_visible()
    team.page.evaluate("location.hash = '#i-scrum-task-12'")
    team.page.locator("#i-scrum-task-12.aim").wait_for()
    assert team.page.locator("#i-scrum-task-12").is_visible()


def test_a_table_sorts_its_groups_and_the_rows_in_them(team):
    heading = team.page.locator("#items-table thead th").nth(0)
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "ascending"
    groups = team.page.locator("#items-table .head th .t").all_inner_texts()
    assert groups == ["Faster checkout", "Offline mode", "Without a feature", "Without a work item"]
    assert shown(team, "#items-table .rows tr")[:2] == ["Address validation", "Checkout form"]
    heading.locator("button").press("Enter")
    assert heading.get_attribute("aria-sort") == "descending"


def test_a_correction_is_copied_as_it_has_to_be_typed(visit, site):
    seen = visit(site / "people" / "hana-m.html", permissions=["clipboard-read", "clipboard-write"])
    seen.page.locator(".copy-text").first.click()
    seen.page.get_by_text("Copied").wait_for()
    assert seen.page.evaluate("navigator.clipboard.readText()") == "Login loops #7 [Scrum] [Bug]"


def test_a_page_in_a_folder_of_runs_leads_to_the_other_periods_and_elsewhere_to_none(visit, site, tmp_path):
    folder = tmp_path / "runs" / "run_2025-10-14-08-00-00"
    folder.mkdir(parents=True)
    (folder / "site").symlink_to(site)
    inside, outside = visit(folder / "site" / "people" / "priya.html"), visit(site / "index.html")
    link = inside.page.locator(".periods")
    assert link.get_attribute("href") == "../../../index.html#run=run_2025-10-14-08-00-00&page=people%2Fpriya.html"
    assert not outside.page.locator(".periods").is_visible()


@pytest.mark.parametrize(("stored", "pressed"), [("dark", "true"), ("light", "false"), ("<b>", "false")])
def test_a_page_begins_in_the_mode_that_was_chosen(browser, site, stored, pressed):
    # Whether a page from disk keeps what it stores is the browser's affair; that a page obeys what it finds is ours.
    page = browser.new_page(color_scheme="light")
    page.add_init_script(f"localStorage.setItem('timeweave-theme', '{stored}')")
    page.goto((site / "index.html").as_uri())
    button = page.locator("button.theme")
    assert button.get_attribute("aria-pressed") == pressed
    button.press("Enter")
    assert button.get_attribute("aria-pressed") != pressed
    page.context.close()


def test_a_page_prints_every_row_and_the_filter_that_was_on(visit, site):
    seen = visit(site / "index.html", color_scheme="dark")
    seen.page.locator("#items-table .fold").first.click()
    pdf = seen.page.pdf(format="A4")
    assert len(re.findall(rb"/Type\s*/Page\b", pdf)) >= 1
    seen.page.emulate_media(media="print")
    rows = seen.page.locator("#items-table tr[data-s]")
    assert rows.locator("visible=true").count() == rows.count() > 0
    assert seen.page.evaluate("[...document.querySelectorAll('.scripted')].every(one => !one.offsetParent)")
    # The head stands on every page, the total once.
    shown = "names => names.map(name => getComputedStyle(document.querySelector(`#items-table ${name}`)).display)"
    assert seen.page.evaluate(shown, ["thead", "tfoot"]) == ["table-header-group", "table-row-group"]
    assert seen.paper() == "rgb(255, 255, 255)"
    seen.page.evaluate("location.hash = '#items?person=ruben'")
    seen.page.locator(".on-paper:visible").wait_for()


def test_the_keyboard_reaches_the_content_first(visit, site):
    seen = visit(site / "index.html")
    seen.page.keyboard.press("Tab")
    assert seen.page.evaluate("document.activeElement.getAttribute('href')") == "#main"
    seen.page.keyboard.press("Enter")
    assert seen.page.evaluate("document.activeElement.id") == "main"


def test_without_a_script_everything_is_there_and_no_control_that_does_nothing(visit, path):
    seen = visit(path, has_scripts=False)
    rows = seen.page.locator("tbody tr")
    folded = seen.page.locator("details:not([open]) tbody tr")
    assert rows.locator("visible=true").count() == rows.count() - folded.count() > 0
    assert seen.page.locator("form:visible, .fold:visible").count() == 0


def test_two_people_of_one_name_are_told_apart(team):
    names = [name for name in team.page.locator("#people-table th a").all_inner_texts() if name.startswith("Hana")]
    assert names == ["Hana Moriyabe (user 104)", "Hana Moriyabe (hana.m@heliotrope.example)"]
