"""Ends runs that are waiting or at work; what they fetched stays in the archive."""

import time

from timeweave.runs.manifest import Manifest, Place
from timeweave.runs.register import Register
from timeweave.runtime.errors import TimeweaveError

PATIENCE = 30
"""Seconds for a run to end after it was asked to."""


def cancel_run(register: Register, run: Manifest) -> Manifest:
    """Ask for its end and wait for it; its final manifest."""
    if run.is_over:
        raise TimeweaveError(f"{run.id} is {run.status} already; there is nothing to cancel")
    if register.engine and run.where in (Place.temporal, Place.elsewhere):
        register.engine.cancel(run.id)
    else:
        register.open(run.id).ask_for_cancellation()
    deadline = time.monotonic() + PATIENCE
    while not (now := register.find(run.id)).is_over:
        if time.monotonic() > deadline:
            raise TimeweaveError(f"{run.id} has not ended within {PATIENCE} s; try again")
        time.sleep(0.2)
    return now
