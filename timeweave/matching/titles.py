"""When a text agrees with the title of an item: beside the item's number, and alone."""

from typing import Annotated, Literal

from pydantic import BeforeValidator
from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.utils import default_process

from timeweave.runtime.params import Section

AGREEMENT = 88
"""Percent of rapidfuzz's ratio from which a text may agree with the title of an item that has the number beside it.

Chosen on 8,000 texts about a workspace where every number is taken in ten databases, a tenth of the items are deleted
and titles are alike (tests/enrichment/dense_workspace.py). By the percentage alone, 88 gave 129 of 5,235 texts to an
item that nobody meant, 94 still 32 (`Encrypt` for `Decrypt`, `phase 1` for `phase 2`), and 98 none, but one misspelt
text in two to nothing. So words are compared too: as many on both sides, the same numbers, and no two of them further
apart than one slip of the keyboard. With that no text went astray, whatever the percentage; 88 is where one slip in a
title of two words still agrees. Words added by hand (`… - review`) look just like the longer title of another item:
such a text stays unresolved, and the item is named as likely.
"""
LIKELY = 65
"""Percent, whatever the order of words and whatever else the text says, from which an item of the number is likely."""
FEWEST_WORDS = 3
"""Of a text that may be a title: fewer are as often the name of a meeting."""
LONGEST_TITLE = 1000
"""Characters; Fibery keeps no longer ones."""
_SHORTEST_MISSPELT = 5
_FEWEST_IN_COMMON = 2


class MatchingSettings(Section):
    """`matching` of params.yaml."""

    # Bare, YAML reads off as false.
    titles: Annotated[Literal["exact", "off"], BeforeValidator(lambda value: "off" if value is False else value)] = (
        "exact"
    )
    """Whether a text without a reference that is exactly the title of one item is that item."""


def may_be_title(text: str) -> bool:
    """Whether a text says enough to be looked up as a title."""
    return len(text.split()) >= FEWEST_WORDS and len(text) <= LONGEST_TITLE


def agrees(text: str, title: str) -> bool:
    """Whether a text is the title, but for case, punctuation, blanks and misspellings."""
    said, name = default_process(text), default_process(title)
    if said.replace(" ", "") == name.replace(" ", ""):
        return bool(said)
    words, others = said.split(), name.split()
    if len(words) != len(others) or fuzz.ratio(said, name) < AGREEMENT:
        return False
    return all(_is_same(one, other) for one, other in zip(words, others, strict=True))


def _is_same(word: str, other: str) -> bool:
    may_be_misspelt = word.isalpha() and other.isalpha() and min(len(word), len(other)) >= _SHORTEST_MISSPELT
    return word == other or (may_be_misspelt and OSA.distance(word, other) == 1)


def measure_similarity(text: str, title: str) -> float:
    """How likely a text that does not agree means an item all the same, in percent; 0 where it is not worth naming.

    A single word in common is nothing to go by.
    """
    said, name = default_process(text), default_process(title)
    if len(set(said.split()) & set(name.split())) < _FEWEST_IN_COMMON:
        return fuzz.ratio(said, name, score_cutoff=LIKELY) if said and name else 0
    return fuzz.token_set_ratio(said, name, score_cutoff=LIKELY)
