"""For a text that names no work item: why that may be, and the item of this period that it is most like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from timeweave.matching.normalization import clean_description
from timeweave.models.analysis import WorkItem

SIMILAR_ENOUGH = 65
"""Percent of rapidfuzz's ratio of the sorted words from which an item is worth suggesting."""
_LONGEST = 200
_SHORTEST = 5
_TAG = re.compile(r"\[[^\[\]]{1,80}\]")
_NUMBER = re.compile(r"(?<!\w)\d{1,12}(?!\w)")


class NoItemReason(StrEnum):
    """Why a text may name no item."""

    BLANK = "blank"
    LINK = "link"
    """It has a link to Fibery that names no item."""
    BROKEN_ID = "broken_id"
    """What follows the # cannot be read, yet tags follow."""
    NO_ID = "no_id"
    """It has tags and no id."""
    SIMILAR = "similar"
    """It is much like an item of the period."""
    OTHER = "other"


@dataclass(frozen=True)
class SimilarItem:
    """The item a text is most like, and how much, in percent."""

    item: WorkItem
    percent: int


class SimilarItems:
    """The items of a period, searched by similarity; the same text is searched once."""

    def __init__(self, items: Iterable[WorkItem]) -> None:
        self._items = [item for item in items if item.title.strip()]
        self._titles = [_sort_words(item.title) for item in self._items]
        self._by_number: dict[str, list[WorkItem]] = {}
        for item in self._items:
            self._by_number.setdefault(item.key.public_id, []).append(item)
        self._known: dict[str, SimilarItem | None] = {}

    def find(self, text: str) -> SimilarItem | None:
        """The item whose number and database the text gives, else the one with the most similar name, if any is."""
        text = clean_description(text[: 2 * _LONGEST])
        if text not in self._known:
            self._known[text] = self._find_by_number(text) or self._find_by_title(text)
        return self._known[text]

    def _find_by_number(self, text: str) -> SimilarItem | None:
        lowered = text.casefold()
        for number in _NUMBER.findall(text):
            for item in self._by_number.get(number.lstrip("0"), ()):
                database = (item.place or "").rpartition("/")[2].casefold()
                if database and database in lowered:
                    return SimilarItem(item, 100)
        return None

    def _find_by_title(self, text: str) -> SimilarItem | None:
        words = _sort_words(_TAG.sub(" ", text))
        if len(words) < _SHORTEST:
            return None
        best = process.extractOne(words, self._titles, scorer=fuzz.ratio, score_cutoff=SIMILAR_ENOUGH)
        return SimilarItem(self._items[best[2]], int(best[1])) if best else None


def _sort_words(text: str) -> str:
    """Lower case words in alphabetical order; sorted once here instead of at every comparison."""
    return " ".join(sorted(default_process(text[:_LONGEST]).split()))


def explain(text: str, nearest: SimilarItem | None) -> NoItemReason:
    """Why the text may name no item, as far as the text itself tells."""
    if not text.strip():
        return NoItemReason.BLANK
    if ".fibery.io" in text.casefold():
        return NoItemReason.LINK
    if "#" in text and _TAG.search(text):
        return NoItemReason.BROKEN_ID
    if len(_TAG.findall(text)) > 1:
        return NoItemReason.NO_ID
    return NoItemReason.SIMILAR if nearest else NoItemReason.OTHER
