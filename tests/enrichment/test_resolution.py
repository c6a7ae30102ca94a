"""Which database a reference means."""

import pytest

from tests.enrichment.workspaces import match
from timeweave.enrichment.resolution import Resolver
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
        (None, "bug", "Scrum/Bug"),
        ("Bug", None, "Scrum/Bug"),
    ],
)
def test_what_the_schema_can_tell_is_resolved(tmp_path, space, database, found):
    assert meant(tmp_path, space, database).database.name == found


@pytest.mark.parametrize(
    ("space", "database", "candidates"),
    [
        (None, None, ["Design/Work Version", "Scrum/Bug", "Scrum/Task"]),
        ("Scrum", None, ["Scrum/Bug", "Scrum/Task"]),
        ("Task", None, ["Scrum/Task"]),
        (None, "Task", ["Scrum/Task"]),
    ],
)
def test_otherwise_the_configured_databases_that_fit_are_asked(tmp_path, space, database, candidates):
    assert [one.name for one in meant(tmp_path, space, database).candidates] == candidates


@pytest.mark.parametrize(
    ("space", "database", "said"),
    [
        ("Backend", "Bug", "Fibery has no database Backend/Bug; did you mean Scrum/Bug"),
        ("Scrum", "Task){id}} #", "Fibery has no database"),
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


def test_without_any_candidate_a_bare_id_is_unresolved(tmp_path):
    found = meant(tmp_path, None, None, "  default: {}\n")
    assert found.status == "unresolved"
