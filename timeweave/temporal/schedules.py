"""Runs that Temporal starts by itself: last week's every Monday, last month's on the first."""

import dataclasses
from collections.abc import AsyncIterator, Awaitable
from dataclasses import dataclass

from temporalio.client import (
    Schedule,
    ScheduleActionStartWorkflow,
    ScheduleAlreadyRunningError,
    ScheduleCalendarSpec,
    ScheduleListDescription,
    ScheduleOverlapPolicy,
    SchedulePolicy,
    ScheduleRange,
    ScheduleSpec,
)  # fmt: skip
from temporalio.service import RPCError, RPCStatusCode

from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.connection import connect
from timeweave.temporal.messages import TASK_QUEUE, Job, run_id, workflow_id
from timeweave.temporal.pipeline import TogglFiberyPipeline

PREFIX = "timeweave-"
HOUR, MINUTE = 5, 17
"""UTC: after the night of most teams, and not on the hour, when everybody's jobs begin."""
WHEN = {
    "week": ("last-week", ScheduleCalendarSpec(day_of_week=[ScheduleRange(1)])),
    "month": ("last-month", ScheduleCalendarSpec(day_of_month=[ScheduleRange(1)])),
}


@dataclass(frozen=True)
class Planned:
    """A schedule as it is shown; moments are UTC, ISO 8601."""

    name: str
    period: str
    next: str | None
    last_run: str | None


async def add(name: str, every: str, job: Job) -> None:
    """Have the period that is just over reported each week or month. The job has the stages; its commit is the branch's."""
    period, days = WHEN[every]
    client = await connect()
    action = ScheduleActionStartWorkflow(
        TogglFiberyPipeline.run, Job(stages=job.stages, edits=job.edits, period=period), id=workflow_id(name),
        task_queue=TASK_QUEUE,
    )  # fmt: skip
    calendar = dataclasses.replace(days, hour=[ScheduleRange(HOUR)], minute=[ScheduleRange(MINUTE)])
    spec = ScheduleSpec(calendars=[calendar])
    policy = SchedulePolicy(overlap=ScheduleOverlapPolicy.BUFFER_ALL)
    try:
        await client.create_schedule(
            PREFIX + name, Schedule(action=action, spec=spec, policy=policy), memo={"period": period}
        )
    except ScheduleAlreadyRunningError:
        raise ConfigurationError(
            f"there is a schedule {name} already; remove it first, or choose another --name"
        ) from None


async def listed() -> list[Planned]:
    """All schedules of Timeweave, by name."""
    client = await connect()
    found = [one async for one in _planned(await client.list_schedules())]
    return sorted(found, key=lambda one: one.name)


async def remove(name: str) -> None:
    """Take a schedule away; runs that it has started go on."""
    client = await connect()
    await _known(name, client.get_schedule_handle(PREFIX + name).delete())


async def _planned(schedules: AsyncIterator[ScheduleListDescription]) -> AsyncIterator[Planned]:
    async for one in schedules:
        if one.id.startswith(PREFIX) and one.info:
            moments = one.info.next_action_times
            recent = [getattr(action.action, "workflow_id", "") for action in one.info.recent_actions]
            yield Planned(
                name=one.id.removeprefix(PREFIX), period=str((await one.memo()).get("period", "")),
                next=moments[0].strftime("%Y-%m-%dT%H:%M:%SZ") if moments else None,
                last_run=run_id(recent[-1]) if recent else None,
            )  # fmt: skip


async def _known(name: str, asked: Awaitable[None]) -> None:
    try:
        await asked
    except RPCError as error:
        if error.status is RPCStatusCode.NOT_FOUND:
            raise ConfigurationError(f"there is no schedule {name!r}; see: timeweave schedule list") from None
        raise
