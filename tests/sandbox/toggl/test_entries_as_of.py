"""The time that the invented team logs: the same however it is asked for, and changing as life does for ten days."""

from collections import Counter
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from timeweave.sandbox.company import PEOPLE
from timeweave.sandbox.toggl.invented_entries import TimeEntry
from timeweave.sandbox.world import World

AS_OF = date(2025, 10, 14)


@pytest.fixture(scope="module")
def world():
    return World(AS_OF)


@pytest.mark.parametrize(
    ("start", "zone"),
    [(date(2021, 3, 1), None), (date(2024, 2, 26), ZoneInfo("Pacific/Auckland")), (date(2025, 10, 6), None)],
    ids=["long ago", "in one zone, with a leap day", "now"],
)
def test_a_day_is_the_same_in_every_range_that_holds_it(start, zone):
    days = [start + timedelta(days=n) for n in range(7)]
    apart = [World(AS_OF).timesheet.entries(day, day, zone) for day in days]
    together = World(AS_OF).timesheet.entries(days[0], days[-1], zone)
    overlapping = World(AS_OF).timesheet.entries(days[2], days[-1] + timedelta(days=2), zone)
    assert sorted((entry for day in apart for entry in day), key=lambda entry: (entry.start, entry.id)) == together
    common = {entry.id for day in apart[2:] for entry in day}
    assert [entry for entry in overlapping if entry.id in common] == [e for e in together if e.id in common]
    assert len(common) > 100


def test_the_week_of_the_demo_has_the_untidiness_of_life(world):
    week = world.timesheet.entries(date(2025, 10, 7), date(2025, 10, 13))
    texts = [entry.description for entry in week]
    assert "" in texts
    assert any("[Scrum] [Spike]" in text for text in texts)
    assert any("fibery.io" in text for text in texts)
    assert any(text.startswith("fix ") and "#" not in text for text in texts)
    assert any("[scrum]" in text for text in texts)
    assert [entry.seconds for entry in week].count(None) == 1


def test_entries_come_late_change_and_go_and_after_ten_days_nothing_changes():
    first, last = date(2025, 9, 22), date(2025, 10, 1)
    looks = [World(last + timedelta(days=days)).timesheet.entries(first, last) for days in (0, 10, 11, 60)]
    early, late = ({entry.id: entry for entry in look} for look in looks[:2])
    both = early.keys() & late.keys()
    assert early.keys() - late.keys(), "deleted"
    assert late.keys() - early.keys(), "come late"
    stopped = [id_ for id_ in both if early[id_].seconds is not None]
    assert any(early[id_].seconds != late[id_].seconds for id_ in stopped), "of another length"
    assert any(early[id_].description != late[id_].description for id_ in stopped), "of another text"
    assert len(both) > 0.9 * len(late)
    assert looks[1] == looks[2] == looks[3]


def test_what_was_edited_says_so():
    first, last = date(2025, 9, 22), date(2025, 9, 26)
    early, late = (World(last + timedelta(days=days)).timesheet.entries(first, last) for days in (0, 11))
    final = {entry.id: entry for entry in late}
    edited = [entry for entry in early if entry.id in final and final[entry.id].description != entry.description]
    assert edited
    assert all(final[entry.id].changed > entry.changed for entry in edited)


def test_nothing_that_lies_after_the_day_is_seen():
    day = date(2025, 10, 1)
    by_hand = [TimeEntry(n, 9100001, datetime(2025, 10, 1 + n, 12, tzinfo=UTC), 60) for n in (0, 1)]
    timesheet = World(day).timesheet
    timesheet.by_hand += by_hand
    seen = timesheet.entries(date(2025, 9, 29), date(2025, 10, 5))
    assert len(seen) > 50
    assert max(entry.start.date() for entry in seen) <= day
    assert [entry for entry in by_hand if entry in seen] == by_hand[:1]


def test_a_timer_that_was_forgotten_is_stopped_a_day_later(world):
    [running] = [e for e in world.timesheet.entries(AS_OF - timedelta(days=3), AS_OF) if e.seconds is None]
    later = World(AS_OF + timedelta(days=1)).timesheet.entries(AS_OF - timedelta(days=3), AS_OF)
    [stopped] = [entry for entry in later if entry.id == running.id]
    assert (stopped.start, stopped.seconds is None) == (running.start, False)


def test_a_departed_colleague_logs_nothing_after_their_last_day(world):
    ruben = [entry for entry in world.timesheet.entries(date(2025, 10, 1), AS_OF) if entry.user_id == 9100011]
    assert ruben
    assert max(entry.start.date() for entry in ruben) <= date(2025, 10, 9)


def test_entries_of_different_people_and_days_have_different_ids():
    entries = World(AS_OF, team_size=40).timesheet.entries(date(2025, 10, 6), AS_OF)
    assert len({entry.id for entry in entries}) == len(entries) > 800


def test_nobody_logs_on_a_holiday_of_their_country_but_others_do(world):
    day = date(2025, 10, 3)
    logging = {entry.user_id for entry in world.timesheet.entries(day, day)}
    assert {person.user_id for person in PEOPLE if person.has_holiday(day)} & logging == set()
    assert len(logging) > 6


def test_the_time_spent_on_an_item_is_that_of_its_entries(world):
    item, entries = world.workspace.item("Scrum/Task", 3608), world.timesheet.entries(date(2025, 8, 1), AS_OF)
    assert (
        world.timesheet.time_spent(item) == sum(one.seconds for one in entries if one.item == ("Scrum/Task", 3608)) > 0
    )
    assert world.timesheet.time_needed(item) >= world.timesheet.time_spent(item) / 2
    assert World(AS_OF, entries=entries).timesheet.time_spent(item) is None


def test_the_week_of_the_demo_tells_its_story(world):
    week = world.timesheet.entries(date(2025, 10, 7), date(2025, 10, 13))
    stopped = [entry for entry in week if entry.seconds]
    assert [entry.user_id for entry in stopped if entry.seconds > 12 * 3600] == [9100004], "a timer ran all night"
    assert not [one for one in week if one.user_id == 9100003 and one.start.day in (9, 10)], "vacation"
    assert not [one for one in week if one.user_id == 9100002 and one.start.day == 8], "a missing day"
    same = Counter((one.user_id, one.start, one.description) for one in stopped)
    assert [user for (user, _, _), count in same.items() if count > 1] == [9100010], "logged twice"
    stalled = [
        one for one in week if one.item and world.workspace.feature_number(world.workspace.item(*one.item)) == 449
    ]
    assert stalled == []
    feature = world.workspace.find("Scrum/Feature", "456")
    spent, estimate = (feature.get(f"Scrum/{name} (H)") for name in ("Feature time spent", "Estimate"))
    assert float(spent) > 1.4 * float(estimate) > 50
