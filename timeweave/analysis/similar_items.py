"""For a text that names no work item: why that may be, and the item of this period that it is most like."""

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from timeweave.matching.normalization import clean_description
from timeweave.models.enriched import EntityStatus
from timeweave.models.work_items import WorkItem
from timeweave.runtime.name_comparison import fold

SIMILAR_ENOUGH = 70
"""Percent of rapidfuzz's ratio of the sorted words from which an item is worth suggesting."""
_STANDS_OUT = 5
"""So many percent more than the next one."""
_CANDIDATES = 200
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
    """The found items of a period, searched by similarity; the same text is searched once.

    Nothing is better than something wrong: a number, a space or a database that the text names must be the item's, and an
    item is named only if it stands out.
    """

    def __init__(self, items: Iterable[WorkItem]) -> None:
        found = (item for item in items if item.entity.status is EntityStatus.FOUND and item.title.strip())
        self._items = [_Item(item) for item in found]
        self._names = frozenset(name for item in self._items for name in item.names)
        self._by_number: dict[str, list[_Item]] = defaultdict(list)
        self._by_word: dict[str, list[int]] = defaultdict(list)
        for at, item in enumerate(self._items):
            self._by_number[item.number].append(item)
            for word in set(item.words.split()):
                self._by_word[word].append(at)
        self._known: dict[str, SimilarItem | None] = {}

    def find(self, text: str) -> SimilarItem | None:
        """The item whose number and database the text gives, else the one with the most similar name, if any is."""
        text = clean_description(text[: 2 * _LONGEST])
        if text not in self._known:
            self._known[text] = self._find_by_number(text) or self._find_by_title(text)
        return self._known[text]

    def _find_by_number(self, text: str) -> SimilarItem | None:
        tags, lowered = self._read_tags(text), fold(text)
        fitting = [
            item
            for number in _find_numbers(_TAG.sub(" ", text))
            for item in self._by_number.get(number, ())
            if (item.database in tags and tags <= item.names) or (not tags and item.is_named_in(lowered))
        ]
        return SimilarItem(fitting[0].item, 100) if len(fitting) == 1 else None

    def _find_by_title(self, text: str) -> SimilarItem | None:
        rest = _TAG.sub(" ", text)
        words, numbers, tags = _sort_words(rest), set(_find_numbers(rest)), self._read_tags(text)
        if len(words) < _SHORTEST:
            return None
        found = self._list_candidates(words)
        choices = [self._items[at].words for at in found]
        ranked = process.extract(words, choices, scorer=fuzz.ratio, score_cutoff=SIMILAR_ENOUGH, limit=None)
        similar = ((self._items[found[at]], percent) for _, percent, at in ranked)
        best = [
            (item, percent)
            for item, percent in similar
            if tags <= item.names and numbers - {item.number} == item.numbers
        ]
        if not best or (len(best) > 1 and best[0][1] - best[1][1] < _STANDS_OUT):
            return None
        return SimilarItem(best[0][0].item, int(best[0][1]))

    def _read_tags(self, text: str) -> frozenset[str]:
        """The spaces and databases that tags name; others, such as `[WIP]`, say nothing about the item."""
        parts = (fold(part) for tag in _TAG.findall(text) for part in (tag[1:-1], *tag[1:-1].split("/")))
        return frozenset(parts) & self._names

    def _list_candidates(self, words: str) -> list[int]:
        """Items that have a word in common with these, by the rarest words."""
        found: set[int] = set()
        for word in sorted(set(words.split()), key=lambda word: (len(self._by_word.get(word, ())), word)):
            found.update(self._by_word.get(word, ()))
            if len(found) >= _CANDIDATES:
                break
        return sorted(found)


class _Item:
    """What is compared of an item."""

    def __init__(self, item: WorkItem) -> None:
        self.item = item
        self.number = item.key.public_id
        space, _, self.database = fold(item.place or "").rpartition("/")
        self.names = frozenset({space, self.database, fold(item.place or "")} - {""})
        self.words = _sort_words(item.title)
        self.numbers = set(_find_numbers(item.title))

    def is_named_in(self, lowered: str) -> bool:
        """Whether number and database stand side by side, as in `bug 7`."""
        name, number = re.escape(self.database), rf"0*{self.number}"
        pattern = rf"(?<!\w)(?:{name}[\s#:/-]{{1,3}}{number}|#?{number}[\s:/-]{{1,3}}{name})(?!\w)"
        return bool(self.database) and re.search(pattern, lowered) is not None


def _find_numbers(text: str) -> list[str]:
    return [number.lstrip("0") for number in _NUMBER.findall(text)]


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
