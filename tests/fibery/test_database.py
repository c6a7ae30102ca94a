"""Databases and fields by the names people see."""

import pytest

from tests.fibery.shapes import database, field, select, state, type_, workspace
from timeweave.fibery.database import read_label

TASK = database(
    "Scrum/Task",
    field("workflow/state", "workflow/state_Scrum/Task"),
    field("assignments/assignees", "fibery/user", many=True),
    field("Scrum/Priority", "Scrum/Priority_Scrum/Task"),
    field("Product/Priority", "fibery/text"),
    field("Scrum/Project ", "fibery/text", formula=True),
    field("Scrum/A/B test", "fibery/bool"),
    field("Scrum/Time guess_k3x9q2a_deleted", "fibery/decimal", deleted=True),
    field("Scrum/Start", "fibery/Button"),
    field("Scrum/Linked", "Scrum/Task", any_of=True),
    field("Collaboration~Documents/References", "Collaboration~Documents/Reference", many=True),
    field("Scrum/Lost", "Scrum/Gone"),
)
OTHERS = (
    state("workflow/state_Scrum/Task"),
    select("Scrum/Priority_Scrum/Task"),
    database("Scrum/Sub-task", title="name"),
    database("Forschung & Entwicklung/Änderungs-Antrag"),
    database("Product Management/Old Work Version"),
    database("Design/Task"),
    type_("Scrum/Removed", deleted=True, domain=True),
)


@pytest.fixture(scope="module")
def known():
    return workspace(TASK, *OTHERS)


@pytest.fixture(scope="module")
def task(known):
    return known.get_type("Scrum/Task")


@pytest.mark.parametrize(
    ("space", "name", "found"),
    [
        ("Scrum", "Task", "Scrum/Task"),
        ("sCRUM", " task ", "Scrum/Task"),
        ("Scrum", "sub-task", "Scrum/Sub-task"),
        ("Scrum", "Sub_task", "Scrum/Sub-task"),
        ("Product_Management", "Old_Work_Version", "Product Management/Old Work Version"),
        ("product  management", "old work version", "Product Management/Old Work Version"),
        ("FORSCHUNG & ENTWICKLUNG", "A\u0308nderungs-Antrag", "Forschung & Entwicklung/Änderungs-Antrag"),
        ("Scrum", "Tasks", None),
        ("Scrum", "Removed", None),
        ("fibery", "user", None),
        ("Scrum", "Priority_Scrum/Task", None),
    ],
)
def test_databases_are_found_in_any_spelling_and_nothing_else_is(known, space, name, found):
    database_ = known.find_database(space, name)
    assert (database_.name if database_ else None) == found


@pytest.mark.parametrize(
    ("text", "names"),
    [
        ("state", ["workflow/state"]),
        ("Assignees", ["assignments/assignees"]),
        ("name", ["Scrum/Name"]),
        ("NAME", ["Scrum/Name"]),
        ("project", ["Scrum/Project "]),
        ("a/b TEST", ["Scrum/A/B test"]),
        ("creation date", ["fibery/creation-date"]),
        ("priority", ["Scrum/Priority"]),
        ("Product/Priority", ["Product/Priority"]),
        ("Time guess_k3x9q2a_deleted", []),
        ("nothing", []),
    ],
)
def test_labels_mean_fields(task, text, names):
    assert [found.name for found in task.find_fields(text)] == names


def test_a_title_of_another_name_is_still_called_name():
    known = workspace(database("Notes/Note", title="Headline"))
    assert known.get_type("Notes/Note").find_field("Name").name == "Notes/Headline"


def test_a_label_of_two_other_spaces_is_ambiguous():
    known = workspace(database("A/B", field("C/Size", "fibery/text"), field("D/Size", "fibery/int")))
    assert known.get_type("A/B").find_field("Size") is None
    assert len(known.get_type("A/B").find_fields("Size")) == 2


@pytest.mark.parametrize("text", ["Start", "Linked", "References", "Lost"])
def test_what_a_query_may_not_select_is_not_readable(task, text):
    assert task.find_fields(text)
    assert task.find_field(text) is None
    assert text not in task.labels


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("Scrum/Story Points", "Story Points"),
        ("workflow/state", "State"),
        ("fibery/public-id", "Public Id"),
        ("fibery/active?", "Active"),
        ("Scrum/Project ", "Project"),
        ("Scrum/A/B", "A/B"),
        ("plain", "plain"),
    ],
)
def test_a_label_is_the_name_without_its_space(name, text):
    assert read_label(name) == text
