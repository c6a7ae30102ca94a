"""Every number of `aggregated.json`, held against an oracle that looks at every entry anew for each of them."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import msgspec
from hypothesis import given
from hypothesis import strategies as st

from tests.aggregation.logged import MEMBERS, PROJECTS, ROW_PROJECTS, STRANGERS, aggregated, archive, entry, params
from tests.aggregation.oracle import oracle

DESCRIPTIONS = [
    *("#1 [Scrum] [Task] [Apollo]", "fix #1 [scrum] [task] [APOLLO]", "#1 [Scrum] [Bug]", "again #2 [Scrum]", "#3"),
    *("", None, "   ", "lunch", "Lunch", "fix 12 [Scrum] [Task]", "#4 and #5 [Scrum] [Task] #6 [Product] [Feature]"),
    *("<b>#7 [Scrum [Task]</b>", "🐛 #0010 ［Scrum］［Task］", "see #10 [Scrum] [Task] | x", "long " * 60),
]
CLOCK_CHANGES = [
    *(("UTC", date(2025, 10, 7)), ("Europe/Lisbon", date(2025, 10, 26)), ("Europe/Lisbon", date(2025, 3, 30))),
    *(
        ("America/Havana", date(2025, 11, 2)),
        ("America/Santiago", date(2025, 9, 7)),
        ("Asia/Kathmandu", date(2025, 1, 1)),
    ),
    *(
        ("Pacific/Kiritimati", date(2024, 2, 29)),
        ("America/St_Johns", date(2010, 11, 6)),
        ("Etc/GMT+12", date(2025, 1, 1)),
    ),
]


@st.composite
def worlds(draw):
    """A zone, a period about a day on which its clocks change, and entries in it, around it and at its edges."""
    zone, day = draw(st.sampled_from(CLOCK_CHANGES))
    start = day - timedelta(days=draw(st.integers(0, 1)))
    end = day + timedelta(days=draw(st.integers(0, 1)))
    midnights = [
        datetime.combine(day + timedelta(days=n), datetime.min.time(), ZoneInfo(zone)).astimezone(UTC) for n in (0, 1)
    ]
    rows = [
        entry(
            id=4_000_000_000 + n,
            user=draw(st.sampled_from([*MEMBERS, *STRANGERS])),
            start=draw(st.sampled_from(midnights))
            + timedelta(seconds=draw(st.sampled_from([-3600, -1, 0, 1, 1800]) | st.integers(-130_000, 130_000))),
            seconds=draw(st.sampled_from([0, 1, 3600, 90_000]) | st.integers(0, 100_000)),
            description=draw(st.sampled_from(DESCRIPTIONS) | st.text("#1[] Aaé‮", max_size=12)),
            project=draw(st.sampled_from([None, None, *PROJECTS, *ROW_PROJECTS])),
            billable=draw(st.booleans()),
            running=draw(st.sampled_from([None] * 6 + ["null", "negative", "stop"])),
            offset=draw(st.sampled_from([0, 60, -480, 345])),
            tags=draw(st.sampled_from([(), (), (3,), (4, 3), (3, 4), (9, 3)])),
        )
        for n in range(draw(st.integers(0, 25)))
    ]
    return zone, start, end, rows


@given(worlds())
def test_every_number_is_what_looking_at_each_entry_gives(world):
    zone, start, end, rows = world
    with tempfile.TemporaryDirectory() as name:
        archive(Path(name), rows, start - timedelta(days=2), end + timedelta(days=2))
        params(Path(name), start, end, zone)
        found = aggregated(Path(name))
    assert_adds_up(found)
    expected = oracle(rows, start, end, ZoneInfo(zone))
    assert msgspec.to_builtins(found.people) == expected["people"]
    assert msgspec.to_builtins(found.warnings) == expected["warnings"]
    assert found.totals.running == expected["running"]


def assert_adds_up(found):
    for person in found.people:
        assert person.seconds == sum(part.seconds for part in [*person.entities, *person.activities])
        assert person.seconds == sum(person.days.values()) == sum(part.seconds for part in person.projects)
        assert person.entries == sum(part.entries for part in [*person.entities, *person.activities])
        assert person.seconds == person.matched_seconds + person.unmatched_seconds
        assert person.matched_seconds == sum(entity.seconds for entity in person.entities)
        assert person.billable_seconds == sum(part.billable_seconds for part in [*person.entities, *person.activities])
        assert person.billable_seconds == sum(part.billable_seconds for part in person.projects) <= person.seconds
        assert all(found.period.start <= day <= found.period.end for day in person.days)
        for entity in person.entities:
            assert entity.seconds == sum(entity.days.values()) == sum(text.seconds for text in entity.texts)
            assert entity.entries == sum(text.entries for text in entity.texts)
        for part in [*person.entities, *person.activities]:
            assert part.seconds == sum(one.seconds for one in part.descriptions)
            assert part.entries == sum(len(one.entries) for one in part.descriptions)
            assert part.billable_seconds == sum(one.seconds for one in part.descriptions if one.billable)
            for one in part.descriptions:
                assert one.seconds == sum(entry.seconds for entry in one.entries)
    for total in ("seconds", "entries", "matched_seconds", "unmatched_seconds", "billable_seconds"):
        assert getattr(found.totals, total) == sum(getattr(person, total) for person in found.people)
    assert found.totals.entries == found.totals.matched_entries + found.totals.unmatched_entries
    assert found.totals.seconds == found.totals.matched_seconds + found.totals.unmatched_seconds
    items = {(e.space, e.database, e.public_id) for person in found.people for e in person.entities}
    folded = {tuple((part or "").casefold() for part in item) for item in items}
    assert found.totals.entities == len(items) == len(folded)
    assert found.totals.people == len(found.people)
