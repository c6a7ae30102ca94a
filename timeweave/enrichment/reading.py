"""Reads the items of databases: what is missing is asked again, what is cut is asked further, what is slow in halves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from timeweave.enrichment.asking import Ask, Asker
from timeweave.fibery.door import Outcome, Refusal
from timeweave.fibery.query import LIST_LIMIT, Column, Row

IDENTITY = {"id": Column(["fibery/id"]), "public_id": Column(["fibery/public-id"])}
"""The columns that every reading has."""
_TRIES = 3


class Reading:
    """The items of one database, as far as they have come."""

    def __init__(self, database: str, columns: dict[str, Column], ids: Iterable[str], *, light: bool = False) -> None:
        self.database, self.asked, self.light = database, columns, light
        self.columns = dict(columns)
        """Those of `asked` that may be read."""
        self.ids = sorted(set(ids), key=lambda public_id: (len(public_id), public_id))
        self.rows: dict[str, Row] = {}
        """By public id. An id in neither `rows` nor `failed` is not there, or not for this token."""
        self.failed: dict[str, str] = {}
        """Why, by public id."""
        self.refused: list[str] = []
        """Aliases of columns that this token may not read."""
        self._next: list[Ask] = []
        self._missing: dict[int, list[str]] = defaultdict(list)
        self._cut: dict[tuple[str, int], list[str]] = defaultdict(list)
        self._stuck: list[tuple[Ask, Refusal]] = []
        self._probed: dict[str, bool] = {}

    def start(self) -> list[Ask]:
        """The first asks."""
        return self._asks(self.ids)

    def take(self, ask: Ask, outcome: Outcome) -> None:
        """Note what became of an ask."""
        if ask.kind == "probe":
            self._probed[ask.alias] = not isinstance(outcome, Refusal) or not self._means_the_same(outcome)
        elif isinstance(outcome, Refusal):
            self._refusal(ask, outcome)
        elif ask.kind == "page":
            self._page(ask, outcome)
        else:
            self._found(ask, outcome)

    def further(self) -> list[Ask]:
        """What to ask next, after all answers of a round were taken; nothing when all is known."""
        asks, self._next = self._next, []
        for most, ids in self._missing.items():
            asks += self._asks(ids, doubted=True, most=most)
        for (alias, offset), ids in self._cut.items():
            select = {"public_id": self.columns["public_id"].ask, alias: self.columns[alias].page(offset)}
            asks.append(Ask(self.database, tuple(ids), select, kind="page", alias=alias, offset=offset))
        self._missing, self._cut = defaultdict(list), defaultdict(list)
        return asks + self._unstuck()

    def _asks(self, ids: list[str], **more: Any) -> list[Ask]:
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [Ask(self.database, tuple(ids), select, light=self.light, **more)] if ids else []

    def _found(self, ask: Ask, rows: list[Row]) -> None:
        asked = set(ask.ids)
        came = {public_id: row for row in rows if (public_id := str(row.get("public_id"))) in asked}
        for public_id, row in came.items():
            self.rows[public_id] = row
            for alias, column in self.columns.items():
                if column.is_list:
                    row[alias] = row.get(alias) or []
                    if len(row[alias]) >= LIST_LIMIT:
                        self._cut[alias, LIST_LIMIT].append(public_id)
        missing = [public_id for public_id in ask.ids if public_id not in came]
        # Asked for alone and still not there, or nothing of it there: it does not exist. Else the answer was cut.
        if missing and (not ask.doubted or (came and len(ask.ids) > 1)):
            self._missing[max(1, len(ask.ids) // 2) if ask.doubted else len(ask.ids)] += missing

    def _page(self, ask: Ask, rows: list[Row]) -> None:
        for row in rows:
            public_id = str(row.get("public_id"))
            if public_id not in self.rows or public_id not in ask.ids:
                continue
            known, more = self.rows[public_id][ask.alias], row.get(ask.alias) or []
            seen = {one.get("id") for one in known}
            fresh = [one for one in more if one.get("id") not in seen]
            known += fresh
            if len(more) >= LIST_LIMIT and fresh:
                self._cut[ask.alias, ask.offset + LIST_LIMIT].append(public_id)
            elif len(more) >= LIST_LIMIT:
                self._fail([public_id], "Fibery gives only a part of one of its lists")

    def _refusal(self, ask: Ask, refusal: Refusal) -> None:
        again = replace(ask, tries=ask.tries + 1)
        if refusal.lacks_database:
            self._fail(ask.ids, f"the database {self.database} vanished while it was read; run again ({refusal})")
        elif refusal.name == "request" or ask.tries >= _TRIES:
            self._fail(ask.ids, str(refusal))
        elif refusal.is_timeout and len(ask.ids) > 1:
            half = len(ask.ids) // 2
            self._next += [replace(ask, ids=ask.ids[:half]), replace(ask, ids=ask.ids[half:])]
        elif ask.kind == "page" or refusal.is_timeout or (ask.tries == 0 and not refusal.is_about_query):
            self._next.append(again)
        else:
            self._stuck.append((again, refusal))

    def _unstuck(self) -> list[Ask]:
        """Ask for each column alone, once; then go on without those that are refused."""
        if not self._stuck:
            return []
        if not self._probed:
            one = self._stuck[0][0].ids[:1]
            needed = {alias: self.columns[alias].ask for alias in IDENTITY}
            return [
                Ask(self.database, one, {**needed, alias: column.ask}, kind="probe", alias=alias, light=True)
                for alias, column in self.columns.items()
            ]
        stuck, self._stuck = self._stuck, []
        refused = [alias for alias, may in self._probed.items() if not may]
        self._probed = {}
        if not refused or any(alias in refused for alias in IDENTITY):
            for ask, refusal in stuck:
                self._fail(ask.ids, str(refusal))
            return []
        self.refused += refused
        self.columns = {alias: column for alias, column in self.columns.items() if alias not in refused}
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [replace(ask, select=select) for ask, _ in stuck]

    def _means_the_same(self, refusal: Refusal) -> bool:
        return refusal.is_about_query or any(refusal.name == first.name for _, first in self._stuck)

    def _fail(self, ids: Iterable[str], reason: str) -> None:
        for public_id in ids:
            self.rows.pop(public_id, None)
            self.failed[public_id] = reason


def read(asker: Asker, readings: list[Reading]) -> None:
    """Ask until everything is known; readings of several databases share requests."""
    by_database = {reading.database: reading for reading in readings}
    asks = [ask for reading in readings for ask in reading.start()]
    while asks:
        for ask, outcome in asker.answers(asks):
            by_database[ask.database].take(ask, outcome)
        asks = [ask for reading in readings for ask in reading.further()]


def remarks(reading: Reading) -> list[str]:
    """What a person should hear of a reading: columns left empty, by the names of their fields."""
    if not reading.refused:
        return []
    fields = sorted({reading.asked[alias].path for alias in reading.refused})
    return [f"{reading.database}: this token may not read {', '.join(fields)}; left empty"]
