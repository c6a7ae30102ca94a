"""Pages that work from disk: whole, closed, accessible in their structure, and asking nobody for anything."""

import base64
import hashlib
import re
from itertools import pairwise

import pytest

from tests.reports import reading, rendered, samples
from tests.reports.crowd import crowd_data
from timeweave.reports import site_pages
from timeweave.runtime.errors import ConfigurationError

PAGES = [rendered.team_page(samples.report_data()), *rendered.people_pages(samples.report_data())]
ALLOWED = ("#", "https://track.toggl.com/", "https://heliotrope.fibery.io/", "people/", "../", "data:image/svg+xml,")


@pytest.fixture(params=PAGES, ids=["team", "mira", "jonas", "anouk"])
def source(request):
    return request.param


def attributes(page, element, name):
    return [found[name] for tag, found in page.elements if tag == element and name in found]


def test_a_page_asks_nobody_for_anything(source):
    page = reading.page(source)
    assert not {"img", "iframe", "object", "embed", "form", "base", "video"} & set(page.outline())
    assert not [found for _, found in page.elements if {"src", "srcset", "style", "action"} & set(found)]
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    assert all(address.startswith(ALLOWED) for tag in ("a", "link") for address in attributes(page, tag, "href"))
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", source)


def test_the_policy_of_a_page_allows_its_own_style_and_script(source):
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', source)
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        [content] = re.findall(rf"<{element}>(.*?)</{element}>", source, re.S)
        digest = base64.b64encode(hashlib.sha256(content.encode()).digest()).decode()
        assert f"{directive} &#39;sha256-{digest}&#39;" in policy


def test_a_page_can_be_used_by_ear_and_by_keyboard(source):
    page = reading.page(source)
    outline = page.outline()
    assert page.elements[0] == ("html", {"lang": "en", "class": "plain"})
    assert [outline.count(tag) for tag in ("main", "header", "footer", "nav", "h1")] == [1] * 5
    assert outline.index("a") < outline.index("header")
    assert attributes(page, "a", "href")[0] == "#main"
    assert outline.count("table") == outline.count("caption")
    ids = [found["id"] for _, found in page.elements if "id" in found]
    assert len(ids) == len(set(ids))
    for _, found in page.elements:
        assert set((found.get("aria-labelledby") or "").split()) <= set(ids)
        if (found.get("href") or "").startswith("#"):
            assert found["href"][1:] in ids
    for tag, found in page.elements:
        if tag == "svg":
            assert found.get("aria-hidden") == "true" or (found.get("role") == "img" and found.get("aria-label"))
    assert all(value in ("none", "descending") for value in attributes(page, "th", "aria-sort"))


def test_headings_go_down_one_step_at_a_time(source):
    levels = [int(tag[1]) for tag in reading.page(source).outline() if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_team_page_leads_to_every_person_and_each_back_to_it():
    links = attributes(reading.page(PAGES[0]), "a", "href")
    for slug in ("mira-castellane", "jonas-ferrowell", "anouk-delisse"):
        assert f"people/{slug}.html" in links
    for source in PAGES[1:]:
        assert "../index.html" in attributes(reading.page(source), "a", "href")


def test_every_chart_says_in_words_what_it_shows(source):
    page = reading.page(source)
    labels = attributes(page, "svg", "aria-label")
    assert any(label.startswith("Hours by day: Tue 7 Oct ") for label in labels)
    assert any(table.head[0] == "Day" for table in page.tables)


def test_hours_by_day_are_the_same_in_the_chart_and_in_its_table(source):
    [table] = [table for table in reading.page(source).tables if table.head[0] == "Day"]
    label = next(
        each for each in attributes(reading.page(source), "svg", "aria-label") if each.startswith("Hours by day")
    )
    for row in table.rows[:-1]:
        assert f"{row[0]} {row[-1]}" in label


def test_a_feature_shows_how_far_it_is():
    assert "38 percent done" in attributes(reading.page(PAGES[0]), "svg", "aria-label")
    assert "3 of 8 done" in reading.page(PAGES[0]).text


def test_a_team_of_500_has_a_page_each_and_a_small_one_for_all():
    data = crowd_data(500, 2500)
    templates = site_pages.load_page_templates(samples.TEMPLATES)
    page = site_pages.render_team_page(data, templates)
    people = dict(site_pages.render_person_pages(data, templates))
    assert len(people) == 500
    assert len(page) < 2_000_000


def test_a_long_period_is_shown_by_week():
    page = reading.page(rendered.team_page(crowd_data(3, 12, days=90)))
    [table] = [table for table in page.tables if table.head[0] == "Day"]
    assert table.rows[0][0] == "week of 6 Oct"
    assert len(table.rows) < 20


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "site").mkdir()
    (tmp_path / "site" / "site.css").write_text("p { color: red }\n")
    (tmp_path / "site" / "site.js").write_text("go();\n")
    (tmp_path / "a.j2").write_text("<style>{{ style }}</style><script>{{ script }}</script>{{ policy }}|{{ x }}")
    return tmp_path


def test_a_page_carries_its_style_and_script_as_they_are_and_nothing_else(folder):
    shown = site_pages.load_page_templates(folder).render("a.j2", x="<b>\u202ehi</b> \"'")
    assert shown.startswith("<style>p { color: red }</style><script>go();</script>default-src ")
    assert shown.endswith("|&lt;b&gt;hi&lt;/b&gt; &#34;&#39;")


def test_the_policy_allows_exactly_this_style_and_this_script():
    policy = site_pages.make_policy("p {}", "go();")
    hashes = re.findall(r"'sha256-([^']+)'", policy)
    assert [base64.b64decode(each) for each in hashes] == [
        hashlib.sha256(each).digest() for each in (b"p {}", b"go();")
    ]
    assert policy.startswith("default-src 'none'; ")
    assert "unsafe" not in policy


@pytest.mark.parametrize("file", ["site/site.css", "site/site.js"])
def test_a_missing_style_or_script_is_named(folder, file):
    (folder / file).unlink()
    with pytest.raises(ConfigurationError, match=file.replace(".", r"\.")):
        site_pages.load_page_templates(folder)


def test_a_script_that_would_end_itself_is_refused(folder):
    (folder / "site" / "site.js").write_text('x = "</SCRIPT>"')
    with pytest.raises(ConfigurationError, match="would end it inside the page"):
        site_pages.load_page_templates(folder)
