"""Charts as numbers that a template draws: stacked columns over time, sparklines and bars."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from timeweave.reports.formatting import hours
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.breakdowns import PartKind

HEIGHT = 1000
"""Units from the bottom to the top of a chart."""
COLUMN = 100
"""Units from one column to the next."""
MOST_SERIES = 8
MOST_TICKS = 5


@dataclass(frozen=True)
class Series:
    """What is stacked: seconds by day, called `name`, or, where that is None, what `kind` says."""

    name: str | None
    kind: PartKind
    days: dict[str, int]

    @property
    def seconds(self) -> int:
        return sum(self.days.values())


@dataclass(frozen=True)
class Segment:
    """A series' part of a column, in units from the top."""

    series: int
    y: int
    height: int
    hours: str


@dataclass(frozen=True)
class Column:
    """A day, week or month. The hours of the segments add up to `hours`; there is one for each series."""

    label: str
    x: int
    hours: str
    weekend: bool
    segments: list[Segment]


@dataclass(frozen=True)
class Chart:
    """Stacked columns; `ticks` are the hours at even distances, the top one first."""

    series: list[Series]
    columns: list[Column]
    ticks: list[str]
    width: int
    lines: list[int]
    """Where the ticks are, in units from the top."""


def stack_columns(data: ReportData, series: Sequence[Series], whole: int) -> Chart:
    """The series over the period's days, those with most time first; the small ones are taken together.

    The columns add up to `whole` hundredths of an hour.
    """
    kept = _choose_series(series)
    table = [[bucket.sum_seconds(one.days) for one in kept] for bucket in data.buckets]
    totals = [sum(row) for row in table]
    step, count = _choose_scale(max(totals, default=0))
    amounts = hours.split(totals, whole)
    columns = [
        Column(
            bucket.label,
            at * COLUMN,
            hours.format_hours(amounts[at]),
            bucket.weekend,
            _cut_segments(table[at], amounts[at], step * count),
        )
        for at, bucket in enumerate(data.buckets)
    ]
    ticks = [_format_tick(step * at) for at in range(count, -1, -1)]
    lines = [HEIGHT * at // count for at in range(count + 1)]
    return Chart(kept, columns, ticks, COLUMN * len(columns), lines)


def draw_sparkline(days: Sequence[int], highest: int) -> str:
    """The path of small columns, 10 units wide and at most 100 high; empty where there is no time."""
    if not highest:
        return ""
    bars = ((at, max(4, 100 * seconds // highest)) for at, seconds in enumerate(days) if seconds)
    return "".join(f"M{10 * at} 100v-{height}h8v{height}z" for at, height in bars)


def scale_width(seconds: int, highest: int) -> int:
    """A bar's length in thousandths of the longest one's; something is seen of every time."""
    return max(4, 1000 * seconds // highest) if seconds and highest else 0


def _choose_series(series: Sequence[Series]) -> list[Series]:
    ordered = sorted((one for one in series if one.seconds), key=lambda one: (one.name is None, -one.seconds))
    named = [one for one in ordered if one.name is not None]
    if len(named) <= MOST_SERIES:
        return ordered
    rest: dict[str, int] = defaultdict(int)
    for one in named[MOST_SERIES - 1 :]:
        for day, seconds in one.days.items():
            rest[day] += seconds
    return [*named[: MOST_SERIES - 1], Series(None, PartKind.REST, dict(rest)), *ordered[len(named) :]]


def _cut_segments(seconds: list[int], whole: int, top: int) -> list[Segment]:
    """From the bottom up, without rounding gaps between them."""
    texts = hours.format_parts(seconds, whole)
    found, below = [], 0
    for at, amount in enumerate(seconds):
        low, high = HEIGHT * below // top, HEIGHT * (below + amount) // top
        found.append(Segment(at, HEIGHT - high, high - low, texts[at]))
        below += amount
    return found


def _choose_scale(highest: int) -> tuple[int, int]:
    """Seconds between two ticks, 1, 2 or 5 times a power of ten hours, and how many steps are needed."""
    step, factors = 360, (2, 5 / 2, 2)
    at = 0
    while step * MOST_TICKS < highest:
        step = int(step * factors[at % 3])
        at += 1
    return step, max(1, -(-highest // step))


def _format_tick(seconds: int) -> str:
    return hours.format_hours(hours.to_hundredths(seconds)).rstrip("0").rstrip(".")
