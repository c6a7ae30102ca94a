"""A worker: takes runs that wait, one at a time unless told otherwise, and works for them in a project's folder."""

import asyncio
import contextlib
import os
import signal
import socket
import tempfile
import uuid
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path

from temporalio.client import Client
from temporalio.worker import Worker
from temporalio.worker.workflow_sandbox import SandboxedWorkflowRunner, SandboxRestrictions

from timeweave.runs.home import Home
from timeweave.temporal.activities import Host
from timeweave.temporal.backfill import Backfill
from timeweave.temporal.counter import counter
from timeweave.temporal.messages import TASK_QUEUE
from timeweave.temporal.pace import Pace
from timeweave.temporal.pipeline import TogglFiberyPipeline
from timeweave.temporal.turn import ArchiveTurn
from timeweave.web.pace import SOCKET

WORKFLOWS = (TogglFiberyPipeline, ArchiveTurn, Backfill, Pace)
LONGEST_FOLDER = 70
THROTTLE = timedelta(seconds=1)
"""Heartbeats go out at least so often: with their answers comes the word that a run is cancelled."""


async def work(client: Client, home: Home, runs: int, say: Callable[[str], None]) -> None:
    """Until SIGTERM or Ctrl-C; runs under way are then taken up by other workers."""
    name = f"{TASK_QUEUE}-{socket.gethostname()}-{os.getpid()}-{uuid.uuid4().hex[:6]}"
    host = Host(client, home, name)
    with (
        tempfile.TemporaryDirectory(prefix="timeweave-", dir=_short_folder()) as folder,
        ThreadPoolExecutor(2 * runs + 2) as threads,
    ):
        path = Path(folder, "pace")
        os.environ[SOCKET] = str(path)
        own = Worker(
            client, task_queue=name, activities=[host.prepare, host.run_stage, host.conclude, host.tell],
            activity_executor=threads, max_concurrent_activities=2 * runs,
            max_heartbeat_throttle_interval=THROTTLE, default_heartbeat_throttle_interval=THROTTLE,
        )  # fmt: skip
        common = Worker(
            client, task_queue=TASK_QUEUE, workflows=WORKFLOWS, activities=[host.host], workflow_runner=runner(),
            max_concurrent_activities=runs, max_heartbeat_throttle_interval=THROTTLE,
            default_heartbeat_throttle_interval=THROTTLE,
        )  # fmt: skip
        async with counter(client, path), own, common:
            say(f"{name} waits for runs")
            await _told_to_stop()
            say("ending; runs under way go on elsewhere")


def runner() -> SandboxedWorkflowRunner:
    """Workflow code is checked for what would differ in a replay; the project's own modules are known not to."""
    return SandboxedWorkflowRunner(restrictions=SandboxRestrictions.default.with_passthrough_modules("timeweave"))


def _short_folder() -> str | None:
    """A place for the socket: its path may have about a hundred letters, which some temporary folders exceed alone."""
    return None if len(tempfile.gettempdir()) < LONGEST_FOLDER else "/tmp"  # noqa: S108 - a folder of our own in it


async def _told_to_stop() -> None:
    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        with contextlib.suppress(NotImplementedError):
            loop.add_signal_handler(number, stop.set)
    await stop.wait()
