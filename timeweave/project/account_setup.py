"""Going live: accounts tried before anything is written, and `.env`, written for its owner only and never where git would take it along."""

import os
import re
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from pydantic import ValidationError

from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.fibery import connection as fibery
from timeweave.fibery.connection import FiberySettings, find_account
from timeweave.fibery.schema import fetch_schema
from timeweave.project.parameters import edit_parameters
from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.git import Git
from timeweave.runtime import document
from timeweave.runtime.analysis_params import AnalysisSettings, name_files
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.runtime.period import Period
from timeweave.toggl import connection as toggl
from timeweave.toggl.answers import NamedRow, UserRow
from timeweave.toggl.connection import TogglSettings
from timeweave.web.answers import check_rows
from timeweave.web.tokens import check_token, check_url, refuse_foreign

NAME = ".env"
TOGGL_TOKEN, FIBERY_TOKEN = "TOGGL_API_TOKEN", "FIBERY_API_TOKEN"
NO_ACCOUNT = "Fibery account: that is not an account; write only the first word of its address, acme of acme.fibery.io"
ADMIN = "an admin's"
UNTOLD = "an admin's or not, which Toggl does not say"
NO_ADMIN = (
    "not an admin's: Toggl shows it its owner's own time only, so that reports are about one person, and toggl.everyone "
    "becomes false. With an admin's token: timeweave init again, then timeweave run --refresh toggl for each period that "
    "was fetched until then"
)
"""What a token that is no admin's means."""


def write_env_file(folder: Path, values: dict[str, str]) -> Path:
    """Set these variables, other lines as they were; mode 600 from the first byte on."""
    refuse_tracked(folder)
    path = folder / NAME
    lines = _read_text(path).splitlines() if path.exists() else []
    names = "|".join(map(re.escape, values))
    lines = [line for line in lines if not re.match(rf"\s*(export\s+)?({names})\s*=", line)]
    lines += [f"{name}={value}" for name, value in values.items()]
    # A file made by mkstemp is its owner's from the beginning.
    handle, temporary = tempfile.mkstemp(dir=folder, prefix=".env.")
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write("\n".join(lines) + "\n")
    Path(temporary).replace(path)
    return path


def refuse_tracked(folder: Path) -> None:
    """A token in a file that git keeps would be everyone's, and for ever."""
    git = Git(folder)
    if git.succeeds("ls-files", "--error-unmatch", NAME):
        raise ConfigurationError(f"{NAME} is tracked by git: git rm --cached {NAME}, and change tokens that were in it")
    if not git.succeeds("check-ignore", "-q", NAME):
        raise ConfigurationError(f"git does not ignore {NAME}: add a line {NAME} to .gitignore first")


def check_env_file(folder: Path) -> str:
    """Where the tokens are; an error where others may read them."""
    path = folder / NAME
    if not path.exists():
        return "no .env here; tokens come from the environment or a .env above"
    refuse_tracked(folder)
    refuse_foreign(path)
    if path.stat().st_mode & 0o077:
        raise CredentialsError(f"{NAME} can be read by others: chmod 600 {NAME}")
    return f"{NAME} is its owner's only, and ignored by git"


@dataclass(frozen=True)
class TogglProfile:
    """Whose token it is."""

    name: str
    timezone: str
    """UTC where Toggl does not say it."""
    workspaces: dict[int, str]
    """Names by id."""


def read_profile(base: TogglSettings, token: str, today: date) -> TogglProfile:
    """Try a token: two requests."""
    os.environ[TOGGL_TOKEN] = check_token("the Toggl API token", token)
    refused = "Toggl does not accept this token; copy it from the bottom of track.toggl.com/profile"
    if base.url != (own := TogglSettings().url):
        refused = f"Toggl at {base.url} does not accept this token; for your own, set toggl.url in params.yaml to {own}"
    none = base.model_copy(update={"workspace_id": 0})
    with _say_instead(refused), toggl.connect("live", none, today, lambda _: None) as service:
        service.client.setting = "the address of Toggl"
        owner = service.client.call("GET", "/api/v9/me").read(UserRow)
        answer = service.client.call("GET", "/api/v9/workspaces")
    rows = check_rows(answer.body or [], NamedRow, answer.place, lambda _: None)
    return TogglProfile(owner.fullname or "", owner.timezone or "UTC", {one.id: one.name or "" for one in rows})


def try_workspace(base: TogglSettings, workspace_id: int, today: date) -> tuple[TogglSettings, str]:
    """The workspace's settings and what the token is to it; raises what a run would raise."""
    settings = base.model_copy(update={"workspace_id": workspace_id})
    refused = f"Toggl does not show workspace {workspace_id} to this token; write the number of one that its owner is a member of"
    with _say_instead(refused), toggl.connect("live", settings, today, lambda _: None) as service:
        found = service.workspace()
    whose = {True: ADMIN, False: NO_ADMIN, None: UNTOLD}[found.admin]
    settings = settings.model_copy(update={"everyone": found.shows_everyone})
    return settings, f"Toggl: workspace {found.name}, the token is {whose}"


def read_fibery_settings(base: FiberySettings, account: str) -> FiberySettings:
    """With the account that a person wrote, which may be the address of any page in it; what is none is not repeated, as it may be a key."""
    try:
        settings = FiberySettings.model_validate(base.model_dump() | {"account": _read_account(account)})
    except ValidationError:
        raise ConfigurationError(NO_ACCOUNT) from None
    check_url(settings.url or find_account("live", settings).base, "the address of Fibery")
    return settings


def try_fibery(settings: FiberySettings, token: str, today: date) -> str:
    """Read the schema with a token; raises what a run would raise."""
    os.environ[FIBERY_TOKEN] = check_token("the Fibery API key", token)
    where = find_account("live", settings)
    refused = f"Fibery does not accept this key in the account {where.name}"
    other = f" at {settings.url}; for your own, set fibery.url in params.yaml to null"
    refused += other if settings.url else "; make one there, under Settings, API keys"
    with _say_instead(refused), fibery.connect("live", settings, today) as client:
        client.setting = "the address of Fibery" if settings.url else "the account, the first word of its address"
        databases = fetch_schema(client, where).types
    if not databases:
        raise CredentialsError(
            "Fibery shows no database to this token: give its owner access to the spaces, or use another's"
        )
    return "Fibery: the schema can be read"


@contextmanager
def _say_instead(sentence: str) -> Iterator[None]:
    """Of a refused token in the words of what was typed: nobody has named a parameter yet."""
    try:
        yield
    except CredentialsError as error:
        raise CredentialsError(sentence) from error


@dataclass(frozen=True)
class Accounts:
    """What the project shall use."""

    toggl: TogglSettings
    fibery: FiberySettings
    tokens: dict[str, str]

    def write(self, project: ProjectFolder, period: Period, as_of: date) -> Path:
        """Into .env and params.yaml, comments kept; where the tokens are now."""
        values: dict[str, Any] = {
            "source": "live", "toggl.workspace_id": self.toggl.workspace_id, "toggl.everyone": self.toggl.everyone,
            "fibery.account": self.fibery.account, **name_files(EnrichmentSettings().config, AnalysisSettings()),
            "as_of": str(as_of), "period.start": str(period.start), "period.end": str(period.end),
            "period.timezone": period.timezone,
        }  # fmt: skip
        if self.toggl.url != TogglSettings().url:
            values["toggl.url"] = self.toggl.url
        if self.fibery.url is not None:
            values["fibery.url"] = self.fibery.url
        text = edit_parameters(_read_text(project.params), values)
        try:
            path = write_env_file(project.folder, self.tokens)
            document.write_bytes(project.params, text.encode())
        except OSError as error:
            raise ConfigurationError(f"{project.folder} cannot be written: {error.strerror}") from None
        return path


def _read_account(text: str) -> str:
    """The first word of an address, acme of https://acme.fibery.io/Scrum; nothing of a key; any other text as it is."""
    try:
        host = urlsplit(text if "://" in text else f"//{text}").hostname or ""
    except ValueError:
        host = ""
    return host.partition(".")[0] if host.endswith(".fibery.io") else re.sub(r"^(?=.*\d)[^.-]{24,}$", "", text)


def _read_text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        raise ConfigurationError(f"{path} is not UTF-8; write it again in that encoding") from None
    except OSError as error:
        raise ConfigurationError(f"{path} cannot be read: {error.strerror}") from None
