from hypothesis import given
from hypothesis import strategies as st

from timeweave.reports.formatting import hours

SECONDS = st.integers(0, 400_000)


@given(st.lists(SECONDS))
def test_shown_rows_add_up_to_the_shown_total(seconds):
    assert sum(hours.split(seconds)) == hours.to_hundredths(sum(seconds))


@given(st.lists(SECONDS, min_size=1))
def test_each_shown_row_is_less_than_a_hundredth_from_the_truth(seconds):
    whole = hours.to_hundredths(sum(seconds))
    for part, shown in zip(seconds, hours.split(seconds), strict=True):
        assert abs(shown * sum(seconds) - part * whole) < max(1, sum(seconds))


@given(st.lists(SECONDS), st.integers(0, 10_000))
def test_rows_add_up_to_whatever_is_shown_above_them(seconds, whole):
    assert sum(hours.split(seconds, whole)) == (whole if sum(seconds) else 0)


@given(st.lists(st.tuples(SECONDS, SECONDS)))
def test_two_columns_add_up_in_both_directions_and_are_never_negative(rows):
    first, second = [row[0] for row in rows], [row[1] for row in rows]
    first_whole, second_whole = hours.split([sum(first), sum(second)])
    shown = hours.split_columns(first, second, second_whole)
    assert [a + b for a, b in shown] == hours.split([a + b for a, b in rows])
    assert sum(a for a, _ in shown) == first_whole
    assert sum(b for _, b in shown) == second_whole
    assert all(a >= 0 and b >= 0 for a, b in shown)


def test_the_largest_remainders_are_rounded_up_and_ties_go_to_the_earlier():
    assert hours.apportion([1, 1, 1], 100) == [34, 33, 33]
    assert hours.apportion([10, 26, 0], 1) == [0, 1, 0]


def test_hours_read_as_people_write_them():
    assert hours.format_hours(123_450) == "1,234.50"
    assert hours.format_hours(7) == "0.07"
    assert hours.format_parts([3600, 5400]) == ["1.00", "1.50"]


@given(st.integers(0, 10**7), st.integers(0, 10**7))
def test_a_share_says_nothing_and_all_only_where_that_is_so(part, whole):
    share = hours.to_percent(min(part, whole), whole)
    assert (share == 0) == (part == 0 or whole == 0)
    assert (share == 100) == (part >= whole > 0)
