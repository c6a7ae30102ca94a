"""What a description refers to: one work item, as far as it is named."""

import re
from collections.abc import Sequence

import msgspec

_COMBINED = re.compile(r"([^/]*[^/ ]) ?/ ?([^/ ][^/]*)")


class Reference(msgspec.Struct, frozen=True):
    """A work item as it is named, in the writer's own spelling; only the schema knows whether it exists.

    `public_id` is 1 to 12 ASCII digits without leading zeros. Fibery numbers each database separately: the
    item is told apart by space, database and public id together. `extra` holds tags beyond the project.
    """

    public_id: str
    space: str | None
    database: str | None
    project: str | None
    extra: tuple[str, ...]

    @property
    def is_complete(self) -> bool:
        """Space and database are both named, so the item can be looked up."""
        return self.space is not None and self.database is not None

    def adds_to(self, other: "Reference") -> bool:
        """Whether this says anything that the other does not; case makes no difference."""
        names = zip(self._fold_names(), other._fold_names(), strict=True)
        return any(name and name != known for name, known in names) or not set(self.extra) <= set(other.extra)

    def _fold_names(self) -> list[str]:
        names = (self.public_id, self.space, self.database, self.project)
        return [name.casefold() if name else "" for name in names]


def refer_by_tags(public_id: str, tags: Sequence[str]) -> Reference:
    """The reference that an id and the tags after it make: space, database, project, then extras.

    An empty tag keeps its place. `[Scrum/Task]` as first tag names space and database at once, but only
    where that fills a gap: with a database and a project after it every place is taken, as in the form
    that Fibery itself writes, so there the slash belongs to the name of the space.
    """
    names = list(tags)
    while names and not names[-1]:
        names.pop()
    halves = split_combined_tag(names)
    if halves and len(names) < 3:
        names[:1] = halves
    elif halves and not names[1]:
        names[:2] = halves
    space, database, project = (name or None for name in [*names[:3], "", "", ""][:3])
    return Reference(public_id, space, database, project, tuple(filter(None, names[3:])))


def split_combined_tag(tags: Sequence[str]) -> tuple[str, str] | None:
    """The two halves of a first tag of the form `space/database`."""
    halves = _COMBINED.fullmatch(tags[0]) if tags else None
    return (halves[1], halves[2]) if halves else None
