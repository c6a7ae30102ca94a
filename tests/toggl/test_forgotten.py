"""People and months that the archive forgets: nothing of them is kept, whatever Toggl sends later, and the totals are still proven."""

from datetime import timedelta

import pytest

from tests.toggl.fetching import AS_OF, WEEK, archive_in, fetch
from timeweave.models.directory import Directory
from timeweave.sandbox.behaviour import Behaviour
from timeweave.toggl import changes
from timeweave.toggl.archive import read_forgotten
from timeweave.toggl.changes import Change, ChangeKind
from timeweave.toggl.forgotten import forget_days, forget_users
from timeweave.toggl.names import Departed, KnownNames
from timeweave.toggl.walk import StagedWalk, Walk

DAY = WEEK[0]


@pytest.fixture(autouse=True)
def calm(sandbox):
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()


@pytest.fixture
def archive(tmp_path, sandbox):
    """A week of the whole team, with the record of a change and a walk under way, all of one of them, too."""
    fetch(tmp_path, sandbox)
    found = archive_in(tmp_path)
    someone = min(found.days.read_authors(WEEK))
    change = Change(
        day=str(DAY), seen_as_of=str(AS_OF), previously_as_of=str(DAY), kind=ChangeKind.ADDED, user_id=someone,
        entry_id=1, before=None, after=None,
    )  # fmt: skip
    changes.record(found.files, [change])
    entries = [entry for day in WEEK for entry in found.days.read_entries(day) if entry.row["user_id"] == someone]
    walk = StagedWalk.begin(found.walk_files, Walk(first=entries[0].day, last=entries[0].day, as_of=AS_OF))
    walk.save(before=0)
    walk.days.write(entries[0].day, entries[:1], AS_OF)
    return found


def someone_in(archive):
    return min(archive.days.read_authors(WEEK))


def names_of(archive, *users):
    lists = Directory(account=archive.account, workspace="Team", people=[], projects=[], clients=[], tags=[], tasks=[])
    departed = tuple(Departed(user_id=user, name="Somebody", email=None) for user in users)
    return KnownNames(fetched_as_of=AS_OF, lists=lists, departed=departed)


def test_entries_names_changes_and_walks_of_a_person_go_and_those_of_others_stay(archive):
    user, before = someone_in(archive), {day: archive.days.read_entries(day) for day in WEEK}
    archive.write_names(names_of(archive, user, 7))
    forget_users(archive.files, {user}, pytest.fail)
    for day, entries in before.items():
        assert archive.days.read_entries(day) == [entry for entry in entries if entry.row["user_id"] != user]
        assert archive.days.find_look(day) == AS_OF
    assert [one.user_id for one in archive.read_names().departed] == [7]
    assert changes.read(archive.files).changes == []
    assert archive.walks == []


def test_they_do_not_come_back_with_what_is_fetched_later_and_the_total_is_proven_with_their_time(
    archive, sandbox, tmp_path
):
    user = someone_in(archive)
    forget_users(archive.files, {user}, pytest.fail)
    later = AS_OF + timedelta(days=1)
    fetch(tmp_path, sandbox, as_of=later)
    assert {archive.days.find_look(day) for day in WEEK} == {later}
    assert user not in archive.days.read_authors(WEEK)
    assert len(archive.days.read_authors(WEEK)) > 5
    # Nor is it noted that their entries were added.
    assert changes.read(archive.files).changes == []
    assert archive.write_names(names_of(archive, user)).departed == ()


def test_a_second_person_is_forgotten_beside_the_first(archive):
    first, second, *_ = sorted(archive.days.read_authors(WEEK))
    for user in (first, second):
        forget_users(archive.files, {user}, pytest.fail)
    assert read_forgotten(archive.files) == {first, second}


def test_a_damaged_list_of_them_says_whom_to_forget_again(archive, capfd):
    archive.files.write("forgotten.json", b"{")
    assert read_forgotten(archive.files) == frozenset()
    assert "say `timeweave forget` again for each of those people" in capfd.readouterr().err


def test_days_before_a_day_go_with_what_changed_on_them(archive):
    forget_days(archive.files, DAY + timedelta(days=2), pytest.fail)
    assert archive.days.list_days() == WEEK[2:]
    assert changes.read(archive.files).changes == []
    assert archive.find_stale(WEEK, AS_OF, 14) == WEEK[:2]
