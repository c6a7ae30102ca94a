"""Workflow states of Fibery and what they mean: one rule for what is done and what was given up."""

from enum import StrEnum

from timeweave.runtime.document import Record
from timeweave.runtime.name_comparison import fold


class Progress(StrEnum):
    """How far an item is, whatever its state is called."""

    WAITING = "waiting"
    STARTED = "started"
    DONE = "done"
    CANCELLED = "cancelled"
    """Given up: neither open nor done."""
    UNKNOWN = "unknown"

    @property
    def is_over(self) -> bool:
        """Nothing is left to be done."""
        return self in (Progress.DONE, Progress.CANCELLED)


CANCELLED_STATES = frozenset(
    "cancelled canceled rejected declined abandoned obsolete duplicate aborted dropped discarded "
    "abgebrochen abgelehnt verworfen storniert anulowane anulowano odrzucone porzucone annulé annulée abandonné "
    "abandonnée rejeté rejetée cancelado cancelada rechazado rechazada descartado descartada 中止 却下 キャンセル".split()
) | {"won't do", "won't fix", "will not do"}
"""Whole names of states of given-up work, casefolded. Fibery's workflows do not tell them from done: both are final."""


class State(Record, frozen=True, kw_only=True):
    """A workflow state, or the value of a plain select named State (then `type` and `final` are null)."""

    name: str
    type: str | None = None
    """`Not started`, `Started` or `Finished`."""
    final: bool | None = None

    @property
    def meaning(self) -> Progress:
        """What the state means: cancelled by its name, done by its finality or type, else by its type."""
        if fold(self.name).replace("’", "'") in CANCELLED_STATES:
            return Progress.CANCELLED
        if self.final or self.type == "Finished":
            return Progress.DONE
        return {"Not started": Progress.WAITING, "Started": Progress.STARTED}.get(self.type or "", Progress.UNKNOWN)
