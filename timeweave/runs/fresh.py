"""Has Toggl asked anew for days that the archive holds."""

from datetime import date
from pathlib import Path

from timeweave.runs.manifest import Parameters
from timeweave.runtime import params
from timeweave.runtime.period import Period
from timeweave.toggl.connection import account
from timeweave.toggl.fetch import open_archive
from timeweave.toggl.settings import TogglSettings


class Params(params.Section):
    """Whose archive it is."""

    source: str
    toggl: TogglSettings = TogglSettings()


def doubt_days(folder: Path, wanted: Parameters) -> None:
    """Doubt all days of the period, settled ones too, and forget the names; the days stay until new ones are there."""
    given = params.load(Params, folder / "params.yaml")
    days = Period(
        start=date.fromisoformat(wanted.start), end=date.fromisoformat(wanted.end), timezone=wanted.timezone
    ).utc_days
    with open_archive(account(given.source, given.toggl), lambda _: None) as archive:
        archive.invalidate(days)
        archive.forget_names()
