"""Runs on Temporal as the command line needs them: started, looked at, listed, cancelled."""

import asyncio
import dataclasses
from collections.abc import Coroutine
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeVar

from temporalio.client import (
    Client,
    WorkflowExecution,
    WorkflowExecutionStatus,
    WorkflowFailureError,
    WorkflowQueryFailedError,
)
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.temporal import failure
from timeweave.temporal.backfill import Backfill, memo
from timeweave.temporal.connection import connect
from timeweave.temporal.messages import TASK_QUEUE, Job, Outcome, Progress, Span, run_id, workflow_id
from timeweave.temporal.pipeline import TogglFiberyPipeline

STATES = {
    WorkflowExecutionStatus.RUNNING: "in_progress", WorkflowExecutionStatus.COMPLETED: "completed",
    WorkflowExecutionStatus.CANCELED: "cancelled",
}  # fmt: skip
"""All others are failures: of the run, or since somebody terminated its workflow."""
OF_RUNS = "WorkflowType = 'TogglFiberyPipeline'"


@dataclass(frozen=True)
class Seen:
    """A run as Temporal knows it."""

    run: str
    status: str
    started_at: str
    ended_at: str | None
    memo: dict[str, str]
    progress: Progress | None = None
    outcome: Outcome | None = None
    failure: tuple[str | None, int, str] | None = None
    """Stage, exit code and sentence."""


Answer = TypeVar("Answer")
_runner: asyncio.Runner | None = None
_client: Client | None = None


def do(work: Coroutine[Any, Any, Answer]) -> Answer:
    """Run a question to Temporal; its refusals are sentences. One connection serves all questions of a command."""
    global _runner
    _runner = _runner or asyncio.Runner()
    try:
        return _runner.run(work)
    except RPCError as error:
        raise TimeweaveError(f"Temporal answered {error.status.name}: {error.message}") from None


async def _connected() -> Client:
    global _client
    _client = _client or await connect()
    return _client


async def start(run: str, job: Job) -> None:
    """Start the workflow of a run."""
    client = await _connected()
    try:
        await client.start_workflow(
            TogglFiberyPipeline.run, job, id=workflow_id(run), task_queue=TASK_QUEUE, memo=memo(job),
            id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            static_summary=f"{job.edits.get('period.start', '')} to {job.edits.get('period.end', '')}",
        )  # fmt: skip
    except WorkflowAlreadyStartedError:
        raise ConfigurationError(f"there is a run {run} on Temporal already; choose another --run-id") from None


async def fill(span: Span) -> None:
    """Start the workflow of a backfill."""
    client = await _connected()
    await client.start_workflow(
        Backfill.run, span, id=workflow_id(span.name), task_queue=TASK_QUEUE,
        static_summary=f"{len(span.periods)} periods, {span.first} to {span.last}",
    )  # fmt: skip


async def look(run: str) -> Seen | None:
    """A run with its progress, its result or its failure; None where Temporal does not know it."""
    client = await _connected()
    handle = client.get_workflow_handle_for(TogglFiberyPipeline.run, workflow_id(run))
    try:
        found = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    seen = await _seen(found)
    if found.status is WorkflowExecutionStatus.RUNNING:
        return dataclasses.replace(seen, progress=await _progress(client, run))
    try:
        return dataclasses.replace(seen, outcome=await handle.result())
    except WorkflowFailureError as error:
        return dataclasses.replace(seen, failure=failure.told(error.cause)[:3])


async def goes_on(name: str) -> bool:
    """Whether a backfill is not over."""
    client = await _connected()
    try:
        found = await client.get_workflow_handle(workflow_id(name)).describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return False
        raise
    return found.status is WorkflowExecutionStatus.RUNNING


async def listed() -> list[Seen]:
    """All runs that Temporal keeps."""
    client = await _connected()
    return [await _seen(found) async for found in client.list_workflows(OF_RUNS)]


async def cancel(run: str) -> None:
    """Ask for the end of a run; `look` says when it has come."""
    client = await _connected()
    await client.get_workflow_handle(workflow_id(run)).cancel()


async def _progress(client: Client, run: str) -> Progress | None:
    try:
        return await client.get_workflow_handle(workflow_id(run)).query(
            TogglFiberyPipeline.get_progress, rpc_timeout=timedelta(seconds=3)
        )
    except (RPCError, WorkflowQueryFailedError):
        # No worker is there to answer.
        return None


async def _seen(found: WorkflowExecution) -> Seen:
    status = STATES.get(found.status or WorkflowExecutionStatus.FAILED, "failed")
    return Seen(
        run=run_id(found.id), status=status, started_at=_moment(found.start_time),
        ended_at=_moment(found.close_time) if found.close_time else None, memo=dict(await found.memo()),
    )  # fmt: skip


def _moment(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
