"""Pages that work from disk: whole, closed, accessible in their structure, and asking nobody for anything."""

import base64
import functools
import hashlib
import json
import re
from collections import Counter
from itertools import pairwise

import pytest

from tests.docs.test_analysis import EXAMPLES, build
from tests.reports import reading, rendered, story
from tests.reports.crowd import crowd_data
from tests.reports.test_hostile_text import data_of
from timeweave.reports import site_pages
from timeweave.reports.report_data import ReportData
from timeweave.runtime.errors import ConfigurationError

DATA = story.report_data()
PAGES = ("team", *DATA.people)
ALLOWED = ("#", "https://track.toggl.com/", "https://heliotrope.fibery.io/", "people/", "../", "data:image/svg+xml,")


@functools.cache
def list_pages():
    return [rendered.team_page(DATA), *rendered.people_pages(DATA)]


@pytest.fixture(params=PAGES)
def source(request):
    return list_pages()[PAGES.index(request.param)]


def attributes(page, element, name):
    return [found[name] for tag, found in page.elements if tag == element and name in found]


def test_a_page_asks_nobody_for_anything(source):
    page = reading.page(source)
    assert not {"img", "iframe", "object", "embed", "base", "video"} & set(page.outline())
    assert not [found for _, found in page.elements if {"src", "srcset", "style", "action"} & set(found)]
    assert not [name for _, found in page.elements for name in found if name.startswith("on")]
    assert all(address.startswith(ALLOWED) for tag in ("a", "link") for address in attributes(page, tag, "href"))
    assert not re.search(r"@import|url\(|fetch\(|XMLHttpRequest|import\(", source)


def test_the_policy_of_a_page_allows_its_own_style_and_script(source):
    [policy] = re.findall(r'http-equiv="Content-Security-Policy" content="([^"]+)"', source)
    for element, directive in (("style", "style-src"), ("script", "script-src")):
        [content] = re.findall(rf"<{element}>(.*?)</{element}>", source, re.S)[:1]
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
            assert found["href"][1:].partition("?")[0] in ids
    for tag, found in page.elements:
        if tag == "svg":
            assert found.get("aria-hidden") == "true" or (found.get("role") == "img" and found.get("aria-label"))
    assert all(value in ("none", "descending") for value in attributes(page, "th", "aria-sort"))


def test_headings_go_down_one_step_at_a_time(source):
    levels = [int(tag[1]) for tag in reading.page(source).outline() if re.fullmatch(r"h[1-6]", tag)]
    assert levels[0] == 1
    assert all(after - before <= 1 for before, after in pairwise(levels))


def test_the_team_page_leads_to_every_person_and_each_back_to_it():
    links = attributes(reading.page(list_pages()[0]), "a", "href")
    for person in DATA.people.values():
        assert f"people/{person.slug}.html" in links
    for source in list_pages()[1:]:
        assert "../index.html" in attributes(reading.page(source), "a", "href")


def test_every_item_feature_text_person_day_and_entry_has_an_address():
    ids = {found["id"] for _, found in reading.page(list_pages()[0]).elements if "id" in found}
    assert {"i-scrum-task-12", "f-product-feature-5", "p-ruben", "c-support", "x-no_item", "loose", "texts"} <= ids
    assert any(one.startswith("t-") for one in ids)
    own = {found["id"] for _, found in reading.page(list_pages()[1]).elements if "id" in found}
    assert {"i-scrum-task-12", "d-2025-10-07", "e-1"} <= own


def test_a_person_s_page_is_about_that_person_and_ranks_nobody():
    page = reading.page(list_pages()[1]).text
    assert "Anouk Delisse" in page
    assert not [name for name in ("Ruben", "Priya", "Hana", "Noor") if name in page]


def test_corrections_say_what_to_type():
    page = next(source for source in list_pages() if "<title>Hana Moriyabe (hana.m@" in source)
    assert '<code dir="auto">Login loops #7 [Scrum] [Bug]</code>' in page
    assert "from/2025-10-07/to/2025-10-07/users/105" in page


def test_a_big_team_s_page_is_small_and_its_search_knows_every_item():
    data = crowd_data(500, 4000, days=5)
    page = site_pages.render_team_page(data, rendered.HTML)
    assert len(page) < 1_400_000
    [packed] = re.findall(r'<script type="application/json" id="index">(.*?)</script>', page.decode(), re.S)
    index = json.loads(packed)
    rest = index["rest"]
    shown = re.findall(r'<tr id="i-[^"]+" data-s', page.decode())
    assert len(shown) + sum(reading.read_anchor(index, row).startswith("i-") for row in rest) == len(
        data.analysis.items
    )
    assert sum(row[2] for row in rest) + sum(map(int, re.findall(r'data-s="(\d+)"', page.decode()))) == (
        data.analysis.totals.seconds
    )


def find_dead_links(data):
    """Those of all pages."""
    return set().union(*map(reading.find_dead_links, (rendered.team_page(data), *rendered.people_pages(data))))


def test_every_link_within_a_crowd_s_pages_leads_somewhere():
    assert find_dead_links(crowd_data(30, 1800, days=5)) == set()


@pytest.mark.parametrize("name", EXAMPLES)
def test_so_does_every_link_about_a_finding(name):
    assert find_dead_links(ReportData(build(EXAMPLES[name]).analyze())) == set()


def sum_marks(pages, name, mark):
    """Seconds that rows have under each name of the index, by what a page's own marks say."""
    found = Counter()
    for source in pages:
        [packed] = re.findall(r'<script type="application/json" id="index">(.*?)</script>', source, re.S)
        index = json.loads(packed)
        for row in re.findall(r"<tr id=[^>]+ data-s=[^>]+>", source):
            seconds = int(re.search(r'data-s="(\d+)"', row)[1])
            flat = [int(number) for number in re.findall(r"\d+", "".join(re.findall(rf'data-{mark}="([^"]+)"', row)))]
            for number, own in reading.read_parts(flat, seconds):
                found[index[name][number]] += own
        for row in index["rest"]:
            for number, own in reading.read_parts(row[7], row[2]):
                found[index[name][number]] += own
    return found


@pytest.mark.parametrize("make", [story.report_data, lambda: crowd_data(30, 1800, days=2)], ids=["story", "crowd"])
def test_the_filter_by_project_finds_the_hours_of_the_table_of_projects(make):
    data = make()
    projects = {part.name: part.seconds for part in data.analysis.breakdowns.projects if part.name}
    assert sum_marks([rendered.team_page(data)], "projects", "j") == projects
    assert sum_marks(rendered.people_pages(data), "projects", "j") == projects


def test_what_the_search_knows_cannot_end_its_element():
    hostile = data_of("</script><script>alert(1)</script>")
    page = rendered.team_page(hostile)
    [packed] = re.findall(r'id="index">(.*?)</script>', page, re.S)
    assert "<" not in packed
    assert json.loads(packed)["projects"] == ["</script><script>alert(1)</script>"]


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
