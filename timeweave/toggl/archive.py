"""The archive of one Toggl account: its days, the names behind its ids, what changed, and the walks under way."""

import hashlib
from collections.abc import Iterable
from datetime import date, timedelta

import msgspec

from timeweave.archive.files import Files, read_document, unseal, write_document
from timeweave.archive.location import find_account
from timeweave.models.directory import Account
from timeweave.runtime import document
from timeweave.runtime.document import Damaged, Record
from timeweave.runtime.period import span
from timeweave.toggl.day_files import DayFiles
from timeweave.toggl.names import KnownNames, ListsUnderWay
from timeweave.toggl.paged_walk import DAYS, StagedWalk, find_walks

INDEX = "account.json"
NAMES, LISTS = "directory.json", "lists.json"
WALKS = "walks"
INDEX_LOST = (
    "It is rebuilt from the days; if `--refresh toggl` or a moved entry had days asked for again, say "
    "`timeweave run --refresh toggl` for them once more"
)
NAMES_LOST = "The names are asked for again"


def find_files(account: Account) -> Files:
    """The folder of an account."""
    return find_account("toggl", account.source, account.workspace_id, account.url)


FORGOTTEN = "forgotten.json"
FORGOTTEN_DAMAGED = (
    "without it people who were forgotten would come back, so nothing is fetched; put a copy of it from a backup in its "
    "place, or move it away and say `timeweave forget E-MAIL` again for each of them before anything else"
)


class Forgotten(Record, frozen=True, kw_only=True):
    """`forgotten.json`: people of whom nothing is kept, whatever Toggl sends."""

    schema: int = 2
    users: tuple[int, ...]
    """By the numbers that Toggl gives them."""
    emails: tuple[str, ...] = ()
    """By a hash of their e-mail, those whose numbers nobody knew; once Toggl sends them, the numbers are noted."""


def read_forgotten(files: Files) -> Forgotten:
    """Those of an account's folder. A damaged list is an error, and stays in its place: nobody comes back unseen."""
    content, place = files.read(FORGOTTEN), files.address(FORGOTTEN)
    try:
        return Forgotten(users=()) if content is None else document.decode(unseal(content), Forgotten, place)
    except Damaged as damage:
        raise Damaged(damage.reason, f"{place} is damaged ({damage.reason}): {FORGOTTEN_DAMAGED}") from None


def write_forgotten(files: Files, users: Iterable[int] = (), emails: Iterable[str] = ()) -> None:
    """Add people to the list; e-mails by their hash."""
    known = read_forgotten(files)
    found = Forgotten(
        users=tuple(sorted({*known.users, *users})),
        emails=tuple(sorted({*known.emails, *map(hash_email, emails)})),
    )
    write_document(files, FORGOTTEN, found)


def hash_email(email: str) -> str:
    """Tells whether an e-mail is a certain one, and not what it is."""
    return hashlib.sha256(f"timeweave forgotten {email.casefold()}".encode()).hexdigest()


class AccountIndex(Record, frozen=True, kw_only=True):
    """`account.json`: whose data this is, and what no single day can tell."""

    schema: int = 1
    account: Account
    highest_id: int = 0
    """The highest entry id of all committed walks: what is new has a higher one, what was moved has not."""
    invalidated: tuple[date, ...] = ()
    """Days that must be asked for again, settled or not; they stay as they are until new ones are committed."""


class Archive:
    """The folder of an account. Every change is atomic; the days of a walk count together, once it adds up."""

    def __init__(self, files: Files, account: Account) -> None:
        self.files, self.account = files, account
        self.days = DayFiles(files.below(DAYS))
        self.walk_files = files.below(WALKS)
        found = read_document(files, INDEX, AccountIndex, INDEX_LOST)
        self.is_new = found is None
        self.index = found or AccountIndex(account=account, highest_id=self._find_highest_id(self.days.list_days()))

    @property
    def walks(self) -> list[StagedWalk]:
        """The walks that are under way."""
        return find_walks(self.walk_files)

    def find_stale(self, days: Iterable[date], as_of: date, settle_days: int) -> list[date]:
        """Those of `days` that are not here, were looked at before they were settled, or were invalidated.

        The invented team can be looked at on any day, so that its days are also asked for again where they were seen
        later than `as_of`: what a real account was like then nobody can tell any more.
        """
        return [
            day
            for day, look in ((day, self.days.find_look(day)) for day in days)
            if day in self.index.invalidated
            or is_stale(day, look, as_of, settle_days)
            or (self.account.source == "demo" and look is not None and look > as_of)
        ]

    def commit(self, walk: StagedWalk) -> None:
        """The walk adds up: its days count from now on. May be begun again after it was cut off."""
        walk.save(verified=True)
        forgotten = read_forgotten(self.files).users
        for day in walk.days.list_days():
            if forgotten:
                # Only now: their time is a part of Toggl's own totals.
                walk.days.drop(day, forgotten)
            self.files.move(f"{WALKS}/{walk.folder}/{DAYS}/{day}.json", f"{DAYS}/{day}.json")
        covered, held = set(span(walk.walk.first, walk.walk.last)), set(self.days.list_days())
        self.write_index(
            highest_id=max(self.index.highest_id, self._find_highest_id(sorted(covered))),
            invalidated=tuple(sorted({*self.index.invalidated} - covered | ({*walk.walk.invalidated} & held))),
        )
        walk.discard()

    def finish_commits(self) -> None:
        """Commit the walks that were verified before a process ended, and clear away what is left of others."""
        walks = self.walks
        for walk in walks:
            if walk.walk.verified:
                self.commit(walk)
        for name in {*self.walk_files.names()} - {walk.folder for walk in walks}:
            self.walk_files.remove(name)

    def invalidate(self, days: Iterable[date]) -> None:
        """Have these days asked for again, as far as they are here."""
        held = set(self.days.list_days())
        self.write_index(invalidated=tuple(sorted({*self.index.invalidated, *(day for day in days if day in held)})))

    def write_index(self, **changes: object) -> None:
        """Change what `account.json` says."""
        self.index = msgspec.structs.replace(self.index, **changes)
        write_document(self.files, INDEX, self.index)

    def read_names(self) -> KnownNames | None:
        """The names behind ids as they were last looked at; None before the first look."""
        return read_document(self.files, NAMES, KnownNames, NAMES_LOST)

    def write_names(self, names: KnownNames) -> KnownNames:
        """Replace the names; as they are kept, without those who are forgotten."""
        self.note_forgotten((one.user_id, one.email) for one in names.lists.people)
        self.note_forgotten((one.user_id, one.email) for one in names.departed)
        kept = names.drop(read_forgotten(self.files).users)
        write_document(self.files, NAMES, kept)
        self.files.remove(LISTS)
        return kept

    def read_lists(self) -> ListsUnderWay | None:
        """The lists of names that were read before an interruption."""
        return read_document(self.files, LISTS, ListsUnderWay, NAMES_LOST)

    def write_lists(self, lists: ListsUnderWay) -> None:
        """Keep those that were read so far."""
        write_document(self.files, LISTS, lists)

    def note_forgotten(self, people: Iterable[tuple[int, str | None]]) -> None:
        """Note by number those of these people who were forgotten by e-mail alone; their days go, if any came before."""
        known = read_forgotten(self.files)
        found = {user for user, email in people if email and known.emails and hash_email(email) in known.emails}
        if new := found.difference(known.users):
            write_forgotten(self.files, new)
            for day in self.days.list_days():
                self.days.drop(day, new)

    def forget_names(self) -> None:
        """Have the names asked for again."""
        self.files.remove(NAMES)

    def _find_highest_id(self, days: Iterable[date]) -> int:
        return max((id_ for day in days for id_ in self.days.read_ids(day)), default=0)


def is_settled(day: date, look: date, settle_days: int) -> bool:
    """Whether a look came late enough for the day not to change any more."""
    return look - day >= timedelta(days=settle_days)


def is_stale(day: date, look: date | None, as_of: date, settle_days: int) -> bool:
    """Whether a day that was last looked at on `look` must be looked at again."""
    return look is None or (look < as_of and not is_settled(day, look, settle_days))
