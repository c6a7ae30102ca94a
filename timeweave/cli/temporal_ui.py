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

    from timeweave.cli.runs import open_temporal_register, require_temporal

    require_temporal()
    from timeweave.temporal.connection import find_namespace
    from timeweave.temporal.messages import make_workflow_id

    page = f"{ui.rstrip('/')}/namespaces/{quote(find_namespace())}/workflows"
    if run_id:
        found = open_temporal_register().find(run_id)
        page += f"/{quote(make_workflow_id(found.id), safe='')}"
    typer.echo(page)
    if open_:
        typer.launch(page)
