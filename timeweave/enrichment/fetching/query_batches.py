"""Queries for items in batches: as many in one request as fit, the requests side by side."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Any

from timeweave.fibery.client import FiberyClient, Outcome, Refusal
from timeweave.fibery.query import select_by_public_ids
from timeweave.runtime.errors import TimeweaveError
from timeweave.web.concurrency_limit import ConcurrencyLimit

MOST_COMMANDS = 50
"""Commands in one request; Fibery documents no limit."""


class QueryKind(StrEnum):
    """What a query is for."""

    ROWS = auto()
    PROBE = auto()
    """May this column be read?"""
    PAGE = auto()
    """The rest of a list."""


@dataclass(frozen=True)
class Query:
    """One query: these items of a database."""

    database: str
    ids: tuple[str, ...]
    select: dict[str, Any]
    kind: QueryKind = QueryKind.ROWS
    alias: str = ""
    """The column that a probe or a page is about."""
    tries: int = 0
    is_repeated: bool = False
    """These ids were asked for before and did not come."""
    most: int = 1000
    """Ids in one query at most, where that is less than a batch."""
    is_light: bool = False
    """Asks so little of each item that many may share a request."""


class QuerySender:
    """Sends queries through one client."""

    def __init__(self, client: FiberyClient, limit: ConcurrencyLimit, batch_size: int) -> None:
        self.client, self.limit, self.batch_size = client, limit, batch_size

    def send(self, queries: list[Query]) -> list[tuple[Query, Outcome]]:
        """What became of each, in their order, cut to fit. A request that failed as a whole fails each of its queries."""
        batches = pack(queries, self.batch_size)
        jobs = [(frozenset(query.database for query in batch), self._prepare(batch)) for batch in batches]
        answered: list[tuple[Query, Outcome]] = []
        for batch, outcomes in zip(batches, self.limit.run(jobs), strict=True):
            if isinstance(outcomes, TimeweaveError):
                outcomes = [Refusal("request", str(outcomes))] * len(batch)
            answered += zip(batch, outcomes, strict=True)
        return answered

    def _prepare(self, batch: list[Query]) -> Callable[[], list[Outcome]]:
        return lambda: self.client.query([select_by_public_ids(one.database, one.select, one.ids) for one in batch])


def pack(queries: list[Query], batch_size: int) -> list[list[Query]]:
    """Queries in their order, cut and put together so that each request asks for a full batch of items."""
    batches: list[list[Query]] = [[]]
    room = batch_size
    for query in queries:
        ids = query.ids
        while ids:
            if room == 0 or len(batches[-1]) >= MOST_COMMANDS:
                batches.append([])
                room = batch_size
            size = min(batch_size if query.is_light else room, query.most)
            batches[-1].append(replace(query, ids=ids[:size]))
            room -= 0 if query.is_light else len(ids[:size])
            ids = ids[size:]
    return [batch for batch in batches if batch]
