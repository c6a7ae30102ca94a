"""Keys for people: their names are taken out of what is sent and put back by code."""

import re
import unicodedata
from collections.abc import Iterable

SOMEBODY = "somebody"
_LONG = 5
"""From this many letters on a part of a name is looked for inside of words too."""
_STROKES = str.maketrans({"ø": "o", "ł": "l", "đ": "d", "ı": "i", "æ": "ae", "œ": "oe", "þ": "th"})


class Pseudonyms:
    """Hides names, parts of names, e-mails and ids of known people in any text.

    A short part, like Ian, is hidden where it is a word, not in `Brilliant`; one of two letters, like Bo, where it has a
    capital. Of scripts without capitals even two letters are a name.
    """

    def __init__(self, people: Iterable[tuple[str | None, str | None, int | None]]) -> None:
        """`people`: name, e-mail, Toggl user id, whichever are known."""
        parts: set[str] = set()
        inside: set[str] = set()
        for name, email, user_id in people:
            parts |= set(_parts(name or "")) | set(_parts((email or "").partition("@")[0]))
            inside |= {_plain(part) for part in (email, str(user_id) if user_id else None) if part}
        tiny = {part for part in parts if len(part) == 2 and part != part.casefold()}
        inside |= {_plain(part) for part in parts if len(part) >= _LONG or (len(part) > 1 and _without_case(part))}
        apart = {_plain(part) for part in parts if 3 <= len(part) < _LONG}
        self._tiny = _any(tiny, r"(?<![^\W_])(?:{})(?!\w)")
        self._plain = _any(
            inside | apart, f"(?:{_either(inside)})|(?<![^\\W\\d_])(?:{_either(apart)})(?=s?(?![^\\W\\d_]))"
        )

    def hide(self, text: str) -> str:
        """The text without any of them; what cannot be told apart from a name goes as well."""
        letters = unicodedata.normalize("NFC", text)
        if self._tiny:
            letters = self._tiny.sub(SOMEBODY, letters)
        if not self._plain:
            return letters
        # Compared without case and accents; one letter may become several, so each remembers where it came from.
        plain = [(sign, place) for place, letter in enumerate(letters) for sign in _plain(letter)]
        found, end = [], 0
        for match in self._plain.finditer("".join(sign for sign, _ in plain)):
            found += [letters[end : plain[match.start()][1]], SOMEBODY]
            end = plain[match.end() - 1][1] + 1
        return "".join([*found, letters[end:]])


def _parts(name: str) -> list[str]:
    return re.findall(r"[^\W_]+", unicodedata.normalize("NFC", name))


def _without_case(part: str) -> bool:
    return part.upper() == part.lower() and not part.isdigit()


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold().translate(_STROKES))
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))


def _either(parts: set[str]) -> str:
    """Longest first; of nothing, a pattern that matches nowhere."""
    return "|".join(map(re.escape, sorted(parts, key=lambda part: (-len(part), part)))) or "(?!)"


def _any(parts: set[str], pattern: str) -> re.Pattern[str] | None:
    return re.compile(pattern.replace("{}", _either(parts))) if parts else None
