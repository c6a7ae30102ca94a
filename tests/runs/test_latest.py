"""What runs have fetched is there again after DVC has laid out an older archive."""

import hashlib
import json
import shutil
from datetime import date, timedelta

import pytest

from tests.runs import asked
from tests.toggl.rows import entry
from timeweave.models.directory import Directory
from timeweave.runs import latest
from timeweave.runtime import document
from timeweave.toggl.archive import Archive, Walk
from timeweave.toggl.connection import account
from timeweave.toggl.names import kept
from timeweave.toggl.settings import TogglSettings

DEMO = account("demo", TogglSettings())
LIVE = account("live", TogglSettings(workspace_id=7))
DAY = date(2025, 10, 7)
NAMES = {"account": DEMO, "fetched_as_of": "2025-10-14", "workspace": "Heliotrope"}


@pytest.fixture
def home(tmp_path):
    return asked.register(tmp_path).home


def fetched(home, day, as_of, id_, whose=DEMO):
    archive, walk = Archive(home.folder / latest.DAYS, whose), Walk(first=day, last=day, as_of=as_of)
    archive.note(walk)
    archive.keep(day, [entry(id_, f"{day}T09:00:00Z")], as_of)
    archive.prove(walk)
    return archive


def saved(home):
    """Do what DVC does after a stage: files to the cache by their hash, the hashes to dvc.lock."""
    folder = home.folder / latest.DAYS
    listed = [{"md5": cached(home, path.read_bytes()), "relpath": path.name} for path in sorted(folder.iterdir())]
    days = cached(home, json.dumps(listed).encode(), ".dir")
    changes = cached(home, b'{"schema":1,"changes":[]}')
    names = cached(home, document.encode(Directory(**NAMES, people=[], projects=[], clients=[], tags=[], tasks=[])))
    lock = "".join(
        f"    - path: {path}\n      hash: md5\n      md5: {md5}\n"
        for path, md5 in ((latest.CHANGES, changes), (latest.DAYS, days), (latest.NAMES, names))
    )
    (home.folder / "dvc.lock").write_text(f"stages:\n  fetch_time:\n    outs:\n{lock}")


def cached(home, content, suffix=""):
    digest = hashlib.md5(content, usedforsecurity=False).hexdigest() + suffix
    path = home.folder / ".dvc/cache/files/md5" / digest[:2] / digest[2:]
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    return digest


def set_back(home, before):
    shutil.rmtree(home.folder / "data")
    shutil.copytree(before / "data", home.folder / "data")
    shutil.copy(before / "dvc.lock", home.folder / "dvc.lock")


@pytest.fixture
def older(home, tmp_path_factory):
    """A copy of a folder from before a day was looked at again and another one fetched, which is then set back to."""
    fetched(home, DAY, DAY, 1)
    saved(home)
    latest.note(home)
    before = tmp_path_factory.mktemp("before")
    shutil.copytree(home.folder / "data", before / "data")
    shutil.copy(home.folder / "dvc.lock", before)
    fetched(home, DAY, DAY + timedelta(days=20), 2)
    fetched(home, DAY + timedelta(days=1), DAY + timedelta(days=20), 3)
    saved(home)
    latest.note(home)
    set_back(home, before)
    return before


def test_days_that_were_set_back_are_taken_up(home, older):
    latest.take_up(home)
    archive = Archive(home.folder / latest.DAYS, DEMO)
    assert archive.days() == [DAY, DAY + timedelta(days=1)]
    assert [found.id for day in archive.days() for found in archive.entries(day)] == [2, 3]
    assert archive.ledger.highest_id == 3
    assert kept(home.folder / latest.NAMES, DEMO, date(2025, 10, 14))


def test_what_was_looked_at_since_is_not_replaced(home, older):
    fetched(home, DAY, DAY + timedelta(days=30), 4)
    latest.take_up(home)
    assert [found.id for found in Archive(home.folder / latest.DAYS, DEMO).entries(DAY)] == [4]


def test_another_account_takes_up_nothing_of_it_and_leaves_it_where_it_is(home, older):
    Archive(home.folder / latest.DAYS, LIVE)
    fetched(home, DAY, DAY, 9, LIVE)
    latest.take_up(home)
    assert Archive(home.folder / latest.DAYS, LIVE, looking=True).days() == [DAY]
    assert Archive(home.folder / latest.DAYS, DEMO).days() == [DAY, DAY + timedelta(days=1)]


def test_what_the_cache_has_no_more_is_left_alone(home, older):
    shutil.rmtree(home.folder / ".dvc/cache")
    latest.take_up(home)
    assert Archive(home.folder / latest.DAYS, DEMO).days() == [DAY]
