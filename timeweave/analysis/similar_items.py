"""For a text that names no work item: why that may be, and the item of this period that it is most like, if that fits all that it says."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from timeweave.matching.normalization import clean_description
from timeweave.models.analysis import WorkItem
from timeweave.models.enriched import EntityStatus
from timeweave.runtime.spelling import fold

SIMILAR_ENOUGH = 65
"""Percent of rapidfuzz's ratio of the sorted words from which an item is worth suggesting."""
_LONGEST = 200
_SHORTEST = 5
_COMPARED = 20
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
        # What Fibery does not have, nobody can have meant.
        self._items = [item for item in items if item.entity.status is EntityStatus.FOUND and item.title.strip()]
        self._titles = [_sort_words(item.title) for item in self._items]
        self._by_number: dict[str, list[WorkItem]] = {}
        self._places: set[str] = set()
        for item in self._items:
            self._by_number.setdefault(item.key.public_id, []).append(item)
            self._places |= _list_places(item)
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
            named = self._by_number.get(number.lstrip("0"), ())
            fitting = [item for item in named if _read_database(item) in lowered and self._fits(item, text)]
            if len(fitting) == 1:
                return SimilarItem(fitting[0], 100)
        return None

    def _fits(self, item: WorkItem, text: str) -> bool:
        """Whether the item is where the tags say; beside such tags a number is the item's, not a part of a sentence."""
        tags = {fold(tag[1:-1]) for tag in _TAG.findall(text)} & self._places
        numbers = {number.lstrip("0") for number in _NUMBER.findall(_TAG.sub(" ", text))} if tags else set()
        return tags <= _list_places(item) and (not numbers or item.key.public_id in numbers)

    def _find_by_title(self, text: str) -> SimilarItem | None:
        words = _sort_words(_TAG.sub(" ", text))
        if len(words) < _SHORTEST:
            return None
        alike = process.extract(words, self._titles, scorer=fuzz.ratio, score_cutoff=SIMILAR_ENOUGH, limit=_COMPARED)
        fitting = (
            (self._items[place], int(percent)) for _, percent, place in alike if self._fits(self._items[place], text)
        )
        return next((SimilarItem(item, percent) for item, percent in fitting), None)


def _read_database(item: WorkItem) -> str:
    return (item.place or "").rpartition("/")[2].casefold()


def _list_places(item: WorkItem) -> set[str]:
    """The names of its space and its database."""
    return {fold(part) for part in (item.place or "").split("/") if part}


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
