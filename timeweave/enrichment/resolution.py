"""Which item a reference means, as far as the schema can tell; what it does not know is never sent."""

from dataclasses import dataclass, field

from timeweave.enrichment.validation import Assignments
from timeweave.fibery import names
from timeweave.fibery.database import Database
from timeweave.models.entities import EntityKey


@dataclass(frozen=True)
class Resolution:
    """A database, or several that may be meant, or a status with a reason."""

    database: Database | None = None
    candidates: tuple[Database, ...] = field(default=())
    """The item is in one of these, if it is in exactly one."""
    status: str = ""
    reason: str = ""


class Resolver:
    """Works out references; the same names give the same answer, once."""

    def __init__(self, assignments: Assignments) -> None:
        self._assignments, self._workspace = assignments, assignments.workspace
        self._known: dict[tuple[str | None, str | None], Resolution] = {}

    def resolve(self, reference: EntityKey) -> Resolution:
        """What the space and the database of a reference mean; the public id is not looked at."""
        pair = reference.space, reference.database
        if pair not in self._known:
            self._known[pair] = self._resolve(*pair)
        return self._known[pair]

    def database(self, reference: EntityKey) -> Database | None:
        """The database that a reference names beyond doubt, configured or not."""
        if reference.space is None or reference.database is None:
            return None
        return self._find(reference.space, reference.database)

    def _find(self, space: str, label: str) -> Database | None:
        # Tags are written in the wrong order often enough, and the schema can tell.
        return self._workspace.find(space, label) or self._workspace.find(label, space)

    def _resolve(self, space: str | None, label: str | None) -> Resolution:
        if space is None and label is None:
            return _choice(self._configured(), "The description names neither a space nor a database")
        if space is not None and label is not None:
            found = self._find(space, label)
            return self._target(found) if found else self._unknown(f"{space}/{label}")
        name = str(space or label)
        if space is not None and names.key(name) in self._workspace.spaces:
            inside = [one for one in self._configured() if names.key(one.space) == names.key(name)]
            return _choice(inside, f"The description names the space {name} and no database")
        meant = self._workspace.labelled(name)
        return self._target(meant[0]) if len(meant) == 1 else self._among(name, meant)

    def _among(self, name: str, meant: list[Database]) -> Resolution:
        if not meant:
            return self._unknown(name)
        configured = [one for one in meant if one.name in self._assignments.named]
        return _choice(configured, f"The description names {name}, which is a database of several spaces")

    def _configured(self) -> list[Database]:
        found = (self._workspace.type(name) for name in sorted(self._assignments.named))
        return [database for database in found if database]

    def _target(self, database: Database) -> Resolution:
        if self._assignments.entry(database.name) is None:
            reason = f"{database.name} is not in the configuration, which has no default either; timeweave check-config shows how"
            return Resolution(status="unknown_database", reason=reason)
        return Resolution(database)

    def _unknown(self, name: str) -> Resolution:
        known = [one.name for one in self._workspace.databases]
        reason = f"Fibery has no database {name}; {names.hint(name, known)}"
        return Resolution(status="unknown_database", reason=reason)


def _choice(candidates: list[Database], why: str) -> Resolution:
    if candidates:
        return Resolution(candidates=tuple(candidates), reason=why)
    return Resolution(status="unresolved", reason=f"{why}, and the configuration names none where it could be")
