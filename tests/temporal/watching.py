"""Looks at runs on Temporal from inside a test, quickly enough to catch a stage that takes a second."""

import asyncio
import json
import time
from collections import Counter

from temporalio.client import Client, WorkflowHistory, WorkflowQueryFailedError
from temporalio.service import RPCError

from timeweave.temporal.messages import Progress, workflow_id


class Watch:
    """Questions to one server."""

    def __init__(self, address: str) -> None:
        self._runner = asyncio.Runner()
        self.client = self._runner.run(Client.connect(address))

    def progress(self, run: str) -> Progress | None:
        """The run's own answer; None while it cannot answer."""
        return self._runner.run(self._progress(run))

    def until(self, run: str, stage: str, seconds: float = 90) -> Progress:
        """As soon as that stage is at work."""
        deadline = time.monotonic() + seconds
        while not ((found := self.progress(run)) and found.stage == stage):
            assert time.monotonic() < deadline, f"{run} did not come to {stage}: {found}"
            time.sleep(0.08)
        return found

    def finished_stages(self, run: str) -> Counter[str]:
        """How often each stage was finished, by the histories of the run and of its turn at the archive."""
        return Counter(self._runner.run(self._finished(run)))

    def timers(self, run: str) -> int:
        """How often the run slept and woke up."""
        history = self._runner.run(self._history(run))
        return sum(event.HasField("timer_fired_event_attributes") for event in history.events)

    def trigger(self, schedule: str) -> None:
        """Have a schedule start its run now."""
        self._runner.run(self.client.get_schedule_handle(schedule).trigger())

    def close(self) -> None:
        """Let go."""
        self._runner.close()

    async def _progress(self, run: str) -> Progress | None:
        handle = self.client.get_workflow_handle(workflow_id(run))
        try:
            return await asyncio.wait_for(handle.query("get_progress", result_type=Progress), 3)
        except (RPCError, TimeoutError, WorkflowQueryFailedError):
            return None

    async def _history(self, run: str) -> WorkflowHistory:
        return await self.client.get_workflow_handle(workflow_id(run)).fetch_history()

    async def _finished(self, run: str) -> list[str]:
        history = await self._history(run)
        asked, done = {}, []
        for event in history.events:
            if event.HasField("activity_task_scheduled_event_attributes"):
                facts = event.activity_task_scheduled_event_attributes
                asked[event.event_id] = (facts.activity_type.name, facts.input.payloads[0].data.decode())
            if event.HasField("activity_task_completed_event_attributes"):
                name, first = asked[event.activity_task_completed_event_attributes.scheduled_event_id]
                if name == "run_stage":
                    done.append(json.loads(first)["stage"])
            if event.HasField("child_workflow_execution_completed_event_attributes"):
                done.append("fetch_time")
        return done
