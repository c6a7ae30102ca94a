"""A worker: takes runs that wait, one at a time unless told otherwise, and works for them in a project's folder."""

import asyncio
import contextlib
import functools
import os
import signal
import socket
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from typing import Any

from temporalio.client import Client
from temporalio.worker import UnsandboxedWorkflowRunner, Worker

from timeweave.project.project_folder import ProjectFolder
from timeweave.temporal.activities import Activities
from timeweave.temporal.backfill import Backfill
from timeweave.temporal.messages import TASK_QUEUE
from timeweave.temporal.pipeline import TogglFiberyPipeline
from timeweave.temporal.service_lock import ServiceLock

WORKFLOWS = (TogglFiberyPipeline, ServiceLock, Backfill)
RUNNER = UnsandboxedWorkflowRunner()
"""A sandbox would let the project's own modules through, and there is nothing else; replayed histories are the check."""
THROTTLE = timedelta(seconds=1)
"""Heartbeats go out at least so often: with their answers comes the word that a run is cancelled."""


async def run_worker(client: Client, project: ProjectFolder, runs: int, say: Callable[[str], None]) -> None:
    """Until SIGTERM or Ctrl-C; runs under way are then taken up by other workers."""
    name = f"{TASK_QUEUE}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    does = Activities(client, project, name)
    asyncio.get_running_loop().set_default_executor(ThreadPoolExecutor(runs + 2))
    serve = functools.partial(
        Worker, client, max_heartbeat_throttle_interval=THROTTLE, default_heartbeat_throttle_interval=THROTTLE,
        workflow_runner=RUNNER,
    )  # fmt: skip
    steps: list[Callable[..., Any]] = [
        does.prepare, does.run_stage, does.save_stage, does.conclude, does.await_release
    ]  # fmt: skip
    own = serve(task_queue=name, activities=steps)
    common = serve(
        task_queue=TASK_QUEUE, workflows=WORKFLOWS, activities=[does.hold_session], max_concurrent_activities=runs
    )
    async with own, common:
        say(f"{name} waits for runs")
        await _wait_for_signal()
        say("ending; runs under way go on elsewhere")


async def _wait_for_signal() -> None:
    stop = asyncio.Event()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            asyncio.get_running_loop().add_signal_handler(number, stop.set)
    await stop.wait()
