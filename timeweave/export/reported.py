"""What the last run made of the entries: one spelling for each project, the work items, and the sums."""

from timeweave.matching.reference import Reference
from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched, EnrichedEntity


class Reported:
    """The documents of the last run, by what an entry names. `totals` are their sums."""

    def __init__(self, aggregated: Aggregated, enriched: Enriched) -> None:
        self.totals = aggregated.totals
        names = (project.name for person in aggregated.people for project in person.projects)
        self._projects = {name.casefold(): name for name in names if name}
        self._items = {_folded(entity): entity for entity in enriched.entities}

    def project(self, name: str | None) -> str:
        """The project as the reports spell it; empty for none."""
        return self._projects.get(name.casefold(), name) if name else ""

    def item(self, reference: Reference | None) -> EnrichedEntity | None:
        """What Fibery said of the item that a description names; None where it names none."""
        return None if reference is None else self._items.get(_folded(reference))


def _folded(named: Reference | EnrichedEntity) -> tuple[str, str, str]:
    return (named.space or "").casefold(), (named.database or "").casefold(), named.public_id
