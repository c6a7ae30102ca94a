"""Many periods on many workers: the span is paid for once, and the token's pace is kept by all of them together."""

import asyncio
import contextlib
import json
from datetime import UTC, datetime, timedelta

from temporalio.client import Client
from temporalio.worker import Worker

from tests.temporal.fleet import until
from tests.temporal.made import Made
from tests.temporal.watching import Watch
from timeweave.sandbox.recorder import most_in_a_second
from timeweave.temporal.backfill import MOST, Backfill
from timeweave.temporal.messages import Span
from timeweave.temporal.worker import runner

SPAN = ("--from", "2025-08-11", "--to", "2025-08-24", "--as-of", "2025-10-14", "--engine", "temporal")


def test_a_backfill_over_two_workers_pays_once_and_keeps_the_pace_of_each_token(fleet, sandbox, temporal):
    found = fleet(sandbox, fibery__requests_per_second=6)
    found.start(2)
    done = found.project.succeed("timeweave", "backfill", *SPAN, "--parallel", "2")
    assert done.stdout.count("completed") == 2
    # The server has runs of other projects, too.
    runs = [run for run in listed(found.project) if run["where"] == "temporal"]
    assert {run["stages"][0]["requests"] for run in runs} == {0}
    fibery = [request for request in sandbox.requests if request.service == "fibery"]
    assert most_in_a_second(fibery) <= 6
    assert len(fibery) == sum(run["stages"][3]["requests"] for run in runs)
    assert len(found.refs("refs/exps")) == 2
    assert "2025-W33" in found.project.succeed("timeweave", "trend").stdout
    again = found.project.succeed("timeweave", "backfill", *SPAN)
    assert again.stdout == ""


def test_a_long_backfill_goes_on_under_a_new_history_and_names_what_failed(temporal):
    periods = [(str(number), str(number)) for number in range(1, MOST + 6)]
    span = Span("long", ["fetch_time"], "c0ffee", "1", "105", {}, periods, 20)

    async def filled():
        client = await Client.connect(temporal.address)
        async with Worker(client, task_queue="long", workflows=[Backfill, Made], workflow_runner=runner()):
            handle = await client.start_workflow(Backfill.run, span, id="toggl-fibery-long", task_queue="long")
            failed = await handle.result()
            return (
                failed,
                handle.first_execution_run_id,
                (await client.get_workflow_handle(handle.id).describe()).run_id,
            )

    failed, first, last = asyncio.run(filled())
    assert failed == ["long-3", "long-102"]
    assert first != last


def test_a_schedule_is_added_listed_run_and_removed(fleet, temporal):
    found = fleet()
    project = found.project
    found.start()
    assert project.succeed("timeweave", "schedule", "add", "--every", "week").stdout == "weekly\n"
    refused = project.run("timeweave", "schedule", "add", "--every", "week")
    assert (refused.returncode, "there is a schedule weekly already" in refused.stderr) == (2, True)
    [shown] = json.loads(project.succeed("timeweave", "schedule", "list", "--json").stdout)
    assert (shown["name"], shown["period"], shown["next"][10:]) == ("weekly", "last-week", "T05:17:00Z")
    with contextlib.closing(Watch(temporal.address)) as watch:
        watch.trigger("timeweave-weekly")
    today = datetime.now(UTC).date()
    monday = today - timedelta(days=today.weekday())
    run = until(
        lambda: next((r for r in listed(project) if r["id"].startswith("weekly-") and r["parameters"]["end"]), None),
        every=1,
    )
    assert run["parameters"]["start"] == str(monday - timedelta(days=7))
    assert run["parameters"]["end"] == str(monday - timedelta(days=1))
    run = run["id"]
    assert project.succeed("timeweave", "cancel-run", run).stdout.startswith(f"{run}  cancelled")
    page = project.succeed("timeweave", "temporal-ui", "--run-id", run).stdout
    assert page.startswith("http://localhost:8233/namespaces/default/workflows/toggl-fibery-weekly-20")
    assert project.succeed("timeweave", "schedule", "remove", "weekly").stderr == "weekly is removed\n"
    assert project.succeed("timeweave", "schedule", "list").stdout == ""
    assert project.run("timeweave", "schedule", "remove", "weekly").returncode == 2


def listed(project):
    return json.loads(project.succeed("timeweave", "list-runs", "--json").stdout)
