"""Each value is rounded by itself, half up."""

from decimal import ROUND_HALF_UP, Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.reports.formatting import hours
from timeweave.reports.formatting.hours import HoursFormat, HoursStyle

DECIMAL, CLOCK = HoursFormat(), HoursFormat(HoursStyle.CLOCK)
SECONDS = st.integers(0, 10**8)


@pytest.mark.parametrize(
    ("seconds", "exact", "brief", "clock"),
    [
        pytest.param(0, "0.00", "0.0", "0:00", id="nothing"),
        pytest.param(17, "0.00", "0.0", "0:00", id="less than half a hundredth"),
        pytest.param(18, "0.01", "0.0", "0:00", id="half a hundredth goes up"),
        pytest.param(180, "0.05", "0.1", "0:03", id="half a tenth goes up"),
        pytest.param(30, "0.01", "0.0", "0:01", id="half a minute goes up"),
        pytest.param(141_120, "39.20", "39.2", "39:12", id="a week"),
        pytest.param(3_599_999, "1,000.00", "1,000.0", "1,000:00", id="a thousand"),
        pytest.param(-5400, "−1.50", "−1.5", "−1:30", id="less than nothing"),
        pytest.param(-10, "0.00", "0.0", "0:00", id="no sign where nothing is left"),
    ],
)
def test_hours_are_written_as_people_read_them(seconds, exact, brief, clock):
    assert (DECIMAL.exact(seconds), DECIMAL.brief(seconds)) == (exact, brief)
    assert (CLOCK.exact(seconds), CLOCK.brief(seconds)) == (clock, clock)


@given(SECONDS)
def test_a_value_is_the_nearest_hundredth_whatever_stands_beside_it(seconds):
    nearest = (Decimal(seconds) / 3600).quantize(Decimal("0.01"), ROUND_HALF_UP)
    assert Decimal(DECIMAL.exact(seconds).replace(",", "")) == nearest
    assert hours.to_hundredths(seconds) == nearest * 100


@pytest.mark.parametrize(
    ("seconds", "shown"), [(64_800, "+18.0"), (-44_640, "−12.4"), (0, "0.0"), (100, "0.0"), (-100, "0.0")]
)
def test_a_change_has_its_sign(seconds, shown):
    assert DECIMAL.change(seconds) == shown


def test_a_total_is_written_to_the_second_where_it_is_compared():
    assert hours.format_exactly(365 * 3600 + 53 * 60 + 24) == "365:53:24"


@given(st.integers(0, 10**6), st.integers(1, 10**6))
def test_percentages_are_rounded_and_not_bent(part, whole):
    assert hours.to_percent(part, whole) == int((Decimal(100 * part) / whole).quantize(Decimal(1), ROUND_HALF_UP))


def test_percentages_near_the_ends_are_what_they_round_to():
    assert [hours.to_percent(part, 1000) for part in (0, 4, 5, 994, 996, 1000)] == [0, 0, 1, 99, 100, 100]
    assert hours.to_percent(5, 0) == 0


@pytest.mark.parametrize(
    ("now", "before", "points"), [((30, 100), (27, 100), "+3"), ((1, 3), (1, 2), "−17"), ((1, 3), (2, 6), "0")]
)
def test_the_change_of_a_share_is_in_points(now, before, points):
    assert hours.change_points(*now, *before) == points
