from hypothesis import given
from hypothesis import strategies as st

from tests.reports import samples
from tests.reports.reading import hundredths
from timeweave.reports import charts
from timeweave.reports.charts import HEIGHT, MOST_SERIES, MOST_TICKS, Series
from timeweave.reports.formatting import hours

DAYS = st.dictionaries(st.sampled_from([f"2025-10-{day:02d}" for day in range(7, 14)]), st.integers(0, 90_000))
SERIES = st.lists(
    st.builds(Series, name=st.sampled_from(["a", "b", None]), kind=st.just("no_item"), days=DAYS), max_size=14
)


@given(SERIES)
def test_columns_are_stacked_without_gaps_inside_the_chart_and_add_up(series):
    total = sum(one.seconds for one in series)
    chart = charts.stack_columns(samples.report_data(), series, hours.to_hundredths(total))
    assert sum(hundredths(column.hours) for column in chart.columns) == hours.to_hundredths(total)
    assert 2 <= len(chart.ticks) <= MOST_TICKS + 1
    for column in chart.columns:
        assert sum(hundredths(part.hours) for part in column.segments) == hundredths(column.hours)
        below = HEIGHT
        for part in column.segments:
            assert part.y + part.height == below
            below = part.y
        assert below >= 0


@given(SERIES)
def test_a_chart_shows_few_series_and_leaves_no_time_out(series):
    chart = charts.stack_columns(samples.report_data(), series, 0)
    assert sum(one.seconds for one in chart.series) == sum(one.seconds for one in series)
    assert sum(one.name is not None or one.kind == "rest" for one in chart.series) <= MOST_SERIES


def test_the_smallest_series_are_taken_together():
    many = [Series(f"s{n}", "named", {"2025-10-07": 1000 + n}) for n in range(12)]
    chart = charts.stack_columns(samples.report_data(), many, 100)
    assert [one.name for one in chart.series] == ["s11", "s10", "s9", "s8", "s7", "s6", "s5", None]
    assert chart.series[-1].kind == "rest"


def test_ticks_are_round_hours_with_the_highest_column_below_the_top():
    chart = charts.stack_columns(samples.report_data(), [Series("a", "named", {"2025-10-07": 9 * 3600})], 900)
    assert chart.ticks == ["10", "8", "6", "4", "2", "0"]
    assert chart.lines == [0, 200, 400, 600, 800, 1000]
    assert chart.columns[0].segments[0].height == 900


def test_a_sparkline_has_a_bar_for_each_day_with_time():
    assert charts.draw_sparkline([0, 50, 100], 100) == "M10 100v-50h8v50zM20 100v-100h8v100z"
    assert charts.draw_sparkline([0, 0], 0) == ""


def test_a_bar_is_seen_however_short_and_is_none_without_time():
    assert (charts.scale_width(0, 100), charts.scale_width(1, 100_000), charts.scale_width(50, 100)) == (0, 4, 500)
