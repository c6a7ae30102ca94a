"""timeweave init: from the demo to the team's own accounts."""

import os
import sys
from typing import Annotated, Any

import typer

from timeweave.runtime.errors import ConfigurationError, TimeweaveError

WORKSPACE, ACCOUNT = "Toggl workspace id", "Fibery account"
TOKENS = ("TOGGL_API_TOKEN", "FIBERY_API_TOKEN")
WHERE = {
    WORKSPACE: "the number in the address of your workspace's settings page in Toggl",
    ACCOUNT: "the first word of its address: ACCOUNT.fibery.io",
    "TOGGL_API_TOKEN": "the API token of an admin's profile, to see the whole team: track.toggl.com/profile",
    "FIBERY_API_TOKEN": "an API key, which Fibery makes in its settings",
}
"""Where people find what they are asked for."""


def init(
    workspace_id: Annotated[int, typer.Option(help="The number in the address of Toggl's workspace settings.")] = 0,
    account: Annotated[str, typer.Option(help="The first word of your Fibery address.")] = "",
    toggl_url: Annotated[str, typer.Option(help="Another Toggl, such as the sandbox.")] = "",
    fibery_url: Annotated[str, typer.Option(help="Another Fibery, such as the sandbox.")] = "",
) -> None:
    """Ask for accounts and tokens, try them, and only then write params.yaml and .env (readable by you alone)."""
    from datetime import UTC, datetime

    from timeweave.fibery.connection import FiberySettings
    from timeweave.project.accounts import Accounts, refuse_tracked
    from timeweave.project.project_folder import ProjectFolder
    from timeweave.toggl.connection import TogglSettings

    project = ProjectFolder.here()
    refuse_tracked(project.folder)
    given = {WORKSPACE: str(workspace_id or ""), ACCOUNT: account} | {one: os.environ.get(one, "") for one in TOKENS}
    asked = [name for name, value in given.items() if not value]
    while True:
        given |= {name: _answer(name, given[name]) for name in asked}
        accounts = Accounts(
            TogglSettings(workspace_id=_number(given[WORKSPACE]), url=toggl_url or TogglSettings().url),
            FiberySettings(account=given[ACCOUNT], url=fibery_url or None),
            {name: given[name] for name in TOKENS},
        )
        try:
            found = accounts.tried(datetime.now(UTC).date())
            break
        except TimeweaveError as error:
            if not asked or not sys.stdin.isatty():
                raise
            typer.echo(f"{error}\nOnce more; Enter keeps what was written, Ctrl-C leaves.", err=True)
    for line in found:
        typer.echo(line, err=True)
    path = accounts.write(project)
    typer.echo(
        f"written: params.yaml and {path.name} (mode 600). Next: git commit -m 'Our accounts' params.yaml, "
        "timeweave doctor, timeweave run --period last-week"
    )


def _answer(name: str, before: str) -> str:
    """What is typed, tokens without being shown; from a pipe, its next line."""
    if not sys.stdin.isatty():
        typer.echo(f"{name}, {WHERE[name]}", err=True)
        return sys.stdin.readline().strip()
    typer.echo(f"{name}: {WHERE[name]}", err=True)
    hidden: dict[str, Any] = {"hide_input": name in TOKENS, "show_default": name not in TOKENS}
    while True:
        text = str(typer.prompt(name, default=before or None, err=True, **hidden)).strip()
        if name != WORKSPACE or text.isdecimal():
            return text
        typer.echo(f"{text} is no number", err=True)


def _number(text: str) -> int:
    if not text.isdecimal():
        raise ConfigurationError(f"{WORKSPACE} {text!r} is no number: {WHERE[WORKSPACE]}")
    return int(text)
