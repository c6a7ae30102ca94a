"""The socket at which the stages of a worker ask for their moments; the pace workflow of the token answers."""

import asyncio
import contextlib
from collections.abc import AsyncIterator
from pathlib import Path

from temporalio.client import Client, WithStartWorkflowOperation
from temporalio.common import WorkflowIDConflictPolicy
from temporalio.service import RPCError

from timeweave.temporal.messages import TASK_QUEUE
from timeweave.temporal.pace import Beat, Pace, pace_id

ATTEMPTS = 5
SHORTEST = 0.02
"""Seconds between two starts below which asking takes longer than waiting; such a pace is none."""


@contextlib.asynccontextmanager
async def counter(client: Client, path: Path) -> AsyncIterator[None]:
    """Serve at `path`, a socket that only this user can open."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            key, interval = (await reader.readline()).decode().split()
            writer.write(f"{await moment(client, key, float(interval))}\n".encode())
            await writer.drain()
        finally:
            writer.close()

    server = await asyncio.start_unix_server(serve, path)
    async with server:
        yield


async def moment(client: Client, key: str, interval: float) -> float:
    """Seconds until the next free moment of the token; its workflow is started where there is none."""
    if interval < SHORTEST:
        return 0.0
    for attempt in range(ATTEMPTS):
        operation = WithStartWorkflowOperation(
            Pace.run, 0.0, id=pace_id(key), task_queue=TASK_QUEUE,
            id_conflict_policy=WorkflowIDConflictPolicy.USE_EXISTING,
        )  # fmt: skip
        try:
            return await client.execute_update_with_start_workflow(
                Pace.reserve, Beat(interval), start_workflow_operation=operation
            )
        except RPCError:
            # The server is being restarted, or the workflow ended at this very moment.
            if attempt == ATTEMPTS - 1:
                raise
            await asyncio.sleep(2**attempt)
    raise AssertionError
