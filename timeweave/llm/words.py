"""The words of a text: whose names stand among them, and in which scripts they are written."""

import re
import unicodedata

_WORD = re.compile(r"[^\W\d_]+")
_LONG = 5
"""From this many letters on a name is one without its capital too."""
_PARTICLES = frozenset("al an and bin da das de del den der di do dos du el in la le of ten ter the van von zu".split())
_ALIKE = frozenset(("LATIN", "CYRILLIC", "GREEK"))


def name_in(text: str, known: frozenset[str], data: str) -> bool:
    """Whether a part of a name stands in it: with a capital, or long and not in small letters in the data as well."""
    if any(part in text for part in known if part == part.upper()):
        return True
    names = {bare(part) for part in known - _PARTICLES}
    small = {word for word in _WORD.findall(data) if word == word.casefold()}
    return any(
        bare(word) in names and (word[0].isupper() or (len(word) >= _LONG and word not in small))
        for word in _WORD.findall(text)
    )


def bare(word: str) -> str:
    """In small letters without accents."""
    decomposed = unicodedata.normalize("NFKD", word.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def scripts(text: str) -> set[str]:
    """The scripts of its letters, as Unicode names them."""
    return {unicodedata.name(sign, "").partition(" ")[0] for sign in set(text) if sign.isalpha()}


def mixed(text: str) -> set[str]:
    """Words of letters that look alike in several scripts: spelled so to be read otherwise than they are."""
    return {word for word in _WORD.findall(text) if len(scripts(word) & _ALIKE) > 1}
