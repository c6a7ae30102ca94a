"""Pages read back: every number of hours is the document's seconds by the one rounding, on whatever page it stands."""

from decimal import ROUND_HALF_UP, Decimal

import pytest

from tests.reports import reading, rendered, samples, story
from tests.reports.crowd import crowd_data
from timeweave.reports.formatting.hours import HoursFormat, HoursStyle
from timeweave.reports.report_data import ReportData

DATA = {"story": story.report_data(), "crowd": crowd_data(14, 40, days=7)}


def write(seconds):
    """Hundredths of an hour, half up, counted in another way."""
    return f"{(Decimal(seconds) / 3600).quantize(Decimal('0.01'), ROUND_HALF_UP):,}"


@pytest.fixture(params=DATA)
def data(request):
    return DATA[request.param]


def read(source):
    """The rows of a page by their address, as cells."""
    rows = {}
    page = reading.page(source)
    for table in page.tables:
        rows |= {anchor: cells for anchor, cells in zip(table.anchors, table.rows, strict=True) if anchor}
    return page, rows


def test_items_features_and_texts_have_their_seconds_on_the_team_s_page(data):
    page, rows = read(rendered.team_page(data))
    for item in data.analysis.items:
        cells = rows[data.item_anchors[item.key]]
        assert cells[1] == write(item.seconds)
        assert [share.strip(",") for share in cells[7].split() if "." in share][:1] in (
            [],
            [write(item.people[0].seconds)],
        )
    for feature in data.analysis.features:
        assert rows[data.feature_anchors[feature.key]][1] == write(feature.seconds)
    total = next(table for table in page.tables if table.caption.startswith("Work items")).rows[-1]
    assert total[:2] == ["All time", write(data.analysis.totals.seconds)]


def test_people_have_theirs_and_the_same_on_their_own_page(data):
    _, rows = read(rendered.team_page(data))
    for person, source in zip(data.people.values(), rendered.people_pages(data), strict=True):
        work = person.work
        days = len(data.days)
        assert rows[f"p-{person.slug}"][days + 1] == write(work.worked_seconds)
        page, own = read(source)
        seconds = {}
        for part in work.items:
            seconds[part.key] = seconds.get(part.key, 0) + part.seconds
        for key, amount in seconds.items():
            assert own[data.item_anchors[key]][1] == write(amount)
        for table in page.tables:
            if table.caption.startswith("Work items"):
                assert table.rows[-1][:2] == ["All time", write(work.seconds)]
        for known in work.days.values():
            if known.seconds:
                assert f"{write(known.seconds)} h" in source
        for part in [*work.items, *work.activities]:
            for entry in part.entries:
                assert own[f"e-{entry.id}"][3] == write(entry.seconds)


def test_parts_of_a_breakdown_have_theirs(data):
    page, _ = read(rendered.team_page(data))
    for title, parts in (("Project", data.analysis.breakdowns.projects), ("State", data.analysis.breakdowns.states)):
        table = next(one for one in page.tables if one.caption == f"Hours by {title.lower()}")
        assert sorted(row[1] for row in table.rows) == sorted(write(part.seconds) for part in parts)


def test_hours_can_be_written_as_a_clock_everywhere():
    data = ReportData(story.analysis(), hours=HoursFormat(HoursStyle.CLOCK))
    _, rows = read(rendered.team_page(data))
    assert rows["i-scrum-bug-7"][1] == "38:12"
    assert rows["p-ruben"][-4:-2] == ["21:00", "40:00"]


def test_time_on_a_feature_itself_has_its_row_which_does_not_repeat_the_title():
    entries = [
        samples.Entry(samples.MIRA, "2025-10-07", 3600, "Checkout form", samples.TASK),
        samples.Entry(samples.MIRA, "2025-10-08", 7200, "Faster checkout", ("Product", "Feature", "5")),
    ]
    feature = samples.entity(("Product", "Feature", "5"), name="Faster checkout")
    data = ReportData(samples.analysis(entries, [*samples.ENTITIES[:1], feature]))
    for source in (rendered.team_summary(data), rendered.individuals(data)[0]):
        rows = {line.split(" | ")[0].strip("| *"): line.strip("| *").split(" | ")[-1] for line in source.splitlines()}
        assert rows["on the feature itself"] == "2.00"
        assert "**3.00" in source
    for source in (rendered.team_page(data), rendered.people_pages(data)[0]):
        _, rows = read(source)
        assert [" ".join(cell.split()) for cell in rows["i-product-feature-5"][:2]] == [
            "On the feature itself Product/Feature #5", "2.00"
        ]  # fmt: skip
