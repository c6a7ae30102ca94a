"""Searches databases for the items of exactly these titles, each answer followed to its end: a cut one could hide a namesake."""

from collections import Counter, defaultdict
from collections.abc import Iterable
from dataclasses import replace

from timeweave.enrichment.item_query.query_batches import Query, QueryKind, QuerySender
from timeweave.fibery.client import Outcome, Refusal
from timeweave.fibery.database import Database
from timeweave.fibery.query import IDENTITY, Row
from timeweave.matching.normalization import normalize_text
from timeweave.models.enriched import LikelyItem

_TRIES = 3
_MOST_TITLES = 200
_MOST_PAGES = 1000


class TitleSearch:
    """The items of some titles, as far as they have come."""

    def __init__(self, databases: Iterable[Database], titles: Iterable[str]) -> None:
        self._titles = {database.name: database.title.name for database in databases if database.title}
        self._wanted = dict.fromkeys(titles)
        self.found: dict[str, list[LikelyItem]] = defaultdict(list)
        """By title, sorted."""
        self.failed: dict[tuple[str, str], str] = {}
        """Why, by database and title."""
        self.closed: set[str] = set()
        """Databases whose titles this token may not search."""
        self._seen: set[tuple[str, object]] = set()
        self._pages: Counter[str] = Counter()

    def run(self, sender: QuerySender) -> None:
        """Search until there is nothing further: one query of a database, and one more where it has any."""
        queries = [self._build_query(name) for name in sorted(self._titles)] if self._wanted else []
        while queries:
            queries = [again for query, outcome in sender.send(queries) for again in self._take(query, outcome)]
        for items in self.found.values():
            items.sort(key=lambda one: (one.space, one.database, int(one.public_id)))

    def _build_query(self, database: str) -> Query:
        field = self._titles[database]
        select = {alias: column.ask for alias, column in IDENTITY.items()} | {"name": [field]}
        return Query(
            database, tuple(self._wanted), select, QueryKind.TITLES, most=_MOST_TITLES, is_light=True, field=field
        )

    def _take(self, query: Query, outcome: Outcome) -> list[Query]:
        """Note what came; the queries that follow from it."""
        if not isinstance(outcome, Refusal):
            added = [row for row in outcome if self._add(query.database, row)]
            self._pages[query.database] += 1
            if added and self._pages[query.database] > _MOST_PAGES:
                outcome = Refusal("answer", f"there is no end of items with {len(query.ids)} titles")
                self.failed |= {(query.database, title): str(outcome) for title in query.ids}
                return []
            return [replace(query, after=str(added[-1].get("id")), tries=0)] if added else []
        if outcome.name == "request" or outcome.lacks_database or query.tries >= _TRIES:
            self.failed |= {(query.database, title): str(outcome) for title in query.ids}
        elif outcome.is_timeout and len(query.ids) > 1:
            half = len(query.ids) // 2
            return [replace(query, ids=query.ids[:half]), replace(query, ids=query.ids[half:])]
        elif outcome.is_about_query and not outcome.is_timeout:
            self.closed.add(query.database)
        else:
            return [replace(query, tries=query.tries + 1)]
        return []

    def _add(self, database: str, row: Row) -> bool:
        """Whether the row is a new item; one without a usable number cannot be one."""
        public_id, name = str(row.get("public_id")), normalize_text(str(row.get("name")))
        if not (public_id.isascii() and public_id.isdecimal()) or (database, row.get("id")) in self._seen:
            return False
        self._seen.add((database, row.get("id")))
        if name in self._wanted:
            space, _, label = database.partition("/")
            self.found[name].append(LikelyItem(space=space, database=label, public_id=public_id, name=name))
        return True
