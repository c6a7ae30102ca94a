"""The one family of errors that are sentences for the person who can act; everything else is a bug.

Each class stands for an exit code, so that a CI job can tell what kind of help is needed.
"""

from timeweave.runtime.redaction import redact


class TimeweaveError(Exception):
    """Something failed: who or what, what it said, what to do. Shown as one sentence, which holds no secret; exit code 1."""

    exit_code = 1

    def __init__(self, sentence: str) -> None:
        super().__init__(redact(sentence))


class ConfigurationError(TimeweaveError):
    """A parameter, a file or an argument is wrong; nothing was fetched. Exit code 2."""

    exit_code = 2


class CredentialsError(TimeweaveError):
    """A token is missing, wrong, or may not do what is needed. Exit code 3."""

    exit_code = 3


class QuotaExhausted(TimeweaveError):
    """The service grants no more requests for now; the sentence says when it does again. Exit code 4."""

    exit_code = 4

    def __init__(self, sentence: str, seconds: float | None = None) -> None:
        super().__init__(sentence)
        self.seconds = seconds
        """Until it does; None where nobody knows."""


class IncompleteData(TimeweaveError):
    """What came is provably not all there is; the sentence says by how much. Exit code 5."""

    exit_code = 5
