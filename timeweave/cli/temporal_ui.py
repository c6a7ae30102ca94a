"""timeweave temporal-ui: where Temporal shows runs."""

from typing import Annotated

import typer


def temporal_ui(
    run_id: Annotated[str, typer.Option(help="Show this run; all of them if left out.")] = "",
    ui: Annotated[str, typer.Option(envvar="TEMPORAL_UI", help="Address of the UI.")] = "http://localhost:8233",
    open_: Annotated[bool, typer.Option("--open", help="In a browser, too.")] = False,
) -> None:
    """Print the address of Temporal's page of a run."""
    from urllib.parse import quote

    from timeweave.cli import project

    project.require_temporal()
    from timeweave.temporal.connection import namespace
    from timeweave.temporal.engine import do, look
    from timeweave.temporal.messages import workflow_id

    page = f"{ui.rstrip('/')}/namespaces/{quote(namespace())}/workflows"
    if run_id:
        if do(look(run_id)) is None:
            from timeweave.runtime.errors import ConfigurationError

            raise ConfigurationError(f"Temporal knows no run {run_id!r}; see: timeweave list-runs")
        page += f"/{quote(workflow_id(run_id), safe='')}"
    typer.echo(page)
    if open_:
        typer.launch(page)
