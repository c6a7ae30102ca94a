"""The Markdown reports and the e-mail edition, read back as the pages that they become."""

import functools
import re
from dataclasses import replace

import msgspec
import pytest
from markdown_it import MarkdownIt

from tests.reports import analyses, reading, rendered, story
from tests.reports.crowd import crowd_data
from tests.reports.test_hostile_text import HOSTILE, data_of
from timeweave.reports.formatting.hours import HoursFormat, HoursStyle
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.day_grid import DayGrid

FEW = story.report_data()
DATA = {"story": FEW, "crowd": crowd_data(14, 40)}
EXACT = re.compile(r"−?\d[\d,]*\.\d\d")


@functools.cache
def build_many():
    return crowd_data(500, 2500)


@pytest.fixture(params=DATA)
def data(request):
    return DATA[request.param]


def write(seconds):
    """Hundredths of an hour, half up, counted in another way than the reports do."""
    return f"{(2 * abs(seconds) + 36) // 72 / 100:,.2f}"


def list_numbers(data):
    """Every amount of time that the document has, as a table shows it."""
    amounts = [data.analysis.totals.seconds, data.analysis.totals.expected_seconds or 0]
    for one in [*data.analysis.items, *data.analysis.features]:
        amounts += [
            one.seconds,
            one.seconds - (one.previous_seconds or 0),
            one.whole_seconds or 0,
            one.estimate_seconds or 0,
        ]
        amounts += [share.seconds for share in one.people]
    for part in (
        *data.analysis.breakdowns.projects,
        *data.analysis.breakdowns.databases,
        *data.analysis.breakdowns.states,
    ):
        amounts += [part.seconds, part.seconds - (part.previous_seconds or 0)]
    for team in data.analysis.teams:
        amounts += [team.worked_seconds, team.expected_seconds or 0]
    for person in data.analysis.people:
        amounts += [person.seconds, person.worked_seconds, person.expected_seconds or 0, *person.projects.values()]
        amounts += [amount for day in person.days.values() for amount in (day.seconds, day.expected or 0)]
        amounts += [entry.seconds for part in (*person.items, *person.activities) for entry in part.entries]
    return {write(amount) for amount in amounts}


def test_every_table_is_whole(data):
    for page in rendered.all_markdown(data):
        for table in page.tables:
            assert {len(row) for row in table.rows} == {len(table.head)}
        assert "|" not in page.text
        assert "\\" not in page.text


def test_a_row_of_every_table_has_as_many_cells_as_its_heading_as_it_is_written(data):
    for text in (rendered.team_summary(data), *rendered.individuals(data)):
        for block in re.findall(r"(?:^\|.*\n?)+", text, re.M):
            lines = block.splitlines()
            assert {len(re.findall(r"(?<!\\)\|", line)) for line in lines} == {len(re.findall(r"\|", lines[1]))}


def test_every_item_feature_and_text_has_its_seconds_and_all_time_is_the_total(data):
    table = reading.markdown(rendered.team_summary(data)).table("Work items")
    hours = {row[0].partition(", ")[0]: row[-1] for row in table.rows}
    for item in data.analysis.items:
        if not item.is_feature:
            assert hours[item.title] == write(item.seconds)
    assert table.rows[-1][0] == "Total"
    assert table.rows[-1][-1] == write(data.analysis.totals.seconds)


def test_a_person_s_items_and_days_are_those_of_the_document(data):
    for person, text in zip(data.people.values(), rendered.individuals(data), strict=True):
        if not person.work.seconds:
            assert "**No time was logged** in this period" in text
            continue
        assert f"**{write(person.work.seconds)} hours**" in text
        table = reading.markdown(text).table("Items")
        assert table.rows[-1][-1] == write(person.work.seconds)
        seconds = {}
        for part in person.work.items:
            seconds[part.key] = seconds.get(part.key, 0) + part.seconds
        shown = [row[-1] for row in table.rows]
        assert {write(amount) for amount in seconds.values()} <= set(shown)
        for day in person.work.days.values():
            if day.seconds:
                assert f": {write(day.seconds)} h" in text


def test_no_number_of_hours_is_worked_out_for_the_reports_alone():
    known = list_numbers(FEW)
    for text in (rendered.team_summary(FEW), *rendered.individuals(FEW)):
        for page in [reading.markdown(text)]:
            for table in page.tables:
                cells = [cell for row in table.rows for cell in row[1:]]
                # Groups of what belongs to no feature have sums of their own.
                loose = [row[-1] for row in table.rows if row[0].startswith(("Under no", "Without a"))]
                narrowed = [row[-1] for row in table.rows if ", Product/Feature #" in row[0]]
                for found in (number for cell in cells for number in EXACT.findall(cell)):
                    assert found.lstrip("−") in known | set(loose) | set(narrowed), (table.title, found)


def test_the_same_quantity_is_the_same_text_everywhere():
    text, (html, plain) = rendered.team_summary(FEW), rendered.digests(FEW)
    total = HoursFormat().brief(FEW.analysis.totals.seconds)
    for shown in (text, html, plain, rendered.team_page(FEW)):
        assert total in shown
    for category in [one for one in FEW.analysis.categories if one.seconds or one.previous_seconds]:
        hours = HoursFormat().brief(category.seconds)
        assert f"| {category.name} | {hours} |" in text
        assert f"{category.name}: {hours} h" in plain


def test_the_e_mail_edition_compares_the_whole_of_what_is_late_with_its_estimate():
    html, plain = rendered.digests(FEW)
    assert "* Checkout form: 4 days late, 40.3 of 12.0 h estimated, 20.2 h this period" in plain
    assert "40.3 of 12.0 h estimated, 20.2 h this period" in reading.page(html).text


def test_the_e_mail_edition_says_the_unit_of_what_is_to_be_looked_at_and_on_which_side_of_a_target_a_share_is():
    for text in (reading.page(rendered.digests(FEW)[0]).text, rendered.digests(FEW)[1]):
        assert "problems, 4 corrections in 6 entries" in text
        assert "target 50–70 % (under)" in text
        assert "target 10–25 % (over)" in text


def test_nothing_stands_between_the_lines_of_a_list_in_the_plain_e_mail_edition():
    late = analyses.finding("overdue", "problem", 9, ["104"], item=story.BUG, overdue_days=2)
    scene = analyses.replaced(story.SCENE, findings=[*story.FINDINGS, late])
    plain = rendered.digests(story.report_data(analyses.build(scene)))[1]
    assert "\n* Login loops: " in plain
    assert not re.search(r"^\* .*\n\n\* ", plain, re.M)


def test_people_stand_under_their_teams_with_the_sums_of_these():
    table = reading.markdown(rendered.team_summary(FEW)).table("People")
    groups = DayGrid(FEW).build_groups()
    expected = []
    for group in groups:
        expected += [group.head.name or "No team", *(row.name for row in group.rows)]
    assert [row[0] for row in table.rows] == expected
    heads = [row for row in table.rows if row[0] in ("Mobile", "Web", "No team")]
    assert [row[-2:] for row in heads] == [[group.head.worked, group.head.expected or "–"] for group in groups]


def test_what_no_complete_reference_put_there_is_called_the_same_as_on_the_page():
    for shown in (rendered.team_summary(FEW), rendered.team_page(FEW)):
        assert "8.00 h inferred" in shown
        assert "8.00 h on 1 item were put there by a number or a title alone; their rows are marked." in shown


def test_the_e_mail_edition_says_that_no_hours_are_set():
    members = [analyses.Member(1, "Ada", hours=None)]
    data = story.report_data(analyses.build(analyses.Scene(members=members, compared=False)))
    assert all("No working hours are set in config/team.yaml." in text for text in rendered.digests(data))
    assert not any("No working hours" in text for text in rendered.digests(FEW))


def test_a_feature_that_was_closed_later_is_marked_as_open_then():
    document = story.analysis()
    found = [msgspec.structs.replace(one, completed_later=True, overdue_days=3) for one in document.features]
    data = story.report_data(msgspec.structs.replace(document, features=found))
    assert "3 of 8 done | In Progress (open then) |" in rendered.team_summary(data).replace("**", "")
    assert "In Progress open then" in " ".join(reading.page(rendered.team_page(data)).text.split())


def test_only_the_team_s_report_has_changes():
    assert "| Change |" in rendered.team_summary(FEW)
    assert not any("Change" in text for text in rendered.individuals(FEW))


def test_hours_can_be_written_as_a_clock():
    data = ReportData(story.analysis(), hours=HoursFormat(HoursStyle.CLOCK))
    for text in (rendered.team_summary(data), *rendered.individuals(data)):
        for table in reading.markdown(text).tables:
            assert not [cell for row in table.rows for cell in row if EXACT.search(cell)]


def test_a_feature_has_a_status_only_where_that_says_more_than_its_hours():
    text = rendered.team_summary(FEW)
    assert "active" not in text
    assert "Done, " not in text


def test_nobody_s_own_name_is_repeated_in_what_they_have_to_do():
    for person, text in zip(FEW.people.values(), rendered.individuals(FEW), strict=True):
        to_do = text.partition("## To do")[2].partition("## Items")[0]
        assert to_do
        assert person.name not in to_do


def test_what_needs_attention_comes_first():
    headings = [
        re.findall(r"^## (.*)", text, re.M) for text in (rendered.team_summary(FEW), *rendered.individuals(FEW))
    ]
    assert headings[0][:4] == ["What to know", "Missing, short or over", "Late, by hours spent", "Where it went"]
    assert {one[0] for one in headings[1:]} == {"To do"}


def test_long_lists_end_with_what_remains():
    text = rendered.team_summary(build_many())
    page = reading.markdown(text)
    names = [row[0] for row in page.table("People").rows]
    teams = [group.head.name for group in DayGrid(build_many()).build_groups() if group.head]
    assert len([name for name in names if name not in teams]) == 151
    assert page.table("People").rows[-1][0] == "350 more, each with a report of their own"
    assert len(page.table("Missing").rows) == 26
    assert re.search(r"rows with less time \([\d,.]+ h in all\) are left out here and counted in the total", text)
    assert len(text) < 300_000


def test_a_period_without_entries_says_so():
    data = ReportData(analyses.build(replace(story.SCENE, logs=(), findings=(), stalled=())))
    assert "No time was logged" in rendered.individuals(data)[0]
    assert "0.0 h" in rendered.team_summary(data)
    assert all("0.0 h" in text for text in rendered.digests(data))


@functools.cache
def list_harmless_pages():
    return rendered.all_markdown(data_of("harmless"))


@functools.cache
def write_harmless_digest():
    return rendered.digests(data_of("harmless"))[0]


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_changes_no_layout_and_leads_nowhere(text):
    for page, harmless in zip(rendered.all_markdown(data_of(text)), list_harmless_pages(), strict=True):
        assert [name for name in page.outline() if name != "a"] == [name for name in harmless.outline() if name != "a"]
        for tag, attributes in page.elements:
            assert tag != "img"
            assert (
                not (attributes.get("href") or "").lower().startswith(("javascript:", "data:", "https://evil.example"))
            )


@pytest.mark.parametrize("text", HOSTILE.values(), ids=HOSTILE.keys())
def test_hostile_text_changes_nothing_of_the_e_mail_edition(text):
    html, plain = rendered.digests(data_of(text))
    assert reading.page(html).outline() == reading.page(write_harmless_digest()).outline()
    assert not re.search(r"https?://", plain)
    assert not set(html + plain) & set("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f")


@pytest.mark.parametrize("build", [story.report_data, build_many], ids=["few", "500 people"])
def test_the_e_mail_edition_is_small_and_asks_nobody_for_anything(build):
    html, plain = rendered.digests(build())
    assert len(html.encode()) < 100_000
    assert len(plain.encode()) < 20_000
    page = reading.page(html)
    assert not {"script", "link", "img", "style", "iframe", "form", "a"} & set(page.outline())
    assert not [
        name for _, found in page.elements for name in found if name.startswith("on") or name in ("src", "href")
    ]
    assert "url(" not in html


def test_markdown_without_html_reads_the_same():
    strict = MarkdownIt("commonmark", {"html": False}).enable("table")
    text = rendered.team_summary(data_of(HOSTILE["script"]))
    assert "<script" not in strict.render(text)
