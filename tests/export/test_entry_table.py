"""The rows of the table: each entry once, in the words and the sums of the reports."""

from datetime import date

import pytest

from tests.reports import samples
from tests.reports.samples import Entry
from timeweave.aggregation.name_lookup import NameLookup
from timeweave.export.entry_table import ReportLookup, build_rows
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import Period

PERIOD = Period(start="2025-10-25", end="2025-10-26", timezone="Europe/Lisbon")
MIRA = samples.MIRA
WORK = Entry(MIRA, "2025-10-26", 5_400, "Checkout form", samples.TASK, "Apollo", True)


def row(description, *entries, **known):
    who = {"user_id": MIRA.user_id, "username": MIRA.name, "email": MIRA.email}
    return who | {"description": description, "billable": True, "time_entries": list(entries)} | known


def entry(number, start, stop, seconds):
    return {"id": number, "start": start, "stop": stop, "seconds": seconds}


# In the night of the 26th Lisbon's clocks go back, at 01:00 UTC.
NIGHT = row(
    "Checkout form #12 [scrum] [TASK] [apollo]", entry(7, "2025-10-26T00:15:00Z", "2025-10-26T01:45:00Z", 5_400)
)
TIMER = row("Ghost #404 [Scrum] [Task]", entry(9, "2025-10-26T09:00:00Z", None, -1_761_469_200))


@pytest.fixture
def exported(tmp_path):
    """The table of these rows of a UTC day, against the reports of these entries."""

    def export(rows, entries, entities=samples.ENTITIES, day=date(2025, 10, 26), analyzed=False):
        for each in PERIOD.utc_days:
            content = {"schema": 1, "day": each.isoformat(), "rows": rows if each == day else []}
            document.write(tmp_path / f"{each}.json", content)
        scene = samples.scene(entries, entities, findings=[])
        sources = scene.build_sources()
        report = ReportLookup(sources.aggregated, sources.enriched, scene.analyze() if analyzed else None)
        return build_rows(tmp_path, NameLookup(samples.list_people()), report, PERIOD, users=())

    return export


def test_an_entry_is_told_in_the_period_s_zone_and_the_reports_spelling(exported):
    [line] = exported([NIGHT], [WORK])
    assert (line.start, line.stop) == ("2025-10-26T01:15:00+01:00", "2025-10-26T01:45:00+00:00")
    assert (line.date, line.seconds, line.hours, line.billable) == ("2025-10-26", 5_400, 1.5, True)
    assert (line.space, line.database, line.public_id, line.project) == ("Scrum", "Task", "12", "Apollo")
    assert (line.item, line.status, line.state) == ("Checkout form", "found", "In Progress")
    assert (line.person, line.email) == (MIRA.name, MIRA.email)


def test_an_entry_has_its_category_and_how_it_came_to_its_item(exported):
    [line] = exported([NIGHT | {"time_entries": [NIGHT["time_entries"][0] | {"id": 1}]}], [WORK], analyzed=True)
    assert (line.item, line.public_id) == ("Checkout form", "12")
    assert (line.matched_by, line.category) == ("reference", "Scrum/Task")


def test_a_run_of_a_version_without_an_analysis_is_a_table_without_categories(exported):
    [line] = exported([NIGHT], [WORK])
    assert (line.item, line.matched_by, line.category) == ("Checkout form", "", "")


def test_a_running_timer_has_a_row_and_no_hours(exported):
    first, second = exported([TIMER, NIGHT], [WORK])
    assert (first.entry_id, first.running) == (7, False)
    assert (second.entry_id, second.running, second.stop, second.seconds) == (9, True, "", 0)
    assert (second.public_id, second.status) == ("404", "")


def test_days_are_those_of_the_zone(exported):
    before = row("x", entry(5, "2025-10-24T22:59:59Z", "2025-10-24T23:10:00Z", 601))
    first = row("x", entry(6, "2025-10-24T23:00:00Z", "2025-10-24T23:01:00Z", 60))
    [line] = exported([before, first], [Entry(MIRA, "2025-10-25", 60, "x")], day=date(2025, 10, 24))
    assert (line.entry_id, line.date, line.start) == (6, "2025-10-25", "2025-10-25T00:00:00+01:00")


@pytest.mark.parametrize(
    ("entries", "entities"),
    [
        pytest.param([], samples.ENTITIES, id="entries are not in the reports"),
        pytest.param([Entry(MIRA, "2025-10-26", 5_399)], samples.ENTITIES, id="seconds differ"),
        pytest.param([WORK, WORK], samples.ENTITIES, id="reports have more"),
        pytest.param([WORK], [], id="the item was never looked up"),
    ],
)
def test_a_table_that_would_not_agree_with_the_reports_is_refused(exported, entries, entities):
    with pytest.raises(TimeweaveError, match="run `dvc repro` first"):
        exported([NIGHT], entries, entities)
