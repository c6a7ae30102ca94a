"""Days of another account: set aside beside the archive, and taken up again when their account comes back."""

import shutil
from datetime import date
from pathlib import Path

import msgspec

from timeweave.models.directory import Account
from timeweave.runtime import document
from timeweave.runtime.document import Record

LEDGER = "archive.json"


class Ledger(Record, frozen=True, kw_only=True):
    """`archive.json`: whose data this is."""

    schema: int = 1
    account: Account
    highest_id: int = 0
    """The highest entry id of all proven walks: what is new has a higher one, what was moved has not."""
    doubted: list[date] = []
    """Days that must be asked for again, settled or not; they stay as they are until new ones are proven."""


class _Head(msgspec.Struct):
    fetched_as_of: date


def ledger(folder: Path) -> Ledger | None:
    """Whose days a folder holds; None where it says nothing."""
    path = folder / LEDGER
    return document.read(path, Ledger) if path.exists() else None


def seen_as_of(day: Path) -> date | None:
    """When the day of this file was looked at; None where there is no such file."""
    return document.read(day, _Head).fetched_as_of if day.exists() else None


def found(folder: Path, account: Account) -> Path:
    """Where the account's days are, or would be, as things stand."""
    held = ledger(folder)
    return folder if held and held.account == account else place(folder, account)


def change_account(folder: Path, account: Account) -> None:
    """Set the days of another account aside, and take up what was set aside for this one, if anything was."""
    held = ledger(folder)
    if held and held.account != account:
        merge(folder, place(folder, held.account))
    if place(folder, account).exists():
        merge(place(folder, account), folder)


def place(folder: Path, account: Account) -> Path:
    """Where an account's days wait while another account is in use; named by what makes it another."""
    where = "".join(letter if letter.isalnum() else "-" for letter in account.url or "sandbox")
    return folder.with_name(f"{folder.name}-of-{account.source}-{account.workspace_id}-{where}")


def merge(source: Path, target: Path) -> None:
    """Move the days of `source` into `target`, which may hold days of the same account: DVC lays out old ones again.

    Of a day that is in both the one that was looked at later stays. The source's ledger goes last, so that a move
    that is cut off is begun again.
    """
    if not target.exists():
        source.rename(target)
        return
    for day in sorted(source.glob("????-??-??.json")):
        theirs, ours = seen_as_of(target / day.name), seen_as_of(day)
        if theirs is None or (ours is not None and ours > theirs):
            day.replace(target / day.name)
    one, other = ledger(source), ledger(target)
    if one:
        highest = max(one.highest_id, other.highest_id if other else 0)
        doubted = sorted({*one.doubted, *(other.doubted if other else ())})
        document.write(target / LEDGER, msgspec.structs.replace(one, highest_id=highest, doubted=doubted))
    shutil.rmtree(source)
