"""A worker that is told to end does so at once, whatever its runs wait for, and they go on elsewhere."""

import signal

import pytest

from tests.temporal.fleet import until
from timeweave.project.parameters import load_parameters
from timeweave.temporal.stage_calls import ServiceLock
from timeweave.temporal.worker_run import name_lock
from timeweave.toggl.connection import account

pytestmark = pytest.mark.usefixtures("well_behaved")


@pytest.fixture
def fleet(make_own_fleet, sandbox):
    found = make_own_fleet(sandbox, is_quick=True)
    found.start()
    return found


@pytest.fixture
def lock(fleet, watch):
    """Held by a run of another project that asks the same account, for as long as the test wants."""
    given = load_parameters(fleet.project.folder / "params.yaml")
    name = name_lock("toggl", account(given.source, given.toggl))
    return watch.do(
        watch.client.start_workflow(ServiceLock.run, args=["other", "fetch_time", "none"], id=name, task_queue="none")
    )


def test_a_run_that_waits_for_a_service_or_for_a_stage_goes_on_elsewhere(fleet, lock, watch):
    fleet.held.begin("fetch_time")
    fleet.begin("moved")
    waiting = until(lambda: (p := watch.get_progress("moved")) and "another run is at fetch_time" in p.doing and p)
    end(fleet.workers[0])
    fleet.start()
    until(lambda: (p := watch.get_progress("moved")) and p.worker not in (None, waiting.worker))
    watch.do(lock.terminate())
    # Nor does it wait for a stage that is at work.
    until(lambda: fleet.held.has_begun("fetch_time"))
    end(fleet.workers[1])
    fleet.start()
    assert fleet.project.call("cancel-run", "moved").returncode == 0


def end(worker):
    """It ends of itself, and long before what it waits for."""
    worker.send_signal(signal.SIGTERM)
    worker.communicate(timeout=45)
    assert worker.returncode == 0
