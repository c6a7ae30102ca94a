"""The newest archive of each account that runs left: days that somebody has set back since are taken up from the cache.

`dvc checkout` and `dvc exp apply` lay out the archive of an older commit, and days that were paid for since would be
paid for again.
"""

import json
import re
import shutil
from pathlib import Path

from timeweave.runs.home import Home
from timeweave.runs.past import cache_folder
from timeweave.runtime import document, params
from timeweave.runtime.document import Record
from timeweave.toggl import aside, changes
from timeweave.toggl.connection import account
from timeweave.toggl.names import kept
from timeweave.toggl.settings import TogglSettings

DAYS, CHANGES, NAMES = "data/toggl/days", "data/toggl/changes.json", "data/toggl/directory.json"


class Params(params.Section):
    """Whose archive it is, and how new the names must be."""

    source: str
    as_of: params.Day
    toggl: TogglSettings = TogglSettings()


class Latest(Record, frozen=True, kw_only=True):
    """What dvc.lock named when the last run had ended well."""

    days: str
    changes: str
    names: str


def note(home: Home) -> None:
    """A run has ended well: its archive is the newest one."""
    held = aside.ledger(home.folder / DAYS)
    days, changed, names = (_hash(_lock(home), output) for output in (DAYS, CHANGES, NAMES))
    if held and days:
        path = _path(home, aside.place(home.folder / DAYS, held.account))
        document.write(path, Latest(days=days, changes=changed, names=names))


def take_up(home: Home) -> None:
    """Lay out what the newest archive has and the workspace has not, or has only as it was looked at before."""
    given = params.load(Params, home.params)
    whose = account(given.source, given.toggl)
    folder = home.folder / DAYS
    path = _path(home, aside.place(folder, whose))
    latest = document.read(path, Latest) if path.exists() else None
    if latest is None or latest.days == _hash(_lock(home), DAYS):
        return
    held = aside.found(folder, whose)
    taken = _taken(home, latest, held)
    if taken.exists():
        aside.merge(taken, held)
    known = _cached(home, latest.changes)
    if held == folder and known.exists():
        changes.record(home.folder / CHANGES, changes.read(known).changes)
    named, newest = home.folder / NAMES, _cached(home, latest.names)
    if kept(named, whose, given.as_of) is None and kept(newest, whose, given.as_of):
        document.write_bytes(named, newest.read_bytes())


def _taken(home: Home, latest: Latest, held: Path) -> Path:
    """A folder with what `held` lacks; none where it lacks nothing, or where the cache has it no more."""
    folder = home.own / "taken"
    shutil.rmtree(folder, ignore_errors=True)
    listing = _cached(home, latest.days)
    named = json.loads(listing.read_bytes()) if listing.exists() else []
    found = {Path(one["relpath"]).name: _cached(home, one["md5"]) for one in named}
    ledger = found.pop(aside.LEDGER, listing)
    for name, cached in found.items():
        theirs, ours = aside.seen_as_of(cached), aside.seen_as_of(held / name)
        if theirs and (ours is None or ours < theirs) and ledger.exists():
            document.write_bytes(folder / name, cached.read_bytes())
    if folder.exists():
        document.write_bytes(folder / aside.LEDGER, ledger.read_bytes())
    return folder


def _path(home: Home, place: Path) -> Path:
    return home.own / "archives" / f"{place.name}.json"


def _lock(home: Home) -> str:
    path = home.folder / "dvc.lock"
    return path.read_text(encoding="utf-8") if path.exists() else ""


def _hash(lock: str, output: str) -> str:
    found = re.findall(rf"^ +- path: {re.escape(output)}\n(?: +\w+: .*\n)*? +md5: (\S+)$", lock, re.MULTILINE)
    return str(found[0]) if found else ""


def _cached(home: Home, digest: str) -> Path:
    return cache_folder(home.folder) / "files" / "md5" / digest[:2] / digest[2:]
