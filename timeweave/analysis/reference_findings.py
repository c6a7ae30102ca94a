"""Time without a work item: what nobody described, what was meant to name an item, and what should name one."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import msgspec

from timeweave.analysis.category import UNCATEGORIZED
from timeweave.analysis.category_rules import Categories
from timeweave.analysis.finding import Logged, make_entry_finding, make_finding
from timeweave.analysis.similar_items import SimilarItem, explain
from timeweave.analysis.work_rows import scale
from timeweave.models.aggregated import Aggregated
from timeweave.models.aggregated import FindingKind as MatchingKind
from timeweave.models.analysis import CategoryTime
from timeweave.models.enriched import Enriched, Match
from timeweave.models.findings import Finding, FindingKind
from timeweave.runtime.analysis_params import Thresholds

MEANT = (MatchingKind.NEAR_MISS, MatchingKind.UNKNOWN_LINK, MatchingKind.UNCLOSED_TAG, MatchingKind.SPLIT_ID)
"""What the matching notes of a text that was meant to name an item."""


def list_meant(aggregated: Aggregated) -> dict[int, str]:
    """Entries whose text was meant to name an item, with what was wrong with it."""
    return {
        one.entry_id: one.kind
        for one in reversed(aggregated.warnings)
        if one.kind in MEANT and one.entry_id is not None
    }


@dataclass(frozen=True)
class TextChecks:
    """Looks at texts that name no item."""

    meant: Mapping[int, str]
    item_needed: Mapping[str, bool]
    """By category."""
    find_similar: Callable[[str], SimilarItem | None]
    find_match: Callable[[str], Match | None]

    def check(self, entries: Iterable[tuple[Logged, str]]) -> Iterator[Finding]:
        """Every finding about somebody's entries without an item, given with their category."""
        blank: list[Logged] = []
        broken: dict[str, list[Logged]] = defaultdict(list)
        plain: dict[str, list[Logged]] = defaultdict(list)
        for one, category in entries:
            if not one.entry.seconds or one.absence:
                continue
            if not one.text.strip():
                blank.append(one)
            elif one.entry.id in self.meant:
                broken[one.text].append(one)
            elif self.item_needed.get(category, True):
                plain[one.text].append(one)
        if blank:
            yield make_entry_finding(FindingKind.NO_DESCRIPTION, blank)
        for text, own in sorted(broken.items()):
            flag = self.meant[min(one.entry.id for one in own)]
            yield make_entry_finding(FindingKind.NEAR_MISS, own, flag=flag, **self._describe(text))
        for text, own in sorted(plain.items()):
            yield make_entry_finding(FindingKind.NO_ITEM, own, **self._describe(text))

    def _describe(self, text: str) -> dict[str, Any]:
        """The text, why it may name no item, and the item that it is most like."""
        match = self.find_match(text)
        nearest = self.find_similar(text)
        likely = [msgspec.structs.asdict(one) for one in (match.likely if match else [])]
        if nearest and not likely:
            space, _, database = (nearest.item.place or "").rpartition("/")
            place = {"space": space, "database": database} if space else {}
            likely = [msgspec.structs.asdict(nearest.item.key) | place | {"name": nearest.item.title}]
        return {"text": text, "reason": str(explain(text, nearest)), "likely": likely}


def find_in_categories(categories: Sequence[CategoryTime], thresholds: Thresholds) -> Iterator[Finding]:
    """Too much time that no rule of config/categories.yaml matches."""
    most = scale(sum(one.seconds for one in categories), thresholds.uncategorized)
    for one in categories:
        if one.key == UNCATEGORIZED.key and one.seconds > most:
            yield make_finding(FindingKind.UNCATEGORIZED, one.seconds, share=one.share)


def find_in_rules(rules: Categories, enriched: Enriched) -> Iterator[Finding]:
    """Fields that rules of config/categories.yaml look at, and that nobody asks Fibery for: such a rule never matches."""
    if enriched.asked_fields is None:
        return
    for label in rules.find_unread(enriched.asked_fields):
        yield make_finding(FindingKind.UNKNOWN_FIELD, 0, field=label, file="config/categories.yaml")


def find_in_enrichment(enriched: Enriched) -> Iterator[Finding]:
    """What the configuration asks for in vain, and what Fibery did not give."""
    for field in enriched.unknown_fields:
        yield make_finding(
            FindingKind.UNKNOWN_FIELD, 0, database=field.database, field=field.field, suggestion=field.suggestion
        )
    for sentence in enriched.unanswered:
        yield make_finding(FindingKind.PART_MISSING, 0, sentence=sentence)
