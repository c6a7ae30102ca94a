"""Fetches days from a sandbox into an archive, as the stage does, with nothing to wait for."""

from datetime import date
from pathlib import Path

from timeweave.archive.files import LocalFiles
from timeweave.models.directory import Account, Directory
from timeweave.runtime.period import span
from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl.archive import Archive
from timeweave.toggl.archive_update import Collection
from timeweave.toggl.client import TogglClient
from timeweave.toggl.connection import TogglSettings, account
from timeweave.toggl.missing_days import find_missing
from timeweave.toggl.names import ListsUnderWay, fetch_names
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.limits import Pace

AS_OF = date(2025, 10, 14)
WEEK = span(date(2025, 10, 7), date(2025, 10, 13))
SETTINGS = TogglSettings(url="https://toggl.example", workspace_id=WORKSPACE_ID)


def archive_in(folder: Path) -> Archive:
    """The archive that `fetch` fills."""
    return Archive(LocalFiles(folder), account("live", SETTINGS))


def fetch(folder: Path, sandbox, days=WEEK, as_of=AS_OF, token=TOGGL_TOKEN, files=None, **settings) -> list[str]:
    """Bring the days into an archive in `folder`; what was said on the way."""
    said = []
    chosen = SETTINGS.model_copy(update=settings)
    archive = Archive(files or LocalFiles(folder), account("live", chosen))
    archive.finish_commits()
    missing = find_missing(archive, days, as_of, chosen.settle_days)
    client = TogglClient(sandbox.url, token, Pace(token, None), chosen.quota_wait_minutes * 60, said.append)
    try:
        while missing:
            Collection(archive, chosen, as_of, said.append).collect(Toggl(client, WORKSPACE_ID), missing)
            missing = find_missing(archive, days, as_of, chosen.settle_days)
    finally:
        client.close()
    return said


def staged(folder: Path) -> dict[str, bytes]:
    """The pages of interrupted walks that are kept for the next run."""
    found = sorted((folder / "walks").glob("*/pages/*"))
    return {f"{path.parent.parent.name}/{path.name}": path.read_bytes() for path in found}


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of the archive, byte for byte, but for changes and what is hidden."""
    names = ("account.json", "days/*", "walks/**/*")
    found = [path for name in names for path in sorted(folder.glob(name)) if path.is_file()]
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in found}


def fetch_lists(toggl: Toggl, account: Account, everyone: bool = False) -> Directory:
    """The names as they are now."""
    return fetch_names(toggl, account, ListsUnderWay(fetched_as_of=AS_OF), everyone).lists
