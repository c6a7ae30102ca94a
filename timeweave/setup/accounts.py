"""Going live: accounts tried before anything is written."""

import os
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from timeweave.fibery import connection as fibery
from timeweave.fibery.account import FiberySettings
from timeweave.fibery.schema_cache import fetch_schema
from timeweave.project.parameters import edit_parameters
from timeweave.project.project_folder import ProjectFolder
from timeweave.runtime import document
from timeweave.runtime.errors import CredentialsError
from timeweave.setup.env_file import write_env_file
from timeweave.toggl import connection as toggl
from timeweave.toggl.connection import TogglSettings


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
