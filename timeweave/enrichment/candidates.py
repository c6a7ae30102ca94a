"""References that may mean several databases: the one that has the item, if it is only one."""

from collections import defaultdict

from timeweave.enrichment.asking import Asker
from timeweave.enrichment.reading import IDENTITY, Reading, read
from timeweave.enrichment.resolution import Resolution
from timeweave.models.entities import EntityKey

_NAMED = 2


def narrowed(asker: Asker, meant: dict[EntityKey, Resolution]) -> dict[EntityKey, Resolution]:
    """The same references, each with one database or a status; all databases are asked in one go."""
    wanted: dict[str, set[str]] = defaultdict(set)
    for reference, resolution in meant.items():
        for database in resolution.candidates:
            wanted[database.name].add(reference.public_id)
    readings = {name: Reading(name, IDENTITY, ids, light=True) for name, ids in sorted(wanted.items())}
    read(asker, list(readings.values()))
    return {
        reference: _choice(reference.public_id, resolution, readings) if resolution.candidates else resolution
        for reference, resolution in meant.items()
    }


def _choice(public_id: str, meant: Resolution, readings: dict[str, Reading]) -> Resolution:
    silent = [one.name for one in meant.candidates if public_id in readings[one.name].failed]
    if silent:
        reason = f"{meant.reason}, and {silent[0]} could not be asked: {readings[silent[0]].failed[public_id]}"
        return Resolution(status="failed", reason=reason)
    having = [one for one in meant.candidates if public_id in readings[one.name].rows]
    if len(having) == 1:
        return Resolution(having[0])
    if len(having) > _NAMED:
        where = f"{len(having)} of the configured databases have"
    elif having:
        where = f"{' and '.join(one.name for one in having)} both have"
    else:
        where = "none of the configured databases that it could be in has"
    return Resolution(status="unresolved", reason=f"{meant.reason}, and {where} #{public_id}")
