"""The numbers that people read: every table's hours add up to its total, the totals to the documents' seconds."""

import pytest
from hypothesis import HealthCheck, given, settings

from tests.reports import reading, rendered, samples
from tests.reports.crowd import crowd_data
from tests.reports.entries import ENTRIES, enriched
from tests.reports.reading import hundredths
from timeweave.reports.formatting import hours

READ_BACK = settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.too_slow])
COLUMNS = ("Hours", "With an item", "Without")


def data_of(entries):
    return samples.report_data(samples.aggregated(entries, people=[samples.MIRA]), enriched())


def check_tables(page):
    """Every column of hours of every table; the chart's table adds up along its rows too."""
    for table in page.tables:
        for name in set(COLUMNS) & set(table.head):
            parts, total = table.parts_and_total(name)
            assert sum(parts) == total, (table.title, name)
        if table.head[-1] == "Total":
            assert sum(hundredths(row[-1]) for row in table.rows[:-1]) == hundredths(table.rows[-1][-1])
            for row in table.rows[:-1]:
                assert sum(map(hundredths, row[1:-1])) == hundredths(row[-1])


@READ_BACK
@given(ENTRIES)
def test_every_table_of_every_report_adds_up(entries):
    for page in rendered.everything(data_of(entries)):
        check_tables(page)


@READ_BACK
@given(ENTRIES)
def test_the_totals_of_the_team_are_those_of_the_document(entries):
    data = data_of(entries)
    totals = data.aggregated.totals
    if not totals.seconds:
        return
    for page in (reading.markdown(rendered.team_summary(data)), reading.page(rendered.team_page(data))):
        _, total = page.table("People").parts_and_total("Hours")
        assert total == hours.to_hundredths(totals.seconds)
        with_item, without = (page.table("People").parts_and_total(name)[1] for name in ("With an item", "Without"))
        assert with_item + without == total
        assert abs(with_item * 36 - totals.matched_seconds) < 36
        for title in ("Project", "Database", "State"):
            assert page.table(title).parts_and_total("Hours")[1] == total
        if totals.matched_entries:
            assert page.table("Work items").parts_and_total("Hours")[1] == with_item
            assert page.table("Features").parts_and_total("Hours")[1] == with_item


@READ_BACK
@given(ENTRIES)
def test_the_totals_of_a_person_are_those_of_the_document(entries):
    data = data_of(entries)
    for person, text in zip(data.aggregated.people, rendered.individuals(data), strict=True):
        page = reading.markdown(text)
        if not person.seconds:
            assert "No time was logged" in page.text
            continue
        whole = hours.to_hundredths(person.seconds)
        assert page.table("Days").parts_and_total("Hours")[1] == whole
        assert page.table("Projects").parts_and_total("Hours")[1] == whole
        tables = [table for table in page.tables if table.head[0] in ("Item", "Activity")]
        assert sum(table.parts_and_total("Hours")[1] for table in tables) == whole


@READ_BACK
@given(ENTRIES)
def test_the_totals_of_a_person_s_page_are_those_of_the_document(entries):
    data = data_of(entries)
    for person, text in zip(data.aggregated.people, rendered.people_pages(data), strict=True):
        page = reading.page(text)
        if not person.seconds:
            assert "No time was logged" in page.text
            continue
        whole = hours.to_hundredths(person.seconds)
        assert f"{hours.format_hours(whole)} hours" in page.text
        assert page.table("Project").parts_and_total("Hours")[1] == whole
        [chart] = [table for table in page.tables if table.head[0] == "Day"]
        assert hundredths(chart.rows[-1][-1]) == whole
        tables = [table for table in page.tables if table.head[0] in ("Item", "Activity")]
        assert sum(table.parts_and_total("Hours")[1] for table in tables) == whole


@READ_BACK
@given(ENTRIES)
def test_the_totals_of_the_logged_time_are_those_of_the_document(entries):
    data = data_of(entries)
    totals = data.aggregated.totals
    page = reading.markdown(rendered.toggl_summary(data))
    if not totals.seconds:
        assert "No time was logged" in page.text
        return
    whole = hours.to_hundredths(totals.seconds)
    assert f"{hours.format_hours(whole)} hours" in page.text
    assert page.table("People").parts_and_total("Hours")[1] == page.table("Days").parts_and_total("Hours")[1] == whole
    assert sum(map(hundredths, page.table("People").column("Hours")[:-1])) == whole
    tables = [table for table in page.tables if table.head[0] in ("Reference", "Activity")]
    assert sum(table.parts_and_total("Hours")[1] for table in tables) == whole


@pytest.mark.parametrize("page", rendered.everything(crowd_data(30, 400)), ids=lambda page: page.tables[0].title)
def test_a_bigger_team_adds_up_where_rows_are_cut(page):
    check_tables(page)


def test_the_people_of_an_item_add_up_to_it():
    page = reading.markdown(rendered.team_summary(crowd_data(8, 20)))
    table = page.table("Work items")
    several = [row for row in table.rows[:-1] if "," in row[table.head.index("Who")] and "more" not in row[4]]
    assert several
    for row in several:
        who = [part.rsplit(" ", 1)[1] for part in row[table.head.index("Who")].split(", ")]
        assert sum(map(hundredths, who)) == hundredths(row[-1])


def test_markdown_and_pages_say_the_same_hours():
    data = samples.report_data()
    text, page = reading.markdown(rendered.team_summary(data)), reading.page(rendered.team_page(data))
    for title in ("People", "Work items", "Features", "Without a work item"):
        assert sorted(text.table(title).column("Hours")) == sorted(page.table(title).column("Hours"))
