"""Names of people in texts: replaced by a pseudonym in what is sent, looked for in what comes back."""

import re
import unicodedata
from collections.abc import Iterable

SOMEBODY = "somebody"
_LONG = 5
"""From this many letters on, a part of a name is hidden inside of words too, and noticed without its capital."""
_WORD = re.compile(r"[^\W\d_]+")
_PARTICLES = frozenset("al an and bin da das de del den der di do dos du el in la le of ten ter the van von zu".split())
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


class PersonNames:
    """Names, e-mails and ids of known people.

    A short part, like Ian, is hidden where it is a word, not in `Brilliant`; one of two letters, like Bo, where it has a
    capital. Of scripts without capitals even two letters are a name.
    """

    def __init__(self, people: Iterable[tuple[str | None, str | None, int | None]]) -> None:
        """`people`: name, e-mail, Toggl user id, whichever are known."""
        known = list(people)
        words = {word for name, _, _ in known for word in _WORD.findall(_compose(name)) if len(word) > 1}
        self._words = {_fold(word) for word in words} - _PARTICLES
        self._caseless = {word for word in words if word.upper() == word.lower()}
        texts = [text for name, email, _ in known for text in (name, (email or "").partition("@")[0])]
        parts = {part for text in texts for part in re.findall(r"[^\W_]+", _compose(text))}
        inside = {str(one) for _, *rest in known for one in rest if one} | self._caseless
        inside |= {part for part in parts if len(part) >= _LONG}
        apart = {part for part in parts if 3 <= len(part) < _LONG}
        tiny = _join({part for part in parts if len(part) == 2 and part != part.casefold()})
        self._tiny = re.compile(rf"(?<![^\W_])(?:{tiny})(?!\w)")
        inside_or_apart = rf"(?:{_join(map(_fold, inside))})|(?<![^\W\d_])(?:{_join(map(_fold, apart))})"
        self._folded = re.compile(rf"{inside_or_apart}(?=s?(?![^\W\d_]))")

    def hide(self, text: str) -> str:
        """The text without any of them; what cannot be told apart from a name goes as well."""
        letters = self._tiny.sub(SOMEBODY, _compose(text))
        # Compared without case and accents; one letter may become several, so each remembers where it came from.
        folded = [(sign, place) for place, letter in enumerate(letters) for sign in _fold(letter)]
        found, end = [], 0
        for match in self._folded.finditer("".join(sign for sign, _ in folded)):
            found += [letters[end : folded[match.start()][1]], SOMEBODY]
            end = folded[match.end() - 1][1] + 1
        return "".join([*found, letters[end:]])

    def occur_in(self, text: str) -> bool:
        """Whether a part of a name is a word of the text: a short one with a capital, a long one in any case."""
        return any(part in text for part in self._caseless) or any(
            _fold(word) in self._words and (not word.islower() or len(word) >= _LONG) for word in _WORD.findall(text)
        )


def _compose(text: str | None) -> str:
    return unicodedata.normalize("NFC", text or "")


def _fold(text: str) -> str:
    """In small letters, without accents and strokes."""
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _join(parts: Iterable[str]) -> str:
    """The alternatives of a pattern, longest first; of nothing, one that matches nowhere."""
    return "|".join(map(re.escape, sorted(parts, key=lambda part: (-len(part), part)))) or "(?!)"
