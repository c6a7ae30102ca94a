"""The nearest known words to one that is not known."""

import difflib
from collections.abc import Iterable


def suggest(word: str, known: Iterable[str], most: int = 1) -> list[str]:
    """At most so many of the known words, the nearest first; none where none is near."""
    return difflib.get_close_matches(word, sorted(known), n=most, cutoff=0.5)
