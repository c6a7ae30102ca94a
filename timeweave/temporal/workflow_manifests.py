"""Temporal as the register of runs sees it: its workflows as manifests."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec
from google.protobuf.message import DecodeError
from temporalio import client as api
from temporalio.exceptions import ApplicationError
from temporalio.service import RPCError, RPCStatusCode

from timeweave.repository.git import check_commit
from timeweave.runs.manifest import Fault, Location, Manifest, Request, StageState, Status
from timeweave.runs.register import Register
from timeweave.runs.run_folder import ID
from timeweave.runtime import shapes
from timeweave.runtime.errors import TimeweaveError
from timeweave.temporal import failure
from timeweave.temporal.connection import Answer, ask
from timeweave.temporal.messages import Outcome, Progress, clean_text, make_workflow_id, read_run_id
from timeweave.temporal.pipeline import TogglFiberyPipeline

STATUS = {
    api.WorkflowExecutionStatus.RUNNING: Status.in_progress, api.WorkflowExecutionStatus.COMPLETED: Status.completed,
    api.WorkflowExecutionStatus.CANCELED: Status.cancelled,
}  # fmt: skip
"""All others are failures: of the run, or since somebody terminated its workflow."""
OF_RUNS = f"WorkflowType = '{TogglFiberyPipeline.__name__}'"
CANCELLED = Fault(stage=None, exit_code=130, sentence="it was cancelled; what was fetched is kept, run again to go on")
UNREADABLE = (ApplicationError, TimeweaveError, RuntimeError, KeyError, TypeError, ValueError, DecodeError)
"""What reading a payload ends with that none of ours wrote, or one that is encrypted with another key."""
PATIENCE = 2.0
"""Seconds that a list of runs waits for a connection: it is of use without. For one run there is no limit but the SDK's."""
GONE = Fault(stage=None, exit_code=1, sentence="Temporal does not know how the run ended; run it again")


class Temporal:
    """The other engine of a register. A list of runs is of use while Temporal is down, too: `say` tells of it once."""

    def __init__(self, say: Callable[[str], None]) -> None:
        self._say = say
        self._is_down = False

    def refresh(self, register: Register, run: Manifest, is_listed: bool) -> Manifest:
        """A run that was not over when it was last looked at; of one that is named, the answer is waited for."""
        if is_listed and self._is_down:
            return run
        return self._ask_or_take(lambda: refresh_run(register, run, PATIENCE if is_listed else None), run)

    def find(self, register: Register, run: str) -> Manifest | None:
        """A run that this project did not start; None where Temporal does not know it either."""
        found = ask(lambda client: _read_run(client, run))
        return _fetch_result(register, found) if found else None

    def list_others(self, register: Register, known: set[str]) -> list[Manifest]:
        """Runs that Temporal keeps and this project did not start, those of schedules and backfills among them."""
        if self._is_down:
            return []
        found = self._ask_or_take(lambda: ask(_list_runs, PATIENCE), list[Manifest]())
        return [run for run in found if run.id not in known and ID.fullmatch(run.id)]

    def cancel(self, run: str) -> None:
        """Ask for the end of a run."""
        ask(lambda client: client.get_workflow_handle(make_workflow_id(run)).cancel())

    def _ask_or_take(self, question: Callable[[], Answer], otherwise: Answer) -> Answer:
        try:
            answer = question()
        except TimeweaveError as error:
            if not self._is_down:
                self._say(f"{error}; its runs are shown as they were last seen, or not at all")
            self._is_down = True
            return otherwise
        self._is_down = False
        return answer


def refresh_run(register: Register, run: Manifest, patience: float | None = None) -> Manifest:
    """The manifest of a run that this project started, as it is now; kept once the run is over."""
    now = ask(lambda client: _read_run(client, run.id, run), patience)
    if now is None:
        part_of = run.part_of
        whole = ask(lambda client: _read_run(client, part_of)) if part_of else None
        if whole and not whole.is_over:
            return msgspec.structs.replace(run, status=Status.queued)
        now = msgspec.structs.replace(run, status=Status.failed, error=whole.error if whole and whole.error else GONE)
    if now.is_over:
        stages = [replace(one, state=StageState.stopped) if one.state == "running" else one for one in now.stages]
        now = _fetch_result(register, msgspec.structs.replace(now, stages=stages, doing=None))
        register.open(run.id).write_manifest(now)
    return now


def _fetch_result(register: Register, run: Manifest) -> Manifest:
    """Have the result of a run in the project's git, where it has one."""
    if run.experiment and run.id not in register.experiments.list_experiments():
        register.experiments.bring(register.git.find_origin(), run.id)
    return run


async def _list_runs(client: api.Client) -> list[Manifest]:
    found = client.list_workflows(OF_RUNS, rpc_timeout=timedelta(seconds=PATIENCE))
    return [await _make_manifest(one) async for one in found]


async def _read_run(client: api.Client, run: str, known: Manifest | None = None) -> Manifest | None:
    """A run, or a backfill, with how far it is, its result or its failure; None where Temporal does not know it."""
    handle = client.get_workflow_handle(make_workflow_id(run))
    try:
        found = await handle.describe()
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            return None
        raise
    now, is_at_work = await _make_manifest(found, known), found.status is api.WorkflowExecutionStatus.RUNNING
    if now.status is Status.completed and found.workflow_type != TogglFiberyPipeline.__name__:
        return now
    try:
        return _clean(await (_read_progress(handle, now) if is_at_work else _read_end(handle, now)))
    except UNREADABLE as error:
        sentence = clean_text(f"what Temporal holds of the run cannot be read: {error}")
        if is_at_work:
            return msgspec.structs.replace(now, doing=sentence)
        return msgspec.structs.replace(now, error=Fault(stage=None, exit_code=1, sentence=sentence))


async def _read_progress(handle: api.WorkflowHandle[Any, Any], now: Manifest) -> Manifest:
    try:
        told = await handle.query("get_progress", rpc_timeout=timedelta(seconds=3))
    except (RPCError, api.WorkflowQueryFailedError):
        # No worker is there to answer, or it is a backfill.
        return now
    progress = shapes.convert(told, Progress)
    has_begun = progress.worker or any(one.state is not StageState.waiting for one in progress.stages)
    return msgspec.structs.replace(
        now, status=Status.in_progress if has_begun else Status.queued, stages=progress.stages or now.stages,
        doing=progress.doing,
    )  # fmt: skip


async def _read_end(handle: api.WorkflowHandle[Any, Any], now: Manifest) -> Manifest:
    try:
        made = shapes.convert(await handle.result(), Outcome)
    except api.WorkflowFailureError as error:
        fault = CANCELLED if now.status is Status.cancelled else failure.read_fault(error.cause)
        return msgspec.structs.replace(now, error=fault)
    for commit in (made.commit, made.experiment):
        check_commit(commit or "")
    return msgspec.structs.replace(
        now, stages=made.stages, numbers=made.numbers, baseline=made.commit, experiment=made.experiment
    )


def _clean(run: Manifest) -> Manifest:
    """With texts that a terminal can show and values that a manifest can hold, whoever answered."""

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            return clean_text(value)
        if isinstance(value, list):
            return [clean(one) for one in value]
        return {key: clean(one) for key, one in value.items()} if isinstance(value, dict) else value

    return shapes.convert(clean(msgspec.to_builtins(run)), Manifest)


async def read_memo(found: api.WorkflowExecution | api.ScheduleListDescription) -> Callable[[str], str]:
    """What was written beside a workflow or a schedule, by its key; empty text where it cannot be read."""
    try:
        memo = await found.memo()
    except UNREADABLE:
        memo = {}
    return lambda key: clean_text(str(memo.get(key, "")))


async def _make_manifest(found: api.WorkflowExecution, known: Manifest | None = None) -> Manifest:
    """As much as a list of workflows says; what was known before stays."""
    begun, ended, read = found.start_time, found.close_time, await read_memo(found)
    as_of, first, last = map(read, ("as_of", "period.start", "period.end"))
    known = known or Manifest(
        id=read_run_id(found.id), where=Location.elsewhere, status=Status.queued, started_at="",
        parameters=Request(source="", as_of=as_of, start=first, end=last),
    )  # fmt: skip
    return msgspec.structs.replace(
        known, status=STATUS.get(found.status or api.WorkflowExecutionStatus.FAILED, Status.failed),
        started_at=_format_time(begun), ended_at=_format_time(ended) if ended else None,
        seconds=round((ended - begun).total_seconds(), 1) if ended else None,
    )  # fmt: skip


def _format_time(at: datetime) -> str:
    return at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
