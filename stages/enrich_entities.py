"""data/entities.json -> data/enriched.json: every reference with what Fibery says of it, and the items that texts mean.

Inputs: the references and the configuration. The workspace's schema is kept in the archive.
"""

from collections import Counter
from pathlib import Path
from typing import Literal

from timeweave.enrichment import config_file
from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.enrichment.enrichment import Enrichment, Outcome, raise_failures
from timeweave.enrichment.schema_check import describe_unknown_field, match_entries
from timeweave.fibery.connection import FiberySettings, connect, find_account
from timeweave.fibery.database import Workspace
from timeweave.fibery.schema import fetch_schema, find_files
from timeweave.models.enriched import describe_not_found
from timeweave.models.entities import Entities
from timeweave.runtime import document, params, script
from timeweave.runtime.progress import Progress, warn
from timeweave.web.limits import ConcurrencyLimit


class Params(params.Section):
    """What this stage reads of params.yaml."""

    source: Literal["demo", "live"]
    as_of: params.Day
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()


def main(entities: Path, config: Path, enriched: Path) -> None:
    """Ask Fibery for every item; the schema of the last run is used where it has not changed."""
    given = params.load(Params)
    wanted = config_file.load(config)
    references = document.read(entities, Entities)
    where = find_account(given.source, given.fibery)
    with Progress("enrich_entities") as progress, connect(given.source, given.fibery, given.as_of) as client:
        workspace = Workspace(fetch_schema(client, where, find_files(where)))
        refuse = given.enrichment.on_unknown_field == "fail"
        entries = match_entries(wanted, workspace, refuse_unknown_fields=refuse)
        run = Enrichment(client, entries, where, given.as_of, given.fibery.batch_size)
        run.limit.on_answer = lambda done, total: progress.advance(done, total, "requests", client.requests)
        outcome = run.run(references)
        say(progress, outcome, len(references.entities), client.requests, run.limit)
    if given.enrichment.on_error == "fail":
        raise_failures(outcome.document)
    document.write(enriched, outcome.document)


def say(progress: Progress, outcome: Outcome, references: int, requests: int, limit: ConcurrencyLimit) -> None:
    """What came and what it took, for a person."""
    statuses = Counter[str](entity.status for entity in outcome.document.entities)
    counts = ", ".join(filter(None, (f"{statuses['found']:,} found", describe_not_found(statuses))))
    more = statuses.total() - references
    further = f", {more:,} more {'item by its title' if more == 1 else 'items by their titles'}" if more else ""
    progress(f"{references} references, compared periods included{further}: {counts}; {requests} requests")
    read = {entity.found_as for entity in outcome.document.entities}
    used = [
        f"{name} {peak}/{limit.limits[name]}" for name, peak in sorted(limit.peaks.items()) if peak and name in read
    ]
    if used:
        progress(f"most requests at once, of max_concurrent: {', '.join(used)}")
    for remark in (*outcome.remarks, *map(describe_unknown_field, outcome.document.unknown_fields)):
        progress(remark)
    for gap in outcome.document.unanswered:
        warn(f"enrich_entities: {gap}; the next `timeweave run` asks again")
    progress.count(references, "items", requests)


if __name__ == "__main__":
    script.run(main)
