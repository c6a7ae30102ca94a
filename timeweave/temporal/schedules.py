"""Runs that Temporal starts by itself: last week's every Monday, last month's on the first."""

from dataclasses import dataclass

from temporalio import client as api
from temporalio.service import RPCError, RPCStatusCode

from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.connection import ask
from timeweave.temporal.engine import read_memo
from timeweave.temporal.messages import TASK_QUEUE, Job, clean_text, make_workflow_id, read_run_id
from timeweave.temporal.pipeline import TogglFiberyPipeline

PREFIX = "timeweave-"
WHEN = {"week": ("last-week", "17 5 * * 1"), "month": ("last-month", "17 5 1 * *")}
"""Period and moment, UTC: after the night of most teams, and not on the hour, when everybody's jobs begin."""


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
        ask(lambda client: client.create_schedule(PREFIX + name, schedule, memo={"period": period}))
    except api.ScheduleAlreadyRunningError:
        raise ConfigurationError(f"there is a schedule {name} already; remove it, or choose another --name") from None


def list_schedules() -> list[PlannedRun]:
    """All schedules of Timeweave, by name."""

    async def list_(client: api.Client) -> list[PlannedRun]:
        schedules = await client.list_schedules()
        return [await _describe(one) async for one in schedules if one.id.startswith(PREFIX)]

    return sorted(ask(list_), key=lambda one: one.name)


def remove_schedule(name: str) -> None:
    """Take a schedule away; runs that it has started go on."""

    async def remove(client: api.Client) -> None:
        try:
            await client.get_schedule_handle(PREFIX + name).delete()
        except RPCError as error:
            if error.status is RPCStatusCode.NOT_FOUND:
                raise ConfigurationError(f"there is no schedule {name!r}; see: timeweave schedule list") from None
            raise

    ask(remove)


async def _describe(one: api.ScheduleListDescription) -> PlannedRun:
    moments = one.info.next_action_times if one.info else []
    recent = [getattr(action.action, "workflow_id", "") for action in one.info.recent_actions] if one.info else []
    return PlannedRun(
        name=clean_text(one.id.removeprefix(PREFIX)), period=(await read_memo(one))("period"),
        next=moments[0].strftime("%Y-%m-%dT%H:%M:%SZ") if moments else None,
        last_run=clean_text(read_run_id(recent[-1])) if recent else None,
    )  # fmt: skip
