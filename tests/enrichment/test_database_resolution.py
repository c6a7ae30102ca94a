"""Which database a reference means."""

import pytest

from tests.enrichment.workspaces import KNOWN, match
from timeweave.enrichment.database_resolution import Resolver
from timeweave.models.entities import EntityKey

TEXT = '  "Scrum/Task": {}\n  "Scrum/Bug": {}\n  "Design/Work Version": {}\n'


def meant(tmp_path, space, database, text=TEXT + "  default: {}\n"):
    return Resolver(match(tmp_path, text)).resolve(EntityKey(space=space, database=database, public_id="7"))


@pytest.mark.parametrize(
    ("space", "database", "found"),
    [
        ("Scrum", "Task", "Scrum/Task"),
        ("scrum", "TASK", "Scrum/Task"),
        ("Task", "Scrum", "Scrum/Task"),
        ("Design", "work_version", "Design/Work Version"),
        ("Scrum", "Sub-task", "Scrum/Sub-task"),
    ],
)
def test_what_the_schema_can_tell_is_resolved(tmp_path, space, database, found):
    assert meant(tmp_path, space, database).database.name == found


ALL = [database.name for database in KNOWN.databases]


@pytest.mark.parametrize(
    ("space", "database", "candidates"),
    [
        (None, None, ALL),
        ("scrum", None, [name for name in ALL if name.startswith("Scrum/")]),
        ("Task", None, ["Design/Task", "Scrum/Task"]),
        (None, "task", ["Design/Task", "Scrum/Task"]),
        ("Bug", None, ["Scrum/Bug"]),
    ],
)
def test_otherwise_it_may_be_any_database_of_the_workspace_that_fits_configured_or_not(
    tmp_path, space, database, candidates
):
    found = meant(tmp_path, space, database, '  "Scrum/Task": {}\n')
    assert [one.name for one in found.candidates] == candidates
    assert found.database is None
    assert found.reason.startswith("The description names")


@pytest.mark.parametrize(
    ("space", "database", "said"),
    [
        ("Backend", "Bug", "Fibery has no database Backend/Bug; did you mean Scrum/Bug"),
        ("Scrum", "Task){id}} #", "Fibery has no database"),
        ("Scrum", "Taks", "Fibery has no database Scrum/Taks; did you mean Scrum/Task?"),
        ("Scrm", "Task", "Fibery has no database Scrm/Task; did you mean Scrum/Task?"),
        ("Bgu", None, "Fibery has no database Bgu"),
        ("Nowhere", None, "Fibery has no database Nowhere"),
        ("fibery", "user", "Fibery has no database fibery/user"),
    ],
)
def test_what_the_schema_does_not_know_is_told_with_the_nearest(tmp_path, space, database, said):
    found = meant(tmp_path, space, database)
    assert (found.status, found.database, found.candidates) == ("unknown_database", None, ())
    assert said in found.reason


def test_without_default_other_databases_are_unknown(tmp_path):
    found = meant(tmp_path, "Scrum", "Epic", TEXT)
    assert found.status == "unknown_database"
    assert "not in the configuration" in found.reason


@pytest.mark.parametrize(("space", "database"), [("Scrum", "Spike"), ("Nowhere", None), ("Design", "Print")])
def test_no_database_is_named_rather_than_one_that_only_looks_alike(tmp_path, space, database):
    assert "did you mean" not in meant(tmp_path, space, database).reason
