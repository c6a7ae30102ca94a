"""How an error of a stage crosses a workflow: by its kind, which says whether trying again can help."""

from temporalio.exceptions import ApplicationError, TimeoutError

CREDENTIALS, CONFIGURATION, QUOTA, INCOMPLETE = 3, 2, 4, 5
KINDS = {
    1: "Failed",
    CONFIGURATION: "Configuration",
    CREDENTIALS: "Credentials",
    QUOTA: "Quota",
    INCOMPLETE: "Incomplete",
}
"""By exit code."""
LOST = "Lost"
FAULT = -1
"""In place of an exit code: a fault of the program, which would be the same again."""
ATTEMPTS = {"Failed": 6, "Incomplete": 3}
"""How often a stage is run in all; a service that is down is given about five minutes."""
FIRST_WAIT, LONGEST_WAIT = 10.0, 120.0
"""Seconds before a stage is run again; doubled each time."""


class Lost(Exception):
    """The worker that had the run is gone."""


class Spent(Exception):
    """A quota is used up for so many seconds."""

    def __init__(self, seconds: float) -> None:
        super().__init__(seconds)
        self.seconds = seconds


def failure(stage: str | None, exit_code: int, sentence: str, resume_in: float | None = None) -> ApplicationError:
    """The error of an activity. `resume_in` is how many seconds a spent quota lasts."""
    kind = KINDS.get(exit_code, "Fault")
    return ApplicationError(sentence, stage, exit_code, resume_in, type=kind, non_retryable=kind not in ATTEMPTS)


def told(error: BaseException | None) -> tuple[str | None, int, str, float | None]:
    """Stage, exit code, sentence and seconds until a quota is renewed, of the error at the bottom of a chain."""
    while error is not None and error.__cause__ is not None and not isinstance(error, ApplicationError):
        error = error.__cause__
    if isinstance(error, ApplicationError) and len(error.details) == 3:
        stage, code, resume_in = error.details
        return stage, max(int(code), 1), error.message, resume_in
    return None, 1, str(error), None


def lost() -> ApplicationError:
    """What an activity says whose worker is being shut down."""
    return ApplicationError("the worker is shut down", type=LOST, non_retryable=True)


def is_lost(error: BaseException | None) -> bool:
    """Whether the worker that was asked is gone, or will be."""
    while error is not None:
        if isinstance(error, TimeoutError) or (isinstance(error, ApplicationError) and error.type == LOST):
            return True
        error = error.__cause__
    return False


def attempts(error: BaseException | None) -> int:
    """How often in all a stage is run that fails so."""
    while error is not None and not isinstance(error, ApplicationError):
        error = error.__cause__
    return ATTEMPTS.get(error.type or "", 1) if error else 1


def wait_before(attempt: int) -> float:
    """Seconds to wait after the attempt of that number, the first being 1, has failed."""
    return float(min(FIRST_WAIT * 2.0 ** (attempt - 1), LONGEST_WAIT))
