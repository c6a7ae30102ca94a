"""Reads the items of databases: what is missing is asked again, what is cut is asked further, what is slow in halves."""

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

from timeweave.enrichment.asking import Ask, Asker
from timeweave.enrichment.lists import Lists
from timeweave.fibery.client import Outcome, Refusal
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
        self.lists = Lists(database, self.columns)
        self.cut_at = LIST_LIMIT
        """The length that answers are cut at, once that is proven; a list may be cut there too."""
        self.ids = sorted(set(ids), key=lambda public_id: (len(public_id), public_id))
        self.rows: dict[str, Row] = {}
        """By public id. An id in neither `rows` nor `failed` is not there, or not for this token."""
        self.failed: dict[str, str] = {}
        """Why, by public id."""
        self.refused: list[str] = []
        """Aliases of columns that this token may not read."""
        self._next: list[Ask] = []
        self._missing: dict[int, list[str]] = defaultdict(list)
        self._lengths: list[int] = []
        self._stuck: list[tuple[Ask, Refusal]] = []
        self._probed: dict[str, bool] = {}

    def start(self) -> list[Ask]:
        """The first asks."""
        return self._asks(self.ids)

    def take(self, ask: Ask, outcome: Outcome) -> None:
        """Note what became of an ask."""
        if ask.kind == "probe":
            self._probed[ask.alias] = not isinstance(outcome, Refusal) or not outcome.is_about_query
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
        self._missing = defaultdict(list)
        return asks + self.lists.asks() + self._unstuck()

    def _asks(self, ids: list[str], **more: Any) -> list[Ask]:
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [Ask(self.database, tuple(ids), select, light=self.light, **more)] if ids else []

    def _found(self, ask: Ask, rows: list[Row]) -> None:
        asked = set(ask.ids)
        came = {public_id: row for row in rows if (public_id := str(row.get("public_id"))) in asked}
        for public_id, row in came.items():
            self.rows[public_id] = row
            self.lists.note(public_id, row)
        missing = [public_id for public_id in ask.ids if public_id not in came]
        if missing and rows:
            self._lengths.append(len(rows))
        if ask.doubted and came:
            self.cut_at = min(self._lengths, default=LIST_LIMIT)
        # Asked for alone and still not there, or nothing of it there: it does not exist. Else the answer was cut.
        if missing and (not ask.doubted or (came and len(ask.ids) > 1)):
            self._missing[max(1, len(ask.ids) // 2) if ask.doubted else len(ask.ids)] += missing

    def _page(self, ask: Ask, rows: list[Row]) -> None:
        wanted = [public_id for public_id in ask.ids if public_id in self.rows]
        came = {public_id: row for row in rows if (public_id := str(row.get("public_id"))) in wanted}
        for public_id, row in came.items():
            if not self.lists.extend(public_id, self.rows[public_id], ask.alias, row.get(ask.alias) or []):
                self._fail([public_id], f"Fibery gives only a part of its list {self.columns[ask.alias].path}")
        missing = tuple(public_id for public_id in wanted if public_id not in came)
        if missing and ask.tries < _TRIES:
            self._next.append(replace(ask, ids=missing, tries=0 if came else ask.tries + 1))
        else:
            self._fail(missing, "it vanished while its lists were read; run again")

    def _refusal(self, ask: Ask, refusal: Refusal) -> None:
        again = replace(ask, tries=ask.tries + 1)
        if refusal.lacks_database:
            self._fail(ask.ids, f"the database {self.database} vanished while it was read; run again ({refusal})")
        elif refusal.name == "request" or ask.tries >= _TRIES:
            self._fail(ask.ids, str(refusal))
        elif refusal.is_timeout and len(ask.ids) > 1:
            half = len(ask.ids) // 2
            self._next += [replace(ask, ids=ask.ids[:half]), replace(ask, ids=ask.ids[half:])]
        elif refusal.is_timeout or not refusal.is_about_query or ask.kind == "page":
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
        for alias in refused:
            del self.columns[alias]
        select = {alias: column.ask for alias, column in self.columns.items()}
        return [replace(ask, select=select) for ask, _ in stuck]

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
        cut_at = min(reading.cut_at for reading in readings)
        for reading in readings:
            reading.lists.suspect(cut_at, reading.rows)
        asks = [ask for reading in readings for ask in reading.further()]


def remarks(reading: Reading) -> list[str]:
    """What a person should hear of a reading: columns left empty, by the names of their fields."""
    fields = sorted({reading.asked[alias].path for alias in reading.refused if not reading.asked[alias].is_count})
    if not fields:
        return []
    return [f"{reading.database}: this token may not read {', '.join(fields)}; left empty"]
