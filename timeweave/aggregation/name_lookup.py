"""What people, projects, clients and tags are called: the directory's word first, then that of the rows; and one spelling for what people write in different case."""

from collections.abc import Iterable
from typing import Generic, TypeVar

from timeweave.aggregation.entry_groups import EntryGroup
from timeweave.matching.reference import Reference
from timeweave.models.directory import Directory
from timeweave.models.entities import EntityKey, ItemRecord
from timeweave.models.time_entry_days import Row
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.name_comparison import suggest


class NameLookup:
    """Names by id. What the directory names in full, rows add nothing to."""

    def __init__(self, directory: Directory) -> None:
        self._members = {person.user_id: person for person in directory.people}
        self._directory_projects = {project.id: project.name for project in directory.projects if project.name}
        clients = {client.id: client.name for client in directory.clients}
        self._directory_clients = {one.id: clients.get(one.client_id) for one in directory.projects if one.client_id}
        self._tags = {tag.id: tag.name for tag in directory.tags}
        self._complete_people = {person.user_id for person in directory.people if person.name and person.email}
        self._usernames: dict[int, str] = {}
        self._emails: dict[int, str] = {}
        self._row_projects: dict[int, str] = {}
        self._row_clients: dict[int, str] = {}

    def learn(self, row: Row) -> None:
        """Take what a row calls its ids; where rows differ, the last one counts."""
        if row.user_id not in self._complete_people:
            if row.username:
                self._usernames[row.user_id] = row.username
            if row.email:
                self._emails[row.user_id] = row.email
        if row.project_id is not None and row.project_id not in self._directory_projects and row.project_name:
            self._row_projects[row.project_id] = row.project_name
        if row.client_name and row.project_id is not None and row.project_id not in self._directory_clients:
            self._row_clients[row.project_id] = row.client_name
        # Which name is which tag's is certain only where there is one.
        if row.tag_ids and row.tag_names and len(row.tag_ids) == len(row.tag_names) == 1:
            self._tags.setdefault(row.tag_ids[0], row.tag_names[0])

    def find_person(self, user_id: int) -> str:
        """A name for everyone: someone who is nowhere named is `User` and their id."""
        member = self._members.get(user_id)
        return (member.name if member else "") or self._usernames.get(user_id) or f"User {user_id}"

    def find_email(self, user_id: int) -> str | None:
        """The address, in the case it came in, or None."""
        member = self._members.get(user_id)
        return (member.email if member else None) or self._emails.get(user_id)

    def find_project(self, project_id: int | None) -> str | None:
        """The name of a Toggl project, or None where nobody names it."""
        if project_id is None:
            return None
        return self._directory_projects.get(project_id) or self._row_projects.get(project_id)

    def find_client(self, project_id: int | None) -> str | None:
        """The client of a Toggl project, or None where it has none or nobody names it."""
        if project_id is None:
            return None
        return self._directory_clients.get(project_id) or self._row_clients.get(project_id)

    def find_tags(self, tag_ids: Iterable[int]) -> list[str]:
        """The names of tags, sorted; one that nobody names is `Tag` and its id."""
        return sorted({self._tags.get(tag_id) or f"Tag {tag_id}" for tag_id in tag_ids})

    def choose(self, users: Iterable[str], user_ids: Iterable[int]) -> set[int]:
        """Those of `user_ids` whose e-mail is among `users`, in any case; all of them where `users` is empty.

        An address that neither the directory nor a row of the period has is a ConfigurationError.
        """
        present = set(user_ids)
        wanted = {user.strip().casefold(): user for user in users}
        if not wanted:
            return present
        found = (self.find_email(user_id) for user_id in {*self._members, *present})
        known = {email.casefold(): email for email in found if email}
        for address, written in wanted.items():
            if address not in known:
                hint = suggest(address, known.values(), most=1) if known else "nobody here has an e-mail"
                raise ConfigurationError(
                    f"params.yaml: users: {written!r} is the e-mail of nobody in this workspace; {hint}"
                )
        return {user_id for user_id in present if (self.find_email(user_id) or "").casefold() in wanted}


Key = TypeVar("Key")


class _SpellingCounts(Generic[Key]):
    """How many entries write each thing in each way; a spelling is one string for each part of a name."""

    def __init__(self) -> None:
        self._counts: dict[Key, dict[tuple[str, ...], int]] = {}

    def add(self, key: Key, spelling: tuple[str, ...], entries: int) -> None:
        """Note that `entries` more entries spell `key` like this."""
        counts = self._counts.setdefault(key, {})
        counts[spelling] = counts.get(spelling, 0) + entries

    def find_common(self, key: Key) -> tuple[str, ...]:
        """The spelling of most entries; of equals, the smallest."""
        counts = self._counts[key]
        return min(counts, key=lambda spelling: (-counts[spelling], spelling))


class CommonSpelling:
    """The names of items and projects as most of all entries spell them, whoever's time is shown, and of which period.

    `further` is how many more entries name an item, each as they write it.
    """

    def __init__(
        self, groups: Iterable[EntryGroup], names: NameLookup, further: Iterable[tuple[Reference, int]] = ()
    ) -> None:
        self._names = names
        self._items: _SpellingCounts[tuple[str, str, str]] = _SpellingCounts()
        self._projects: _SpellingCounts[str] = _SpellingCounts()
        for group in groups:
            if group.match.reference is not None:
                self._add_item(group.match.reference, group.entries)
            if (project := self._read_project(group)) is not None:
                self._projects.add(project.casefold(), (project,), group.entries)
        for reference, entries in further:
            self._add_item(reference, entries)

    def find_item(self, reference: Reference) -> EntityKey:
        """The work item that a reference means, under its one spelling."""
        space, database = self._items.find_common(fold(reference))
        return EntityKey(space=space or None, database=database or None, public_id=reference.public_id)

    def find_project(self, group: EntryGroup) -> str | None:
        """Toggl's project of the entries, else the project that their description names, else None."""
        project = self._read_project(group)
        return None if project is None else self._projects.find_common(project.casefold())[0]

    def _add_item(self, reference: Reference, entries: int) -> None:
        self._items.add(fold(reference), _list_names(reference), entries)

    def _read_project(self, group: EntryGroup) -> str | None:
        reference = group.match.reference
        return self._names.find_project(group.project_id) or (reference.project if reference else None)


def _list_names(reference: Reference | ItemRecord) -> tuple[str, str]:
    return reference.space or "", reference.database or ""


def fold(reference: Reference | ItemRecord) -> tuple[str, str, str]:
    """Equal for all spellings of one item."""
    space, database = _list_names(reference)
    return space.casefold(), database.casefold(), reference.public_id
