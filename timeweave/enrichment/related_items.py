"""Items that are read because of others: those above them, for what they say, and those whose lists are counted, a feature for its tasks."""

from collections import defaultdict
from collections.abc import Iterator

from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader, read_items
from timeweave.enrichment.item_query.parents import follow_parents
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.item_query.sub_item_lists import ListHolders, SubItemList, build_list_columns
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.fibery.database import Database
from timeweave.fibery.query import IDENTITY, Column, Row
from timeweave.models.enriched import Part
from timeweave.models.entities import EntityKey

Readings = list[tuple[ItemColumns, ItemReader]]
"""Items of databases, and what was asked of them."""


def read_ancestors(sender: QuerySender, entries: DatabaseEntries, items: Readings) -> Readings:
    """The parents of the items read but for their texts, as far as the configuration covers their databases: one query for each of these.

    What is among the items is not asked for again.
    """
    asked = {columns.database.name: set(reader.ids) for columns, reader in items}
    wanted: dict[Database, set[str]] = defaultdict(set)
    for columns, reader in items:
        for row in reader.rows.values():
            for parent in follow_parents(columns.parents, row):
                wanted[parent.database].add(str(row[f"{parent.alias}public_id"]))
    found = []
    for database in sorted(wanted, key=lambda one: one.name):
        ids = wanted[database] - asked.get(database.name, set())
        if ids and entries.find_entry(database.name) is not None:
            columns = entries.choose_columns(database, with_texts=False)
            found.append((columns, ItemReader(database.name, columns.by_alias, ids)))
    read_items(sender, [reader for _, reader in found])
    return found


def list_ancestors(ancestors: Readings) -> list[tuple[EntityKey, ItemColumns, ItemReader]]:
    """Those that came and those that Fibery failed to give, by key; one that the token may not see is neither."""
    found = []
    for columns, reader in ancestors:
        space, label = columns.database.space, columns.database.label
        failed = {} if reader.is_closed else reader.failed
        for public_id in reader.rows.keys() | failed.keys():
            found.append((EntityKey(space=space, database=label, public_id=public_id), columns, reader))
    return sorted(found, key=lambda one: one[0].sort_key)


class HolderLists:
    """Every row that has lists, each asked for once, however many lead to it; those that were read anyway included."""

    def __init__(self, sender: QuerySender, readings: Readings) -> None:
        known = {(reader.database, public_id): row for _, reader in readings for public_id, row in reader.rows.items()}
        asked: dict[str, dict[str, Column]] = defaultdict(lambda: dict(IDENTITY))
        wanted: dict[str, set[str]] = defaultdict(set)
        for _, listed, public_id in _find_all(readings):
            name = listed.holder.name
            if listed.alias not in known.get((name, public_id), {}):
                wanted[name].add(public_id)
                asked[name] |= build_list_columns([listed], listed.holder)
        self.readers = [ItemReader(name, asked[name], ids) for name, ids in sorted(wanted.items())]
        """Those that it took besides."""
        read_items(sender, self.readers)
        more = {(one.database, public_id): row for one in self.readers for public_id, row in one.rows.items()}
        self.rows: ListHolders = {key: known.get(key, {}) | more.get(key, {}) for key in known.keys() | more.keys()}
        self._readers: dict[str, list[ItemReader]] = defaultdict(list)
        for reader in (*(reader for _, reader in readings), *self.readers):
            self._readers[reader.database].append(reader)

    def find_lost(self, columns: ItemColumns, row: Row) -> Iterator[tuple[Part, str]]:
        """What of an item's counts did not come because its holders' lists did not, and why."""
        for part, listed, public_id in _find_holders(columns, row):
            is_here = listed.alias in self.rows.get((listed.holder.name, public_id), {})
            for reader in self._readers[listed.holder.name]:
                is_asked = listed.alias in reader.wanted
                failed = None if is_here else reader.failed.get(public_id)
                why = failed or reader.lost.get(public_id, {}).get(listed.alias)
                if why and is_asked:
                    yield part, why


def _find_all(readings: Readings) -> Iterator[tuple[Part, SubItemList, str]]:
    for columns, reader in readings:
        for row in reader.rows.values():
            yield from _find_holders(columns, row)


def _find_holders(columns: ItemColumns, row: Row) -> Iterator[tuple[Part, SubItemList, str]]:
    """Lists of items other than this one, with the items' public ids: of what a relation names, and of parents."""
    for listed in columns.lists:
        if listed.via is not None and row.get(listed.via):
            yield Part.PROGRESS, listed, str(row[listed.via])
    for parent in follow_parents(columns.parents, row):
        for listed in parent.lists:
            yield Part.PARENTS, listed, str(row[f"{parent.alias}public_id"])
