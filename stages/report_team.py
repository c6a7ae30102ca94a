"""data/aggregated.json, data/enriched.json -> data/reports/team_summary.md, data/metrics.json, data/plots/: the team."""

from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import metrics
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.report_data import ReportData
from timeweave.reports.team_report import build_team_report
from timeweave.runtime import document, script


def main(
    aggregated: Path, enriched: Path, summaries: Path, templates: Path, out: Path, metrics_out: Path, plots: Path
) -> None:
    data = ReportData(
        document.read(aggregated, Aggregated), document.read(enriched, Enriched), document.read(summaries, Summaries)
    )
    text = load_templates(templates).render("team_summary.md.j2", edition=data, report=build_team_report(data))
    document.write_bytes(out, tidy(text))
    document.write(metrics_out, metrics.compute_metrics(data))
    document.write_folder(plots, encode_series(data).items())


def encode_series(data: ReportData) -> dict[str, bytes]:
    """The plots' data by file name."""
    return {
        "by_day_person.json": document.encode(metrics.sum_by_day_and_person(data)),
        "by_database.json": document.encode(metrics.sum_by_database(data)),
        "by_state.json": document.encode(metrics.sum_by_state(data)),
    }


if __name__ == "__main__":
    script.run(main)
