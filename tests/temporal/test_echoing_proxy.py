"""Runs on Temporal by way of a proxy that repeats the Authorization header: no form of a token is in any record of theirs."""

import json

import pytest

from tests.echoing_proxy import MARKED, find_marked, search, serve
from tests.temporal.fleet import RUN, until

pytestmark = pytest.mark.usefixtures("well_behaved")


def test_no_token_is_in_temporal_s_records_nor_in_those_of_the_run(make_fleet, sandbox, temporal, inbox):
    received, address = inbox
    with serve(sandbox.url) as proxy:
        fleet = make_fleet(proxy, is_quick=True)
        fleet.project.environment |= MARKED
        printed = []
        fleet.start(TIMEWEAVE_NOTIFY_URLS=address)
        proxy.statuses = {"toggl": [403]}
        done = fleet.project.run(*RUN, "--run-id", "refused", "--period", "2025-W30")
        printed += [done.stdout, done.stderr]
        assert (done.returncode, "answered 403: xxx" in done.stderr) == (3, True)
        proxy.statuses = {"toggl": [500]}
        fleet.begin("echoed", "--period", "2025-W32")
        until(lambda: "answered 500: xxx" in str(fleet.show("echoed")["doing"]))
        printed.append(json.dumps(fleet.list_runs()))
        proxy.statuses = {}
        run = fleet.wait_for_end("echoed")
        assert run["status"] == "completed", run
        printed.append(json.dumps(run))
        for worker in fleet.workers:
            worker.terminate()
            printed.append(worker.communicate()[1])
    assert len(received) == 2
    everything = "\n".join([*printed, done.stdout, done.stderr, json.dumps(received)])
    assert "***" in everything
    assert find_marked(everything.encode()) == []
    records = b"".join(path.read_bytes() for path in temporal.folder.rglob("*") if path.is_file())
    assert b"answered 403: xxx" in records
    assert search(fleet.folder, temporal.folder) == {}
