"""Fetches days from a sandbox into an archive, as the stage does, with nothing to wait for."""

from datetime import date
from pathlib import Path

from timeweave.sandbox.team import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl.archive import Archive, span
from timeweave.toggl.client import TogglClient
from timeweave.toggl.collection import Collection
from timeweave.toggl.connection import account
from timeweave.toggl.settings import TogglSettings
from timeweave.toggl.workspace import Toggl
from timeweave.web.pace import Pace

AS_OF = date(2025, 10, 14)
WEEK = span(date(2025, 10, 7), date(2025, 10, 13))


def fetch(folder: Path, sandbox, days=WEEK, as_of=AS_OF, token=TOGGL_TOKEN, **settings) -> list[str]:
    """Bring the days into `folder`/days; what was said on the way."""
    said = []
    chosen = TogglSettings(url="https://toggl.example", workspace_id=WORKSPACE_ID, **settings)
    archive = Archive(folder / "days", account("live", chosen))
    collection = Collection(archive, folder / "changes.json", chosen, as_of, said.append)
    client = TogglClient(sandbox.url, token, Pace(token, None), chosen.quota_wait_minutes * 60, said.append)
    try:
        if collection.missing(days) or collection.is_unproven:
            collection.collect(Toggl(client, WORKSPACE_ID), days)
    finally:
        client.close()
    return said


def finished(folder: Path) -> dict[str, bytes]:
    """The days of an interrupted walk that are kept for the next run."""
    return {path.name: path.read_bytes() for path in sorted((folder / "days-in-flight").glob("2025*"))}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the archive, byte for byte."""
    return {path.name: path.read_bytes() for path in sorted((folder / "days").iterdir())}
