"""Toggl -> data/toggl/days/, data/toggl/directory.json: every time entry of the period, nothing dropped.

With it come the days that it is compared with. What was fetched before comes from the archive.
"""

from datetime import UTC, datetime
from pathlib import Path
from typing import Literal

from timeweave.runtime import document, params, script
from timeweave.runtime.analysis_params import AnalysisSettings, name_files
from timeweave.runtime.params import Day
from timeweave.runtime.period import Period
from timeweave.runtime.progress import Progress
from timeweave.toggl.connection import TogglSettings, account, refuse_future
from timeweave.toggl.fetch import fetch_days, open_archive


class Configuration(params.Section, extra="ignore"):
    """What `enrichment` says of its file; the rest of it is enrich_entities'."""

    config: str = ""


class Params(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    enrichment: Configuration = Configuration()


def main(days: Path, directory: Path) -> None:
    given = params.load(Params)
    params.refuse_demo_files(given.source, name_files(given.enrichment.config, given.analysis))
    if given.source == "live":
        refuse_future(given.as_of, datetime.now(UTC).date(), "params.yaml: as_of")
    wanted = given.analysis.list_utc_days(given.period, given.as_of)
    with Progress("fetch_time") as progress, open_archive(account(given.source, given.toggl), progress) as archive:
        names = fetch_days(archive, given.toggl, given.as_of, wanted, progress)
        document.write_folder(days, ((f"{day}.json", archive.days.export(day)) for day in wanted))
        document.write(directory, names.describe(archive.days.read_authors(wanted)))


if __name__ == "__main__":
    script.run(main)
