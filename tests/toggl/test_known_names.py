"""The directory of some days depends on the lists and on the rows of those days alone."""

from datetime import date

from timeweave.models.directory import Account, Directory, Person
from timeweave.toggl.day_files import Author
from timeweave.toggl.names import Departed, KnownNames

MIRA = Person(user_id=1, name="Mira Castellane", email="mira@team.example", timezone="Europe/Lisbon")
LISTS = Directory(
    account=Account(source="live", url="https://toggl.example", workspace_id=7),
    workspace="Heliotrope", people=[MIRA], projects=[], clients=[], tags=[], tasks=[],
)  # fmt: skip
RUBEN = Departed(user_id=11, name="Ruben Askeland", email="ruben@team.example")
FORGOTTEN = Departed(user_id=5, name=None, email=None)


def known(*departed, as_of=date(2025, 10, 14)):
    return KnownNames(fetched_as_of=as_of, lists=LISTS, departed=departed)


def described(names, *authors):
    directory = names.describe({author.user_id: author for author in authors})
    return {person.user_id: (person.name, person.email, person.active) for person in directory.people}


def test_who_left_is_named_where_they_have_entries_and_nowhere_else():
    assert described(known(RUBEN), Author(11, "ruben")) == {
        1: ("Mira Castellane", "mira@team.example", True),
        11: ("Ruben Askeland", "ruben@team.example", False),
    }
    assert described(known(RUBEN), Author(1)).keys() == {1}


def test_somebody_whom_toggl_knows_no_more_keeps_the_name_of_their_rows():
    found = described(known(FORGOTTEN), Author(5, "Old Timer", "old@team.example"), Author(6))
    assert found[5] == ("Old Timer", "old@team.example", False)
    assert found[6] == ("User 6", None, False)


def test_neither_the_day_of_the_look_nor_other_departed_people_show():
    here, there = known(RUBEN), known(FORGOTTEN, RUBEN, as_of=date(2025, 12, 1))
    assert here.describe({11: Author(11)}) == there.describe({11: Author(11)})


def test_only_those_whom_nobody_named_yet_are_unknown():
    assert known(RUBEN).find_unknown([1, 11, 5, 5]) == [5]
