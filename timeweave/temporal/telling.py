"""What the worker tells people, in the terms of runs."""

from typing import Any

from timeweave.runs.manifest import Fault, Manifest, Parameters
from timeweave.temporal.messages import Telling


def manifest(about: Telling) -> Manifest:
    """As much of a manifest as a notice needs."""
    error = Fault(stage=about.stage, exit_code=about.exit_code, sentence=about.sentence) if about.sentence else None
    return Manifest(
        id=about.run, status="failed" if error else "completed", where="temporal", started_at="", error=error,
        parameters=Parameters(source="", as_of="", start=about.start, end=about.end), numbers=about.numbers,
    )  # fmt: skip


def telling(
    run: str, period: tuple[str, str], why: tuple[str | None, int, str] | None, numbers: dict[str, Any]
) -> Telling:
    """What the workflow has told of a run that is over; `why` it failed: stage, exit code and sentence."""
    if why is None:
        return Telling(run, *period, numbers=numbers)
    return Telling(run, *period, stage=why[0], exit_code=why[1], sentence=why[2])
