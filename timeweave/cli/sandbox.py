"""timeweave sandbox: an invented Toggl and Fibery, and a model, to try requests on."""

import datetime
from typing import Annotated

import typer

from timeweave.runtime.errors import ConfigurationError


def sandbox(
    as_of: Annotated[
        str, typer.Option(help="The day on which the sandbox lives, such as 2025-10-14. Default: today.")
    ] = "",
    port: Annotated[int, typer.Option(help="The port on this machine; 0: a free one.")] = 8137,
) -> None:
    """Serve an invented Toggl and Fibery on this machine, until Ctrl-C."""
    from timeweave.sandbox import company
    from timeweave.sandbox.server import Sandbox

    try:
        day = datetime.date.fromisoformat(as_of) if as_of else datetime.datetime.now(datetime.UTC).date()
    except ValueError:
        raise ConfigurationError(f"--as-of {as_of!r} is not a day of the calendar; write it as 2025-10-14") from None
    try:
        served = Sandbox(day, port=port)
    except (OSError, OverflowError):
        raise ConfigurationError(
            f"port {port} is in use or no port; name another with --port, 0 takes a free one"
        ) from None
    note = "" if as_of else ", which is today; --as-of sets another day"
    with served as running:
        typer.echo(
            f"Toggl and Fibery of the invented team are served at {running.url} as of {day}{note}. Try:\n"
            f"  curl -u {company.TOGGL_TOKEN}:api_token {running.url}/api/v9/workspaces/{company.WORKSPACE_ID}/users\n"
            f"  curl -H 'Authorization: Token {company.FIBERY_TOKEN}' {running.url}/api/schema\n"
            f"{_init(running.url)}\n"
            f"A language model answers there too: llm.url {running.url}/v1, OPENAI_API_KEY {company.LLM_KEY}\n"
            "Stop with Ctrl-C.",
            err=True,
        )
        running.wait()


def _init(url: str) -> str:
    """What makes a project take the sandbox for the real accounts."""
    from timeweave.sandbox import company

    return (
        f"  TOGGL_API_TOKEN={company.TOGGL_TOKEN} FIBERY_API_TOKEN={company.FIBERY_TOKEN} timeweave init "
        f"--workspace {company.WORKSPACE_ID} --fibery-account {company.ACCOUNT} --toggl-url {url} --fibery-url {url}"
    )
