import json
from datetime import date

import pytest

from timeweave.archive.files import LocalFiles
from timeweave.models import time_entry_days
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl.answers import read_entries
from timeweave.toggl.day_files import DayFiles

DAY = date(2025, 10, 7)
ENTRY = {
    "id": 4_500_000_001,
    "seconds": 2700,
    "start": "2025-10-07T00:00:00-08:00",
    "stop": "2025-10-07T00:45:00-08:00",
    "at": "2025-10-07T17:03:50+00:00",
}
ROW = {
    "user_id": 10_000_000_001,
    "username": "Someone",
    "project_id": None,
    "task_id": None,
    "billable": True,
    "description": "task-a",
    "tag_ids": [],
    "billable_amount_in_cents": None,
    "currency": "USD",
    "time_entries": [ENTRY],
    "a_key_no_one_knows": {"deep": [1, 2]},
}


def archived(folder, rows, day="2025-10-07", schema=1):
    content = {"schema": schema, "day": day, "rows": rows}
    (folder / "2025-10-07.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def test_reads_what_counts_and_skips_whatever_else_was_sent(tmp_path):
    [row] = time_entry_days.read(archived(tmp_path, [ROW]), DAY)
    assert (row.user_id, row.username, row.email, row.billable) == (10_000_000_001, "Someone", None, True)
    [entry] = row.time_entries
    assert (entry.id, entry.seconds, entry.start) == (4_500_000_001, 2700, "2025-10-07T00:00:00-08:00")


def test_the_order_of_keys_makes_no_difference(tmp_path):
    forwards = time_entry_days.read(archived(tmp_path, [ROW]), DAY)
    backwards = time_entry_days.read(archived(tmp_path, [dict(reversed(ROW.items()))]), DAY)
    assert forwards == backwards


def test_a_running_entry_may_lack_a_stop_and_a_text(tmp_path):
    running = ROW | {"description": None, "time_entries": [ENTRY | {"stop": None, "seconds": -1}]}
    [row] = time_entry_days.read(archived(tmp_path, [running]), DAY)
    assert (row.description, row.time_entries[0].stop, row.time_entries[0].seconds) == (None, None, -1)


def test_a_day_without_its_file_was_never_fetched(tmp_path):
    with pytest.raises(TimeweaveError, match=r"2025-10-07\.json does not exist.*run fetch_time"):
        time_entry_days.read(tmp_path, DAY)


@pytest.mark.parametrize(
    ("row", "complaint"),
    [
        pytest.param({key: ROW[key] for key in ROW if key != "user_id"}, "user_id", id="no user"),
        pytest.param(ROW | {"user_id": 1.5}, "user_id", id="half a user"),
        pytest.param(ROW | {"time_entries": [ENTRY | {"seconds": "2700"}]}, "seconds", id="seconds as text"),
        pytest.param(ROW | {"time_entries": None}, "time_entries", id="no entries"),
    ],
)
def test_a_row_of_another_shape_is_an_error_that_says_where(tmp_path, row, complaint):
    with pytest.raises(TimeweaveError, match=rf"2025-10-07\.json cannot be read: .*{complaint}"):
        time_entry_days.read(archived(tmp_path, [row]), DAY)


def test_a_file_cut_short_is_an_error(tmp_path):
    path = archived(tmp_path, [ROW]) / "2025-10-07.json"
    path.write_bytes(path.read_bytes()[:-20])
    with pytest.raises(TimeweaveError, match="cannot be read"):
        time_entry_days.read(tmp_path, DAY)


def test_the_file_of_another_day_is_refused(tmp_path):
    with pytest.raises(TimeweaveError, match=r"2025-10-07\.json says"):
        time_entry_days.read(archived(tmp_path, [], "2025-10-08", 1), DAY)


def test_a_file_of_a_newer_version_is_refused_and_nothing_is_to_be_deleted(tmp_path):
    with pytest.raises(TimeweaveError, match=r"2025-10-07\.json was made by a newer Timeweave.*update it$"):
        time_entry_days.read(archived(tmp_path, [], "2025-10-07", 2), DAY)


def test_what_the_archive_exports_is_what_is_read_here(tmp_path):
    archived = DayFiles(LocalFiles(tmp_path / "archive"))
    archived.write(DAY, read_entries([ROW | {"row_number": 1}], "Toggl's answer"), date(2025, 10, 14))
    (tmp_path / "2025-10-07.json").write_bytes(archived.export(DAY))
    [row] = time_entry_days.read(tmp_path, DAY)
    assert (row.description, row.time_entries[0].id) == ("task-a", 4_500_000_001)
