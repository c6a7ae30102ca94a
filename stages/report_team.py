"""data/aggregated.json, data/enriched.json -> data/reports/team_summary.md, data/metrics.json, data/plots/: the team."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import markdown, metrics
from timeweave.reports.edition import Edition
from timeweave.reports.team import team
from timeweave.runtime import document, script


def main(
    aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path, metrics_out: Path, plots: Path
) -> None:
    edition = Edition(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    text = markdown.templates(templates).render("team_summary.md.j2", edition=edition, report=team(edition))
    document.write_bytes(out, markdown.tidy(text))
    document.write(metrics_out, metrics.metrics(edition))
    document.write_folder(plots, series(edition).items())


def series(edition: Edition) -> dict[str, bytes]:
    """The plots' data by file name."""
    return {
        "by_day_person.json": document.encode(metrics.by_day_person(edition)),
        "by_database.json": document.encode(metrics.by_database(edition)),
        "by_state.json": document.encode(metrics.by_state(edition)),
    }


if __name__ == "__main__":
    script.run(main)
