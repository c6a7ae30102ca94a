"""People and months that the archive forgets: nothing of them is kept, whatever Toggl sends later, and the totals are still proven."""

from datetime import timedelta

import msgspec
import pytest

from tests.toggl.fetching import AS_OF, WEEK, archive_in, fetch
from timeweave.archive.location import find_archive
from timeweave.models.directory import Account, Directory, Person
from timeweave.runtime.errors import TimeweaveError
from timeweave.sandbox.behaviour import Behaviour
from timeweave.toggl import changes
from timeweave.toggl.archive import Archive, read_forgotten
from timeweave.toggl.changes import Change, ChangeKind
from timeweave.toggl.erasure import Person as Forgettable
from timeweave.toggl.erasure import forget_days, forget_email, forget_users, list_days_before
from timeweave.toggl.names import Departed, KnownNames
from timeweave.toggl.paged_walk import StagedWalk, Walk, find_walks

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
    walk.pages.add(entries[:1], None)
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
    assert set(read_forgotten(archive.files).users) == {first, second}


@pytest.mark.parametrize("content", [b"{", b"", b"{}", b"[]", b'{"users": [1], "more": 1}', b'{"checksum":"'])
def test_a_damaged_list_of_them_stays_where_it_is_and_nothing_is_kept_or_forgotten_meanwhile(archive, content):
    user = someone_in(archive)
    forget_users(archive.files, {user}, pytest.fail)
    archive.files.write("forgotten.json", content)
    for attempt in (
        lambda: archive.write_names(names_of(archive, user)),
        lambda: forget_users(archive.files, {user}, pytest.fail),
        lambda: archive.commit(StagedWalk.begin(archive.walk_files, Walk(first=DAY, last=DAY, as_of=AS_OF))),
    ):
        with pytest.raises(
            TimeweaveError, match=r"forgotten\.json is damaged .*put a copy of it from a backup"
        ) as refused:
            attempt()
        assert "or move it away and say `timeweave forget E-MAIL` again for each of them" in str(refused.value)
    assert archive.files.read("forgotten.json") == content
    assert user not in archive.days.read_authors(WEEK)


def test_a_list_of_the_version_before_is_read_and_one_of_a_later_version_is_no_damage(archive):
    archive.files.write("forgotten.json", b'{"schema": 1, "users": [5]}')
    assert read_forgotten(archive.files).users == (5,)
    archive.files.write("forgotten.json", b'{"schema": 3, "users": "1-5"}')
    with pytest.raises(TimeweaveError, match="made by a newer Timeweave"):
        read_forgotten(archive.files)


def test_who_is_forgotten_by_e_mail_alone_goes_as_soon_as_toggl_sends_their_number(tmp_path, sandbox):
    fetch(tmp_path / "before", sandbox)
    author = min(archive_in(tmp_path / "before").days.read_authors(WEEK).values(), key=lambda one: one.user_id)
    archive = archive_in(tmp_path / "after")
    forget_email(archive.files, author.email.upper(), pytest.fail)
    assert author.email not in (tmp_path / "after/forgotten.json").read_text()
    fetch(tmp_path / "after", sandbox)
    assert read_forgotten(archive.files).users == (author.user_id,)
    assert author.user_id not in archive.days.read_authors(WEEK)
    assert changes.read(archive.files).changes == []


def test_their_number_may_come_with_the_names_and_takes_days_that_came_before(archive):
    user = someone_in(archive)
    forget_email(archive.files, "some@body.example", pytest.fail)
    names = names_of(archive, user)
    known = msgspec.structs.replace(names.departed[0], email="Some@Body.example")
    assert archive.write_names(msgspec.structs.replace(names, departed=(known,))).departed == ()
    assert user not in archive.days.read_authors(WEEK)


@pytest.fixture
def team(monkeypatch, tmp_path):
    """Writes the names of an archive that TIMEWEAVE_ARCHIVE names: `team(("Ann Lee", "ann@x.com"))`."""
    monkeypatch.setenv("TIMEWEAVE_ARCHIVE", str(tmp_path / "archive"))

    def write(*people):
        account = Account(source="live", url=None, workspace_id=1)
        persons = [Person(user_id=9000 + at, name=name, email=email) for at, (name, email) in enumerate(people)]
        lists = Directory(account=account, workspace="T", people=persons, projects=[], clients=[], tags=[], tasks=[])
        found = find_archive().below("toggl").below("live-1")
        Archive(found, account).write_names(KnownNames(fetched_as_of=AS_OF, lists=lists))

    return write


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("ann@x.com", True), ("mail ANN@X.com.", True), ("<ann@x.com>", True), (r'"text":"hi\nann@x.com"', True),
        ("mailto:%3Cann%40x.com", True), (r"\u003cann@x.com\u003e", True), ("joann@x.com", False), ("jo.ann@x.com", False),
        ("jo+ann@x.com", False), ("ann@x.com.au", False), ("ann@x.community", False), ("ann@xxcom", False),
        ("Ann Lee", True), ("Ann&#x20;Lee", True), ("Joann Lee", False), ("user 9000", True), ("user 90001", False),
    ],
)  # fmt: skip
def test_a_text_names_somebody_by_the_whole_of_their_e_mail_name_or_number(team, text, named):
    team(("Ann Lee", "ann@x.com"), ("Joann Lee", "joann@x.com"))
    assert Forgettable("ann@x.com").is_named_in(text) is named


@pytest.mark.parametrize("name", ["🦊", "Ann", "...", "ann@x.com", "🦊 🦊"])
def test_a_name_of_one_word_or_of_none_is_not_looked_for_unless_it_is_said(team, name):
    team((name, "ann@x.com"))
    person = Forgettable("ann@x.com")
    assert not person.is_named_in("Ann and 🦊 ... jo.ann@x.com")
    assert person.short == ([] if "@" in name else [name])
    assert Forgettable("ann@x.com", ["Ann"]).is_named_in("Ann and Bea")


def test_days_before_a_day_go_with_what_changed_on_them(archive):
    forget_days(archive.files, DAY + timedelta(days=2), pytest.fail)
    assert archive.days.list_days() == WEEK[2:]
    assert changes.read(archive.files).changes == []
    assert archive.find_stale(WEEK, AS_OF, 14) == WEEK[:2]


def test_days_that_only_a_change_or_a_walk_under_way_tells_of_are_days_before_as_well(archive):
    later = WEEK[-1] + timedelta(days=1)
    assert list_days_before(archive.files, later) == WEEK
    for day in WEEK:
        archive.days.remove(day)
    [walk] = find_walks(archive.walk_files)
    assert list_days_before(archive.files, later) == sorted({DAY, walk.walk.first})
    forget_days(archive.files, later, pytest.fail)
    assert list_days_before(archive.files, later) == []
