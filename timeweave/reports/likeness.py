"""For a text that names no work item: why that may be, and the item of this period that it is most like."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from rapidfuzz import fuzz, process
from rapidfuzz.utils import default_process

from timeweave.reports import plain
from timeweave.reports.ledger import Item

LIKE_ENOUGH = 65
"""Percent of rapidfuzz's ratio of the sorted words from which an item is worth suggesting."""
_LONGEST = 200
_SHORTEST = 5
_TAG = re.compile(r"\[[^\[\]]{1,80}\]")
_NUMBER = re.compile(r"(?<!\w)\d{1,12}(?!\w)")


@dataclass(frozen=True)
class Likeness:
    """The item a text is most like, and how much, in percent."""

    item: Item
    percent: int


class Items:
    """The items of a period, searched by likeness; the same text is searched once."""

    def __init__(self, items: Iterable[Item]) -> None:
        self._items = [item for item in items if item.title.strip()]
        self._titles = [_words(item.title) for item in self._items]
        self._by_number: dict[str, list[Item]] = {}
        for item in self._items:
            self._by_number.setdefault(item.entity.public_id, []).append(item)
        self._known: dict[str, Likeness | None] = {}

    def nearest(self, text: str) -> Likeness | None:
        """The item whose number and database the text gives, else the one with the most similar name, if any is."""
        text = plain.clean(text[: 2 * _LONGEST])
        if text not in self._known:
            self._known[text] = self._numbered(text) or self._similar(text)
        return self._known[text]

    def _numbered(self, text: str) -> Likeness | None:
        lowered = text.casefold()
        for number in _NUMBER.findall(text):
            for item in self._by_number.get(number.lstrip("0"), ()):
                database = (item.place or "").rpartition("/")[2].casefold()
                if database and database in lowered:
                    return Likeness(item, 100)
        return None

    def _similar(self, text: str) -> Likeness | None:
        words = _words(_TAG.sub(" ", text))
        if len(words) < _SHORTEST:
            return None
        best = process.extractOne(words, self._titles, scorer=fuzz.ratio, score_cutoff=LIKE_ENOUGH)
        return Likeness(self._items[best[2]], int(best[1])) if best else None


def _words(text: str) -> str:
    """Lower case words in alphabetical order; sorted once here instead of at every comparison."""
    return " ".join(sorted(default_process(text[:_LONGEST]).split()))


def reason(text: str, nearest: Likeness | None) -> str:
    """Why the text may name no item: blank, link, broken_id, no_id, similar or other."""
    if not text.strip():
        return "blank"
    if ".fibery.io" in text.casefold():
        return "link"
    if "#" in text and _TAG.search(text):
        return "broken_id"
    if len(_TAG.findall(text)) > 1:
        return "no_id"
    return "similar" if nearest else "other"
