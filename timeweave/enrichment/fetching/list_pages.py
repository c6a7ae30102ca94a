"""Lists inside rows: which of them may be cut, and the queries for their further pages."""

from collections import defaultdict
from collections.abc import Mapping

from timeweave.enrichment.fetching.query_batches import Query, QueryKind
from timeweave.fibery.query import LIST_LIMIT, Column, Row


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
        """Add the next part of a list; False where a part is provably missing and does not come."""
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
