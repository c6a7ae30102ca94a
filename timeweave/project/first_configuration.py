"""The files that describe a workspace: proposed from what it is like, and never written over what somebody wrote."""

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

import yaml

from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.fibery import connection as fibery
from timeweave.fibery.database import Workspace
from timeweave.fibery.schema import fetch_schema, find_files
from timeweave.project.account_setup import Accounts
from timeweave.project.config_proposal import find_amount, propose_categories, propose_enrichment, propose_team
from timeweave.project.project_paths import ProjectFolder
from timeweave.project.workspace_survey import Survey, survey
from timeweave.repository.git import Git
from timeweave.runtime import document
from timeweave.runtime.analysis_params import AnalysisSettings
from timeweave.runtime.period import Period
from timeweave.runtime.progress import Progress
from timeweave.toggl.connection import account
from timeweave.toggl.fetch import fetch_days, open_archive

WEEKS = 4


@dataclass(frozen=True)
class WrittenFile:
    """A file of the proposal: `path` is where it is, beside `kept` where that one was somebody's own."""

    path: Path
    kept: Path | None = None


def list_days(period: Period, today: date) -> list[date]:
    """The UTC days of the last four weeks, and all that the report for a period needs."""
    report = AnalysisSettings().list_utc_days(period, today)
    weeks = [today - timedelta(days=back) for back in range(7 * WEEKS)]
    return sorted({*report, *weeks})


def look_at_workspace(accounts: Accounts, period: Period, today: date) -> Survey:
    """Read the schema and the weeks' entries; what is in the archive by then is not paid for again."""
    where, days = fibery.find_account("live", accounts.fibery), list_days(period, today)
    with fibery.connect("live", accounts.fibery, today) as client:
        workspace = Workspace(fetch_schema(client, where, find_files(where)))
    whose = account("live", accounts.toggl)
    with Progress("init") as progress, open_archive(whose, progress) as archive:
        names = fetch_days(archive, accounts.toggl, today, days, progress)
        entries = {day: archive.days.read_entries(day) for day in days}
        directory = names.describe(archive.days.read_authors(days))
    return survey(workspace, directory, entries)


def write_configuration(project: ProjectFolder, found: Survey) -> list[WrittenFile]:
    """The three files, each in its place or, where somebody has written there, beside it."""
    settings = AnalysisSettings()
    texts = {
        EnrichmentSettings().config: propose_enrichment(found),
        settings.team: propose_team(found),
        settings.categories: propose_categories(found),
    }
    return [_write(project, Path(name), text) for name, text in texts.items()]


def _write(project: ProjectFolder, path: Path, text: str) -> WrittenFile:
    whole = project.folder / path
    is_own = whole.exists() and not _is_as_shipped(project, path) and whole.read_text(encoding="utf-8") != text
    target = path.with_suffix(".proposed.yaml") if is_own else path
    document.write_bytes(project.folder / target, text.encode())
    return WrittenFile(target, path if is_own else None)


def _is_as_shipped(project: ProjectFolder, path: Path) -> bool:
    """Whether nobody has written anything there: as the last commit has it, and no more than the keys."""
    if not Git(project.folder).succeeds("diff", "--quiet", "HEAD", "--", str(path)):
        return False
    try:
        content = yaml.safe_load((project.folder / path).read_text(encoding="utf-8")) or {}
    except (yaml.YAMLError, UnicodeDecodeError):
        return False
    return isinstance(content, dict) and not any(_list_own(one) for one in content.values())


def _list_own(value: object) -> list[object]:
    """What a key holds besides `default`, which reads whatever is not named."""
    if isinstance(value, dict):
        return [key for key in value if key != "default"]
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def describe_configuration(found: Survey, written: list[WrittenFile]) -> list[str]:
    """What was decided and what a person should look at."""
    enrichment, team, categories = (str(one.path) for one in written)
    share = found.matched_seconds / found.seconds if found.seconds else 0
    units = [(one.label, *amount) for one, _ in found.databases if (amount := find_amount(one, "estimate"))]
    known = ", ".join(f"{name} {label} in {unit}" for name, label, unit in units if unit) or "none that names its unit"
    kept = [str(one.kept) for one in written if one.kept]
    return [
        f"{found.entries:,} entries, {found.seconds / 3600:,.1f} h from {found.first} to {found.last}; "
        f"{share:.0%} of the hours name an item of {len(found.databases)} databases",
        f"{enrichment}: the databases by hours. Check the estimates: {known}",
        f"{team}: {len(found.people)} people, no teams, nothing expected of anybody. Set defaults.hours when it is right",
        f"{categories}: by database and project, meetings and absences by their texts",
        *([f"kept as they are: {', '.join(kept)}; compare them with the proposals beside them"] if kept else []),
        *([] if found.entries else ["No time was logged in the last four weeks: is this the right workspace?"]),
    ]
