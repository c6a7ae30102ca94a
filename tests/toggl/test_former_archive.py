"""What an earlier version remembered is taken over once, whatever account it is of."""

from datetime import date, timedelta

import pytest

from tests.toggl import former
from tests.toggl.former import LIVE
from tests.toggl.rows import entry
from timeweave.archive.files import LocalFiles
from timeweave.models.directory import Account
from timeweave.toggl import changes
from timeweave.toggl.archive import Archive, find_files
from timeweave.toggl.fetch import read_archive
from timeweave.toggl.former_archive import take_over

OTHER = Account(source="live", url="https://toggl.example", workspace_id=8)
DEMO = Account(source="demo", url=None, workspace_id=7)
DAY = date(2025, 10, 7)
NEXT = DAY + timedelta(days=1)
LOOK = DAY + timedelta(days=30)


def logged(id_, day=DAY):
    return [entry(id_, f"{day}T09:00:00Z")]


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The working folder is a project in which an earlier version has worked."""
    (tmp_path / "stages").mkdir()
    (tmp_path / "stages" / "fetch_time.py").touch()
    (tmp_path / "dvc.yaml").touch()
    monkeypatch.chdir(tmp_path)
    files = LocalFiles(tmp_path / "data")
    former.lay_out_days(
        files.below("toggl/days"), {DAY: logged(1), NEXT: logged(2, NEXT)}, LOOK, highest_id=9, doubted=[NEXT]
    )
    former.lay_out_days(files.below("toggl/days-of-live-8-https---toggl-example"), {DAY: logged(3)}, LOOK, OTHER)
    former.lay_out_days(files.below("toggl/days-of-demo-7-sandbox"), {DAY: logged(4)}, LOOK, DEMO)
    files.write("toggl/directory.json", former.directory(LOOK))
    files.write("toggl/changes.json", former.changes())
    files.write("llm/0123.json", b'{"text": "paid for"}')
    return files


def archive(account=LIVE):
    return Archive(find_files(account), account)


def silent(_):
    pass


def test_days_of_every_account_come_to_their_own_folders(project):
    said = []
    take_over(said.append)
    ours, other = archive(), archive(OTHER)
    assert [ours.days.read_ids(day) for day in (DAY, NEXT)] == [[1], [2]]
    assert (ours.days.find_look(DAY), ours.index.highest_id, ours.index.invalidated) == (LOOK, 9, (NEXT,))
    assert (other.days.list_days(), other.days.read_ids(DAY)) == ([DAY], [3])
    assert said[0] == "2 days that an earlier version had fetched were taken over into the archive"


def test_days_of_the_demo_stay_for_its_sandbox_has_changed(project):
    take_over(silent)
    assert archive(DEMO).days.list_days() == []


def test_names_changes_and_answers_come_along(project):
    take_over(silent)
    names = archive().read_names()
    assert (names.fetched_as_of, [one.user_id for one in names.lists.people]) == (LOOK, [1, 2])
    assert [(one.user_id, one.name, one.email) for one in names.departed] == [
        (11, "Ruben Askeland", "ruben@team.example")
    ]
    assert [change.entry_id for change in changes.read(archive().files).changes] == [5]
    assert changes.read(archive(OTHER).files).changes == []
    assert find_files(LIVE).below("../../llm").read("0123.json") == b'{"text": "paid for"}'


def test_a_later_look_stays_and_an_earlier_one_is_replaced(project):
    archive().days.write(DAY, logged(5), LOOK + timedelta(days=1))
    archive().days.write(NEXT, logged(6, NEXT), LOOK - timedelta(days=1))
    take_over(silent)
    assert [archive().days.read_ids(day) for day in (DAY, NEXT)] == [[5], [2]]


@pytest.mark.parametrize("proven", [True, False])
def test_of_interrupted_walks_one_that_added_up_is_taken_over(project, proven):
    walk = project.below("toggl/days-in-flight")
    former.lay_out_days(walk, {DAY: logged(7)}, LOOK)
    walk.write("walk.json", former.walk(DAY, NEXT, LOOK, proven=proven))
    take_over(silent)
    found = archive().walks
    assert [(one.walk.first, one.walk.last, one.walk.verified) for one in found] == [(DAY, NEXT, True)] * proven
    assert [(one.days.list_days(), one.days.read_ids(DAY)) for one in found] == [([DAY], [7])] * proven


def test_it_happens_once(project):
    take_over(silent)
    archive().days.write(DAY, logged(8), LOOK - timedelta(days=5))
    take_over(pytest.fail)
    assert archive().days.read_ids(DAY) == [8]


def test_it_happens_before_anybody_decides_what_is_missing(project):
    assert read_archive(LIVE, silent).find_stale([DAY], LOOK, 14) == []


def test_a_project_that_has_nothing_of_it_gets_nothing(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    take_over(pytest.fail)
    assert archive().days.list_days() == []
