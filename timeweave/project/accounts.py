"""Going live: accounts tried before anything is written, and `.env`, written for its owner only and never where git would take it along."""

import os
import re
import tempfile
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from timeweave.fibery import connection as fibery
from timeweave.fibery.connection import FiberySettings
from timeweave.fibery.schema import fetch_schema
from timeweave.project.parameters import edit_parameters
from timeweave.project.project_folder import ProjectFolder
from timeweave.repository.git import Git
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError, CredentialsError
from timeweave.toggl import connection as toggl
from timeweave.toggl.connection import TogglSettings

NAME = ".env"


def write_env_file(folder: Path, values: dict[str, str]) -> Path:
    """Set these variables, other lines as they were; mode 600 from the first byte on."""
    refuse_tracked(folder)
    path = folder / NAME
    lines = path.read_text(encoding="utf-8").splitlines() if path.exists() else []
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
    if path.stat().st_mode & 0o077:
        raise CredentialsError(f"{NAME} can be read by others: chmod 600 {NAME}")
    return f"{NAME} is its owner's only, and ignored by git"


@dataclass(frozen=True)
class Accounts:
    """What the project shall use."""

    toggl: TogglSettings
    fibery: FiberySettings
    tokens: dict[str, str]

    def tried(self, today: date) -> list[str]:
        """What both services say to these tokens; raises what a run would raise."""
        os.environ.update(self.tokens)
        with toggl.connect("live", self.toggl, today, lambda _: None) as workspace:
            found = workspace.workspace()
        admin = "an admin's" if found.get("admin") else "no admin's: it sees its owner's own time only"
        with fibery.connect("live", self.fibery, today) as client:
            databases = fetch_schema(client, fibery.find_account("live", self.fibery)).types
        if not databases:
            raise CredentialsError("Fibery shows no database to this token")
        return [f"Toggl: workspace {found.get('name')}, the token is {admin}", "Fibery: the schema can be read"]

    def write(self, project: ProjectFolder) -> Path:
        """Into .env and params.yaml, comments kept; where the tokens are now."""
        values: dict[str, Any] = {
            "source": "live", "toggl.workspace_id": self.toggl.workspace_id, "fibery.account": self.fibery.account,
        }  # fmt: skip
        if self.toggl.url != TogglSettings().url:
            values["toggl.url"] = self.toggl.url
        if self.fibery.url is not None:
            values["fibery.url"] = self.fibery.url
        path = write_env_file(project.folder, self.tokens)
        text = edit_parameters(project.params.read_text(encoding="utf-8"), values)
        document.write_bytes(project.params, text.encode())
        return path
