"""Rounds of questions: as many queries as fit in one request, the requests side by side."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

from timeweave.enrichment.gate import Gate
from timeweave.fibery.client import FiberyClient, Outcome, Refusal
from timeweave.fibery.query import by_public_ids
from timeweave.runtime.errors import TimeweaveError

MOST_COMMANDS = 50
"""Commands in one request; Fibery documents no limit."""


@dataclass(frozen=True)
class Ask:
    """One query: these items of a database."""

    database: str
    ids: tuple[str, ...]
    select: dict[str, Any]
    kind: str = "rows"
    """rows, probe (may this column be read?) or page (the rest of a list)."""
    alias: str = ""
    """The column that a probe or a page is about."""
    tries: int = 0
    doubted: bool = False
    """These ids were asked for before and did not come."""
    most: int = 1000
    """Ids in one query at most, where that is less than a batch."""
    light: bool = False
    """Asks so little of each item that many may share a request."""


class Asker:
    """Sends asks through one client."""

    def __init__(self, client: FiberyClient, gate: Gate, batch_size: int) -> None:
        self.client, self.gate, self.batch_size = client, gate, batch_size

    def answers(self, asks: list[Ask]) -> list[tuple[Ask, Outcome]]:
        """What became of each, in their order, cut to fit. A request that failed as a whole fails each of its asks."""
        requests = pack(asks, self.batch_size)
        jobs = [(frozenset(ask.database for ask in request), self._request(request)) for request in requests]
        answered: list[tuple[Ask, Outcome]] = []
        for request, outcomes in zip(requests, self.gate.run(jobs), strict=True):
            if isinstance(outcomes, TimeweaveError):
                outcomes = [Refusal("request", str(outcomes))] * len(request)
            answered += zip(request, outcomes, strict=True)
        return answered

    def _request(self, asks: list[Ask]) -> Callable[[], list[Outcome]]:
        return lambda: self.client.queries([by_public_ids(ask.database, ask.select, ask.ids) for ask in asks])


def pack(asks: list[Ask], batch_size: int) -> list[list[Ask]]:
    """Asks in their order, cut and put together so that each request asks for a full batch of items."""
    requests: list[list[Ask]] = [[]]
    room = batch_size
    for ask in asks:
        ids = ask.ids
        while ids:
            if room == 0 or len(requests[-1]) >= MOST_COMMANDS:
                requests.append([])
                room = batch_size
            size = min(batch_size if ask.light else room, ask.most)
            requests[-1].append(replace(ask, ids=ids[:size]))
            room -= 0 if ask.light else len(ids[:size])
            ids = ids[size:]
    return [request for request in requests if request]
