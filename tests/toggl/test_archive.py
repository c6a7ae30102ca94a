"""The archive of days: what is settled, what is stale, and what an interruption leaves."""

import itertools
import shutil
from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toggl.rows import entry
from timeweave.models.directory import Account
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl.archive import Archive, Walk, is_settled, ranges, span

OURS = Account(source="live", url="https://toggl.example", workspace_id=7)
OTHER = Account(source="demo", url=None, workspace_id=7)
DAY = date(2025, 10, 7)


@pytest.fixture
def archive(tmp_path):
    return Archive(tmp_path / "days", OURS)


def test_a_day_reads_back_sorted_by_start_and_id(archive):
    late, early = entry(2, "2025-10-07T09:00:00Z"), entry(3, "2025-10-07T08:00:00Z")
    archive.write(DAY, [late, early], DAY)
    assert [found.id for found in archive.entries(DAY)] == [3, 2]
    assert archive.seen_as_of(DAY) == DAY


def test_a_day_has_one_row_on_a_line_and_is_plain_json(archive):
    archive.write(DAY, [entry(1, "2025-10-07T09:00:00Z"), entry(2, "2025-10-07T10:00:00Z")], DAY)
    content = (archive.folder / "2025-10-07.json").read_bytes()
    assert content.count(b"\n") == 4
    assert set(msgspec.json.decode(content)) == {"schema", "day", "fetched_as_of", "rows"}


def test_a_day_that_was_never_fetched_is_stale(archive):
    assert archive.stale([DAY], DAY, 14) == [DAY]


@pytest.mark.parametrize(
    ("seen", "as_of", "stale"),
    [
        pytest.param(1, 1, False, id="looked at today"),
        pytest.param(1, 2, True, id="looked at yesterday, not settled"),
        pytest.param(14, 90, False, id="settled when it was looked at"),
        pytest.param(13, 90, True, id="looked at a day before it was settled"),
        pytest.param(5, 1, False, id="looked at later than asked"),
    ],
)
def test_a_day_is_asked_again_only_if_it_may_have_changed(archive, seen, as_of, stale):
    archive.write(DAY, [], DAY + timedelta(days=seen))
    assert bool(archive.stale([DAY], DAY + timedelta(days=as_of), 14)) == stale


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_settled_day_stays_settled_for_every_later_look(seen, later, settle):
    if is_settled(DAY, DAY + timedelta(days=seen), settle):
        assert is_settled(DAY, DAY + timedelta(days=seen + later), settle)


WALK = Walk(first=DAY, last=DAY + timedelta(days=1), as_of=DAY + timedelta(days=30))


def kept(archive, walk=WALK):
    """A walk with one finished day."""
    archive.note(walk)
    archive.keep(walk.first, [entry(1, "2025-10-07T09:00:00Z")], walk.as_of)


def test_a_finished_day_is_not_asked_again_and_does_not_count_before_its_walk_is_proven(archive):
    kept(archive)
    reopened = Archive(archive.folder, OURS)
    assert reopened.unproven == WALK
    assert reopened.stale([DAY, WALK.last], WALK.as_of, 14) == [WALK.last]
    assert (reopened.days(), reopened.entries(DAY)) == ([], [])
    assert [found.id for found in reopened.fetched(DAY)] == [1]


def test_the_days_of_a_proven_walk_count(archive):
    kept(archive)
    archive.prove(WALK)
    reopened = Archive(archive.folder, OURS)
    assert (reopened.days(), reopened.unproven, reopened.ledger.highest_id) == ([DAY], None, 1)
    assert [path.name for path in archive.folder.parent.iterdir()] == ["days"]


def test_a_walk_that_does_not_add_up_leaves_what_was_there_before(archive):
    kept(archive)
    archive.prove(WALK)
    archive.note(WALK)
    archive.keep(DAY, [], WALK.as_of)
    archive.discard()
    reopened = Archive(archive.folder, OURS)
    assert ([found.id for found in reopened.entries(DAY)], reopened.unproven) == ([1], None)
    assert reopened.stale([WALK.last], WALK.as_of, 14) == [WALK.last]


def test_what_was_fetched_survives_when_the_folder_is_set_back_to_an_earlier_state(archive):
    kept(archive)
    for path in archive.folder.glob("*"):
        path.unlink()
    assert Archive(archive.folder, OURS).stale([DAY], WALK.as_of, 14) == []


def test_a_move_into_the_archive_that_was_cut_off_is_finished(archive, monkeypatch):
    kept(archive)
    monkeypatch.setattr(Archive, "_land", lambda *_: None)
    archive.prove(WALK)
    monkeypatch.undo()
    assert Archive(archive.folder, OURS).days() == [DAY]


def test_another_walk_does_not_take_over_days_of_the_one_before(archive):
    kept(archive)
    other = Walk(first=DAY - timedelta(days=9), last=DAY, as_of=DAY)
    archive.note(other)
    assert archive.fetched(DAY) == []


def test_another_account_starts_empty_and_the_first_one_comes_back(archive):
    kept(archive)
    archive.prove(WALK)
    kept(archive, Walk(first=WALK.last, last=WALK.last, as_of=WALK.as_of))
    other = Archive(archive.folder, OTHER)
    assert other.stale([DAY], DAY, 14) == [DAY]
    assert other.unproven is None
    assert not list(archive.folder.glob("2025*"))
    assert [found.id for found in Archive(archive.folder, OURS).entries(DAY)] == [1]


def test_looking_changes_nothing_and_sees_the_days_that_wait_for_their_account(archive):
    kept(archive)
    archive.prove(WALK)
    before = files(archive)
    assert Archive(archive.folder, OTHER, looking=True).stale([DAY], DAY, 14) == [DAY]
    assert files(archive) == before
    other = Archive(archive.folder, OTHER)
    kept(other)
    other.prove(WALK)
    before = files(archive)
    assert Archive(archive.folder, OURS, looking=True).stale([DAY], DAY, 14) == []
    assert files(archive) == before


def test_a_proven_walk_that_has_not_landed_is_seen_by_looking_and_left_alone(archive, monkeypatch):
    kept(archive)
    monkeypatch.setattr(Archive, "_land", lambda *_: None)
    archive.prove(WALK)
    monkeypatch.undo()
    before = files(archive)
    assert Archive(archive.folder, OURS, looking=True).stale([DAY], WALK.as_of, 14) == []
    assert files(archive) == before


def test_days_that_dvc_lays_out_a_second_time_are_set_aside_a_second_time_and_the_newer_ones_stay(archive, tmp_path):
    kept(archive)
    archive.prove(WALK)
    shutil.copytree(archive.folder, tmp_path / "cache")
    archive.write(DAY, [entry(2, "2025-10-07T09:00:00Z")], DAY + timedelta(days=50))
    archive.doubt([DAY])
    other = Archive(archive.folder, OTHER)
    assert other.days() == []
    # An experiment lays out what the last commit names: the first account's days, one of them newer than those aside.
    shutil.copytree(tmp_path / "cache", archive.folder)
    restored = Archive(archive.folder, OURS)
    restored.write(DAY - timedelta(days=5), [entry(3, "2025-10-02T09:00:00Z")], DAY)
    Archive(archive.folder, OTHER)
    ours = Archive(archive.folder, OURS)
    assert ours.days() == [DAY - timedelta(days=5), DAY]
    assert [found.id for found in ours.entries(DAY)] == [2]
    assert (ours.ledger.highest_id, ours.ledger.doubted) == (1, [DAY])
    assert [path.name for path in archive.folder.parent.iterdir() if "-of-" in path.name] == []


def files(archive):
    """Every file beside and in the archive."""
    found = archive.folder.parent.rglob("*")
    return {path: path.read_bytes() for path in found if path.is_file()}


def test_days_of_nobody_are_not_taken_for_ours(archive):
    archive.write(DAY, [], DAY)
    with pytest.raises(TimeweaveError, match=r"no archive\.json that says whose"):
        Archive(archive.folder, OURS)


def test_a_damaged_day_is_named_and_not_overwritten(archive):
    path = archive.folder / "2025-10-07.json"
    archive.write(DAY, [], DAY)
    path.write_text('{"rows": [')
    with pytest.raises(TimeweaveError, match=r"2025-10-07\.json cannot be read"):
        archive.stale([DAY], DAY, 14)
    assert path.read_text() == '{"rows": ['


@given(st.sets(st.integers(0, 60)), st.integers(1, 20))
def test_ranges_cover_each_day_once_and_are_as_few_as_can_be(offsets, longest):
    days = sorted(DAY + timedelta(days=offset) for offset in offsets)
    found = ranges(days, longest)
    assert [day for first, last in found for day in span(first, last)] == days
    assert all((last - first).days < longest for first, last in found)
    for (first, last), (after, _) in itertools.pairwise(found):
        assert after - last > timedelta(days=1) or (last - first).days + 1 == longest
