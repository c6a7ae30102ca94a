import pytest

from timeweave.aggregation.ledger import Line
from timeweave.aggregation.names import Names
from timeweave.aggregation.vocabulary import Vocabulary
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


def line(description, entries=1, project_id=None):
    return Line(project_id, False, match(description), (), entries)


def spelled(lines, description):
    item = Vocabulary(lines, Names(DIRECTORY)).item(match(description).reference)
    return item.space, item.database, item.public_id


def test_an_item_is_spelled_as_most_entries_spell_it():
    lines = [line("#1 [scrum] [task]", 2), line("#1 [Scrum] [Task]", 3), line("#1 [SCRUM] [task]", 2)]
    assert spelled(lines, "#1 [scrum] [task]") == ("Scrum", "Task", "1")


def test_of_equally_frequent_spellings_the_smallest_counts():
    lines = [line("#1 [scrum] [task]", 3), line("#1 [Scrum] [Task]", 3)]
    assert spelled(lines, "#1 [scrum] [task]") == ("Scrum", "Task", "1")
    assert spelled(lines[::-1], "#1 [scrum] [task]") == ("Scrum", "Task", "1")


def test_letters_that_grow_when_folded_are_the_same_item():
    assert spelled([line("#1 [Straße] [Task]", 2), line("#1 [STRASSE] [Task]")], "#1 [strasse] [task]")[0] == "Straße"


def test_another_number_or_an_unknown_database_is_another_item():
    lines = [line("#1 [Scrum] [Task]", 9), line("#2 [scrum] [task]"), line("#1 [scrum]"), line("#1")]
    assert spelled(lines, "#2 [Scrum] [Task]") == ("scrum", "task", "2")
    assert spelled(lines, "#1 [Scrum]") == ("scrum", None, "1")
    assert spelled(lines, "#1") == (None, None, "1")


@pytest.mark.parametrize(
    ("asked", "project"),
    [
        pytest.param(line("#1 [Scrum] [Task] [Apollo]", project_id=5), "Zeus", id="Toggl's project first"),
        pytest.param(line("#1 [Scrum] [Task] [apollo]"), "Apollo", id="else the tag, as most spell it"),
        pytest.param(line("#1 [Scrum] [Task] [apollo]", project_id=6), "Apollo", id="else the tag, the id is unknown"),
        pytest.param(line("#1 [Scrum] [Task]"), None, id="a reference without a project"),
        pytest.param(line("lunch"), None, id="no reference"),
    ],
)
def test_the_project_is_toggl_s_else_the_description_s(asked, project):
    lines = [asked, line("#3 [Scrum] [Task] [Apollo]", 4)]
    assert Vocabulary(lines, Names(DIRECTORY)).project(asked) == project
