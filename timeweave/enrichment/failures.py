"""References without an item: findings for the reports, or failures that stop the run."""

from timeweave.models.enriched import Enriched, EnrichedEntity
from timeweave.models.entities import EntityKey
from timeweave.runtime.errors import IncompleteData

_SHOWN = 20


def missing(reference: EntityKey, status: str, reason: str) -> EnrichedEntity:
    """The row of a reference that was not found."""
    return EnrichedEntity(
        space=reference.space,
        database=reference.database,
        public_id=reference.public_id,
        status=status,
        reason=reason,
    )


def stop_on_failures(document: Enriched) -> None:
    """Raise one error that names what Fibery failed to give (`failed`); the other statuses are findings, not failures."""
    failed = [entity for entity in document.entities if entity.status == "failed"]
    if failed:
        shown = "; ".join(f"{_name(entity)} ({entity.reason})" for entity in failed[:_SHOWN])
        more = f"; and {len(failed) - _SHOWN} more" if len(failed) > _SHOWN else ""
        raise IncompleteData(
            f"{len(failed)} of {len(document.entities)} references could not be read: {shown}{more}; "
            "run again, or set enrichment.on_error to skip and see them in the reports"
        )


def _name(entity: EnrichedEntity) -> str:
    place = "/".join(part for part in (entity.space, entity.database) if part)
    return f"{place} #{entity.public_id}".strip()
