"""What `timeweave init` asks: each answer is tried as soon as it is there, and a wrong one is asked for again by itself."""

import os
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, TypeVar

import typer

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError

if TYPE_CHECKING:
    from timeweave.fibery.connection import FiberySettings
    from timeweave.project.account_setup import Accounts
    from timeweave.runtime.period import Period
    from timeweave.toggl.connection import TogglSettings

WORKSPACE, ACCOUNT, ZONE = "Toggl workspace", "Fibery account", "Time zone"
TOKENS = TOGGL_TOKEN, FIBERY_TOKEN = "TOGGL_API_TOKEN", "FIBERY_API_TOKEN"
WHERE = {
    WORKSPACE: "the number in the address of its settings page in Toggl; option --workspace",
    ACCOUNT: "the address of any page of your workspace, or just `acme`; option --fibery-account",
    ZONE: "of the days in reports, such as Europe/Lisbon; option --timezone",
    TOGGL_TOKEN: "an admin's, to see the whole team, from the bottom of track.toggl.com/profile",
    FIBERY_TOKEN: "Fibery makes one under Settings, API keys",
}
"""Where people find what they are asked for."""
LABELS = {TOGGL_TOKEN: "Toggl API token", FIBERY_TOKEN: "Fibery API key"}
TRY_AGAIN = "Try again, or press Ctrl-C to leave."
LONGEST_NUMBER = 18
Checked = TypeVar("Checked")


def is_on_terminal() -> bool:
    """Whether somebody is there to answer."""
    return sys.stdin is not None and sys.stdin.isatty()


@dataclass(frozen=True)
class Given:
    """What params.yaml and options say; empty where neither does."""

    toggl: "TogglSettings"
    fibery: "FiberySettings"
    workspace: str
    account: str
    timezone: str
    kept_timezone: str
    """Of an earlier `init`; an option comes first."""


def ask_accounts(given: Given, today: date) -> "tuple[Accounts, Period]":
    """The accounts that answer to these tokens, and last week in the chosen time zone."""
    from timeweave.project.account_setup import Accounts

    _check_form(given, today)
    toggl, zone = _ask_toggl(given, today)
    fibery = _ask_fibery(given, today)
    period = _ask(ZONE, given.timezone, lambda text: _name_week(text, today), given.kept_timezone or zone)
    return Accounts(toggl, fibery, {name: os.environ[name] for name in TOKENS}), period


def _check_form(given: Given, today: date) -> None:
    """What is wrong by its form is said before anybody is asked."""
    from timeweave.project.account_setup import read_fibery_settings
    from timeweave.web.tokens import check_url

    check_url(given.toggl.url, "the address of Toggl")
    if given.fibery.url:
        check_url(given.fibery.url, "the address of Fibery")
    if given.account:
        read_fibery_settings(given.fibery, given.account)
    if given.workspace:
        _read_number(given.workspace)
    if given.timezone:
        _name_week(given.timezone, today)


def _ask_toggl(given: Given, today: date) -> "tuple[TogglSettings, str]":
    """The workspace, and the time zone of the token's owner."""
    from timeweave.project.account_setup import read_profile, try_workspace

    profile = _ask_token(TOGGL_TOKEN, lambda token: read_profile(given.toggl, token, today))
    ids = list(profile.workspaces)
    if len(ids) > 1 and not given.workspace:
        typer.echo("The token sees these workspaces:", err=True)
        for id_, name in profile.workspaces.items():
            typer.echo(f"  {id_}  {name}", err=True)
    chosen = given.workspace or (str(ids[0]) if len(ids) == 1 else "")
    held = str(given.toggl.workspace_id or "")
    settings, said = _ask(WORKSPACE, chosen, lambda text: try_workspace(given.toggl, _read_number(text), today), held)
    typer.echo(said, err=True)
    return settings, profile.timezone


def _ask_fibery(given: Given, today: date) -> "FiberySettings":
    """The account and its key. A refused key is asked for again by itself; an account that does not answer, as well."""
    from timeweave.project.account_setup import read_fibery_settings, try_fibery
    from timeweave.web.tokens import check_token

    account, default = given.account, given.fibery.account or ""
    refused: FiberySettings | None = None

    def read_account(text: str) -> "FiberySettings":
        settings = read_fibery_settings(given.fibery, text)
        if settings.account != text:
            typer.echo(f"{ACCOUNT}: {settings.account}", err=True)
        return settings

    def check_form(token: str) -> str:
        return check_token("the Fibery API key", token)

    while True:
        settings = refused or _ask(ACCOUNT, account, read_account, default)
        token = _ask(FIBERY_TOKEN, "", check_form) if refused else _ask_token(FIBERY_TOKEN, check_form)
        try:
            typer.echo(try_fibery(settings, token, today), err=True)
            return settings
        except TimeweaveError as error:
            if not is_on_terminal():
                raise
            typer.echo(str(error), err=True)
            if isinstance(error, CredentialsError):
                refused = settings
                typer.echo(
                    f"Try another key; if {settings.account} is not your account, press Ctrl-C and begin again.",
                    err=True,
                )
                continue
            # What is no matter of the key, such as no network, makes no other key necessary.
            typer.echo(TRY_AGAIN, err=True)
            account, refused = "", None
            default = "" if isinstance(error, ConfigurationError) else settings.account or ""


def _ask_token(name: str, check: Callable[[str], Checked]) -> Checked:
    """Of the environment, else of `.env`, where somebody at a terminal may give another."""
    from timeweave.web.tokens import read_env_file

    given = os.environ.get(name, "").strip()
    return _ask(name, given, check, "" if given else (read_env_file(name) or "").strip())


def _ask(name: str, given: str, check: Callable[[str], Checked], default: str = "") -> Checked:
    """What `check` makes of the answer; on a terminal a wrong one is asked for again, tokens without being shown."""
    while True:
        try:
            return check((given or _answer(name, default)).strip())
        except TimeweaveError as error:
            if not is_on_terminal():
                raise
            typer.echo(f"{error}\n{TRY_AGAIN}", err=True)
            given, default = "", "" if name in TOKENS else default


def _answer(name: str, default: str) -> str:
    if is_on_terminal():
        is_secret = name in TOKENS
        hint = "from .env; Enter keeps it" if is_secret and default else WHERE[name]
        label = f"{LABELS.get(name, name)} ({hint})"
        return str(
            typer.prompt(label, default=default or None, show_default=not is_secret, err=True, hide_input=is_secret)
        )
    if default:
        return default
    if name in TOKENS:
        raise CredentialsError(
            f"{name} is missing: {WHERE[name]}; set it in the environment, or run this on a terminal"
        )
    raise ConfigurationError(f"{name} is missing: {WHERE[name]}")


def _read_number(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and len(text) <= LONGEST_NUMBER):
        # Not repeated: it may be a token that was meant for another question.
        raise ConfigurationError(f"{WORKSPACE}: that is not a number; write {WHERE[WORKSPACE]}")
    return int(text)


def _name_week(zone: str, today: date) -> "Period":
    """Last week in a time zone."""
    from pydantic import ValidationError

    from timeweave.runtime.period import Period, parse_period

    first, last = parse_period("last-week", today)
    try:
        return Period(start=first, end=last, timezone=zone)
    except ValidationError:
        raise ConfigurationError(f"{ZONE}: that is unknown; write a name such as Europe/Lisbon or UTC") from None
