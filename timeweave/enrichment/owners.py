"""Rows with lists to count: those read anyway, and features that items only lead to, read for their lists."""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from timeweave.enrichment.asking import Asker
from timeweave.enrichment.lineage import chain
from timeweave.enrichment.plan import Plan
from timeweave.enrichment.progress import ItemList, Owners, columns
from timeweave.enrichment.reading import IDENTITY, Reading, read
from timeweave.fibery.query import Column


def read_owners(
    asker: Asker, plans: Mapping[str, Plan], readings: Mapping[str, Reading]
) -> tuple[Owners, list[Reading]]:
    """Every row that has lists, and the readings that this took."""
    known = {(name, public_id): row for name, reading in readings.items() for public_id, row in reading.rows.items()}
    asked: dict[str, dict[str, Column]] = defaultdict(lambda: dict(IDENTITY))
    wanted: dict[str, set[str]] = defaultdict(set)
    for listed, public_id in _leading(plans, readings):
        owner = listed.owner.name
        if listed.alias not in known.get((owner, public_id), {}):
            wanted[owner].add(public_id)
            asked[owner] |= columns([listed], listed.owner)
    further = [Reading(name, asked[name], ids) for name, ids in sorted(wanted.items())]
    read(asker, further)
    more = {(one.database, public_id): row for one in further for public_id, row in one.rows.items()}
    return {key: known.get(key, {}) | more.get(key, {}) for key in known.keys() | more.keys()}, further


def _leading(plans: Mapping[str, Plan], readings: Mapping[str, Reading]) -> Iterator[tuple[ItemList, str]]:
    """Lists of items other than those read, with the items' public ids: of parents, and of what a relation names."""
    for name, reading in readings.items():
        plan = plans[name]
        for row in reading.rows.values():
            for listed in plan.lists:
                if listed.via is not None and row.get(listed.via):
                    yield listed, str(row[listed.via])
            for step in chain(plan.steps, row):
                for listed in step.lists:
                    yield listed, str(row[f"{step.alias}public_id"])
