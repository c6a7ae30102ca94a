"""A backfill on Temporal from a project's folder: one workflow, a manifest for each of its runs."""

import msgspec

from timeweave.runs.backfill import Backfill
from timeweave.runs.experiment import mapping
from timeweave.runs.launch import asked
from timeweave.runs.manifest import Manifest, Parameters
from timeweave.runs.order import Order
from timeweave.runs.register import Register
from timeweave.temporal import engine
from timeweave.temporal.engine import do
from timeweave.temporal.launch import differences, handed_over
from timeweave.temporal.messages import Span


def start(register: Register, plan: Backfill, stamp: str, parallel: int) -> list[Manifest]:
    """Hand the backfill over; the manifests of its runs, which wait until the span is fetched."""
    home, name = register.home, f"backfill_{stamp}"
    commit = handed_over(home, register.experiments.head())
    periods = [(str(first), str(last)) for first, last in plan.waiting]
    span = Span(
        name=name,
        stages=list(mapping((home.folder / "dvc.yaml").read_text(encoding="utf-8"))["stages"]),
        commit=commit,
        first=periods[0][0],
        last=periods[-1][1],
        edits=differences(home, commit) | {"as_of": str(plan.as_of)},
        periods=periods,
        parallel=parallel,
    )
    do(engine.fill(span))
    runs = []
    for number, (first, last) in enumerate(periods, start=1):
        wanted = Parameters(
            source=plan.given.source, as_of=str(plan.as_of), start=first, end=last,
            timezone=plan.given.period.timezone, users=list(plan.given.users),
        )  # fmt: skip
        run = asked(register, Order(f"{name}-{number}", wanted, {}, None, ""), "temporal")
        run = msgspec.structs.replace(run, part_of=name)
        register.save(run)
        runs.append(run)
    return runs
