"""timeweave cancel-run: end a run that is waiting or at work."""

from typing import Annotated

import typer


def cancel_run(
    run: Annotated[str, typer.Argument(help="Its id: timeweave list-runs.")],
    as_json: Annotated[bool, typer.Option("--json", help="Its manifest, for machines.")] = False,
) -> None:
    """End a run; what it fetched stays in the archive, so that another run goes on there."""
    from timeweave.cli import project
    from timeweave.cli.shown import manifest_json, outcome
    from timeweave.runs.cancellation import cancel

    register = project.register()
    ended = cancel(register, register.find(run))
    typer.echo(manifest_json(ended) if as_json else outcome(ended))
