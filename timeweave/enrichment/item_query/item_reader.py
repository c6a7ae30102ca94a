"""Reads the items of databases: what is missing is queried again, a list that is cut further, what is slow in halves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from timeweave.enrichment.item_query.query_batches import ListPages, Query, QueryKind, QuerySender
from timeweave.enrichment.item_query.row_check import RowCheck
from timeweave.fibery.client import Outcome, Refusal
from timeweave.fibery.query import IDENTITY, LIST_LIMIT, Column, Row
from timeweave.web.answers import UnusableAnswer

_TRIES = 3
_NAMED = 5


class ItemReader:
    """The items of one database, as far as they have come."""

    def __init__(self, database: str, columns: dict[str, Column], ids: Iterable[str], *, light: bool = False) -> None:
        self.database, self.wanted, self.light = database, columns, light
        self.columns = dict(columns)
        """Those of `wanted` that may be read."""
        self.lists = ListPages(database, self.columns)
        self.cut_at = LIST_LIMIT
        """The length that answers are cut at, once that is proven; a list may be cut there too."""
        self.ids = sorted(set(ids), key=lambda public_id: (len(public_id), public_id))
        self.rows: dict[str, Row] = {}
        """By public id. An id in neither `rows` nor `failed` is not there, or not for this token."""
        self.failed: dict[str, str] = {}
        """Why, by public id."""
        self.lost: dict[str, dict[str, str]] = defaultdict(dict)
        """Of lists that came in part only: why, by public id and alias."""
        self.is_closed = False
        """This token may not read so much as the numbers of items: what else there is in `failed` follows from that."""
        self.refused: list[str] = []
        """Aliases of columns that this token may not read."""
        self.remarks: dict[tuple[str, str], set[str]] = defaultdict(set)
        """Public ids of items by the field that lost something, and why."""
        self._check = RowCheck(columns)
        self._next: list[Query] = []
        self._missing: dict[int, list[str]] = defaultdict(list)
        self._lengths: list[int] = []
        self._stuck: list[tuple[Query, Refusal]] = []
        self._probed: dict[str, bool] = {}

    def start(self) -> list[Query]:
        """The first queries."""
        return self._build_queries(self.ids)

    def take(self, query: Query, outcome: Outcome) -> None:
        """Note what became of a query."""
        if query.kind is QueryKind.PROBE:
            self._probed[query.alias] = not isinstance(outcome, Refusal) or not outcome.is_about_query
        elif isinstance(outcome, Refusal):
            self._take_refusal(query, outcome)
        elif query.kind is QueryKind.PAGE:
            self._take_page(query, outcome)
        else:
            self._take_rows(query, outcome)

    def proceed(self) -> list[Query]:
        """The next queries, after all answers of a round were taken; none when all is known."""
        queries, self._next = self._next, []
        for most, ids in self._missing.items():
            queries += self._build_queries(ids, is_repeated=True, most=most)
        self._missing = defaultdict(list)
        return queries + self.lists.take_queries() + self._probe_columns()

    def _build_queries(self, ids: list[str], **more: Any) -> list[Query]:
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [Query(self.database, tuple(ids), select, is_light=self.light, **more)] if ids else []

    def _take_rows(self, query: Query, rows: list[Row]) -> None:
        came = self._sort_out(rows, query.ids)
        for public_id, row in came.items():
            self.rows[public_id] = row
            self.lists.add_row(public_id, row)
        missing = [public_id for public_id in query.ids if public_id not in came and public_id not in self.failed]
        if missing and not all(isinstance(row.get("public_id"), str | int) for row in rows):
            self._fail(missing, "Fibery's answer cannot be used: it has rows without a public id; run again later")
            missing = []
        if missing and rows:
            self._lengths.append(len(rows))
        if query.is_repeated and came:
            self.cut_at = min(self._lengths, default=LIST_LIMIT)
        # Asked for alone and still not there, or nothing of it there: it does not exist. Else the answer was cut.
        if missing and (not query.is_repeated or (came and len(query.ids) > 1)):
            self._missing[max(1, len(query.ids) // 2) if query.is_repeated else len(query.ids)] += missing

    def _take_page(self, query: Query, rows: list[Row]) -> None:
        wanted = [public_id for public_id in query.ids if public_id in self.rows]
        came = self._sort_out(rows, wanted)
        for public_id, row in came.items():
            if not self.lists.extend(public_id, self.rows[public_id], query.alias, row.get(query.alias) or []):
                self._give_up(query, [public_id], f"Fibery gives only a part of {self.columns[query.alias].path}")
        missing = tuple(public_id for public_id in wanted if public_id not in came and public_id not in self.failed)
        if missing and query.tries < _TRIES:
            self._next.append(replace(query, ids=missing, tries=0 if came else query.tries + 1))
        else:
            self._give_up(query, missing, "it vanished while its lists were read; run again")

    def _sort_out(self, rows: list[Row], ids: Iterable[str]) -> dict[str, Row]:
        """The rows of these items, by public id; one that does not fit fails its item."""
        came, wanted = {}, set(ids)
        for row in rows:
            public_id = str(row.get("public_id"))
            if public_id not in wanted:
                continue
            try:
                for remark in self._check.check(row):
                    self.remarks[remark].add(public_id)
                came[public_id] = row
            except UnusableAnswer as error:
                self._fail([public_id], str(error))
        return came

    def _take_refusal(self, query: Query, refusal: Refusal) -> None:
        again = replace(query, tries=query.tries + 1)
        if refusal.lacks_database:
            reason = f"the database {self.database} vanished while it was read; run again ({refusal})"
            self._give_up(query, query.ids, reason)
        elif refusal.name == "request" or query.tries >= _TRIES:
            self._give_up(query, query.ids, str(refusal))
        elif refusal.is_timeout and len(query.ids) > 1:
            half = len(query.ids) // 2
            self._next += [replace(query, ids=query.ids[:half]), replace(query, ids=query.ids[half:])]
        elif refusal.is_timeout or not refusal.is_about_query or query.kind is QueryKind.PAGE:
            self._next.append(again)
        else:
            self._stuck.append((again, refusal))

    def _probe_columns(self) -> list[Query]:
        """Query each column of a refused query alone, once; then go on without those that are refused."""
        if not self._stuck:
            return []
        if not self._probed:
            one = self._stuck[0][0].ids[:1]
            needed = {alias: self.columns[alias].ask for alias in IDENTITY}
            return [
                Query(self.database, one, {**needed, alias: column.ask}, QueryKind.PROBE, alias, is_light=True)
                for alias, column in self.columns.items()
            ]
        stuck, self._stuck = self._stuck, []
        refused = [alias for alias, may in self._probed.items() if not may]
        self._probed = {}
        if not refused or any(alias in refused for alias in IDENTITY):
            self.is_closed = bool(refused)
            for query, refusal in stuck:
                self._fail(query.ids, str(refusal))
            return []
        self.refused += refused
        for alias in refused:
            del self.columns[alias]
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [replace(query, select=select) for query, _ in stuck]

    def _give_up(self, query: Query, ids: Iterable[str], reason: str) -> None:
        """Without its first answer there is no item; without a further page of a list there is less of it."""
        if query.kind is not QueryKind.PAGE:
            self._fail(ids, reason)
            return
        for public_id in ids:
            self.lost[public_id][query.alias] = reason

    def _fail(self, ids: Iterable[str], reason: str) -> None:
        for public_id in ids:
            self.rows.pop(public_id, None)
            self.failed[public_id] = reason


def read_items(sender: QuerySender, readers: list[ItemReader]) -> None:
    """Query until everything is known; readers of several databases share requests."""
    by_database = {reader.database: reader for reader in readers}
    queries = [query for reader in readers for query in reader.start()]
    while queries:
        for query, outcome in sender.send(queries):
            by_database[query.database].take(query, outcome)
        cut_at = min(reader.cut_at for reader in readers)
        for reader in readers:
            reader.lists.lower_limit(cut_at, reader.rows)
        queries = [query for reader in readers for query in reader.proceed()]


def describe_refused(reader: ItemReader) -> list[str]:
    """What a person should hear of a reader: what is left empty or cut, by the names of fields."""
    fields = sorted({reader.wanted[alias].path for alias in reader.refused if not reader.wanted[alias].is_count})
    said = [f"{reader.database}: this token may not read {', '.join(fields)}; left empty"] if fields else []
    for (path, why), ids in sorted(reader.remarks.items()):
        named = ", ".join(f"#{public_id}" for public_id in sorted(ids, key=lambda one: (len(one), one))[:_NAMED])
        more = f" and {len(ids) - _NAMED} more" if len(ids) > _NAMED else ""
        said.append(f"{reader.database}: {path} of {named}{more} is {why}")
    return said
