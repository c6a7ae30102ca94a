"""`history.json` held against an oracle, and what is kept of the time before the period."""

import tempfile
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from tests.aggregation.logged import aggregated, archive, entry, history, params
from tests.aggregation.oracle import past_oracle
from tests.aggregation.test_person_totals import worlds
from timeweave.models.aggregated import Aggregated
from timeweave.runtime import document

DAY = timedelta(days=1)
MONDAY = date(2025, 10, 6)


@given(worlds(), st.integers(0, 3), st.none() | st.integers(-6, 3))
def test_every_sum_is_what_looking_at_each_entry_gives(world, compare, since):
    zone, start, end, rows = world
    since = since if since is None else start + since * DAY
    length = (end - start) + DAY
    spans = [(start - n * length, end - n * length) for n in range(compare + 1)]
    with tempfile.TemporaryDirectory() as name:
        archive(Path(name), rows, start - 20 * DAY, end + 2 * DAY)
        params(Path(name), start, end, zone, compare=compare, since=since, as_of=end)
        found = history(Path(name))
    periods, whole = past_oracle(rows, spans, since if since and since <= end else None, end, ZoneInfo(zone))
    assert [(one.start, one.end) for one in found.periods] == [(str(first), str(last)) for first, last in spans[1:]]
    for one, expected in zip(found.periods, periods, strict=True):
        assert {person.user_id: person.seconds for person in one.people} == expected["people"]
        assert {read_row(row): {"seconds": row.seconds, "days": row.days} for row in one.rows} == expected["rows"]
        assert one.seconds == expected["seconds"] == sum(row.seconds for row in one.rows)
        assert all(row.seconds == sum(row.days.values()) for row in one.rows)
        assert [row.user_id for row in one.rows] == sorted(row.user_id for row in one.rows)
    assert (found.since and {(read_item(row), row.text): row.people for row in found.since.rows}) == whole
    assert all(row.seconds == sum(row.people.values()) for row in (found.since.rows if found.since else []))


def read_row(row):
    traits = row.text, row.project, row.client, tuple(row.tags), row.billable
    return row.user_id, read_item(row), *traits


def read_item(row):
    return None if row.public_id is None else (row.space, row.database, row.public_id)


def logged_on(day, id, description, user=1, **more):
    return entry(
        id, user, datetime.combine(day, datetime.min.time(), UTC) + timedelta(hours=9), 3600, description, **more
    )


def looked_back(folder, rows, **asked):
    """A week from Monday on, with what its parameters say of the time before."""
    archive(folder, rows, MONDAY - 40 * DAY, MONDAY + 8 * DAY)
    params(folder, MONDAY, MONDAY + 6 * DAY, **asked)
    return history(folder)


def test_without_comparison_there_is_nothing_and_no_earlier_day_is_needed(tmp_path):
    archive(tmp_path, [logged_on(MONDAY, 1, "lunch")], MONDAY, MONDAY + 6 * DAY)
    params(tmp_path, MONDAY, MONDAY + 6 * DAY)
    found = history(tmp_path)
    assert (found.periods, found.since, found.as_of, found.timezone) == ([], None, "2025-10-14", "UTC")


def test_the_whole_time_of_an_item_is_one_number_for_each_person(tmp_path):
    rows = [
        logged_on(MONDAY - 30 * DAY, 1, "early #7 [scrum] [task]"),
        logged_on(MONDAY - 10 * DAY, 2, "more #7 [Scrum] [Task]"),
        logged_on(MONDAY - 3 * DAY, 3, "#7 [Scrum] [Task]", user=9),
        logged_on(MONDAY, 4, "#7 [Scrum] [Task]"),
        logged_on(MONDAY - 30 * DAY, 5, "a text of then only"),
        logged_on(MONDAY - 30 * DAY, 6, "lunch"),
        logged_on(MONDAY, 7, "lunch"),
        logged_on(MONDAY - 30 * DAY, 8, "which #8"),
        logged_on(MONDAY - 30 * DAY, 9, "#7 [Scrum] [Task]", running="null"),
    ]
    found = looked_back(tmp_path, rows, compare=1, since=MONDAY - 30 * DAY)
    assert (found.since.start, found.since.end) == ("2025-09-06", "2025-10-12")
    assert [(read_item(row), row.text, row.people) for row in found.since.rows] == [
        (None, "lunch", {"1": 7200}),
        ((None, None, "8"), "which", {"1": 3600}),
        (("Scrum", "Task", "7"), None, {"1": 10800, "9": 3600}),
    ]


def test_a_day_from_which_all_counts_that_is_still_to_come_counts_nothing(tmp_path):
    assert looked_back(tmp_path, [], since=MONDAY + 7 * DAY).since is None


def test_one_spelling_serves_the_period_and_the_time_before(tmp_path):
    rows = [logged_on(MONDAY - n * DAY, 10 + n, "#7 [Scrum] [Task]") for n in (1, 2, 20)]
    rows += [logged_on(MONDAY, n, "#7 [scrum] [task]") for n in (1, 2)]
    for asked in ({"compare": 1, "since": MONDAY - 20 * DAY}, {"compare": 4}):
        folder = tmp_path / str(asked["compare"])
        found = looked_back(folder, rows, **asked)
        [person] = document.read(folder / "aggregated.json", Aggregated).people
        assert [entity.space for entity in person.entities] == ["Scrum"]
        assert {row.space for one in found.periods for row in one.rows} == {"Scrum"}


def test_users_choose_whose_past_is_told(tmp_path):
    rows = [
        logged_on(MONDAY - n * DAY, 10 * n + user, "#7 [Scrum] [Task]", user=user)
        for n in (0, 1, 20)
        for user in (1, 9)
    ]
    found = looked_back(tmp_path, rows, users=["ADA@team.example"], compare=1, since=MONDAY - 20 * DAY)
    assert [person.user_id for person in found.periods[0].people] == [1]
    assert found.periods[0].seconds == 3600
    assert [row.people for row in found.since.rows] == [{"1": 10800}]


def test_somebody_who_only_logged_time_before_can_be_asked_for(tmp_path):
    rows = [logged_on(MONDAY - DAY, 1, "lunch", user=8), logged_on(MONDAY, 2, "lunch")]
    found = looked_back(tmp_path, rows, users=["dee@team.example"], compare=1)
    assert [person.name for person in found.periods[0].people] == ["Dee"]
    assert document.read(tmp_path / "aggregated.json", Aggregated).people == []


def test_of_two_names_for_one_person_the_newer_counts_wherever_they_are_shown(tmp_path):
    old, new = logged_on(MONDAY - DAY, 1, "lunch", user=8), logged_on(MONDAY, 2, "lunch", user=8)
    found = looked_back(tmp_path, [old | {"username": "Dee Before"}, new], compare=1)
    assert [person.name for person in found.periods[0].people] == ["Dee"]


def test_days_after_the_look_are_not_needed_for_a_period_that_is_still_to_come(tmp_path):
    archive(tmp_path, [logged_on(MONDAY - 7 * DAY, 1, "lunch")], MONDAY - 7 * DAY, MONDAY + 6 * DAY)
    for day in range(3, 6):
        (tmp_path / "days" / f"2025-10-{day:02}.json").unlink()
    params(tmp_path, MONDAY, MONDAY + 6 * DAY, compare=1, as_of="2025-10-02")
    assert history(tmp_path).periods[0].seconds == 3600


def test_the_same_history_is_written_whatever_order_rows_come_in(tmp_path):
    rows = [logged_on(MONDAY - n % 9 * DAY, 100 + n, f"text {n % 3} #7 [Scrum]", user=(1, 9)[n % 2]) for n in range(30)]
    looked_back(tmp_path / "one", rows, compare=1, since=MONDAY - 20 * DAY)
    again = [row | {"time_entries": [row["time_entries"][0] | {"id": 10**6 + n}]} for n, row in enumerate(rows)]
    looked_back(tmp_path / "other", again[::-1], compare=1, since=MONDAY - 20 * DAY)
    assert (tmp_path / "one/history.json").read_bytes() == (tmp_path / "other/history.json").read_bytes()


def test_entries_of_an_item_are_listed_in_the_order_of_time_not_of_clocks(tmp_path):
    begin = datetime(2025, 10, 26, 0, 30, tzinfo=UTC)
    rows = [
        entry(n, 1, begin + timedelta(minutes=minutes), 600, text)
        for n, minutes, text in (
            (1, 0, "a #7 [Scrum] [Task]"),
            (2, 40, "a  #7 [Scrum] [Task]"),
            (3, 20, "a #7 [Scrum] [Task]"),
        )
    ]
    archive(tmp_path, rows, date(2025, 10, 24), date(2025, 10, 27))
    params(tmp_path, date(2025, 10, 26), date(2025, 10, 26), "Europe/Lisbon")
    [person] = aggregated(tmp_path).people
    [description] = person.entities[0].descriptions
    assert [one.start for one in description.entries] == [
        "2025-10-26T01:30:00+01:00",
        "2025-10-26T01:50:00+01:00",
        "2025-10-26T01:10:00+00:00",
    ]
