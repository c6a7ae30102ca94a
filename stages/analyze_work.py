"""What the numbers mean: data/analysis.json, data/metrics.json and data/plots/, from all documents, team and categories.

Nobody is asked; every report is made from analysis.json.
"""

import gc
from pathlib import Path

from timeweave.analysis import category_rules, metrics, team_file
from timeweave.analysis.analysis import Analyzer, Sources
from timeweave.models.aggregated import Aggregated
from timeweave.models.analysis import Analysis
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched
from timeweave.models.history import History
from timeweave.runtime import document, params, script
from timeweave.runtime.analysis_params import AnalysisSettings
from timeweave.runtime.period import Period


class Proving(params.Section, extra="ignore"):
    """What `toggl` says about proof; the rest of it is fetch_time's."""

    verify_totals: bool = True


class Params(params.Section):
    """What decides how the documents are judged."""

    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()
    analysis: AnalysisSettings = AnalysisSettings()
    toggl: Proving = Proving()


def main(
    aggregated: Path, history: Path, enriched: Path, directory: Path, team: Path, categories: Path,
    analysis: Path, numbers: Path, plots: Path,
) -> None:  # fmt: skip
    given = params.load(Params)
    sources = Sources(
        aggregated=document.read(aggregated, Aggregated),
        history=document.read(history, History),
        enriched=document.read(enriched, Enriched),
        directory=document.read(directory, Directory),
        team=team_file.load(team),
        categories=category_rules.load(categories),
        period=given.period,
        as_of=given.as_of,
        users=given.users,
        thresholds=given.analysis.thresholds,
        verified=given.toggl.verify_totals,
    )
    found = analyze(sources)
    document.write(analysis, found)
    document.write(numbers, metrics.compute_metrics(found))
    series = metrics.list_series(found).items()
    document.write_folder(plots, ((f"{name}.json", document.encode(rows)) for name, rows in series))


def analyze(sources: Sources) -> Analysis:
    """Hardly anything that is made meanwhile is let go before the end: looking for it would take a quarter of the time."""
    gc.disable()
    try:
        return Analyzer(sources).analyze()
    finally:
        gc.enable()


if __name__ == "__main__":
    script.run(main)
