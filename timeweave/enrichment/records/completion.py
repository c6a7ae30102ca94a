"""How far features are: the lists of their items are read, also of features that items only lead to, and counted."""

from collections import defaultdict
from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from timeweave.enrichment.activity import SubItem
from timeweave.enrichment.fetching.item_reader import ItemReader, read_items
from timeweave.enrichment.fetching.query_batches import QuerySender
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.parents import follow_parents
from timeweave.enrichment.item_query.sub_item_lists import SubItemList, build_list_columns
from timeweave.fibery.query import IDENTITY, Column, Row, parse_number
from timeweave.models.enriched import Completion

ListHolders = dict[tuple[str, str], Row]
"""Rows of items that have lists, by database and public id."""


def read_list_holders(
    sender: QuerySender, columns: Mapping[str, ItemColumns], readers: Mapping[str, ItemReader]
) -> tuple[ListHolders, list[ItemReader]]:
    """Every row that has lists, those that were read anyway included, and the readers that the others took."""
    known = {(name, public_id): row for name, reader in readers.items() for public_id, row in reader.rows.items()}
    asked: dict[str, dict[str, Column]] = defaultdict(lambda: dict(IDENTITY))
    wanted: dict[str, set[str]] = defaultdict(set)
    for listed, public_id in _find_holders(columns, readers):
        name = listed.holder.name
        if listed.alias not in known.get((name, public_id), {}):
            wanted[name].add(public_id)
            asked[name] |= build_list_columns([listed], listed.holder)
    further = [ItemReader(name, asked[name], ids) for name, ids in sorted(wanted.items())]
    read_items(sender, further)
    more = {(one.database, public_id): row for one in further for public_id, row in one.rows.items()}
    return {key: known.get(key, {}) | more.get(key, {}) for key in known.keys() | more.keys()}, further


def list_sub_items(lists: list[SubItemList], row: Row, holders: ListHolders) -> list[SubItem] | None:
    """What belongs to an item, each once; null where there is no list that could be read."""
    found: dict[tuple[str, Any], SubItem] = {}
    readable = False
    for listed in lists:
        holder = row if listed.via is None else holders.get((listed.holder.name, str(row.get(listed.via))), {})
        readable = readable or listed.alias in holder
        for one in holder.get(listed.alias) or []:
            final, hours = one.get("state_final") is True, _parse_hours(one.get("hours"))
            found[listed.items.name, one.get("id")] = SubItem(listed.items.name, one.get("name"), final, hours)
    return list(found.values()) if readable else None


def count_completion(items: list[SubItem] | None, hours: Any = None) -> Completion | None:
    """The counts; `seconds` by the feature's own hours, else by those of its items, null where neither is kept."""
    if items is None:
        return None
    spent = _parse_hours(hours)
    kept = [Decimal(str(item.hours)) for item in items if item.hours is not None]
    exact = Decimal(str(spent)) if spent is not None else sum(kept, Decimal()) if kept else None
    seconds = None if exact is None else round(exact * 3600)
    return Completion(items=len(items), final=sum(item.final for item in items), seconds=seconds)


def _find_holders(
    columns: Mapping[str, ItemColumns], readers: Mapping[str, ItemReader]
) -> Iterator[tuple[SubItemList, str]]:
    """Lists of items other than those read, with the items' public ids: of parents, and of what a relation names."""
    for name, reader in readers.items():
        for row in reader.rows.values():
            for listed in columns[name].lists:
                if listed.via is not None and row.get(listed.via):
                    yield listed, str(row[listed.via])
            for parent in follow_parents(columns[name].parents, row):
                for listed in parent.lists:
                    yield listed, str(row[f"{parent.alias}public_id"])


def _parse_hours(raw: Any) -> float | None:
    found = parse_number(raw) if isinstance(raw, str) else raw
    return None if isinstance(found, bool) or not isinstance(found, int | float) else float(found)
