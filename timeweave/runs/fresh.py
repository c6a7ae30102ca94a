"""Has Toggl asked anew for days that the archive holds."""

from datetime import date
from pathlib import Path

from timeweave.runs.manifest import Parameters
from timeweave.runtime import params
from timeweave.runtime.period import Period
from timeweave.toggl.archive import Archive
from timeweave.toggl.connection import account
from timeweave.toggl.settings import TogglSettings


class Params(params.Section):
    """Whose archive it is."""

    source: str
    toggl: TogglSettings = TogglSettings()


def doubt_days(folder: Path, wanted: Parameters) -> None:
    """Doubt all days of the period, settled ones too, and forget the names; the days stay until new ones are there."""
    given = params.load(Params, folder / "params.yaml")
    archive = Archive(folder / "data" / "toggl" / "days", account(given.source, given.toggl))
    days = Period(
        start=date.fromisoformat(wanted.start), end=date.fromisoformat(wanted.end), timezone=wanted.timezone
    ).utc_days
    archive.doubt(days)
    (folder / "data" / "toggl" / "directory.json").unlink(missing_ok=True)
