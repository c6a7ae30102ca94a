"""The names behind ids as the archive keeps them, and the directory of the people of some days made of them."""

from collections.abc import Iterable, Mapping
from datetime import date

import msgspec

from timeweave.models.directory import Directory, Person
from timeweave.runtime.document import Record
from timeweave.toggl.day_files import Author


class Departed(Record, frozen=True, kw_only=True):
    """Somebody whom no list of members holds any more, in Toggl's words; null where it knows them no more either."""

    user_id: int
    name: str | None
    email: str | None


class KnownNames(Record, frozen=True, kw_only=True):
    """`directory.json` of the archive. The day of the look and the departed of all days stay there."""

    schema: int = 1
    fetched_as_of: date
    lists: Directory
    """As Toggl's lists are."""
    departed: tuple[Departed, ...] = ()

    def find_unknown(self, ids: Iterable[int]) -> list[int]:
        """The user ids that there is no name for."""
        known = {person.user_id for person in self.lists.people} | {one.user_id for one in self.departed}
        return sorted(set(ids) - known)

    def describe(self, authors: Mapping[int, Author]) -> Directory:
        """The directory for those who have entries: the lists, and of the departed only them.

        Whom Toggl knows no more keeps the name that their last row carries.
        """
        listed = {person.user_id for person in self.lists.people}
        told = {one.user_id: one for one in self.departed}
        departed = [
            _describe(author, told.get(user_id)) for user_id, author in authors.items() if user_id not in listed
        ]
        people = sorted([*self.lists.people, *departed], key=lambda person: person.user_id)
        return msgspec.structs.replace(self.lists, people=people)


def _describe(author: Author, told: Departed | None) -> Person:
    name, email = (told.name, told.email) if told else (None, None)
    return Person(
        user_id=author.user_id,
        name=name or author.username or f"User {author.user_id}",
        email=email or author.email or None,
        active=False,
    )
