import pytest

from timeweave.aggregation.common_spelling import CommonSpelling
from timeweave.aggregation.entry_groups import EntryGroup
from timeweave.aggregation.name_lookup import NameLookup
from timeweave.matching.match import match
from timeweave.models.directory import Account, Directory, Project

DIRECTORY = Directory(
    account=Account(source="demo", url=None, workspace_id=1),
    workspace="Team",
    people=[],
    projects=[Project(id=5, name="Zeus")],
    clients=[],
    tags=[],
    tasks=[],
)


def group(description, entries=1, project_id=None):
    return EntryGroup(project_id, False, match(description), (), entries)


def spell(groups, description):
    item = CommonSpelling(groups, NameLookup(DIRECTORY)).find_item(match(description).reference)
    return item.space, item.database, item.public_id


def test_an_item_is_spelled_as_most_entries_spell_it():
    groups = [group("#1 [scrum] [task]", 2), group("#1 [Scrum] [Task]", 3), group("#1 [SCRUM] [task]", 2)]
    assert spell(groups, "#1 [scrum] [task]") == ("Scrum", "Task", "1")


def test_of_equally_frequent_spellings_the_smallest_counts():
    groups = [group("#1 [scrum] [task]", 3), group("#1 [Scrum] [Task]", 3)]
    assert spell(groups, "#1 [scrum] [task]") == ("Scrum", "Task", "1")
    assert spell(groups[::-1], "#1 [scrum] [task]") == ("Scrum", "Task", "1")


def test_letters_that_grow_when_folded_are_the_same_item():
    assert spell([group("#1 [Straße] [Task]", 2), group("#1 [STRASSE] [Task]")], "#1 [strasse] [task]")[0] == "Straße"


def test_another_number_or_an_unknown_database_is_another_item():
    groups = [group("#1 [Scrum] [Task]", 9), group("#2 [scrum] [task]"), group("#1 [scrum]"), group("#1")]
    assert spell(groups, "#2 [Scrum] [Task]") == ("scrum", "task", "2")
    assert spell(groups, "#1 [Scrum]") == ("scrum", None, "1")
    assert spell(groups, "#1") == (None, None, "1")


@pytest.mark.parametrize(
    ("asked", "project"),
    [
        pytest.param(group("#1 [Scrum] [Task] [Apollo]", project_id=5), "Zeus", id="Toggl's project first"),
        pytest.param(group("#1 [Scrum] [Task] [apollo]"), "Apollo", id="else the tag, as most spell it"),
        pytest.param(group("#1 [Scrum] [Task] [apollo]", project_id=6), "Apollo", id="else the tag, the id is unknown"),
        pytest.param(group("#1 [Scrum] [Task]"), None, id="a reference without a project"),
        pytest.param(group("lunch"), None, id="no reference"),
    ],
)
def test_the_project_is_toggl_s_else_the_description_s(asked, project):
    groups = [asked, group("#3 [Scrum] [Task] [Apollo]", 4)]
    assert CommonSpelling(groups, NameLookup(DIRECTORY)).find_project(asked) == project
