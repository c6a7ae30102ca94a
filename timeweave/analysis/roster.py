"""Everyone who has a row: people with entries, members of Toggl without any, and people whom config/team.yaml alone names."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date

from timeweave.analysis.slugs import assign_slugs, transliterate
from timeweave.analysis.team_file import Person, TeamFile
from timeweave.models import directory
from timeweave.models.aggregated import PersonTime
from timeweave.models.directory import Directory
from timeweave.models.history import PastPerson
from timeweave.models.person_work import PersonStatus
from timeweave.runtime.name_comparison import fold

Present = PersonTime | PastPerson
"""Somebody with time, in the period or in a compared one."""


@dataclass(frozen=True)
class Member:
    """A row: an account of Toggl, or somebody of the file who has none."""

    user_id: int | None
    name: str
    email: str | None
    """As Toggl shows it, else as the file has it."""
    status: PersonStatus
    person: Person | None
    """What the file says of them."""
    is_main: bool = True
    """Whether what is expected of the person is expected in this row: it counts once, however many accounts there are."""
    is_complete: bool = True
    """Whether the time of all accounts of the person is here."""
    main_key: str | None = None
    """Of a further account: the key of the row in which the person's hours are expected."""
    accounts: tuple[int, ...] = ()
    """All accounts of the person that have rows, this one included, ascending: time on any of them meets the expectation."""

    @property
    def key(self) -> str:
        """The user id as text, else the address."""
        return str(self.user_id) if self.user_id is not None else str(self.email)

    @property
    def names(self) -> frozenset[str]:
        """Every address and name that others may know the person by, in the form in which spellings are compared."""
        known = {fold(name) for name in (self.email, self.name) if name}
        return frozenset(known | ({*self.person.names, fold(self.person.name or "")} if self.person else set()) - {""})

    @property
    def expected_as(self) -> Person | None:
        """The person whose hours are expected in this row; None in rows of further accounts, and where one of them was not chosen."""
        return self.person if self.is_main and self.is_complete else None


def list_members(
    file: TeamFile, known: Directory, present: Iterable[Present], first: date, last: date, users: Iterable[str] = ()
) -> list[Member]:
    """The rows of the period from `first` to `last`: accounts by user id, then people without one by address.

    An account has a row if it has time in the period (`present`), or is active and the file does not say that the
    person was not there; whoever the file expects has a row in any case. `users` are addresses to show; none: everyone.
    Of somebody with a further account whose time is not here nothing is expected: it may be there.
    """
    present = list(present)
    with_time = {person.user_id for person in present}
    wanted = {fold(user) for user in users}
    people = {name: person for person in file.people for name in person.names}
    members, listed = [], set()
    incomplete: set[Person] = set()
    for account in _collect_accounts(known, present):
        person = _find_person(account, people)
        listed.add(person)
        is_there = person.is_employed(first, last) if person else account.active
        is_chosen = not wanted or fold(account.email or "") in wanted
        if not is_chosen and person and wanted & {*person.names}:
            is_chosen = account.user_id in with_time
            incomplete |= set() if is_chosen else {person}
        if is_chosen and (account.user_id in with_time or is_there):
            status = PersonStatus.MEMBER if account.active else PersonStatus.LEFT
            email = account.email or (person.email if person else None)
            members.append(Member(account.user_id, account.name, email, status, person))
    members = [replace(one, is_complete=one.person not in incomplete) for one in members]
    return _join_accounts(members) + [
        Member(None, person.name or person.email, person.email, PersonStatus.NOT_LISTED, person)
        for person in sorted(file.people, key=lambda person: fold(person.email))
        if person not in listed and person.is_employed(first, last) and (not wanted or wanted & {*person.names})
    ]


def find_differences(file: TeamFile, known: Directory, day: date) -> tuple[list[directory.Person], list[Person]]:
    """Active members whom the file does not name, by id, and people of the file on a day whom Toggl does not list, by address."""
    people = {name: person for person in file.people for name in person.names}
    named = {account.user_id: _find_person(account, people) for account in known.people}
    unnamed = [account for account in known.people if account.active and named[account.user_id] is None]
    unlisted = [one for one in file.people if one.is_employed(day, day) and one not in named.values()]
    return unnamed, sorted(unlisted, key=lambda person: fold(person.email))


def name_files(file: TeamFile, known: Directory, present: Iterable[Present]) -> dict[str, str]:
    """A file name by key for everyone who has a row in any period, so that it is the same in every period.

    Members come first, then people whom Toggl does not list; of those who left Toggl only names some, by the period.
    """
    accounts = _collect_accounts(known, present)
    people = {name: person for person in file.people for name in person.names}
    listed = {_find_person(account, people) for account in accounts}
    members = [(str(one.user_id), one.email, one.name, str(one.user_id), not one.active) for one in accounts]
    others = [
        (one.email, one.email, one.name or one.email, transliterate(one.email.partition("@")[2]), False)
        for one in sorted(file.people, key=lambda person: fold(person.email))
        if one not in listed
    ]
    ordered = sorted([*members, *others], key=lambda one: one[-1])
    return assign_slugs(one[:4] for one in ordered)


def _find_person(account: directory.Person, people: Mapping[str, Person]) -> Person | None:
    """Whom the file means by the address, or by the name of somebody whose address Toggl does not show."""
    return people.get(fold(account.email or account.name))


def _collect_accounts(known: Directory, present: Iterable[Present]) -> list[directory.Person]:
    """Members and former members by user id, and people whom only entries name."""
    found = {
        person.user_id: directory.Person(user_id=person.user_id, name=person.name, email=person.email, active=False)
        for person in present
    }
    return [one for _, one in sorted((found | {person.user_id: person for person in known.people}).items())]


def _join_accounts(members: list[Member]) -> list[Member]:
    """The rows with the accounts of each person; the main one is active before left, then has the file's own address."""
    groups: dict[str, list[Member]] = defaultdict(list)
    for member in members:
        groups[fold(member.person.email) if member.person else member.key].append(member)
    found = {}
    for group in groups.values():
        main = min(group, key=_rank)
        accounts = tuple(sorted(one.user_id for one in group if one.user_id is not None))
        for one in group:
            is_main = one is main
            found[one.key] = replace(one, is_main=is_main, main_key=None if is_main else main.key, accounts=accounts)
    return [found[member.key] for member in members]


def _rank(member: Member) -> tuple[bool, bool, int]:
    is_own = member.person is not None and fold(member.email or "") == fold(member.person.email)
    return member.status is not PersonStatus.MEMBER, not is_own, member.user_id or 0
