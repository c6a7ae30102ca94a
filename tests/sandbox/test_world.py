"""The invented world is the same wherever and however it is asked for, and changes as life does."""

import os
import subprocess
import sys
from datetime import date, timedelta

import pytest

from timeweave.sandbox.company import PEOPLE, team
from timeweave.sandbox.world import World, invent

AS_OF = date(2025, 10, 14)
PRINT = """
import json
from datetime import date
from timeweave.sandbox.fibery import schema
from timeweave.sandbox.fibery.query import run
from timeweave.sandbox.fibery.query_context import QueryContext
from timeweave.sandbox.world import World

world = World(date(2025, 10, 14))
for entry in world.timesheet.entries(date(2025, 10, 5), date(2025, 10, 14)):
    print(entry)
comments = {"q/from": "comments/comments", "q/select": {"secret": "comment/document-secret"}, "q/limit": 9}
select = {"name": "Scrum/Name", "state": ["workflow/state", "enum/name"], "epic": ["Scrum/Epic", "fibery/id"],
          "who": {"q/from": "assignments/assignees", "q/select": {"name": "user/name"}, "q/limit": 9}, "said": comments,
          "changed": "fibery/modification-date", "points": "Scrum/Story Points", "rank": "fibery/rank"}
for row in run(QueryContext(world.workspace), {"q/from": "Scrum/Task", "q/select": select, "q/limit": 150}):
    print(json.dumps(row))
print(json.dumps(schema.response()), schema.etag())
"""


@pytest.fixture(scope="module")
def world():
    return World(AS_OF)


def test_two_processes_in_different_surroundings_invent_the_same():
    surroundings = ({"PYTHONHASHSEED": "1", "TZ": "Asia/Tokyo"}, {"PYTHONHASHSEED": "2", "TZ": "America/Bogota"})
    running = [
        subprocess.Popen([sys.executable, "-c", PRINT], stdout=subprocess.PIPE, env=os.environ | one)
        for one in surroundings
    ]
    printed = [process.communicate(timeout=60)[0] for process in running]
    assert [process.returncode for process in running] == [0, 0]
    assert printed[0] == printed[1]
    assert printed[0].count(b"\n") > 400


def test_the_team_lives_in_several_time_zones(world):
    assert world.people == PEOPLE
    assert len({person.timezone for person in world.people}) > 6


def test_a_new_colleague_is_unknown_before_the_first_day():
    [new] = [person for person in PEOPLE if person.joined]
    assert new not in World(new.joined - timedelta(days=1)).people
    joined = World(new.joined)
    assert new in joined.people
    assert {entry.user_id for entry in joined.timesheet.entries(new.joined, new.joined)} >= {new.user_id}


@pytest.mark.parametrize("size", [500, 1500])
def test_a_large_team_has_unique_names_addresses_and_ids(size):
    people = team(size)
    assert [len({getattr(p, key) for p in people}) for key in ("name", "email", "user_id")] == [size] * 3
    assert all(person.email.isascii() and person.email == person.email.lower() for person in people)
    assert people[: len(PEOPLE)] == PEOPLE


def test_a_large_team_logs_and_is_known_to_fibery():
    world = World(AS_OF, team_size=120)
    busy = {entry.user_id for entry in world.timesheet.entries(date(2025, 10, 8), date(2025, 10, 8))}
    assert len(busy) > 90
    users = world.workspace.rows(world.workspace.types["fibery/user"])
    assert {user.get("user/email") for user in users} == {person.email for person in world.people}


def test_an_entity_is_the_same_whether_looked_up_or_listed(world):
    listed = {row.number: row.id for row in world.workspace.rows(world.workspace.types["Scrum/Task"])}
    found = invent(AS_OF).workspace.find("Scrum/Task", "3634")
    assert listed[3634] == found.id


def test_work_goes_on_but_its_past_stays_as_it_was():
    early, late = World(date(2025, 10, 1)), invent(AS_OF)
    kind = early.workspace.types["Scrum/Task"]
    numbers = range(3400, 3640)
    pairs = [(early.workspace.find(kind.name, str(n)), late.workspace.find(kind.name, str(n))) for n in numbers]
    both = [(one, other) for one, other in pairs if one is not None and other is not None]
    for field in ("fibery/id", "fibery/creation-date", "Scrum/Name", "Scrum/Planned End"):
        assert all(one.get(field) == other.get(field) for one, other in both)
    assert any(one.get("workflow/state").number != other.get("workflow/state").number for one, other in both)
    assert all(one.get("fibery/modification-date") <= other.get("fibery/modification-date") for one, other in both)
    assert any(one is None and other is not None for one, other in pairs)


def test_values_and_entries_may_be_given_by_hand():
    title = {"Scrum/Name": "By hand"}
    world = World(
        AS_OF,
        entries=(),
        items={("Scrum/Task", 3634): title, ("Scrum/Task", 3625): None, ("Scrum/Task", 999_999): title},
    )
    found = [world.workspace.find("Scrum/Task", number) for number in ("3634", "3625", "999999")]
    assert [item and item.get("Scrum/Name") for item in found] == ["By hand", None, "By hand"]
    assert world.timesheet.entries(date(2025, 10, 7), date(2025, 10, 13)) == []
