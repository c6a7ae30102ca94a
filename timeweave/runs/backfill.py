"""Many periods: one walk brings the whole span into the archive, then a run of each period finds its days there."""

import threading
from concurrent.futures import FIRST_COMPLETED, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import date, timedelta

from timeweave.project.parameters import Parameters, load_parameters
from timeweave.runs.execution import create_run, execute_run
from timeweave.runs.fetch_estimate import FetchEstimate, describe_estimate, estimate_fetch
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.register import Register
from timeweave.runs.request import RunRequest, list_edits
from timeweave.runs.stage_status import ParallelView, format_count
from timeweave.runtime.period import Period, cut_span

POLL = 0.1
"""Seconds after which a signal is answered at the latest."""


@dataclass(frozen=True)
class Backfill:
    """What there is to do: periods without a run that would still be the same."""

    periods: list[tuple[date, date]]
    waiting: list[tuple[date, date]]
    left_out: list[tuple[date, date]]
    """Periods that are not over on the day the data is looked at."""
    at_work: list[Manifest]
    """Runs of these periods that are at work already."""
    as_of: date
    given: Parameters
    estimate: FetchEstimate

    @property
    def utc_days(self) -> list[date]:
        """The UTC days of the periods that have no run, and of what they are compared with."""
        return _list_days(self.waiting, self.given, self.as_of)

    def make_request(self, id_: str, period: tuple[date, date]) -> RunRequest:
        """The run of one of its periods."""
        asked = _describe_request(period, self.given, str(self.as_of))
        return RunRequest(id_, asked, list_edits(asked))


def plan_backfill(register: Register, first: date, last: date, every: str, as_of: date) -> Backfill:
    """Asks Toggl once for each year at most."""
    given = load_parameters(register.project.params)
    given.refuse_demo_files()
    cut = cut_span(first, last, every)
    over = [one for one in cut if one[1] < as_of]
    settle = timedelta(days=given.toggl.settle_days)
    useful = (Status.completed, Status.queued, Status.in_progress)
    runs = [run for run in register.list_runs() if run.status in useful and run.where is not Location.workspace]
    held = {one: [run for run in runs if _is_same(run, one, given, as_of, settle)] for one in over}
    waiting = [one for one in over if not held[one]]
    at_work = [found[-1] for found in held.values() if found and all(not run.is_over for run in found)]
    estimate = estimate_fetch(given.source, given.toggl, as_of, _list_days(waiting, given, as_of))
    return Backfill(over, waiting, cut[len(over) :], at_work, as_of, given, estimate)


def describe_backfill(found: Backfill) -> list[str]:
    """What will be done, for a person."""
    lines = [f"periods    {len(found.periods)}, {len(found.waiting)} of them without a run"]
    for one in found.periods:
        lines.append(f"           {one[0]} to {one[1]}{'' if one in found.waiting else ', has a run'}")
    if found.left_out:
        first, last = found.left_out[0][0], found.left_out[-1][1]
        lines.append(f"left out   {first} to {last}: not over on {found.as_of}, the day the data is looked at")
    if found.at_work:
        lines.append(f"running    {format_count(len(found.at_work), 'run', 'runs')} of an earlier backfill")
    return [*lines, *describe_estimate(found.estimate)]


def execute_backfill(
    register: Register, backfill: Backfill, view: ParallelView, stamp: str, parallel: int
) -> list[Manifest]:
    """A run of each period, `parallel` at a time; their final manifests. An interruption ends all that are at work."""
    stop = threading.Event()

    def execute(number: int, period: tuple[date, date]) -> Manifest | None:
        if stop.is_set():
            return None
        request = backfill.make_request(f"run_{stamp}-{number}", period)
        part = view.open(f"{period[0]} to {period[1]}")
        with register.open(request.id).take() as lock:
            create_run(register, request)
            run = execute_run(register, request, part, lock, stop)
        part.close()
        hours = run.numbers.get("hours")
        result = f"{hours} h" if run.status is Status.completed else run.error.sentence if run.error else ""
        part.say(f"{run.status}  {result}")
        return run

    with ThreadPoolExecutor(parallel) as threads:
        try:
            runs = [threads.submit(execute, number, one) for number, one in enumerate(backfill.waiting, start=1)]
            _await(runs)
        except BaseException:
            # Those at work end in order, and those that have not begun will not.
            stop.set()
            raise
    return [run for one in runs if (run := one.result())]


def _await(runs: list[Future[Manifest | None]]) -> None:
    """Until all are over, or one has raised.

    A signal that reaches another thread, or this one just before it sleeps, does not wake it: it must wake by itself.
    """
    left = set(runs)
    while left:
        over, left = wait(left, POLL, FIRST_COMPLETED)
        for one in over:
            one.result()


def _describe_request(period: tuple[date, date], given: Parameters, as_of: str) -> Request:
    first, last = period
    return Request(
        source=given.source, account=given.account, as_of=as_of, start=str(first), end=str(last),
        timezone=given.period.timezone, users=list(given.users),
    )  # fmt: skip


def _is_same(run: Manifest, period: tuple[date, date], given: Parameters, as_of: date, settle: timedelta) -> bool:
    """Whether the run holds what a new run of the period would."""
    if run.parameters != _describe_request(period, given, run.parameters.as_of):
        return False
    look = date.fromisoformat(run.parameters.as_of)
    return look >= as_of or look - _list_days([period], given, as_of)[-1] >= settle


def _list_days(periods: list[tuple[date, date]], given: Parameters, as_of: date) -> list[date]:
    whole = [Period(start=first, end=last, timezone=given.period.timezone) for first, last in periods]
    return sorted({day for period in whole for day in given.analysis.list_utc_days(period, as_of)})
