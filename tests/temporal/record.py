"""Records histories for test_replay.py anew, after a deliberate change of workflow code:

    python -m tests.temporal.record

A run whose worker is killed and whose quota is spent, and a small backfill whose runs wait for each other.
"""

import asyncio
import base64
import contextlib
import json
import re
import tempfile
from datetime import date
from pathlib import Path

from temporalio.client import Client

from tests.temporal.conftest import Server
from tests.temporal.fleet import Fleet, until
from tests.temporal.watching import Watch
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.server import Sandbox

HISTORIES = Path(__file__).parent / "histories"
WHO = re.compile(r"timeweave-[A-Za-z0-9.-]+-\d+-[0-9a-f]{6}|\d+@[A-Za-z0-9.-]+")
MOST = 3


def main() -> None:
    """Run, and write what the server keeps of it, without the names of this machine."""
    with tempfile.TemporaryDirectory() as name, Sandbox(date(2025, 10, 14)) as sandbox:
        folder = Path(name)
        server = Server(folder)
        try:
            sandbox.behaviour.update({"latency": 0.05, "quota": 20, "quota_window": 5})
            fleet = Fleet.make(folder / "fleet", Fleet.prepare(folder / "template", True), sandbox, server.address)
            fleet.start(2)
            fleet.held.begin("enrich_entities")
            fleet.begin("june", "--start-date", "2025-06-01", "--end-date", "2025-06-30")
            until(lambda: fleet.held.has_begun("enrich_entities"))
            with contextlib.closing(Watch(server.address)) as watch:
                fleet.kill(watch.get_progress("june").worker)
            fleet.held.end("enrich_entities")
            assert fleet.wait_for_end("june")["status"] == "completed"
            sandbox.behaviour.update(vars(Behaviour()) | {"latency": 0.2})
            fleet.start()
            fleet.project.succeed(
                "timeweave", "backfill", "--from", "2025-06-02", "--to", "2025-06-15", "--as-of", "2025-10-14",
                "--engine", "temporal", "--parallel", "2",
            )  # fmt: skip
            fleet.stop()
            asyncio.run(write(server.address))
        finally:
            server.stop()


async def write(address: str) -> None:
    """A file for each workflow, but one for those that are alike."""
    HISTORIES.mkdir(exist_ok=True)
    client = await Client.connect(address)
    written: dict[str, int] = {}
    async for one in client.list_workflows():
        history = await client.get_workflow_handle(one.id, run_id=one.run_id).fetch_history()
        number = written[one.workflow_type] = written.get(one.workflow_type, 0) + 1
        if number <= MOST:
            text = json.dumps(history.to_json_dict(), indent=1)
            (HISTORIES / f"{one.workflow_type}-{number}.json").write_text(anonymous(text) + "\n")


def anonymous(text: str) -> str:
    """Without the names of workers, those in payloads included, and without traces, which name folders of a machine."""
    text = re.sub(r'"stackTrace": "(?:[^"\\]|\\.)*"', '"stackTrace": ""', text)
    name = "timeweave-worker-1-abcdef"

    def inside(found: re.Match[str]) -> str:
        payload = base64.b64decode(found[1]).decode(errors="surrogateescape")
        return f'"data": "{base64.b64encode(WHO.sub(name, payload).encode(errors="surrogateescape")).decode()}"'

    return WHO.sub(name, re.sub(r'"data": "([A-Za-z0-9+/=]*)"', inside, text))


if __name__ == "__main__":
    main()
