"""timeweave cancel-run: end a run that is waiting or at work."""

from typing import Annotated

import typer


def cancel_run(
    run: Annotated[str, typer.Argument(help="Its id: timeweave list-runs.")],
    as_json: Annotated[bool, typer.Option("--json", help="Its manifest, for machines.")] = False,
) -> None:
    """End a run; what it fetched stays in the archive, so that another run goes on there."""
    from timeweave.cli import project
    from timeweave.cli.run_text import format_manifest, format_outcome
    from timeweave.runs import cancellation

    register = project.open_register()
    ended = cancellation.cancel_run(register, register.find(run))
    typer.echo(format_manifest(ended) if as_json else format_outcome(ended))
