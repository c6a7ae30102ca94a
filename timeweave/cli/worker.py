"""timeweave worker: works for runs on Temporal."""

from typing import Annotated

import typer


def worker(
    runs: Annotated[int, typer.Option(min=1, help="So many runs at once.")] = 1,
) -> None:
    """Take runs that wait on Temporal and work for them in this project's folder, until Ctrl-C or SIGTERM.

    Start as many as you like, on any machines that share the project's git origin, its DVC remote and TIMEWEAVE_ARCHIVE.
    """
    import asyncio
    import logging

    from timeweave.cli.runs import open_temporal_register

    found = open_temporal_register().project
    from timeweave.temporal.connection import connect
    from timeweave.temporal.worker import run_worker

    # A stage that fails is the run's affair, and told there; what remains is for whoever looks after the workers.
    logging.getLogger("temporalio.activity").setLevel(logging.ERROR)
    logging.getLogger("dvc").setLevel(logging.ERROR)

    async def main() -> None:
        await run_worker(await connect(), found, runs, lambda line: typer.echo(line, err=True))

    asyncio.run(main())
