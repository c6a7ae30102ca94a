"""Which item an entry is on: by its reference, by an id and a title that agrees, by a title alone, or not at all."""

from dataclasses import dataclass
from functools import cached_property

from timeweave.models.enriched import Enriched, EnrichedEntity, EntityStatus, Match, MatchedBy
from timeweave.models.entities import EntityKey

Wording = tuple[EntityKey | None, str]
"""The reference as written, None where there is none, and the text around it."""


@dataclass(frozen=True)
class Target:
    """Where the time of one wording goes."""

    key: EntityKey | None
    """The item's; of a reference that led to none, the reference; None without either."""
    entity: EnrichedEntity | None
    matched_by: MatchedBy | None
    """None where it is unresolved or names no item."""


NOWHERE = Target(None, None, None)


class Attribution:
    """Answers from `enriched.json`; two references that Fibery knows as one item lead to one key."""

    def __init__(self, enriched: Enriched) -> None:
        self._entities = {entity.key: entity for entity in enriched.entities}
        self._matches = {(one.key, one.text): one for one in enriched.matches}
        self._known: dict[Wording, Target] = {}

    @cached_property
    def _keys(self) -> dict[str, EntityKey]:
        """The key of each item by Fibery's own id: the most complete of those that people wrote."""
        found: dict[str, EntityKey] = {}
        for key in sorted(self._entities, key=lambda key: (not key.is_complete, key.sort_key)):
            identity = self._entities[key].id
            if identity:
                found.setdefault(identity, key)
        return found

    def find(self, key: EntityKey | None, text: str) -> Target:
        """The item that a reference means under this text; without one, the item that has the text as its title."""
        wording = (key, text)
        if wording not in self._known:
            self._known[wording] = self._find(wording)
        return self._known[wording]

    def find_match(self, key: EntityKey | None, text: str) -> Match | None:
        """What the enrichment says of a text around no complete reference."""
        return self._matches.get((key, text))

    def _find(self, wording: Wording) -> Target:
        key, _ = wording
        match = self._matches.get(wording)
        if match and match.item and match.matched_by:
            return self._resolve(match.item, match.matched_by)
        return NOWHERE if key is None else self._resolve(key, MatchedBy.REFERENCE)

    def _resolve(self, key: EntityKey, matched_by: MatchedBy) -> Target:
        entity = self._entities.get(key) or _describe_unknown(key)
        if entity.status is EntityStatus.UNRESOLVED:
            return Target(key, entity, None)
        canonical = self._keys.get(entity.id or "", key)
        return Target(canonical, self._entities.get(canonical, entity), matched_by)


def _describe_unknown(key: EntityKey) -> EnrichedEntity:
    """A reference that the enrichment was never given: a gap in the documents, shown as such."""
    return EnrichedEntity(
        space=key.space,
        database=key.database,
        public_id=key.public_id,
        status=EntityStatus.UNRESOLVED,
        reason="data/enriched.json does not know it; run the enrichment again",
    )
