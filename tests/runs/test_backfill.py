"""Which periods of a span a backfill makes runs of, and how an interruption ends these."""

import signal
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import date

import msgspec
import pytest

from tests.runs.empty_project import make_register
from timeweave.cli.progress_view import ParallelRunsView
from timeweave.runs import backfill
from timeweave.runs.backfill import describe_backfill, execute_backfill, plan_backfill
from timeweave.runs.manifest import Location, Manifest, Request, Status

WHO = ("-c", "user.name=A", "-c", "user.email=a@team.example")


@pytest.fixture
def register(tmp_path):
    return make_register(tmp_path)


def planned(register, first=date(2025, 9, 22)):
    return plan_backfill(register, first, date(2025, 10, 19), "week", date(2025, 10, 12))


def run(start, end, status):
    asked_for = Request(source="demo", as_of="2025-10-12", start=start, end=end)
    return Manifest(
        id=f"run_{start}", status=status, where=Location.temporal, parameters=asked_for, started_at="2025-10-12"
    )


def save(register, run):
    register.open(run.id).write_manifest(run)


def test_a_period_that_is_not_over_is_left_out_and_named(register):
    found = planned(register)
    assert found.waiting == [(date(2025, 9, 22), date(2025, 9, 28)), (date(2025, 9, 29), date(2025, 10, 5))]
    assert found.utc_days[-1] == date(2025, 10, 5)
    said = describe_backfill(found)
    assert said[0] == "periods    2, 2 of them without a run"
    assert "left out   2025-10-06 to 2025-10-19: not over on 2025-10-12, the day the data is looked at" in said


def test_a_span_that_is_still_to_come_has_nothing_to_make(register):
    found = planned(register, first=date(2025, 10, 13))
    assert (found.periods, found.waiting, found.estimate.ranges) == ([], [], [])


def test_runs_at_work_are_counted_and_can_be_followed(register):
    waits = run("2025-09-22", "2025-09-28", Status.queued)
    save(register, waits)
    save(register, msgspec.structs.replace(run("2025-09-29", "2025-10-05", Status.completed), numbers={"hours": 1}))
    found = planned(register)
    assert (found.waiting, found.at_work) == ([], [waits])
    said = describe_backfill(found)
    assert said[:3] == [
        "periods    2, 0 of them without a run",
        "           2025-09-22 to 2025-09-28, has a run",
        "           2025-09-29 to 2025-10-05, has a run",
    ]
    assert "running    1 run of an earlier backfill" in said


@pytest.fixture
def interrupted(register, monkeypatch):
    """Has each run do something and then work until it is told to end, and executes a backfill until it is interrupted.

    What came to its end in order.
    """

    def execute(then=lambda: None):
        ended = []

        def work(register, request, view, lock, stop):
            then()
            assert stop.wait(60)
            ended.append(request.id)
            return run(request.parameters.start, request.parameters.end, Status.cancelled)

        monkeypatch.setattr(backfill, "execute_run", work)
        register.git.run(*WHO, "commit", "-q", "--allow-empty", "-m", "begin")
        with pytest.raises(KeyboardInterrupt):
            execute_backfill(register, planned(register), ParallelRunsView(silent=True), "2025", 1)
        return ended

    return execute


def test_an_interruption_that_another_thread_is_told_of_ends_the_runs(interrupted):
    assert interrupted(lambda: signal.pthread_kill(threading.get_ident(), signal.SIGINT)) == ["run_2025-1"]


def test_an_interruption_while_the_runs_are_handed_out_ends_those_that_have_begun(interrupted, monkeypatch):
    submit = ThreadPoolExecutor.submit

    def hand_out(*given):
        submit(*given)
        assert begun.wait(60)
        raise KeyboardInterrupt

    begun = threading.Event()
    monkeypatch.setattr(ThreadPoolExecutor, "submit", hand_out)
    assert interrupted(begun.set) == ["run_2025-1"]
