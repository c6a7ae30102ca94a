"""The invented world is the same wherever and however it is asked for, and changes as life does."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from timeweave.sandbox.team import team
from timeweave.sandbox.world import World

AS_OF = date(2025, 10, 14)
PRINT = """
from datetime import date
from timeweave.sandbox.world import World
for entry in World(date(2025, 10, 14)).timesheet.entries(date(2025, 9, 1), date(2025, 10, 14)):
    print(entry)
"""


@pytest.fixture(scope="module")
def world():
    return World(AS_OF)


def test_two_processes_in_different_surroundings_invent_the_same():
    printed = [
        subprocess.run([sys.executable, "-c", PRINT], capture_output=True, check=True,
                       env=os.environ | {"PYTHONHASHSEED": seed, "TZ": zone}).stdout
        for seed, zone in (("1", "Asia/Tokyo"), ("2", "America/Bogota"))
    ]  # fmt: skip
    assert printed[0] == printed[1]
    assert printed[0].count(b"\n") > 1000


@pytest.mark.parametrize("start", [date(2021, 3, 1), date(2024, 2, 26), date(2025, 10, 6)])
def test_a_day_is_the_same_in_every_range_that_holds_it(world, start):
    day = start + timedelta(days=2)
    alone = world.timesheet.entries(day, day)
    within = world.timesheet.entries(start, start + timedelta(days=6))
    assert alone
    assert [entry for entry in within if entry in alone] == alone


def test_the_week_of_the_demo_has_the_untidiness_of_life(world):
    texts = [entry.description for entry in world.timesheet.entries(date(2025, 10, 7), date(2025, 10, 13))]
    assert "" in texts
    assert any("[Scrum] [Spike]" in text for text in texts)
    assert any("fibery.io" in text for text in texts)
    assert any(text.startswith("fix ") and "#" not in text for text in texts)
    assert any("[scrum]" in text for text in texts)


def test_eleven_people_live_in_several_time_zones(world):
    assert len(world.people) == 11
    assert len({person.timezone for person in world.people}) > 6


def test_entries_come_late_change_and_go_and_after_ten_days_nothing_changes():
    first, last = date(2025, 9, 22), date(2025, 10, 1)
    looks = [World(last + timedelta(days=days)).timesheet.entries(first, last) for days in (0, 10, 11, 60)]
    ids = [{entry.id: entry for entry in look} for look in looks]
    assert ids[0].keys() - ids[1].keys()
    assert ids[1].keys() - ids[0].keys()
    assert any(ids[0][id_] != ids[1][id_] for id_ in ids[0].keys() & ids[1].keys())
    assert looks[1] == looks[2] == looks[3]


def test_a_departed_colleague_logs_nothing_after_their_last_day(world):
    ruben = [entry for entry in world.timesheet.entries(date(2025, 10, 1), AS_OF) if entry.user_id == 9100011]
    assert ruben
    assert max(entry.start.date() for entry in ruben) <= date(2025, 10, 9)


def test_a_team_of_500_has_unique_names_and_addresses():
    people = team(500)
    assert len({person.name for person in people}) == len({person.email for person in people}) == 500


def test_an_entity_is_the_same_whether_looked_up_or_listed(world):
    listed = {row.number: row.id for row in world.workspace.rows(world.workspace.types["Scrum/Task"])}
    found = world.workspace.find("Scrum/Task", "3634")
    assert listed[3634] == found.id
