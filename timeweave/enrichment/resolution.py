"""Which item a reference means: by the schema, and of several databases that it may be in, the one that has it."""

from collections import defaultdict
from dataclasses import dataclass, field

from timeweave.enrichment.item_query.item_reader import ItemReader, read_items
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.fibery.database import Database
from timeweave.fibery.query import IDENTITY
from timeweave.models.enriched import EntityStatus
from timeweave.models.entities import EntityKey
from timeweave.runtime.spelling import fold, suggest

_NAMED = 2


@dataclass(frozen=True)
class Resolution:
    """A database, or several that may be meant, or a status with a reason."""

    database: Database | None = None
    candidates: tuple[Database, ...] = field(default=())
    """The item is in one of these, if it is in exactly one."""
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
        return self._find(reference.space, reference.database)

    def _find(self, space: str, label: str) -> Database | None:
        # Tags are written in the wrong order often enough, and the schema can tell.
        return self._workspace.find_database(space, label) or self._workspace.find_database(label, space)

    def _resolve(self, space: str | None, label: str | None) -> Resolution:
        if space is None and label is None:
            return _offer(self._list_configured(), "The description names neither a space nor a database")
        if space is not None and label is not None:
            found = self._find(space, label)
            return self._accept(found) if found else self._reject(f"{space}/{label}")
        name = str(space or label)
        if space is not None and fold(name) in self._workspace.spaces:
            inside = [one for one in self._list_configured() if fold(one.space) == fold(name)]
            return _offer(inside, f"The description names the space {name} and no database")
        meant = self._workspace.find_by_label(name)
        return self._accept(meant[0]) if len(meant) == 1 else self._choose_among(name, meant)

    def _choose_among(self, name: str, meant: list[Database]) -> Resolution:
        if not meant:
            return self._reject(name)
        configured = [one for one in meant if one.name in self._entries.named]
        return _offer(configured, f"The description names {name}, which is a database of several spaces")

    def _list_configured(self) -> list[Database]:
        found = (self._workspace.get_type(name) for name in sorted(self._entries.named))
        return [database for database in found if database]

    def _accept(self, database: Database) -> Resolution:
        if self._entries.find_entry(database.name) is None:
            reason = f"{database.name} is not in the configuration, which has no default either; timeweave check-config shows how"
            return Resolution(status=EntityStatus.UNKNOWN_DATABASE, reason=reason)
        return Resolution(database)

    def _reject(self, name: str) -> Resolution:
        reason = f"Fibery has no database {name}; {suggest(name, [one.name for one in self._workspace.databases])}"
        return Resolution(status=EntityStatus.UNKNOWN_DATABASE, reason=reason)


def _offer(candidates: list[Database], why: str) -> Resolution:
    if candidates:
        return Resolution(candidates=tuple(candidates), reason=why)
    reason = f"{why}, and the configuration names none where it could be"
    return Resolution(status=EntityStatus.UNRESOLVED, reason=reason)


def choose_candidates(sender: QuerySender, meant: dict[EntityKey, Resolution]) -> dict[EntityKey, Resolution]:
    """The same references, each with one database or a status; all databases are asked in one go."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for reference, resolution in meant.items():
        for database in resolution.candidates:
            wanted[database.name].add(reference.public_id)
    readers = {name: ItemReader(name, IDENTITY, ids, light=True) for name, ids in sorted(wanted.items())}
    read_items(sender, list(readers.values()))
    return {
        reference: _choose(reference.public_id, resolution, readers) if resolution.candidates else resolution
        for reference, resolution in meant.items()
    }


def _choose(public_id: str, meant: Resolution, readers: dict[str, ItemReader]) -> Resolution:
    silent = [one.name for one in meant.candidates if public_id in readers[one.name].failed]
    if silent:
        reason = f"{meant.reason}, and {silent[0]} could not be asked: {readers[silent[0]].failed[public_id]}"
        return Resolution(status=EntityStatus.FAILED, reason=reason)
    having = [one for one in meant.candidates if public_id in readers[one.name].rows]
    if len(having) == 1:
        return Resolution(having[0])
    if len(having) > _NAMED:
        where = f"{len(having)} of the configured databases have"
    elif having:
        where = f"{' and '.join(one.name for one in having)} both have"
    else:
        where = "none of the configured databases that it could be in has"
    return Resolution(status=EntityStatus.UNRESOLVED, reason=f"{meant.reason}, and {where} #{public_id}")
