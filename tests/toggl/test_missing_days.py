"""What must be asked for: which walk under way is finished, which is given up, and which is left to others."""

import itertools
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toggl.rows import entry
from timeweave.archive.files import LocalFiles
from timeweave.models.directory import Account
from timeweave.runtime.period import DAY, span
from timeweave.toggl.archive import Archive
from timeweave.toggl.client import Cursor
from timeweave.toggl.missing_days import find_missing, find_ranges
from timeweave.toggl.paged_walk import StagedWalk, Walk

FIRST = date(2025, 6, 1)
AS_OF = date(2025, 10, 14)
SETTLE = 14


def day(number):
    return FIRST + timedelta(days=number)


def days(first, last):
    return span(day(first), day(last))


@pytest.fixture
def archive(tmp_path):
    return Archive(LocalFiles(tmp_path), Account(source="live", url="https://toggl.example", workspace_id=7))


def under_way(archive, first, last, come_to, as_of=AS_OF, is_complete=False, **known):
    """A walk with a page for each day up to one; the next day has begun with it."""
    walk = StagedWalk.begin(archive.walk_files, Walk(first=day(first), last=day(last), as_of=as_of))
    walk.save(**known)
    for number, one in enumerate(days(first, come_to)):
        following = None if is_complete and one == day(come_to) else Cursor(2 * number + 3)
        rows = [entry(2 * number + 1, f"{one}T10:00:00Z"), entry(2 * number + 2, f"{one + DAY}T15:00:00Z")]
        walk.pages.add(rows, following)


def found(archive, first, last, as_of=AS_OF):
    """By number: the rest of each walk that is resumed, walks that are abandoned, new walks."""
    missing = find_missing(archive, days(first, last), as_of, SETTLE)
    number = lambda one: (one - FIRST).days  # noqa: E731
    return (
        [(number(walk.walk.first), [number(one) for one in rest]) for walk, rest in missing.resumed],
        [number(walk.walk.first) for walk in missing.abandoned],
        [(number(begin), number(end)) for begin, end in missing.new],
    )


def test_a_walk_is_resumed_where_it_stopped_and_the_rest_is_new(archive):
    under_way(archive, 0, 9, 3)
    assert found(archive, 0, 12) == ([(0, [4, 5, 6, 7, 8, 9])], [], [(10, 12)])


def test_a_walk_goes_on_with_a_page_that_was_damaged_and_those_behind_it_come_again(archive):
    under_way(archive, 0, 9, 6)
    [walk] = archive.walk_files.names()
    archive.walk_files.write(f"{walk}/pages/000002.json", b"{")
    assert found(archive, 0, 9) == ([(0, [2, 3, 4, 5, 6, 7, 8, 9])], [], [])


def test_so_does_a_walk_that_has_come_to_its_end(archive):
    under_way(archive, 0, 9, 9, is_complete=True)
    [walk] = archive.walk_files.names()
    archive.walk_files.write(f"{walk}/pages/000008.json", b"{")
    assert found(archive, 0, 9) == ([(0, [8, 9])], [], [])


def test_a_walk_that_lacks_only_its_proof_is_resumed_without_a_day(archive):
    under_way(archive, 0, 9, 9, is_complete=True)
    assert found(archive, 2, 4) == ([(0, [])], [], [])


def test_a_walk_of_other_days_is_left_alone(archive):
    under_way(archive, 20, 29, 25)
    assert found(archive, 0, 9) == ([], [], [(0, 9)])


def test_a_walk_of_more_days_than_are_wanted_goes_on_as_far_as_they_reach(archive):
    under_way(archive, 0, 9, 3)
    assert found(archive, 0, 5) == ([(0, [4, 5])], [], [])
    assert found(archive, 2, 5) == ([(0, [4, 5])], [], [])


@pytest.mark.parametrize(("first", "last"), [(0, 3), (1, 2), (6, 9), (9, 12)])
def test_a_walk_that_would_leave_a_gap_or_its_proof_behind_is_left_alone(archive, first, last):
    under_way(archive, 0, 9, 3)
    assert found(archive, first, last) == ([], [], [(first, last)])


def test_of_several_walks_each_that_can_be_is_resumed_the_one_with_most_of_the_days_first(archive):
    under_way(archive, 0, 4, 1)
    under_way(archive, 10, 29, 15)
    assert found(archive, 0, 29) == ([(10, list(range(16, 30))), (0, [2, 3, 4])], [], [(5, 9)])


def test_one_that_cannot_be_resumed_does_not_keep_another_from_being(archive):
    under_way(archive, 0, 4, 1)
    under_way(archive, 10, 29, 15)
    assert found(archive, 0, 12) == ([(0, [2, 3, 4])], [], [(5, 12)])


def test_a_walk_of_an_earlier_look_is_resumed_only_if_its_edge_was_settled(archive):
    under_way(archive, 0, 9, 3, as_of=day(12))
    assert found(archive, 0, 9)[0:2] == ([], [0])
    under_way(archive, 20, 29, 23, as_of=day(60))
    assert found(archive, 20, 29)[0:2] == ([(20, [24, 25, 26, 27, 28, 29])], [])


def test_of_a_walk_of_an_earlier_look_what_was_settled_by_then_counts(archive):
    under_way(archive, 0, 9, 6, as_of=day(SETTLE + 3))
    assert found(archive, 0, 9) == ([(0, [4, 5, 6, 7, 8, 9])], [], [])
    [walk] = archive.walks
    walk.renew(AS_OF, SETTLE, day(9))
    assert (walk.pages.count, walk.next_day, walk.walk.as_of) == (3, day(3), AS_OF)
    assert max(one.day for one in walk.pages.entries.values()) == day(3)


def test_a_verified_walk_needs_nothing_any_more(archive):
    under_way(archive, 0, 9, 9, is_complete=True, verified=True)
    missing = find_missing(archive, days(0, 9), AS_OF, SETTLE)
    assert not missing
    assert (missing.ranges, missing.day_count) == ([], 0)


def test_looking_changes_nothing(archive, tmp_path):
    under_way(archive, 0, 9, 3)
    before = {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")}
    found(archive, 0, 5)
    assert {path: path.stat().st_mtime_ns for path in tmp_path.rglob("*")} == before


@given(st.sets(st.integers(0, 60)), st.integers(1, 20))
def test_ranges_cover_each_day_once_and_are_as_few_as_can_be(offsets, longest):
    wanted = sorted(day(offset) for offset in offsets)
    ranges = find_ranges(wanted, longest)
    assert [one for first, last in ranges for one in span(first, last)] == wanted
    assert all((last - first).days < longest for first, last in ranges)
    for (first, last), (after, _) in itertools.pairwise(ranges):
        assert after - last > timedelta(days=1) or (last - first).days + 1 == longest
