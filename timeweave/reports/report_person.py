"""People as reports name them: always by something, and apart where two have the same name."""

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from timeweave.models.person_work import PersonStatus, PersonWork
from timeweave.reports.formatting import sanitize

NAME = 80
"""Characters of a person's name that are shown."""


@dataclass(frozen=True)
class ReportPerson:
    """A person as reports name them."""

    key: str
    name: str
    """Never empty; with the e-mail where two people have the same name."""
    email: str | None
    slug: str
    index: int
    """The place in `Analysis.people`."""
    toggl_url: str | None
    """Their entries of the period in Toggl's detailed report."""
    work: PersonWork = field(repr=False, compare=False)

    @property
    def is_listed(self) -> bool:
        """Toggl knows this person, or knew them."""
        return self.work.status is not PersonStatus.NOT_LISTED


def name_people(people: Sequence[PersonWork], toggl_url: str) -> Iterator[ReportPerson]:
    """The people in their order; `toggl_url` leads to everybody's entries."""
    shown = [_choose_name(person) for person in people]
    shared = Counter(name.casefold() for name in shown)
    for index, (person, name) in enumerate(zip(people, shown, strict=True)):
        yield ReportPerson(
            key=person.key,
            name=_tell_apart(person, name) if shared[name.casefold()] > 1 else name,
            email=sanitize.shorten(person.email, NAME) if person.email else None,
            slug=person.slug,
            index=index,
            toggl_url=f"{toggl_url}/users/{person.user_id}" if person.user_id is not None else None,
            work=person,
        )


def _choose_name(person: PersonWork) -> str:
    name = sanitize.shorten(person.name, NAME) or sanitize.shorten(person.email or "", NAME)
    return name or (f"User {person.user_id}" if person.user_id is not None else person.key)


def _tell_apart(person: PersonWork, name: str) -> str:
    other = sanitize.shorten(person.email or "", NAME) or (f"user {person.user_id}" if person.user_id else person.key)
    return name if other == name else f"{name} ({other})"
