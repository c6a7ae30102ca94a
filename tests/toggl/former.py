"""What an earlier version remembered, laid out as it did."""

import json

from timeweave.models.directory import Account, Directory, Person
from timeweave.runtime import document
from timeweave.toggl.day_files import DayFiles

LIVE = Account(source="live", url="https://toggl.example", workspace_id=7)
PEOPLE = [
    Person(user_id=1, name="Mira Castellane", timezone="Europe/Lisbon"),
    Person(user_id=2, name="Jonas Ferrowell", timezone="Europe/Berlin", active=False),
    Person(user_id=11, name="Ruben Askeland", email="ruben@team.example", active=False),
]


def lay_out_days(files, entries_by_day, look, account=LIVE, doubted=(), highest_id=0):
    """A folder of days with the index that said whose they were."""
    index = {"schema": 1, "account": account, "highest_id": highest_id, "doubted": [str(day) for day in doubted]}
    files.write("archive.json", document.encode(index))
    for day, entries in entries_by_day.items():
        DayFiles(files).write(day, entries, look)


def directory(look, account=LIVE):
    """The bytes of data/toggl/directory.json, in which those who left stood among the members."""
    lists = Directory(account=account, workspace="Team", people=PEOPLE, projects=[], clients=[], tags=[], tasks=[])
    return document.encode(json.loads(document.encode(lists)) | {"fetched_as_of": str(look)})


def changes():
    """The bytes of data/toggl/changes.json, with one change."""
    logged = {"seconds": 60, "description": "Plan", "project_id": None}
    change = {"day": "2025-10-07", "seen_as_of": "2025-10-09", "previously_as_of": "2025-10-08", "kind": "added"}
    return document.encode({"schema": 1, "changes": [change | {
        "user_id": 1, "entry_id": 5, "before": None, "after": logged}]})  # fmt: skip


def walk(first, last, as_of, account=LIVE, proven=False):
    """The bytes of walk.json beside the days of a walk that was under way."""
    under_way = {"first": str(first), "last": str(last), "as_of": str(as_of), "before": 30, "after": None}
    return document.encode({"account": account, "walk": under_way, "proven": proven})
