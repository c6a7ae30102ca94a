"""What changed in a day between two looks."""

from datetime import date

from tests.toggl.rows import entry
from timeweave.archive.files import LocalFiles
from timeweave.cli.changes import _line
from timeweave.toggl import changes

DAY, FIRST, SECOND = date(2025, 10, 7), date(2025, 10, 8), date(2025, 10, 9)
START = "2025-10-07T09:00:00Z"


def test_added_edited_and_deleted_entries_are_told_apart():
    before = [entry(1, START), entry(2, START), entry(3, START)]
    after = [entry(1, START), entry(2, START, 1800), entry(4, START)]
    found = changes.find_changes(before, after, DAY, FIRST, SECOND)
    assert [(change.entry_id, change.kind) for change in found] == [(2, "edited"), (3, "deleted"), (4, "added")]
    assert (found[0].before.seconds, found[0].after.seconds) == (3600, 1800)


def test_a_new_time_stamp_or_name_alone_is_no_change():
    before, after = entry(1, START), entry(1, START, username="Mira C.", novelty=1)
    after.row["time_entries"][0]["at"] = "2025-10-20T08:00:00+00:00"
    assert changes.find_changes([before], [after], DAY, FIRST, SECOND) == []


def test_noting_a_change_twice_keeps_it_once(tmp_path):
    found = changes.find_changes([entry(1, START)], [], DAY, FIRST, SECOND)
    files = LocalFiles(tmp_path)
    changes.record(files, found)
    changes.record(files, found)
    assert changes.read(files).changes == found


def test_nothing_is_written_where_nothing_changed(tmp_path):
    changes.record(LocalFiles(tmp_path), [])
    assert list(tmp_path.iterdir()) == []


def test_an_entry_that_stands_on_another_day_now_is_said_to_have_moved_there_with_what_else_changed():
    moved = {1: entry(1, "2025-10-09T09:00:00Z"), 2: entry(2, "2025-10-10T09:00:00Z", 1800)}
    found = changes.find_changes([entry(1, START), entry(2, START)], [], DAY, FIRST, SECOND, moved=moved)
    assert [(one.kind, one.moved_to) for one in found] == [("moved", "2025-10-09"), ("moved", "2025-10-10")]
    lines = [_line(one, "Mira").split("  ")[2] for one in found]
    assert lines == ["moved to 2025-10-09 1:00 “Plan”", "moved to 2025-10-10 1:00 “Plan” → 0:30 “Plan”"]


def test_what_came_from_another_day_is_not_added_there():
    came = entry(1, START)
    assert changes.find_changes([], [came], DAY, FIRST, SECOND, came={1}) == []
