"""Queries for items in batches, as many in one request as fit and the requests side by side, and those for further pages of the lists inside rows."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum, auto
from typing import Any

from timeweave.fibery.client import FiberyClient, Outcome, Refusal
from timeweave.fibery.query import LIST_LIMIT, PUBLIC_ID, Column, Row, select_by_values
from timeweave.runtime.errors import TimeweaveError
from timeweave.web.limits import ConcurrencyLimit

MOST_COMMANDS = 50
"""Commands in one request; Fibery documents no limit."""
MOST_ROWS = 1000
"""Rows of an answer whose length is not known before; Fibery advises no more."""
MOST_LIGHT = 200_000
"""Characters of ids or titles in a request that asks little of each."""
MOST_IN_A_LIST = 100_000
"""Rows of a list: one that is longer has no end."""


class QueryKind(StrEnum):
    """What a query is for."""

    ROWS = auto()
    PROBE = auto()
    """May this column be read?"""
    PAGE = auto()
    """The rest of a list."""
    TITLES = auto()
    """Items by their titles, of which there may be several of one title."""


@dataclass(frozen=True)
class Query:
    """One query: these items of a database."""

    database: str
    ids: tuple[str, ...]
    """The values of `field` that are wanted: public ids, or titles."""
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
    field: str = PUBLIC_ID
    after: str = ""
    """Only items whose `fibery/id` comes after this one."""

    @property
    def args(self) -> dict[str, Any]:
        """As Fibery is asked."""
        limit = MOST_ROWS if self.kind is QueryKind.TITLES else len(self.ids)
        return select_by_values(self.database, self.field, self.select, self.ids, limit, self.after)


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
        return lambda: self.client.query([one.args for one in batch])


def pack(queries: list[Query], batch_size: int) -> list[list[Query]]:
    """Queries in their order, cut and put together so that each request asks for a full batch of items."""
    batches: list[list[Query]] = [[]]
    room, light_room = batch_size, MOST_LIGHT
    for query in queries:
        ids = query.ids
        while ids:
            if room == 0 or light_room <= 0 or len(batches[-1]) >= MOST_COMMANDS:
                batches.append([])
                room, light_room = batch_size, MOST_LIGHT
            size = min(batch_size if query.is_light else room, query.most)
            batches[-1].append(replace(query, ids=ids[:size]))
            room -= 0 if query.is_light else len(ids[:size])
            light_room -= sum(map(len, ids[:size]))
            ids = ids[size:]
    return [batch for batch in batches if batch]


class ListPages:
    """The lists of the items of one database."""

    def __init__(self, database: str, columns: Mapping[str, Column]) -> None:
        self.database, self.columns = database, columns
        self.cut_at = LIST_LIMIT
        """A list of this length may be cut; less, once answers turn out to be cut shorter."""
        self._further: dict[tuple[str, int], list[str]] = defaultdict(list)

    def add_row(self, public_id: str, row: Row) -> None:
        """Take the lists of a new row; null is an empty one."""
        for alias in self._list_aliases():
            row[alias] = row.get(alias) or []
            self._request_more(public_id, row, alias, len(row[alias]))

    def extend(self, public_id: str, row: Row, alias: str, more: list[Row]) -> bool:
        """Add the next part of a list; False where a part is provably missing and does not come, or there is no end."""
        if len(row[alias]) >= MOST_IN_A_LIST:
            return False
        seen = {one.get("id") for one in row[alias]}
        added = [one for one in more if one.get("id") not in seen]
        row[alias] += added
        if added:
            self._request_more(public_id, row, alias, len(more))
            return True
        return not more and not self._is_short(row, alias)

    def lower_limit(self, cut_at: int, rows: Mapping[str, Row]) -> None:
        """Answers are cut at this length, so lists of just this length may be, those that came before included."""
        if cut_at >= self.cut_at:
            return
        self.cut_at = cut_at
        self._further.clear()
        for public_id, row in rows.items():
            for alias in self._list_aliases():
                self._request_more(public_id, row, alias, len(row[alias]))

    def take_queries(self) -> list[Query]:
        """The queries for the rest of the lists that may be cut, each given out once."""
        further, self._further = self._further, defaultdict(list)
        return [
            Query(
                self.database,
                tuple(ids),
                {"public_id": self.columns["public_id"].ask, alias: self.columns[alias].page(offset)},
                kind=QueryKind.PAGE,
                alias=alias,
            )
            for (alias, offset), ids in further.items()
        ]

    def _list_aliases(self) -> list[str]:
        return [alias for alias, column in self.columns.items() if column.is_list]

    def _request_more(self, public_id: str, row: Row, alias: str, came: int) -> None:
        if self._is_short(row, alias) or (came >= self.cut_at and not self._is_counted(row, alias)):
            self._further[alias, len(row[alias])].append(public_id)

    def _is_counted(self, row: Row, alias: str) -> bool:
        return isinstance(row.get(f"{alias}_count"), int)

    def _is_short(self, row: Row, alias: str) -> bool:
        return self._is_counted(row, alias) and len(row[alias]) < int(row[f"{alias}_count"])
