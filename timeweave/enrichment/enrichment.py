"""Every reference with what became of it: resolved, read in batches, turned into records."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from timeweave.enrichment.asking import Asker
from timeweave.enrichment.candidates import narrowed
from timeweave.enrichment.documents import Texts, fetch
from timeweave.enrichment.failures import missing
from timeweave.enrichment.gate import Gate
from timeweave.enrichment.owners import read_owners
from timeweave.enrichment.plan import Plan
from timeweave.enrichment.reading import Reading, read, remarks
from timeweave.enrichment.record import Records
from timeweave.enrichment.resolution import Resolution, Resolver
from timeweave.enrichment.validation import Assignments
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.query import Row
from timeweave.fibery.site import Site
from timeweave.models.enriched import Enriched, EnrichedEntity
from timeweave.models.entities import Entities, EntityKey


@dataclass
class Outcome:
    """The document, and what a person should hear besides."""

    document: Enriched
    remarks: list[str] = field(default_factory=list)


class Enrichment:
    """One run over the references of a period."""

    def __init__(
        self, client: FiberyClient, assignments: Assignments, site: Site, as_of: date, batch_size: int
    ) -> None:
        self._assignments, self._site, self._as_of = assignments, site, as_of
        self.gate = Gate({one.name: assignments.max_concurrent(one.name) for one in assignments.workspace.databases})
        self._asker = Asker(client, self.gate, batch_size)
        self._plans: dict[str, Plan] = {}

    def run(self, references: Entities) -> Outcome:
        """A row for every reference, in its order."""
        resolver = Resolver(self._assignments)
        meant = {reference: resolver.resolve(reference) for reference in references.entities}
        found = narrowed(self._asker, meant)
        readings = self._read(found)
        owners, further = read_owners(self._asker, self._plans, readings)
        texts = fetch(self._asker.client, self.gate, self._secrets(readings))
        records = Records(self._site, self._as_of, texts, owners)
        rows = [self._row(reference, found[reference], readings, texts, records) for reference in references.entities]
        document = Enriched(as_of=str(self._as_of), account=self._site.account, entities=rows)
        return Outcome(document, [said for reading in (*readings.values(), *further) for said in remarks(reading)])

    def _read(self, found: dict[EntityKey, Resolution]) -> dict[str, Reading]:
        wanted: dict[str, set[str]] = defaultdict(set)
        for reference, meant in found.items():
            if meant.database is not None:
                wanted[meant.database.name].add(reference.public_id)
                if meant.database.name not in self._plans:
                    self._plans[meant.database.name] = self._assignments.plan(meant.database)
        readings = {name: Reading(name, self._plans[name].columns, wanted[name]) for name in sorted(wanted)}
        read(self._asker, list(readings.values()))
        return readings

    def _secrets(self, readings: dict[str, Reading]) -> list[tuple[str, str]]:
        return [
            (name, secret)
            for name, reading in readings.items()
            for _, row in sorted(reading.rows.items())
            for secret in _secrets(self._plans[name], row)
        ]

    def _row(
        self, reference: EntityKey, meant: Resolution, readings: dict[str, Reading], texts: Texts, records: Records
    ) -> EnrichedEntity:
        if meant.database is None:
            return missing(reference, meant.status, meant.reason)
        name, public_id = meant.database.name, reference.public_id
        reading, plan = readings[name], self._plans[name]
        if public_id in reading.failed:
            return missing(reference, "failed", reading.failed[public_id])
        if public_id not in reading.rows:
            reason = (
                f"{name} has no #{public_id} that this token can see: deleted, archived, another number, or no access"
            )
            return missing(reference, "not_found", reason)
        lost = [texts.lost[secret] for secret in _secrets(plan, reading.rows[public_id]) if secret in texts.lost]
        if lost:
            return missing(reference, "failed", f"its texts did not come: {lost[0]}")
        return records.found(reference, plan, reading.rows[public_id])


def _secrets(plan: Plan, row: Row) -> list[str]:
    found = [row.get(alias) for alias, column in plan.columns.items() if column.is_document]
    found += [one.get("secret") for one in row.get("comments") or []]
    return [secret for secret in found if secret]
