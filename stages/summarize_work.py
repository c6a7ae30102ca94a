"""data/aggregated.json, data/enriched.json -> data/summaries.json: prose for the reports, where a model is asked."""

from pathlib import Path
from typing import Any

from timeweave import document, params, stage
from timeweave.errors import ConfigurationError
from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries


class Knobs(params.Section):
    """What this stage takes from params.yaml."""

    llm: dict[str, Any]


def main(aggregated: Path, enriched: Path, out: Path) -> None:
    knobs = params.load(Knobs)
    document.read(aggregated, Aggregated)
    document.read(enriched, Enriched)
    document.write(out, summaries(knobs.llm))


def summaries(llm: dict[str, Any]) -> Summaries:
    """The document of a run that asks no model."""
    if llm.get("enabled", False):
        raise ConfigurationError("summaries are not available in this version; set llm.enabled: false in params.yaml")
    return Summaries()


if __name__ == "__main__":
    stage.run(main)
