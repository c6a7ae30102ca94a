"""Brings what is missing into an account's archive, one process at a time; asks for nothing where nothing is missing."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date

import msgspec

from timeweave.archive.location import take_turn
from timeweave.models.directory import Account
from timeweave.runtime.errors import IncompleteData
from timeweave.runtime.progress import Progress
from timeweave.toggl.archive import Archive, find_files, read_forgotten
from timeweave.toggl.connection import TogglSettings, connect
from timeweave.toggl.former_archive import take_over
from timeweave.toggl.missing_days import find_missing
from timeweave.toggl.names import KnownNames, ListsUnderWay, fetch_names, fetch_people, look_up
from timeweave.toggl.workspace_requests import Toggl

ROUNDS = 4
"""How often days are asked for again that entries were moved to meanwhile."""


def read_archive(account: Account, say: Callable[[str], None]) -> Archive:
    """The archive of an account, to look into."""
    take_over(say)
    return Archive(find_files(account), account)


@contextmanager
def open_archive(account: Account, say: Callable[[str], None]) -> Iterator[Archive]:
    """The archive of an account, to add to: nobody else on this machine does meanwhile."""
    take_over(say)
    files = find_files(account)
    with take_turn(files, say):
        # A damaged list shows itself before anything is paid for, too.
        read_forgotten(files)
        archive = Archive(files, account)
        if archive.is_new:
            # A place that cannot be written shows itself before anything is paid for.
            archive.write_index()
        archive.finish_commits()
        yield archive


def find_names(archive: Archive, as_of: date) -> KnownNames | None:
    """The names behind ids, if they are as new as `as_of` asks; the invented team's, if they are of that very day."""
    names = archive.read_names()
    if names is None or (archive.account.source == "demo" and names.fetched_as_of != as_of):
        return None
    return names if names.fetched_as_of >= as_of else None


def fetch_days(
    archive: Archive, settings: TogglSettings, as_of: date, days: list[date], progress: Progress
) -> KnownNames:
    """Have these UTC days in the archive; the names of everyone who has entries on them."""
    missing = find_missing(archive, days, as_of, settings.settle_days)
    fetched = missing.day_count
    names = find_names(archive, as_of)
    if names and not names.has_failed and not missing and not names.find_unknown(archive.days.read_authors(days)):
        progress("every day of the period is in the archive, no request needed")
        progress.count(0, "days", 0)
        return names
    # Imported here, so that a fetch that finds nothing missing is quick.
    from timeweave.toggl.archive_update import Collection

    with connect(archive.account.source, settings, as_of, progress) as toggl:
        client = toggl.client
        names = _read_names(archive, toggl, names, as_of, settings.everyone)
        collection = Collection(archive, settings, as_of, progress)
        collection.reached = lambda done, total: progress.advance(
            done, total, "days", client.requests, client.quota_left
        )
        for _ in range(ROUNDS):
            collection.collect(toggl, missing)
            # An entry that was moved to a day which was there already has that day asked for again.
            missing = find_missing(archive, days, as_of, settings.settle_days)
            if not missing:
                break
        else:
            raise IncompleteData("Toggl's entries were moved from day to day while they were fetched; run again later")
        unknown = names.find_unknown(archive.days.read_authors(days))
        if unknown:
            departed = tuple(sorted([*names.departed, *look_up(toggl, unknown)], key=lambda one: one.user_id))
            names = archive.write_names(msgspec.structs.replace(names, departed=departed))
        left = "" if client.quota_left is None else f", {client.quota_left} left of the quota"
        progress(f"{client.requests} requests{left}")
        progress.count(fetched, "days", client.requests, client.quota_left)
    return names


def _read_names(
    archive: Archive, toggl: Toggl, names: KnownNames | None, as_of: date, everyone: bool
) -> KnownNames:  # fmt: skip
    """Those that are known, or what Toggl's lists say, as far as they were not read before an interruption."""
    if names is None:
        kept = archive.read_lists()
        if kept is None or kept.fetched_as_of != as_of:
            kept = ListsUnderWay(fetched_as_of=as_of)
        return archive.write_names(fetch_names(toggl, archive.account, kept, everyone, archive.write_lists))
    if names.has_failed:
        people, failed = fetch_people(toggl)
        lists = msgspec.structs.replace(names.lists, people=people)
        return archive.write_names(msgspec.structs.replace(names, lists=lists, has_failed=failed))
    return names
