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
LONGEST_NUMBER = 18


def init(
    workspace_id: Annotated[int, typer.Option(help="The number in the address of Toggl's workspace settings.")] = 0,
    account: Annotated[str, typer.Option(help="The first word of your Fibery address.")] = "",
    toggl_url: Annotated[str, typer.Option(help="Another Toggl, such as the sandbox.")] = "",
    fibery_url: Annotated[str, typer.Option(help="Another Fibery, such as the sandbox.")] = "",
) -> None:
    """Ask for accounts and tokens, try them, and only then write params.yaml and .env (readable by you alone)."""
    from datetime import UTC, datetime

    from timeweave.project.accounts import Accounts, refuse_tracked
    from timeweave.project.project_folder import ProjectFolder

    project = ProjectFolder.here()
    refuse_tracked(project.folder)
    given = {WORKSPACE: str(workspace_id or ""), ACCOUNT: account} | {one: os.environ.get(one, "") for one in TOKENS}
    asked = [name for name, value in given.items() if not value]
    while True:
        given |= {name: _answer(name, given[name]) for name in asked}
        try:
            tokens = {name: given[name].strip() for name in TOKENS}
            accounts = Accounts.read(toggl_url, _check_number(given[WORKSPACE]), fibery_url, given[ACCOUNT], tokens)
            found, accounts = accounts.try_out(datetime.now(UTC).date())
            break
        except TimeweaveError as error:
            if not asked or not _is_on_terminal():
                raise
            typer.echo(f"{error}\nOnce more; Enter keeps what was written, Ctrl-C leaves.", err=True)
    for line in found:
        typer.echo(line, err=True)
    path = accounts.write(project)
    typer.echo(
        f"written: params.yaml and {path.name} (mode 600). Next: git commit -m 'Our accounts' params.yaml, "
        "timeweave doctor, timeweave run --period last-week. config/team.yaml and config/categories.yaml are still the demo's: "
        "write your own, or empty them"
    )


def _is_on_terminal() -> bool:
    return sys.stdin is not None and sys.stdin.isatty()


def _answer(name: str, before: str) -> str:
    """What is typed, tokens without being shown; from a pipe, its next line."""
    if not _is_on_terminal():
        typer.echo(f"{name}, {WHERE[name]}", err=True)
        try:
            text = sys.stdin.readline().strip() if sys.stdin else ""
        except UnicodeDecodeError:
            raise ConfigurationError(f"{name} is not UTF-8 text") from None
        if not text:
            raise ConfigurationError(f"{name} is missing: {WHERE[name]}")
        return text
    typer.echo(f"{name}: {WHERE[name]}", err=True)
    hidden: dict[str, Any] = {"hide_input": name in TOKENS, "show_default": name not in TOKENS}
    while True:
        text = str(typer.prompt(name, default=before or None, err=True, **hidden)).strip()
        if name != WORKSPACE or _is_number(text):
            return text
        typer.echo(f"{text} is no number", err=True)


def _is_number(text: str) -> bool:
    return text.isdecimal() and len(text) <= LONGEST_NUMBER


def _check_number(text: str) -> str:
    if not _is_number(text):
        raise ConfigurationError(f"{WORKSPACE} {text!r} is no number: {WHERE[WORKSPACE]}")
    return text
