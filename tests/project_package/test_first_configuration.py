"""What init proposes for a workspace, and what it says of one where nobody logs time."""

from dataclasses import replace
from datetime import date
from pathlib import Path

from timeweave.analysis import category_rules
from timeweave.fibery.database import Database
from timeweave.fibery.schema import Type, TypeKind
from timeweave.project.config_proposal import propose_categories
from timeweave.project.first_configuration import WrittenFile, describe_configuration
from timeweave.project.workspace_survey import Survey

NOBODY = Survey(date(2025, 9, 16), date(2025, 10, 13), 0, 0, [], [], [], [])


def database(name):
    return Database(Type(id=name, name=name, kind=TypeKind.DATABASE, fields=[]), None)


def test_meetings_are_one_category_wherever_they_are_kept(tmp_path):
    found = replace(
        NOBODY, databases=[(database("Team/Meetings"), 7200), (database("Scrum/Task"), 60)], projects=[("Weekly", 60)]
    )
    path = tmp_path / "categories.yaml"
    path.write_text(propose_categories(found), encoding="utf-8")
    rules = category_rules.load(path).rules
    assert [rule.key for rule in rules] == ["absence", "meetings", "tasks", "unplanned"]
    assert [(one.project, one.database) for one in rules[1].any[1:]] == [("Weekly", None), (None, "Team/Meetings")]


def test_no_two_categories_have_one_name(tmp_path):
    names = ("Meetings", "Team meeting", "absence", "Bugs", "uncategorized", "Other, no work item", "bugs")
    found = replace(
        NOBODY,
        databases=[(database("Scrum/Bug"), 60), (database("HR/Absence"), 60)],
        projects=[(one, 60) for one in names],
    )
    path = tmp_path / "categories.yaml"
    path.write_text(propose_categories(found), encoding="utf-8")
    rules = category_rules.load(path).rules
    assert [rule.name for rule in rules] == ["Absence", "Meetings", "Bugs", "Other, no work item"]
    told = [[(one.database, one.project) for one in rule.any] for rule in rules]
    assert told[0][1:] == [("HR/Absence", None), (None, "absence")]
    assert told[1][1:] == [(None, "Meetings"), (None, "Team meeting")]
    assert told[2] == [("Scrum/Bug", None), (None, "Bugs"), (None, "bugs")]


def test_categories_are_called_as_people_call_them_and_databases_of_one_kind_are_one(tmp_path):
    names = (
        "Scrum/Bug", "Support/Bugs", "Scrum/Sub-bug", "Scrum/Sub-task", "Scrum/User Story", "Design/Work Version",
        "Product/Research", "Labor/Aufgabe", "Scrum/Fix", "Bugs/Status", "Space/Mission", "Space/Submission", "Ops/Subrequests",
        "Ops/Request",
    )  # fmt: skip
    found = replace(NOBODY, databases=[(database(name), 60) for name in names], projects=[("Fixes", 60)])
    path = tmp_path / "categories.yaml"
    path.write_text(propose_categories(found), encoding="utf-8")
    rules = category_rules.load(path).rules[2:-1]
    assert [rule.name for rule in rules] == [
        "Bugs", "Sub-tasks", "User Stories", "Work Versions", "Research", "Aufgabe", "Fixes", "Status", "Mission", "Submission",
        "Requests",
    ]  # fmt: skip
    assert [one.database for one in rules[0].any] == ["Scrum/Bug", "Support/Bugs", "Scrum/Sub-bug"]
    assert rules[1].database == "Scrum/Sub-task"
    assert [(one.database, one.project) for one in rules[6].any] == [("Scrum/Fix", None), (None, "Fixes")]


def test_a_workspace_without_time_is_asked_about():
    written = [WrittenFile(Path(f"config/{name}.yaml")) for name in ("enrichment_config", "team", "categories")]
    asked = "No time was logged in the last four weeks: is this the right workspace?"
    assert describe_configuration(NOBODY, written)[-1] == asked
    assert asked not in describe_configuration(replace(NOBODY, entries=1), written)
