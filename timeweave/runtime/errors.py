"""The one family of errors that are sentences for the person who can act; everything else is a bug.

Each class stands for an exit code, so that a CI job can tell what kind of help is needed.
"""

import errno

from timeweave.runtime.redaction import redact

_ROOM = "make room there, then run again: what was fetched is kept"
_RIGHTS = "give the user who runs Timeweave read and write access, then run again"
_PLACE = "move what is in its place away, then run again"
_REMEDIES = {
    errno.ENOSPC: _ROOM, errno.EDQUOT: _ROOM, errno.EFBIG: _ROOM, errno.EACCES: _RIGHTS, errno.EPERM: _RIGHTS,
    errno.EROFS: _RIGHTS, errno.EISDIR: _PLACE, errno.ENOTDIR: _PLACE, errno.EEXIST: _PLACE,
}  # fmt: skip


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


def explain(error: OSError | TimeweaveError) -> TimeweaveError:
    """What the system refuses, as a sentence: the file, what is wrong with it, and what to do; one of the family as it is."""
    if isinstance(error, TimeweaveError):
        return error
    remedy = _REMEDIES.get(error.errno or 0, "see what is wrong with it, then run again")
    return TimeweaveError(f"{error.filename or 'a file'}: {error.strerror or error}; {remedy}")
