"""Starts runs and backfills on Temporal from a project's folder, follows them, and has others start by a schedule."""

import time
from dataclasses import dataclass
from typing import Any

import msgspec
import yaml
from temporalio import client as api
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError
from temporalio.service import RPCError, RPCStatusCode

from timeweave.repository.remotes import Origin
from timeweave.repository.run_workspace import OWN, PARAMS
from timeweave.runs.backfill import Backfill as BackfillPlan
from timeweave.runs.execution import create_run
from timeweave.runs.manifest import Location, Manifest, Status
from timeweave.runs.register import Register
from timeweave.runs.request import RunRequest
from timeweave.runs.stage_status import ParallelView, View
from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.connection import ask
from timeweave.temporal.messages import TASK_QUEUE, Job, Span, clean_text, make_workflow_id, read_run_id
from timeweave.temporal.pipeline import Backfill, TogglFiberyPipeline
from timeweave.temporal.workflow_manifests import read_memo, refresh_run

POLL = 0.5
SCHEDULE_PREFIX = "timeweave-"
WHEN = {"week": ("last-week", "17 5 * * 1"), "month": ("last-month", "17 5 1 * *")}
"""Period and moment, UTC: after the night of most teams, and not on the hour, when everybody's jobs begin."""


def start_run(register: Register, request: RunRequest) -> Manifest:
    """Have workers make the run; its manifest."""
    if request.base or request.refresh:
        option = "--start-from" if request.base else "--refresh"
        raise ConfigurationError(f"{option} works on this machine's data; leave --engine temporal away")
    asked = request.parameters
    job = Job(asked.as_of, asked.start, asked.end, users=asked.users, commit=offer_commit(register))
    try:
        ask(
            lambda client: client.start_workflow(
                TogglFiberyPipeline.run, job, id=make_workflow_id(request.id), task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            )
        )  # fmt: skip
    except WorkflowAlreadyStartedError:
        raise ConfigurationError(f"there is a run {request.id} on Temporal already; choose another --run-id") from None
    return create_run(register, request, Location.temporal)


def start_backfill(register: Register, plan: BackfillPlan, stamp: str, parallel: int) -> list[Manifest]:
    """Have workers make the runs of a backfill; their manifests, of runs that wait until the span is fetched."""
    name, periods = f"backfill_{stamp}", [(str(first), str(last)) for first, last in plan.waiting]
    span = Span(str(plan.as_of), list(plan.given.users), offer_commit(register), periods, parallel)
    ask(lambda client: client.start_workflow(Backfill.run, span, id=make_workflow_id(name), task_queue=TASK_QUEUE))
    runs = []
    for number, period in enumerate(plan.waiting, start=1):
        run = create_run(register, plan.make_request(f"{name}-{number}", period), Location.temporal)
        runs.append(msgspec.structs.replace(run, part_of=name))
        register.open(run.id).write_manifest(runs[-1])
    return runs


def follow_run(register: Register, run: Manifest, view: View) -> Manifest:
    """Wait for its end, showing how far it is; interrupting leaves it at work."""
    return _follow(register, [(run, view)], view)[0]


def follow_runs(register: Register, runs: list[Manifest], view: ParallelView) -> list[Manifest]:
    """The same for the runs of a backfill, in the order in which they begin."""
    parts = [(run, view.open(f"{run.parameters.start} to {run.parameters.end}")) for run in runs]
    return _follow(register, parts, view)


def _follow(register: Register, parts: list[tuple[Manifest, View]], view: View | ParallelView) -> list[Manifest]:
    found, said = {run.id: run for run, _ in parts}, dict[str, str | None]()
    try:
        while not all(run.is_over for run in found.values()):
            time.sleep(POLL)
            for id_, part in [(run.id, part) for run, part in parts if not found[run.id].is_over]:
                run = found[id_] = refresh_run(register, found[id_])
                part.update(run.stages)
                if run.doing and run.doing not in (said.get(id_), *(stage.name for stage in run.stages)):
                    said[id_] = run.doing
                    part.say(run.doing)
                if run.is_over and len(parts) > 1:
                    part.say(f"{run.status}  {run.error.sentence if run.error else ''}".rstrip())
                    part.close()
                if run.status is Status.queued:
                    # Those after it wait as well.
                    break
    except KeyboardInterrupt:
        left = next(run.id for run in found.values() if not run.is_over)
        view.say(f"{left} goes on without you: timeweave show-run {left}; timeweave cancel-run {left} ends it")
    finally:
        view.close()
    return list(found.values())


@dataclass(frozen=True)
class PlannedRun:
    """A schedule as it is shown; moments are UTC, ISO 8601."""

    name: str
    period: str
    next: str | None
    last_run: str | None


def add_schedule(name: str, every: str) -> None:
    """Have the period that is just over reported each week or month, with the commit that the workers' branch has then."""
    period, moment = WHEN[every]
    action = api.ScheduleActionStartWorkflow(
        TogglFiberyPipeline.run, Job(period=period), id=make_workflow_id(name), task_queue=TASK_QUEUE
    )
    policy = api.SchedulePolicy(overlap=api.ScheduleOverlapPolicy.BUFFER_ALL)
    schedule = api.Schedule(action=action, spec=api.ScheduleSpec(cron_expressions=[moment]), policy=policy)
    try:
        ask(lambda client: client.create_schedule(SCHEDULE_PREFIX + name, schedule, memo={"period": period}))
    except api.ScheduleAlreadyRunningError:
        raise ConfigurationError(f"there is a schedule {name} already; remove it, or choose another --name") from None


def list_schedules() -> list[PlannedRun]:
    """All schedules of Timeweave, by name."""

    async def list_(client: api.Client) -> list[PlannedRun]:
        schedules = await client.list_schedules()
        return [await _describe_schedule(one) async for one in schedules if one.id.startswith(SCHEDULE_PREFIX)]

    return sorted(ask(list_), key=lambda one: one.name)


def remove_schedule(name: str) -> None:
    """Take a schedule away; runs that it has started go on."""

    async def remove(client: api.Client) -> None:
        try:
            await client.get_schedule_handle(SCHEDULE_PREFIX + name).delete()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise ConfigurationError(f"there is no schedule {name!r}; see: timeweave schedule list") from None
            raise

    ask(remove)


async def _describe_schedule(one: api.ScheduleListDescription) -> PlannedRun:
    moments = one.info.next_action_times if one.info else []
    recent = [getattr(action.action, "workflow_id", "") for action in one.info.recent_actions] if one.info else []
    return PlannedRun(
        name=clean_text(one.id.removeprefix(SCHEDULE_PREFIX)), period=(await read_memo(one))("period"),
        next=moments[0].strftime("%Y-%m-%dT%H:%M:%SZ") if moments else None,
        last_run=clean_text(read_run_id(recent[-1])) if recent else None,
    )  # fmt: skip


def offer_commit(register: Register) -> str:
    """The project's commit, once it is where workers look for it; what it does not have must be committed first."""
    commit = register.git.head()
    changed = [name for name in register.git.list_changes() if name not in OWN]
    ours = _load_what_jobs_leave((register.project.params).read_text(encoding="utf-8"))
    theirs = _load_what_jobs_leave(register.git.run("show", "--end-of-options", f"{commit}:{PARAMS}"))
    changed += [f"{key} of {PARAMS}" for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
    if changed:
        raise ConfigurationError(
            f"workers take what is committed, but for days and users, and {', '.join(changed[:3])} is not: commit it, "
            "or add it to .gitignore"
        )
    Origin(register.project.folder).offer(commit)
    return commit


def _load_what_jobs_leave(text: str) -> dict[str, Any]:
    """Parameters without what a job says: days and users."""
    content = yaml.safe_load(text) or {}
    period = {key: value for key, value in content.get("period", {}).items() if key not in ("start", "end")}
    return {key: value for key, value in content.items() if key not in ("as_of", "users")} | {"period": period}
