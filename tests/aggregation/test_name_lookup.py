import pytest

from timeweave.aggregation.entry_groups import EntryGroup
from timeweave.aggregation.name_lookup import CommonSpelling, NameLookup
from timeweave.matching.parsed_description import match
from timeweave.models.directory import Account, Client, Directory, Person, Project, Tag
from timeweave.models.time_entry_days import Row
from timeweave.runtime.errors import ConfigurationError

ADA = Person(user_id=1, name="Ada Quill", email="Ada.Quill@team.example")
NO_MAIL = Person(user_id=2, name="Bo Marlow")


def directory(*people, projects=(), clients=(), tags=()):
    return Directory(
        account=Account(source="demo", url=None, workspace_id=1),
        workspace="Team",
        people=list(people),
        projects=list(projects),
        clients=list(clients),
        tags=list(tags),
        tasks=[],
    )


def heard(names, **row):
    names.learn(Row(time_entries=[], **row))
    return names


def test_the_directory_is_believed_before_the_rows():
    names = heard(NameLookup(directory(ADA)), user_id=1, username="ada", email="old@team.example")
    assert (names.find_person(1), names.find_email(1)) == ("Ada Quill", "Ada.Quill@team.example")


def test_rows_name_those_who_left_and_the_last_row_counts():
    names = heard(NameLookup(directory()), user_id=7, username="Old Name", email="seven@team.example")
    heard(names, user_id=7, username="New Name")
    assert (names.find_person(7), names.find_email(7)) == ("New Name", "seven@team.example")


def test_an_e_mail_that_only_rows_know_completes_the_directory():
    names = heard(NameLookup(directory(NO_MAIL)), user_id=2, username="bo", email="bo@team.example")
    assert (names.find_person(2), names.find_email(2)) == ("Bo Marlow", "bo@team.example")


def test_someone_nobody_names_is_told_by_their_id():
    names = heard(NameLookup(directory()), user_id=4_500_000_001, username="", email="")
    assert (names.find_person(4_500_000_001), names.find_email(4_500_000_001)) == ("User 4500000001", None)


def test_a_project_is_named_by_the_directory_else_by_rows_else_not_at_all():
    names = NameLookup(directory(projects=[Project(id=5, name="Apollo")]))
    heard(names, user_id=1, project_id=5, project_name="Apollo, renamed")
    heard(names, user_id=1, project_id=6, project_name="Zeus")
    heard(names, user_id=1, project_name="of no id")
    assert [names.find_project(id_) for id_ in (5, 6, 7, None)] == ["Apollo", "Zeus", None, None]


def test_a_client_is_that_of_the_directory_s_project_else_of_the_row():
    projects = [Project(id=5, name="Apollo", client_id=50), Project(id=6, name="Zeus")]
    names = NameLookup(directory(projects=projects, clients=[Client(id=50, name="Northwind")]))
    for project_id in (5, 7):
        heard(names, user_id=1, project_id=project_id, client_name="Globex")
    assert [names.find_client(id_) for id_ in (5, 6, 7, 8, None)] == ["Northwind", None, "Globex", None, None]


def test_a_tag_is_named_by_the_directory_else_by_a_row_that_has_no_other():
    names = NameLookup(directory(tags=[Tag(id=1, name="urgent")]))
    heard(names, user_id=1, tag_ids=[1], tag_names=["renamed"])
    heard(names, user_id=1, tag_ids=[2], tag_names=["from the row"])
    heard(names, user_id=1, tag_ids=[3, 4], tag_names=["whose", "is this"])
    assert names.find_tags([1, 4, 2]) == ["Tag 4", "from the row", "urgent"]


def test_no_users_means_everyone_with_time():
    assert NameLookup(directory(ADA)).choose([], [2, 9]) == {2, 9}


def test_users_are_chosen_by_e_mail_in_any_case():
    names = heard(NameLookup(directory(ADA, NO_MAIL)), user_id=7, email="seven@team.example")
    assert names.choose(["ada.quill@TEAM.example", " Seven@team.example "], [1, 2, 7]) == {1, 7}


def test_a_known_user_without_time_is_no_error():
    assert NameLookup(directory(ADA)).choose(["ada.quill@team.example"], [2]) == set()


def test_an_unknown_user_is_named_with_the_nearest_known():
    with pytest.raises(ConfigurationError, match=r"'ada\.quil@team\.example'.*mean Ada\.Quill@team\.example\?"):
        NameLookup(directory(ADA, NO_MAIL)).choose(["ada.quil@team.example"], [1])


def test_an_unknown_user_among_people_without_e_mails_is_named_too():
    with pytest.raises(ConfigurationError, match=r"'ada@team\.example'.*nobody here has an e-mail"):
        NameLookup(directory(NO_MAIL)).choose(["ada@team.example"], [2])


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
    return EntryGroup(project_id, False, match(description), entries=entries)


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
