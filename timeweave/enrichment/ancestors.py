"""The items above those that time was logged on, read as items of their own but for their texts."""

from collections import defaultdict

from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader, read_items
from timeweave.enrichment.item_query.parents import follow_parents
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.record_builder import RecordBuilder, build_missing
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.fibery.database import Database
from timeweave.models.enriched import EnrichedEntity, EntityStatus
from timeweave.models.entities import EntityKey

Readings = list[tuple[ItemColumns, ItemReader]]
"""The items of a database that were asked for, and what was asked."""


def read_ancestors(sender: QuerySender, entries: DatabaseEntries, readings: Readings) -> Readings:
    """The parents of the items read, as far as the configuration covers their databases: one query for each of these.

    What is among the items is not asked for again.
    """
    asked = {columns.database.name: set(reader.ids) for columns, reader in readings}
    wanted: dict[Database, set[str]] = defaultdict(set)
    for columns, reader in readings:
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


def build_ancestors(builder: RecordBuilder, readings: Readings) -> list[EnrichedEntity]:
    """Their records by key; one that Fibery failed to give is told, one that the token may not see is left out."""
    records = []
    for columns, reader in readings:
        for public_id in reader.ids:
            space, label = columns.database.space, columns.database.label
            key = EntityKey(space=space, database=label, public_id=public_id)
            if public_id in reader.rows:
                records.append(builder.build(key, columns, reader.rows[public_id]))
            elif public_id in reader.failed:
                records.append(build_missing(key, EntityStatus.FAILED, reader.failed[public_id]))
    return sorted(
        records, key=lambda one: EntityKey(space=one.space, database=one.database, public_id=one.public_id).sort_key
    )
