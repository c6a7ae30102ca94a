"""The archive of an account: what is settled, what is stale, and what a walk brings when it is committed."""

from datetime import date, timedelta

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.toggl.rows import entry
from timeweave import sandbox as invented
from timeweave.archive.files import LocalFiles, set_aside, unseal
from timeweave.models.directory import Account
from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl import changes
from timeweave.toggl.archive import Archive, find_files, is_settled
from timeweave.toggl.paged_walk import StagedWalk, Walk

OURS = Account(source="live", url="https://toggl.example", workspace_id=7)
DAY = date(2025, 10, 7)
WALK = Walk(first=DAY, last=DAY + timedelta(days=1), as_of=DAY + timedelta(days=30))


@pytest.fixture
def archive(tmp_path):
    return Archive(LocalFiles(tmp_path), OURS)


def reopened(archive):
    return Archive(archive.files, OURS)


def staged(archive, walk=WALK, id_=1):
    """A walk with one finished day."""
    found = StagedWalk.begin(archive.walk_files, walk)
    found.days.write(walk.first, [entry(id_, f"{walk.first}T09:00:00Z")], walk.as_of)
    return found


def test_a_day_reads_back_sorted_by_start_and_id(archive):
    late, early = entry(2, "2025-10-07T09:00:00Z"), entry(3, "2025-10-07T08:00:00Z")
    archive.days.write(DAY, [late, early], DAY)
    assert [found.id for found in archive.days.read_entries(DAY)] == archive.days.read_ids(DAY) == [3, 2]
    assert archive.days.find_look(DAY) == DAY


def test_a_day_has_one_row_on_a_line_and_is_plain_json(archive):
    archive.days.write(DAY, [entry(1, "2025-10-07T09:00:00Z"), entry(2, "2025-10-07T10:00:00Z")], DAY)
    content = archive.files.read("days/2025-10-07.json")
    assert content.count(b"\n") == 4
    assert set(msgspec.json.decode(content)) == {"checksum", "schema", "day", "fetched_as_of", "rows"}


def test_what_stages_read_of_a_day_does_not_tell_when_it_was_looked_at(archive):
    exported = []
    for look in (DAY, DAY + timedelta(days=20)):
        archive.days.write(DAY, [entry(1, "2025-10-07T09:00:00Z")], look)
        exported.append(archive.days.export(DAY))
    assert exported[0] == exported[1]
    assert set(msgspec.json.decode(exported[0])) == {"schema", "day", "rows"}


def test_a_day_that_is_not_there_is_never_taken_for_an_empty_one(archive):
    with pytest.raises(TimeweaveError, match=r"days/2025-10-07\.json does not exist"):
        archive.days.export(DAY)


def test_a_day_that_was_never_fetched_is_stale(archive):
    assert archive.find_stale([DAY], DAY, 14) == [DAY]


@pytest.mark.parametrize(
    ("look", "as_of", "stale"),
    [
        pytest.param(1, 1, False, id="looked at today"),
        pytest.param(1, 2, True, id="looked at yesterday, not settled"),
        pytest.param(14, 90, False, id="settled when it was looked at"),
        pytest.param(13, 90, True, id="looked at a day before it was settled"),
        pytest.param(5, 1, False, id="looked at later than asked"),
    ],
)
def test_a_day_is_asked_again_only_if_it_may_have_changed(archive, look, as_of, stale):
    archive.days.write(DAY, [], DAY + timedelta(days=look))
    assert bool(archive.find_stale([DAY], DAY + timedelta(days=as_of), 14)) == stale


@given(st.integers(0, 40), st.integers(0, 40), st.integers(0, 40))
def test_a_settled_day_stays_settled_for_every_later_look(look, later, settle):
    if is_settled(DAY, DAY + timedelta(days=look), settle):
        assert is_settled(DAY, DAY + timedelta(days=look + later), settle)


def test_a_finished_day_does_not_count_before_its_walk_is_committed(archive):
    staged(archive)
    [walk] = reopened(archive).walks
    assert walk.walk == WALK
    assert (archive.days.list_days(), archive.days.read_entries(DAY)) == ([], [])
    assert walk.days.read_ids(DAY) == [1]


def test_the_days_of_a_committed_walk_count(archive, tmp_path):
    archive.commit(staged(archive))
    found = reopened(archive)
    assert (found.days.list_days(), found.walks, found.index.highest_id) == ([DAY], [], 1)
    assert archive.files.names("walks") == []


def test_a_walk_that_does_not_add_up_leaves_what_was_there_before(archive):
    archive.commit(staged(archive))
    staged(archive, id_=2).discard()
    found = reopened(archive)
    assert (found.days.read_ids(DAY), found.walks) == ([1], [])


def test_a_commit_that_was_cut_off_is_finished(archive):
    staged(archive).save(verified=True)
    found = reopened(archive)
    found.finish_commits()
    assert (found.days.list_days(), found.walks) == ([DAY], [])


def test_a_walk_that_is_not_verified_is_not_committed_by_the_way(archive):
    staged(archive)
    archive.finish_commits()
    assert (archive.days.list_days(), len(archive.walks)) == ([], 1)


def test_a_walk_takes_over_no_day_that_another_one_left_in_its_folder(archive):
    archive.files.remove(f"walks/{staged(archive).folder}/walk.json")
    assert archive.walks == []
    StagedWalk.begin(archive.walk_files, WALK)
    [walk] = archive.walks
    assert walk.days.list_days() == []


def test_invalidated_days_are_stale_until_a_walk_of_theirs_is_committed(archive):
    archive.commit(staged(archive))
    archive.invalidate([DAY, DAY + timedelta(days=9)])
    assert reopened(archive).find_stale([DAY], WALK.as_of, 14) == [DAY]
    assert archive.days.read_ids(DAY) == [1]
    archive.commit(staged(archive))
    assert reopened(archive).find_stale([DAY], WALK.as_of, 14) == []


def test_an_index_that_is_lost_is_made_from_the_days(archive):
    archive.commit(staged(archive, id_=77))
    archive.files.remove("account.json")
    assert reopened(archive).index.highest_id == 77


def kept_aside(folder):
    return [path for path in sorted((folder / "damaged").rglob("*")) if path.is_file()]


@pytest.mark.parametrize(
    "damage",
    [
        pytest.param(lambda content: b"", id="empty"),
        pytest.param(lambda content: content[: len(content) // 2], id="cut"),
        pytest.param(lambda content: b"\xff\x00 no day", id="garbage"),
        pytest.param(
            lambda content: content.replace(b"3600", b"3601"), id="another number, which only the checksum shows"
        ),
        pytest.param(lambda content: b'{"schema":1}', id="another document"),
        pytest.param(lambda content: unseal(content).replace(b'"2025-10-07"', b'"2025-10-08"'), id="another day"),
        pytest.param(lambda content: unseal(content).replace(b'{"billable', b'7,{"billable'), id="a row that is none"),
    ],
)
def test_a_damaged_day_is_told_kept_aside_and_counts_as_missing(archive, tmp_path, damage, capfd):
    path = tmp_path / "days" / "2025-10-07.json"
    archive.days.write(DAY, [entry(1, "2025-10-07T09:00:00Z")], DAY)
    path.write_bytes(damaged := damage(path.read_bytes()))
    assert (archive.days.read_entries(DAY), archive.find_stale([DAY], DAY, 14)) == ([], [DAY])
    [kept] = kept_aside(tmp_path)
    assert kept.read_bytes() == damaged
    said = capfd.readouterr().err
    assert said.startswith(f"archive: {path} is damaged (")
    assert said.endswith(f"); it is kept as {kept}. The day is asked for again\n")


def test_a_folder_in_the_place_of_a_day_is_kept_aside_too_and_no_two_get_one_name(archive, tmp_path):
    for _ in range(2):
        (tmp_path / "days" / "2025-10-07.json").mkdir(parents=True)
        assert archive.find_stale([DAY], DAY, 14) == [DAY]
    assert len(list((tmp_path / "damaged" / "days").iterdir())) == 2


def test_a_day_of_a_newer_schema_stays_and_the_program_is_to_be_updated(archive, tmp_path):
    path = tmp_path / "days" / "2025-10-07.json"
    archive.days.write(DAY, [], DAY)
    for content in (
        b'{"day":"2025-10-07","schema":2}',
        unseal(path.read_bytes()).replace(b'"schema":1', b'"schema":2'),
    ):
        path.write_bytes(content)
        with pytest.raises(TimeweaveError, match=r"2025-10-07\.json was made by a newer Timeweave .*; update it"):
            archive.find_stale([DAY], DAY, 14)
    assert path.read_bytes() == content


def test_a_day_of_an_earlier_version_has_no_checksum_and_is_read(archive, tmp_path):
    archive.days.write(DAY, [entry(1, "2025-10-07T09:00:00Z")], DAY)
    path = tmp_path / "days" / "2025-10-07.json"
    path.write_bytes(unseal(path.read_bytes()))
    assert (archive.days.read_ids(DAY), archive.days.find_look(DAY)) == ([1], DAY)


def test_a_damaged_index_is_made_anew_and_damaged_names_are_asked_for_again(archive, tmp_path, capfd):
    archive.commit(staged(archive, id_=77))
    for name in ("account.json", "directory.json"):
        (tmp_path / name).write_bytes(b"{")
    found = reopened(archive)
    assert (found.index.highest_id, found.is_new, found.read_names()) == (77, True, None)
    said = capfd.readouterr().err.splitlines()
    assert ["rebuilt from the days" in said[0], "names are asked for again" in said[1]] == [True, True]
    assert len(kept_aside(tmp_path)) == 2


def test_a_damaged_record_of_changes_says_what_is_lost_and_keeps_what_is_there(archive, tmp_path, capfd):
    (tmp_path / "changes.json").write_bytes(b'{"changes": [')
    assert changes.read(archive.files).changes == []
    assert "cannot be asked for again" in capfd.readouterr().err
    assert [path.read_bytes() for path in kept_aside(tmp_path)] == [b'{"changes": [']


def test_a_walk_whose_word_is_damaged_begins_again(archive, tmp_path, capfd):
    walk = staged(archive)
    archive.files.write(f"walks/{walk.folder}/walk.json", b"")
    assert archive.walks == []
    assert "begins again" in capfd.readouterr().err


def test_what_somebody_wrote_meanwhile_is_not_set_aside(archive, tmp_path):
    archive.days.write(DAY, [], DAY)
    set_aside(archive.files, "days/2025-10-07.json", b"what was found damaged", "cut", "")
    assert archive.days.list_days() == [DAY]


def test_each_account_has_a_folder_of_its_own(monkeypatch):
    demo = Account(source="demo", url=None, workspace_id=7)
    others = [
        Account(source="live", url="https://toggl.example", workspace_id=8),
        Account(source="live", url="https://toggl.example:8443", workspace_id=7),
        Account(source="live", url="https://toggl-example", workspace_id=7),
        demo,
    ]
    addresses = {find_files(account).address() for account in (OURS, *others)}
    before = find_files(demo).address()
    monkeypatch.setattr(invented, "find_fingerprint", lambda: "of another sandbox")
    assert len({*addresses, before, find_files(demo).address()}) == 6
    assert all("/toggl/" in address for address in addresses)
