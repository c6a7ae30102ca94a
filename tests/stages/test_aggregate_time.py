import subprocess
import sys
from datetime import UTC, date, datetime, timedelta

import pytest

from tests.aggregation.logged import STAGE, aggregated, archive, entry, params
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

DAY = date(2025, 10, 7)
NOON = datetime(2025, 10, 7, 12, tzinfo=UTC)


def week(folder, rows, users=(), zone="UTC"):
    """The week from DAY on."""
    archive(folder, rows, DAY - timedelta(days=1), DAY + timedelta(days=7))
    params(folder, DAY, DAY + timedelta(days=6), zone, users)
    return folder


def test_an_entry_of_25_hours_over_midnight_stays_on_the_day_it_started(tmp_path):
    found = aggregated(week(tmp_path, [entry(1, 1, NOON, seconds=90_000)]))
    assert found.people[0].days == {"2025-10-07": 90_000}


def test_someone_with_nothing_but_a_running_timer_is_shown_with_no_time(tmp_path):
    found = aggregated(week(tmp_path, [entry(1, 1, NOON, running="null")]))
    [person] = found.people
    assert (person.name, person.seconds, person.entries, person.days) == ("Ada Quill", 0, 0, {})
    assert (found.totals.running, [finding.kind for finding in found.warnings]) == (1, ["running"])


def test_a_period_without_entries_is_a_document_of_zeros(tmp_path):
    found = aggregated(week(tmp_path, []))
    assert (found.people, found.warnings, found.totals.seconds, found.totals.people) == ([], [], 0, 0)
    assert (found.as_of, found.account.source, found.period.end) == ("2025-10-14", "demo", "2025-10-13")


ROWS = [
    entry(1, 1, NOON, description="#1 [scrum] [task]"),
    entry(2, 3_000_000_000, NOON, description="#1 [Scrum] [Task]"),
    entry(3, 3_000_000_000, NOON, description="#1 [Scrum] [Task]", running="negative"),
    entry(4, 9, NOON, description="#1 [Scrum] [Task]"),
    entry(5, 1, NOON, description=""),
]


def test_users_choose_people_and_leave_what_is_said_of_them_as_it_was(tmp_path):
    everyone = aggregated(week(tmp_path / "all", ROWS))
    ada = aggregated(week(tmp_path / "one", ROWS, ["ADA@team.example"]))
    assert ada.people == everyone.people[:1]
    assert ada.people[0].entities[0].space == "Scrum"
    assert (ada.totals.people, ada.totals.seconds, ada.totals.running) == (1, 7200, 0)
    assert [finding.kind for finding in ada.warnings] == ["no_description"]


def test_a_user_nobody_knows_stops_the_stage(tmp_path):
    with pytest.raises(ConfigurationError, match=r"'dea@team\.example'.*dee@team\.example"):
        aggregated(week(tmp_path, [*ROWS, entry(6, 8, NOON)], ["dea@team.example"]))
    assert not (tmp_path / "aggregated.json").exists()


@pytest.mark.parametrize(
    ("zone", "missing"),
    [
        pytest.param("UTC", "2025-10-13", id="the last day"),
        pytest.param("Asia/Tokyo", "2025-10-06", id="the UTC day that holds the first local morning"),
        pytest.param("America/New_York", "2025-10-14", id="the UTC day that holds the last local evening"),
    ],
)
def test_a_day_that_was_never_fetched_is_an_error(tmp_path, zone, missing):
    week(tmp_path, [], zone=zone)
    (tmp_path / "days" / f"{missing}.json").unlink()
    with pytest.raises(TimeweaveError, match=f"{missing}.*fetch_time"):
        aggregated(tmp_path)


def test_days_of_which_no_local_day_is_asked_for_are_not_needed(tmp_path):
    week(tmp_path, ROWS)
    for day in ("2025-10-06", "2025-10-14"):
        (tmp_path / "days" / f"{day}.json").unlink()
    assert aggregated(tmp_path).totals.entries == 4


def test_runs_as_a_script_and_writes_the_same_bytes_each_time(tmp_path):
    week(tmp_path, ROWS)
    command = [sys.executable, str(STAGE), "days", "directory.json", "aggregated.json", "history.json"]
    subprocess.run(command, cwd=tmp_path, check=True)
    once = (tmp_path / "aggregated.json").read_bytes()
    aggregated(tmp_path)
    assert (tmp_path / "aggregated.json").read_bytes() == once


def test_as_a_script_it_says_in_one_sentence_what_is_missing(tmp_path):
    week(tmp_path, [], ["nobody@team.example"])
    command = [sys.executable, str(STAGE), "days", "directory.json", "aggregated.json", "history.json"]
    failed = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert failed.returncode == 2
    assert failed.stderr.startswith("aggregate_time: params.yaml: users: 'nobody@team.example'")
    assert failed.stderr.count("\n") == 1
