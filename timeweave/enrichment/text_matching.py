"""Which item a wording means: beside an incomplete reference by its number and its title, without one by its title alone.

Nothing is guessed: where no title agrees, or several do, the wording stays unresolved and the likeliest items are named.
"""

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property

from timeweave.enrichment.database_resolution import Resolution, Resolver
from timeweave.enrichment.item_query.item_reader import ItemReader, read_items
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.item_query.title_search import TitleSearch
from timeweave.enrichment.record_builder import Gaps
from timeweave.fibery.database import Database
from timeweave.fibery.query import IDENTITY, Column
from timeweave.matching.titles import agrees, measure_similarity
from timeweave.models.enriched import EntityStatus, LikelyItem, Match, MatchedBy
from timeweave.models.entities import NO_ITEM_FIRST, Entities, EntityKey, IncompleteReference

_NAMED = 3


@dataclass
class TextMatches:
    """What the wordings mean."""

    rows: list[Match]
    """In the order of the document; complete once it is asked what they mean."""
    failed: dict[EntityKey, str] = field(default_factory=dict)
    """Incomplete references whose number could not be looked up everywhere, with the reason."""
    remarks: list[str] = field(default_factory=list)

    def list_items(self) -> set[EntityKey]:
        """The items that were found."""
        return {row.item for row in self.rows if row.item}

    @cached_property
    def _by_key(self) -> dict[EntityKey | None, list[Match]]:
        found: dict[EntityKey | None, list[Match]] = defaultdict(list)
        for row in self.rows:
            found[row.key].append(row)
        return found

    def judge(self, key: EntityKey, meant: Resolution) -> tuple[EntityStatus, str]:
        """What became of an incomplete reference, and why it has no item of its own: each of its texts may have another."""
        if key in self.failed:
            return EntityStatus.FAILED, self.failed[key]
        rows = self._by_key.get(key, [])
        if not rows or not meant.candidates:
            return meant.status, meant.reason
        left = [row for row in rows if row.item is None]
        if not left:
            items = sorted({row.item for row in rows if row.item}, key=lambda item: item.sort_key)
            named = " or ".join(f"{item.space}/{item.database} #{item.public_id}" for item in items)
            return EntityStatus.UNRESOLVED, f"{meant.reason}; by its texts it is {named}"
        likely = {(one.space, one.database): one for row in left for one in row.likely}
        hint = f"; likely {describe_items(likely.values())}" if likely else ""
        return EntityStatus.UNRESOLVED, f"{left[0].reason}{hint}"


class TextMatcher:
    """Looks up the numbers and the titles of one run."""

    def __init__(self, sender: QuerySender, resolver: Resolver, gaps: Gaps) -> None:
        self._sender, self._resolver, self._gaps = sender, resolver, gaps

    def match(self, references: Entities) -> TextMatches:
        """A row for each incomplete reference with each of its texts, and for each title that is an item's or several items'."""
        found = TextMatches([])
        meant = {one.key: self._resolver.resolve(one.key) for one in references.incomplete}
        readers = self._read_numbers(meant, found)
        by_title = self._search_titles(references.titles, found)
        for reference in references.incomplete:
            found.rows += self._match_reference(reference, meant[reference.key], readers, found)
        found.rows = sorted([*found.rows, *by_title], key=_get_sort_key)
        return found

    def _read_numbers(self, meant: dict[EntityKey, Resolution], found: TextMatches) -> dict[str, ItemReader]:
        wanted: dict[Database, set[str]] = defaultdict(set)
        for key, resolution in meant.items():
            for database in resolution.candidates:
                wanted[database].add(key.public_id)
        readers = {
            database.name: ItemReader(database.name, _choose_columns(database), ids, light=True)
            for database, ids in sorted(wanted.items(), key=lambda pair: pair[0].name)
        }
        read_items(self._sender, list(readers.values()))
        for name, reader in readers.items():
            if reader.is_closed:
                found.remarks.append(
                    f"{name}: this token may not read its numbers; no text was compared with its titles"
                )
                continue
            if "name" in reader.refused:
                found.remarks.append(f"{name}: this token may not read its titles; no text was compared with them")
            for number, why in reader.failed.items():
                self._gaps.add(name, "titles of {} items", why, number)
        return readers

    def _match_reference(
        self, reference: IncompleteReference, meant: Resolution, readers: dict[str, ItemReader], found: TextMatches
    ) -> Iterator[Match]:
        number, asked = reference.public_id, [readers[one.name] for one in meant.candidates]
        silent = [one for one in asked if number in one.failed and not one.is_closed]
        if silent:
            failure = f"{meant.reason}, and {silent[0].database} could not be asked: {silent[0].failed[number]}"
            found.failed[reference.key] = failure
            yield from (_build_match(reference.key, text, reason=failure) for text in reference.texts)
            return
        items = [_make_item(one.database, number, one.rows[number]) for one in asked if number in one.rows]
        for text in reference.texts:
            agreeing = [item for item in items if agrees(text, item.name)]
            if len(agreeing) == 1:
                yield _build_match(reference.key, text, MatchedBy.ID_AND_TITLE, agreeing[0])
            else:
                likely = agreeing or _choose_likely(text, items)
                reason = f"{meant.reason}{_explain(number, items, agreeing)}" if meant.candidates else meant.reason
                yield _build_match(reference.key, text, reason=reason, likely=likely)

    def _search_titles(self, titles: list[str], found: TextMatches) -> Iterator[Match]:
        search = TitleSearch(self._resolver.list_configured(), titles)
        search.run(self._sender)
        found.remarks += [f"{name}: this token may not search its titles" for name in sorted(search.closed)]
        for (name, title), why in search.failed.items():
            self._gaps.add(name, "the items of {} titles", why, title)
        silent = {title: name for name, title in sorted(search.failed, reverse=True)}
        for title, items in sorted(search.found.items()):
            if title in silent:
                reason = f"{silent[title]} could not be asked whether it has an item of this title too"
                yield _build_match(None, title, reason=reason, likely=items)
            elif len(items) == 1:
                yield _build_match(None, title, MatchedBy.TITLE, items[0])
            else:
                yield _build_match(None, title, reason=f"{len(items)} items have this title", likely=items)


def _choose_columns(database: Database) -> dict[str, Column]:
    return IDENTITY | ({"name": Column([database.title.name])} if database.title else {})


def _make_item(database: str, public_id: str, row: dict[str, object]) -> LikelyItem:
    space, _, label = database.partition("/")
    return LikelyItem(space=space, database=label, public_id=public_id, name=str(row.get("name") or ""))


def _choose_likely(text: str, items: list[LikelyItem]) -> list[LikelyItem]:
    """Items of the number whose titles are much like the text; where nothing is written but the number, the only one that has it."""
    if not text.strip():
        return items if len(items) == 1 else []
    measured = [(measure_similarity(text, item.name), item) for item in items]
    ranked = sorted(
        (pair for pair in measured if pair[0]), key=lambda pair: (-pair[0], pair[1].space, pair[1].database)
    )
    return [item for _, item in ranked[:_NAMED]]


def _explain(number: str, items: list[LikelyItem], agreeing: list[LikelyItem]) -> str:
    if len(agreeing) > 1:
        return f", and {len(agreeing)} items #{number} have a title that agrees with the text"
    if items:
        return f", and no item #{number} has a title that agrees with the text"
    return f", and no database that it could be in has #{number}"


def describe_items(items: Iterable[LikelyItem]) -> str:
    """Items for a sentence, a few of them."""
    return " or ".join(
        f"{one.space}/{one.database} #{one.public_id} {one.name}".strip() for one in list(items)[:_NAMED]
    )


def _build_match(
    key: EntityKey | None, text: str, matched_by: MatchedBy | None = None, item: LikelyItem | None = None, *,
    reason: str | None = None, likely: Iterable[LikelyItem] = (),
) -> Match:  # fmt: skip
    return Match(
        space=key.space if key else None,
        database=key.database if key else None,
        public_id=key.public_id if key else None,
        text=text,
        matched_by=matched_by,
        item=item.key if item else None,
        likely=list(likely)[:_NAMED],
        reason=reason,
    )


def _get_sort_key(row: Match) -> tuple[object, ...]:
    return (*(row.key.sort_key if row.key else NO_ITEM_FIRST), row.text)
