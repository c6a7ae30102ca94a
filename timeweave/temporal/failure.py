"""How an error of a stage crosses a workflow, and what the workflow does about it: by the exit code that it stands for."""

import contextlib
from collections import Counter
from dataclasses import asdict
from typing import Any

import msgspec
from temporalio import workflow
from temporalio.exceptions import ApplicationError, TimeoutError

from timeweave.runs.manifest import Fault
from timeweave.runs.register import make_fault
from timeweave.runtime import shapes
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.temporal.messages import Shape, hide_emails, parse_workflow_id, read_payload

QUOTA = 4
KINDS = {1: "Failed", 2: "Configuration", 3: "Credentials", QUOTA: "Quota", 5: "Incomplete"}
"""By exit code: the type of the error in Temporal's pages."""
ATTEMPTS = {"Failed": 6, "Incomplete": 3}
"""How often a stage is run in all where it may go well later; a service that is down gets about five minutes."""
FIRST_WAIT, LONGEST_WAIT = 10.0, 120.0
"""Seconds before a stage is run again; doubled each time."""
WINDOW = 3600.0
"""Seconds that Toggl grants a quota for, where it did not say when the next begins."""
MARGIN = 1
"""Seconds: the header that tells when a quota is renewed counts whole ones."""
LOST = "Lost"


class Pause(Exception):
    """The run goes on after so many seconds, on whichever worker has room for it then."""

    def __init__(self, reason: str, seconds: float) -> None:
        super().__init__(reason)
        self.reason, self.seconds = reason, seconds


def make_error(fault: Fault) -> ApplicationError:
    """The error of an activity, or of a workflow. Whether to try again is for the workflow to say, and not for Temporal."""
    return ApplicationError(
        hide_emails(fault.sentence), asdict(fault), type=KINDS.get(fault.exit_code, KINDS[1]), non_retryable=True
    )


def accept(shape: type[Shape], content: Any) -> tuple[str, Shape]:
    """The run that a workflow is of, and what it is asked for; what is wrong with either ends it before it does anything."""
    try:
        return parse_workflow_id(workflow.info().workflow_id), read_payload(shape, content)
    except TimeweaveError as error:
        raise make_error(make_fault(error)) from None


def refuse_strangers(run: str, caller: str | None) -> None:
    """A stage is for the workflow of its run; whoever reaches the server can start activities and locks by themselves."""
    try:
        if parse_workflow_id(caller or "") != run:
            raise ConfigurationError(f"{run[:50]!r} is the run of another workflow")
    except TimeweaveError as error:
        raise make_error(make_fault(error)) from None


def make_lost() -> ApplicationError:
    """What an activity says whose worker is being shut down, or has not got the run."""
    return ApplicationError("the worker is shut down", type=LOST, non_retryable=True)


def read_fault(error: BaseException | None) -> Fault:
    """The reason at the bottom of a chain of errors."""
    found = _find_bottom(error)
    if isinstance(found, ApplicationError) and found.type in KINDS.values() and found.details:
        with contextlib.suppress(msgspec.ValidationError):
            return shapes.convert(found.details[0], Fault)
    return Fault(stage=None, exit_code=1, sentence=str(found))


def find_pause(error: BaseException, attempts: Counter[str | None]) -> Pause | None:
    """What to wait for after a failure; None if it is for good. `attempts` are counted by stage."""
    fault, found = read_fault(error), _find_bottom(error)
    kind = found.type if isinstance(found, ApplicationError) else None
    if kind == LOST or isinstance(found, TimeoutError):
        return Pause("the worker was lost", MARGIN)
    if kind == KINDS[QUOTA]:
        return Pause("Toggl's quota is spent", (fault.resume_in or WINDOW) + MARGIN)
    attempts[fault.stage] += 1
    if (number := attempts[fault.stage]) < ATTEMPTS.get(kind or "", 1):
        seconds = min(FIRST_WAIT * 2.0 ** (number - 1), LONGEST_WAIT)
        return Pause(f"{fault.stage or 'worker'}: {fault.sentence}", seconds)
    return None


def _find_bottom(error: BaseException | None) -> BaseException | None:
    while error and error.__cause__ and not isinstance(error, ApplicationError | TimeoutError):
        error = error.__cause__
    return error
