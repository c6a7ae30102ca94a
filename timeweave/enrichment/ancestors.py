"""The items above those that time was logged on, read as items of their own but for their texts."""

from collections import defaultdict

from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader, read_items
from timeweave.enrichment.item_query.list_holders import Readings
from timeweave.enrichment.item_query.parents import follow_parents
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.fibery.database import Database
from timeweave.models.entities import EntityKey


def read_ancestors(sender: QuerySender, entries: DatabaseEntries, items: Readings) -> Readings:
    """The parents of the items read, as far as the configuration covers their databases: one query for each of these.

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
