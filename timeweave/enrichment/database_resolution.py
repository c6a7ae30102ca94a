"""Which databases a reference can mean, by the schema."""

from dataclasses import dataclass

from timeweave.enrichment.schema_check import DatabaseEntries, measure_words
from timeweave.fibery.database import Database
from timeweave.models.enriched import EntityStatus
from timeweave.models.entities import EntityKey
from timeweave.runtime.name_comparison import fold

_SUGGESTED = 3


@dataclass(frozen=True)
class Resolution:
    """A database, or several that may be meant, or a status with a reason."""

    database: Database | None = None
    candidates: tuple[Database, ...] = ()
    """The item may be in any of these: only a title can tell in which."""
    status: EntityStatus = EntityStatus.UNRESOLVED
    """What became of a reference that means no database."""
    reason: str = ""


class Resolver:
    """Works out references by the schema, once for the same names; what it does not know is never sent."""

    def __init__(self, entries: DatabaseEntries) -> None:
        self._entries, self._workspace = entries, entries.workspace
        self._known: dict[tuple[str | None, str | None], Resolution] = {}

    def resolve(self, reference: EntityKey) -> Resolution:
        """What the space and the database of a reference mean; the public id is not looked at."""
        pair = reference.space, reference.database
        if pair not in self._known:
            self._known[pair] = self._resolve(*pair)
        return self._known[pair]

    def find_database(self, reference: EntityKey) -> Database | None:
        """The database that a reference names beyond doubt, configured or not."""
        if reference.space is None or reference.database is None:
            return None
        return self._workspace.find_in_any_order(reference.space, reference.database)

    def list_configured(self) -> list[Database]:
        """The databases that the configuration names."""
        found = (self._workspace.get_type(name) for name in sorted(self._entries.named))
        return [database for database in found if database]

    def _resolve(self, space: str | None, label: str | None) -> Resolution:
        if space is not None and label is not None:
            found = self._workspace.find_in_any_order(space, label)
            return self._accept(found) if found else self._reject(f"{space}/{label}")
        numbered = [one for one in self._workspace.databases if one.get_field("fibery/public-id")]
        name = space or label
        if name is None:
            return Resolution(candidates=tuple(numbered), reason="The description names neither a space nor a database")
        # A single tag may be either, and a workspace may have both of that name.
        fitting = [one for one in numbered if fold(name) in (fold(one.space), fold(one.label))]
        if not fitting:
            return self._reject(name)
        is_space = space is not None and fold(name) in self._workspace.spaces
        missing = f"the space {name} and no database" if is_space else f"the database {name} and no space"
        return Resolution(candidates=tuple(fitting), reason=f"The description names {missing}")

    def _accept(self, database: Database) -> Resolution:
        if self._entries.find_entry(database.name) is None:
            reason = f"{database.name} is not in the configuration, which has no default either; timeweave check-config shows how"
            return Resolution(status=EntityStatus.UNKNOWN_DATABASE, reason=reason)
        return Resolution(database)

    def _reject(self, name: str) -> Resolution:
        space, _, label = name.rpartition("/")
        here = [one for one in self._workspace.databases if not space or measure_words(space, one.space)]
        measured = [(measure_words(label, one.label), one.name) for one in here]
        near = [found for share, found in measured if share and share == max(measured)[0]]
        # Somewhere else it has at least the very name.
        near = near or [one.name for one in self._workspace.find_by_label(label)]
        hint = f"; did you mean {' or '.join(sorted(near)[:_SUGGESTED])}?" if near else ""
        return Resolution(status=EntityStatus.UNKNOWN_DATABASE, reason=f"Fibery has no database {name}{hint}")
