"""Who has a row: accounts with time, members without, and people whom only config/team.yaml names."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from timeweave.analysis.roster import find_differences, list_members, name_files
from timeweave.analysis.team_file import TeamFile
from timeweave.models.aggregated import PersonTime
from timeweave.models.directory import Account, Directory, Person

FIRST, LAST = date(2025, 10, 7), date(2025, 10, 13)
NOTHING = TeamFile()


def file(*people):
    return TeamFile.model_validate({"people": [one if isinstance(one, dict) else {"email": one} for one in people]})


def member(user_id, email=None, active=True):
    return Person(user_id=user_id, name=f"Person {user_id}", email=email, active=active)


def time(user_id, email=None, name="By rows"):
    counts = {name: 0 for name in PersonTime.__struct_fields__ if name.endswith("seconds")}
    lists = {"days": {}, "projects": [], "entities": [], "activities": []}
    return PersonTime(user_id=user_id, name=name, email=email, entries=1, **counts, **lists)


def directory(*people):
    account = Account(source="demo", url=None, workspace_id=1)
    return Directory(account=account, workspace="W", people=list(people), projects=[], clients=[], tags=[], tasks=[])


def rows(found, *people, present=(), users=()):
    """The rows of a directory of these people."""
    return list_members(found, directory(*people), present, FIRST, LAST, users)


def brief(members):
    return [(one.key, one.status.value) for one in members]


def test_without_a_file_those_with_time_and_active_members_have_rows():
    people = [member(1, "a@b.example"), member(2, active=False), member(3, active=False)]
    found = rows(NOTHING, *people, present=[time(3), time(4, "d@b.example", "Dora")])
    assert brief(found) == [("1", "member"), ("3", "left"), ("4", "left")]
    assert [(one.name, one.email, one.person) for one in found] == [
        ("Person 1", "a@b.example", None), ("Person 3", None, None), ("Dora", "d@b.example", None)
    ]  # fmt: skip


def test_people_are_found_by_address_or_alias_in_any_case_and_those_without_address_by_an_alias_that_is_their_name():
    named = file(
        {"email": "A@b.example", "aliases": ["old@b.example"]}, {"email": "c@b.example", "aliases": ["Person 3"]}
    )
    found = rows(named, member(1, "a@B.example"), member(2, "OLD@b.example"), member(3), member(4, "x@b.example"))
    assert [one.person and one.person.email for one in found] == ["A@b.example", "A@b.example", "c@b.example", None]
    assert [one.email for one in found] == ["a@B.example", "OLD@b.example", "c@b.example", "x@b.example"]


def test_a_person_whom_toggl_does_not_list_has_a_row_under_the_address():
    found = rows(file("b@b.example", {"email": "A@b.example", "name": "Ada"}), member(7, "x@b.example"))
    assert brief(found) == [("7", "member"), ("A@b.example", "not_listed"), ("b@b.example", "not_listed")]
    assert [(one.user_id, one.name, one.accounts) for one in found[1:]] == [
        (None, "Ada", ()),
        (None, "b@b.example", ()),
    ]
    assert all(one.expected_as for one in found[1:])


@pytest.mark.parametrize(
    ("span", "there"),
    [
        ({}, True), ({"until": "2025-10-07"}, True), ({"until": "2025-10-06"}, False),
        ({"from": "2025-10-13"}, True), ({"from": "2025-10-14"}, False),
    ],
)  # fmt: skip
def test_whoever_was_not_there_has_a_row_only_if_there_is_time(span, there):
    named = file({"email": "a@b.example"} | span)
    assert bool(rows(named)) == there
    assert bool(rows(named, member(1, "a@b.example"))) == there
    assert brief(rows(named, member(1, "a@b.example"), present=[time(1)])) == [("1", "member")]


def test_a_deactivated_account_of_somebody_who_is_expected_has_a_row():
    assert brief(rows(file("a@b.example"), member(1, "a@b.example", active=False))) == [("1", "left")]


@pytest.mark.parametrize(
    ("people", "main"),
    [
        ([member(1, "new@b.example"), member(2, "a@b.example")], 2),
        ([member(1, "new@b.example"), member(2, "a@b.example", active=False)], 1),
        ([member(1, "new@b.example"), member(2, "old@b.example")], 1),
    ],
    ids=["the file's own address", "active before deactivated", "else the older account"],
)
def test_two_accounts_of_a_person_stay_two_rows_and_the_expectation_is_in_one(people, main):
    named = file({"email": "a@b.example", "aliases": ["new@b.example", "old@b.example"]})
    found = rows(named, *people)
    assert [one.user_id for one in found if one.expected_as] == [main]
    assert [(one.person, one.accounts) for one in found] == [(named.people[0], (1, 2))] * 2


def test_users_choose_rows_by_toggl_s_address_and_those_without_account_by_any_of_the_file():
    named = file(
        {"email": "a@b.example", "aliases": ["old@b.example"]}, {"email": "c@b.example", "aliases": ["d@b.example"]}
    )
    people = [member(1, "old@b.example"), member(2, "x@b.example"), member(3)]
    assert brief(rows(named, *people, users=["OLD@b.example", "D@b.example"])) == [
        ("1", "member"),
        ("c@b.example", "not_listed"),
    ]
    assert brief(rows(named, *people, users=["x@b.example"])) == [("2", "member")]


def test_users_choose_all_accounts_of_a_person_whose_time_is_here_and_without_one_nothing_is_expected():
    named = file({"email": "a@b.example", "aliases": ["old@b.example"]})
    people = [member(1, "old@b.example"), member(2, "a@b.example"), member(3, "x@b.example")]
    for chosen in ("a@b.example", "OLD@b.example"):
        found = rows(named, *people, users=[chosen], present=[time(1), time(2)])
        assert [(one.key, one.main_key, one.accounts) for one in found] == [("1", "2", (1, 2)), ("2", None, (1, 2))]
        assert [bool(one.expected_as) for one in found] == [False, True]
    [alone] = rows(named, *people, users=["a@b.example"], present=[time(2)])
    assert (alone.key, alone.expected_as) == ("2", None)


def test_files_are_named_alike_whoever_has_time_in_the_period():
    named = file("zoe@b.example", "ann@new.example", "bo@b.example")
    known = directory(member(5, "ann@b.example"), member(9, "bo@b.example"), member(3, "bo@x.example", active=False))
    here = name_files(named, known, [time(3, "bo@x.example"), time(4, "ann@gone.example")])
    there = name_files(named, directory(*known.people[:2]), [])
    assert here == there | {"3": "bo_3", "4": "ann_4"}
    assert there == {"5": "ann", "9": "bo", "ann@new.example": "ann_new-example", "zoe@b.example": "zoe"}


@given(
    st.lists(
        st.sampled_from(["ann@b.example", "ann@c.example", "Ann@b-c.example", "index@b.example", None]), max_size=6
    )
)
def test_no_two_files_have_one_name(emails):
    named = file(*{"ann@x.example", "a.nn@x.example"})
    found = name_files(named, directory(*(member(n, email) for n, email in enumerate(emails, 1))), [])
    assert len(set(found.values())) == len(found) == len(emails) + 2


def test_members_whom_the_file_does_not_name_and_people_whom_toggl_does_not_list_are_told_apart():
    named = file(
        {"email": "c@b.example", "aliases": ["A@b.example"]},
        "y@b.example",
        {"email": "x@b.example", "until": "2025-10-06"},
    )
    found = find_differences(
        named, directory(member(1, "a@b.example"), member(2, "z@b.example"), member(3, active=False)), FIRST
    )
    assert [[one.email for one in some] for some in found] == [["z@b.example"], ["y@b.example"]]


ADDRESSES = st.sampled_from([f"{letter}@b.example" for letter in "abcdef"])


@given(
    st.lists(st.tuples(ADDRESSES | st.none(), st.booleans(), st.booleans()), max_size=6),
    st.lists(st.sets(ADDRESSES, min_size=1), max_size=4),
)
def test_everyone_with_time_has_a_row_and_every_person_is_expected_exactly_once(accounts, listed):
    seen, people = set(), []
    for names in listed:
        own = sorted(names - seen)
        seen |= names
        people += [{"email": own[0], "aliases": own[1:]}] if own else []
    named = file(*people)
    present = [time(n, email) for n, (email, _, has_time) in enumerate(accounts) if has_time]
    found = rows(named, *(member(n, email, active) for n, (email, active, _) in enumerate(accounts)), present=present)
    assert {one.user_id for one in present} <= {one.user_id for one in found}
    assert sorted(one.expected_as.email for one in found if one.expected_as) == sorted(
        one.email for one in named.people
    )
    assert len({one.key for one in found}) == len(found)
    assert all(one.user_id in one.accounts for one in found if one.user_id is not None)
