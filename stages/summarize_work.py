"""data/aggregated.json, data/enriched.json -> data/summaries.json: prose for the reports, where a model is asked.

Answers are kept in data/llm/, so that none is paid for twice.
"""

from datetime import date
from pathlib import Path

import typer

from timeweave import document, params, stage
from timeweave.llm.settings import LlmSettings
from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries


class Knobs(params.Section):
    """What this stage takes from params.yaml."""

    llm: LlmSettings = LlmSettings()


def main(aggregated: Path, enriched: Path, prompts: Path, config: Path, out: Path, kept: Path) -> None:
    knobs = params.load(Knobs)
    time, items = document.read(aggregated, Aggregated), document.read(enriched, Enriched)
    kept.mkdir(parents=True, exist_ok=True)
    summaries = written(knobs.llm, time, items, prompts, config, kept) if knobs.llm.enabled else Summaries()
    document.write(out, summaries)


def written(
    settings: LlmSettings, time: Aggregated, items: Enriched, prompts: Path, config: Path, kept: Path
) -> Summaries:
    """All summaries of the period, asked for where they are not kept from before."""
    # Imported here: without a model none of this is needed, nor need it be installed.
    from timeweave.llm.connection import connect
    from timeweave.llm.material import Material
    from timeweave.llm.prompts import Prompts
    from timeweave.llm.store import Store
    from timeweave.llm.writing import Writing

    material = Material(time, items, Prompts(prompts, config).kind, settings.pseudonyms)
    with connect(time.account.source, settings, date.fromisoformat(time.as_of)) as model:
        writing = Writing(settings, prompts, Store(kept), model)
        summaries = writing.write(material)
        stage.note(requests=model.requests, items=len(summaries.items))
        say(summaries, writing.kept, model.requests, model.tokens, settings.price_per_million_tokens)
    return summaries


def say(summaries: Summaries, kept: int, requests: int, tokens: int, price: float) -> None:
    """What came and what it took, for a person."""
    count = len(summaries.items) + len(summaries.people) + (summaries.team is not None)
    cost = f", about {tokens * price / 1_000_000:.2f} in cost" if price else ""
    typer.echo(
        f"summarize_work: {count} summaries, {kept} answers kept from before, {requests} requests, {tokens} tokens{cost}; "
        f"{summaries.dropped_sentences} sentences dropped, {len(summaries.missing)} summaries missing",
        err=True,
    )


if __name__ == "__main__":
    stage.run(main)
