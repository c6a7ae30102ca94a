"""Rich text by the secrets of documents, many in one request. A secret leaves this module in no sentence."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

from timeweave.enrichment.gate import Gate
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.markdown import cleaned
from timeweave.runtime.errors import TimeweaveError
from timeweave.web.client import Passing

MOST_DOCUMENTS = 100
"""Documents in one request; Fibery documents no limit, its users stay below this."""
Batch = list[tuple[str, str]]
"""Pairs of the database that a document belongs to and its secret."""


@dataclass
class Texts:
    """Markdown by secret; `lost` holds the secrets whose text the service could not give, with the reason."""

    texts: dict[str, str] = field(default_factory=dict)
    lost: dict[str, str] = field(default_factory=dict)

    def of(self, secret: str | None) -> str | None:
        """The text without Fibery's own marks; null where there is none."""
        return cleaned(self.texts.get(secret or "", "")) or None


def fetch(client: FiberyClient, gate: Gate, wanted: Iterable[tuple[str, str]]) -> Texts:
    """The documents of these (database, secret) pairs; one that is refused alone has no text."""
    found = Texts()
    batches = _batches(list(dict.fromkeys(wanted)))
    doubted: set[str] = set()
    while batches:
        jobs = [(frozenset(database for database, _ in batch), _request(client, batch)) for batch in batches]
        again: list[Batch] = []
        for batch, answer in zip(batches, gate.run(jobs), strict=True):
            if isinstance(answer, TimeweaveError):
                again += _after(answer, batch, found)
                continue
            found.texts |= answer
            missing = [pair for pair in batch if pair[1] not in answer]
            if missing and (answer or any(secret not in doubted for _, secret in missing)):
                again.append(missing)
            doubted |= {secret for _, secret in missing}
        batches = again
    return found


def _request(client: FiberyClient, batch: Batch) -> Callable[[], dict[str, str]]:
    return lambda: client.documents([secret for _, secret in batch])


def _after(error: TimeweaveError, batch: Batch, found: Texts) -> list[Batch]:
    """The halves of a batch that was refused; a document refused alone has no text."""
    if isinstance(error, Passing):
        found.lost |= dict.fromkeys((secret for _, secret in batch), str(error))
        return []
    half = len(batch) // 2
    return [batch[:half], batch[half:]] if half else []


def _batches(pairs: Batch) -> list[Batch]:
    return [pairs[start : start + MOST_DOCUMENTS] for start in range(0, len(pairs), MOST_DOCUMENTS)]
