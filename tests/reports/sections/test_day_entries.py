"""A person's days with their entries: from when to when by the clock on the wall."""

from tests.analysis.documents import HOUR, Log, Scene
from timeweave.reports.report_data import ReportData
from timeweave.reports.sections.day_entries import build_days
from timeweave.reports.sections.day_grid import DayGrid


def test_an_entry_ends_when_the_clock_says_so_also_where_clocks_went_back_meanwhile():
    # 26 October 2025: after 2:59 in Berlin comes 2:00 once more.
    logs = [Log("2025-10-26T01:30:00", 2 * HOUR), Log("2025-10-25T23:00:00", 2 * HOUR)]
    scene = Scene(logs=logs, start="2025-10-20", end="2025-10-26", as_of="2025-10-27", timezone="Europe/Berlin")
    data = ReportData(scene.analyze())
    days = build_days(data, DayGrid(data), data.people["1"])
    assert [(entry.begin, entry.end) for day in days for entry in day.entries] == [
        ("23:00", "01:00"),
        ("01:30", "02:30"),
    ]
