"""Looks at runs on Temporal from inside a test: what they answer, and what their histories say."""

import asyncio
import contextlib
import time
from collections import Counter
from collections.abc import Coroutine
from typing import Any

from temporalio.api.enums.v1 import EventType
from temporalio.client import Client, WorkflowFailureError, WorkflowQueryFailedError
from temporalio.service import RPCError

from timeweave.temporal.messages import Progress, make_workflow_id


class Watch:
    """Questions to one server."""

    def __init__(self, address: str) -> None:
        self._runner = asyncio.Runner()
        self.client = self._runner.run(Client.connect(address))

    def do(self, work: Coroutine[Any, Any, Any], seconds: float = 60) -> Any:
        """Have something done with the client, which must not take longer."""
        return self._runner.run(asyncio.wait_for(work, seconds))

    def wait_for_end(self, run: str) -> None:
        """Until the run is over, however it ended."""
        with contextlib.suppress(WorkflowFailureError):
            self.do(self.client.get_workflow_handle(make_workflow_id(run)).result(), 180)

    def get_progress(self, run: str) -> Progress | None:
        """The run's own answer; None while it cannot answer."""
        return self.do(self._get_progress(run))

    def wait_for_stage(self, run: str, stage: str, seconds: float = 90) -> Progress:
        """As soon as that stage is at work."""
        deadline = time.monotonic() + seconds
        while not ((found := self.get_progress(run)) and found.stage and found.stage.name == stage):
            assert time.monotonic() < deadline, f"{run} did not come to {stage}: {found}"
            time.sleep(0.08)
        return found

    def list_running(self) -> list[str]:
        """The ids of all workflows that are not over."""

        async def listed():
            return [one.id async for one in self.client.list_workflows("ExecutionStatus = 'Running'")]

        return self.do(listed())

    def count_saved_stages(self, run: str) -> Counter[str]:
        """How often each stage was done and saved, by the history of the run."""
        asked, done = {}, Counter()
        for event in self._read_history(run):
            if event.HasField("activity_task_scheduled_event_attributes"):
                facts = event.activity_task_scheduled_event_attributes
                if facts.activity_type.name == "save_stage":
                    asked[event.event_id] = facts.input.payloads[1].data.decode().strip('"')
            if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
                scheduled = event.activity_task_completed_event_attributes.scheduled_event_id
                done.update([asked[scheduled]] if scheduled in asked else [])
        return done

    def count_timers(self, run: str) -> int:
        """How often the run slept and woke up."""
        return sum(event.event_type == EventType.EVENT_TYPE_TIMER_FIRED for event in self._read_history(run))

    def close(self) -> None:
        """Let go."""
        self._runner.close()

    def _read_history(self, run: str) -> list[Any]:
        handle = self.client.get_workflow_handle(make_workflow_id(run))
        return list(self.do(handle.fetch_history()).events)

    async def _get_progress(self, run: str) -> Progress | None:
        handle = self.client.get_workflow_handle(make_workflow_id(run))
        try:
            return await asyncio.wait_for(handle.query("get_progress", result_type=Progress), 3)
        except (RPCError, TimeoutError, WorkflowQueryFailedError):
            return None
