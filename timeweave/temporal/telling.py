"""What the worker tells people, in the terms of runs."""

from timeweave.runs.manifest import Fault, Manifest, Parameters
from timeweave.temporal.messages import Telling


def manifest(about: Telling) -> Manifest:
    """As much of a manifest as a notice needs."""
    error = Fault(stage=about.stage, exit_code=about.exit_code, sentence=about.sentence) if about.sentence else None
    return Manifest(
        id=about.run, status="failed" if error else "completed", where="temporal", started_at="", error=error,
        parameters=Parameters(source="", as_of="", start=about.start, end=about.end), numbers=about.numbers,
    )  # fmt: skip
