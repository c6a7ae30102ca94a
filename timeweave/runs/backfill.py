"""Many periods: one walk brings the whole span into the archive, then DVC's queue makes a run of each."""

import subprocess
import tempfile
import time
from dataclasses import dataclass
from datetime import date, timedelta

from timeweave.runs import edits, forecast, span
from timeweave.runs.estimate import Estimate, estimate
from timeweave.runs.execution import DVC, environment, execute, stoppable
from timeweave.runs.launch import asked
from timeweave.runs.log import DVC_LOG, Log
from timeweave.runs.manifest import Manifest, Parameters
from timeweave.runs.order import Order, Params
from timeweave.runs.register import Register
from timeweave.runs.unsaved import FETCH
from timeweave.runs.view import View, counted
from timeweave.runtime import document, params
from timeweave.runtime.errors import TimeweaveError
from timeweave.runtime.period import Period

WALK = "backfill"
"""The folder that the walk notes its progress in; it is no run."""


@dataclass(frozen=True)
class Backfill:
    """What there is to do: periods without a run that would still be the same."""

    periods: list[tuple[date, date]]
    waiting: list[tuple[date, date]]
    left_out: list[tuple[date, date]]
    """Periods that are not over on the day the data is looked at."""
    at_work: list[Manifest]
    """Runs of these periods that an earlier backfill has started."""
    as_of: date
    given: Params
    estimate: Estimate

    @property
    def days(self) -> list[date]:
        """The UTC days of the whole span."""
        return _days(self.periods, self.given)


def plan(register: Register, first: date, last: date, every: str, as_of: date) -> Backfill:
    """Asks Toggl once at most."""
    given = params.load(Params, register.home.params)
    account = params.load(forecast.Params, register.home.params)
    cut = span.cut(first, last, every)
    periods = [one for one in cut if one[1] < as_of]
    settle = timedelta(days=account.toggl.settle_days)
    runs = [run for run in register.all() if run.status in ("completed", "queued", "in_progress")]
    held = {one: [run for run in runs if _is_of(run, one, given, as_of, settle)] for one in periods}
    waiting = [one for one in periods if not held[one]]
    at_work = [of_one[-1] for of_one in held.values() if of_one and all(not run.is_over for run in of_one)]
    days = _days(periods, given) if waiting else []
    cost = estimate(account.source, account.toggl, as_of, days)
    return Backfill(periods, waiting, cut[len(periods) :], at_work, as_of, given, cost)


def told(found: Backfill) -> list[str]:
    """What will be done, for a person."""
    lines = [f"periods    {len(found.periods)}, of which {len(found.waiting)} have no run yet"]
    lines += [f"           {first} to {last}" for first, last in found.waiting]
    if found.left_out:
        first, last = found.left_out[0][0], found.left_out[-1][1]
        lines.append(f"left out   {first} to {last}: not over on {found.as_of}, the day the data is looked at")
    if found.at_work:
        lines.append(f"at work    {counted(len(found.at_work), 'run', 'runs')} of an earlier backfill")
    return [*lines, *forecast.told(found.estimate)]


def fetch(register: Register, backfill: Backfill, view: View, wait: bool) -> None:
    """The one walk. Without it each copy of the queue would fetch for itself, and all of it would be paid again."""
    home = register.home
    folder = home.runs / WALK
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.iterdir():
        old.unlink()
    before = home.params.read_bytes()
    with stoppable(), home.lock as lock:
        lock.acquire(WALK, wait, view.say)
        try:
            document.write_bytes(home.params, _spanning(before.decode(), backfill).encode())
            log = Log(folder)
            code = execute(
                ["repro", FETCH], home.folder, WALK, folder / DVC_LOG, lock.handle,
                lambda: view.update(log.stages([FETCH], alive=True)),
            )  # fmt: skip
        finally:
            view.close()
            document.write_bytes(home.params, before)
    if code:
        fault = log.fault(log.stages([FETCH], alive=False), code)
        error = TimeweaveError(f"{fault.sentence}; then run the same backfill again, it goes on where it stopped")
        error.exit_code = fault.exit_code
        raise error


def queue(register: Register, backfill: Backfill, stamp: str) -> list[Manifest]:
    """A run in DVC's queue for each period, and a worker for them."""
    home = register.home
    given = environment(home.folder)
    runs = []
    for number, (first, last) in enumerate(backfill.waiting, start=1):
        wanted = Parameters(
            source=backfill.given.source, as_of=str(backfill.as_of), start=str(first), end=str(last),
            timezone=backfill.given.period.timezone, users=list(backfill.given.users),
        )  # fmt: skip
        run = asked(register, Order(f"run_{stamp}-{number}", wanted, {}, None, ""), "queue")
        sets = {"as_of": backfill.as_of, "period.start": first, "period.end": last}
        options = [part for key, value in sets.items() for part in ("-S", f"{key}={value}")]
        try:
            _dvc(register, given, "exp", "run", "--queue", "-n", run.id, *options)
        except BaseException:
            register.forget([run])
            raise
        runs.append(run)
    wake(register)
    return runs


def wake(register: Register) -> None:
    """Have a worker for the queue; nothing happens where one is at work."""
    _dvc(register, environment(register.home.folder), "queue", "start")


def follow(register: Register, runs: list[Manifest], view: View) -> list[Manifest]:
    """Wait for their end, a line for each; interrupting leaves them at work."""
    open_, over = [run.id for run in runs], []
    while open_:
        for id_ in list(open_):
            run = register.find(id_)
            if run.is_over:
                open_.remove(id_)
                over.append(run)
                hours = run.numbers.get("hours")
                told = f"{hours} h" if run.status == "completed" else run.error.sentence if run.error else ""
                view.say(f"{run.parameters.start} to {run.parameters.end}  {run.status}  {told}")
        time.sleep(0.5 if open_ else 0)
    return sorted(over, key=lambda run: run.parameters.start)


def _is_of(run: Manifest, period: tuple[date, date], given: Params, as_of: date, settle: timedelta) -> bool:
    """Whether the run holds what a new run of the period would."""
    first, last = period
    same = Parameters(
        source=given.source, as_of=run.parameters.as_of, start=str(first), end=str(last),
        timezone=given.period.timezone, users=list(given.users),
    )  # fmt: skip
    looked = date.fromisoformat(run.parameters.as_of)
    return run.parameters == same and (looked >= as_of or looked - last >= settle)


def _days(periods: list[tuple[date, date]], given: Params) -> list[date]:
    return Period(start=periods[0][0], end=periods[-1][1], timezone=given.period.timezone).utc_days


def _spanning(text: str, backfill: Backfill) -> str:
    first, last = backfill.periods[0][0], backfill.periods[-1][1]
    return edits.edited(text, {"as_of": str(backfill.as_of), "period.start": str(first), "period.end": str(last)})


def _dvc(register: Register, given: dict[str, str], *command: str) -> None:
    # Into a file: a pipe would stay open, and be waited for, as long as the worker that DVC leaves behind.
    with tempfile.TemporaryFile("w+") as output:
        done = subprocess.run(
            [*DVC, *command], cwd=register.home.folder, env=given, stdin=subprocess.DEVNULL, stdout=output,
            stderr=output,
        )  # fmt: skip
        output.seek(0)
        said = output.read().strip().splitlines()
    if done.returncode:
        raise TimeweaveError(f"dvc {' '.join(command[:2])}: {said[-1] if said else 'it failed'}")
