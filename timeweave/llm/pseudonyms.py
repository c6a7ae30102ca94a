"""Keys for people: their names are taken out of what is sent and put back by code."""

import re
import unicodedata
from collections.abc import Iterable

SOMEBODY = "somebody"
SHORTEST = 3
"""Letters of a part of a name that is looked for on its own."""


class Pseudonyms:
    """Hides names, parts of names, e-mails and ids of known people in any text."""

    def __init__(self, people: Iterable[tuple[str | None, str | None, int | None]]) -> None:
        """`people`: name, e-mail, Toggl user id, whichever are known."""
        known: set[str] = set()
        for name, email, user_id in people:
            known |= {part for part in (name, email, str(user_id) if user_id else None) if part}
            known |= {part for part in re.split(r"[\W_]+", name or "") if len(part) >= SHORTEST}
            known |= {part for part in re.split(r"[\W_]+", (email or "").partition("@")[0]) if len(part) >= SHORTEST}
        plain = {_plain(part) for part in known} - {""}
        longest_first = sorted(plain, key=lambda part: (-len(part), part))
        self._pattern = re.compile("|".join(map(re.escape, longest_first))) if plain else None

    def hide(self, text: str) -> str:
        """The text without any of them; what cannot be told apart from a name goes as well."""
        if self._pattern is None:
            return text
        letters = unicodedata.normalize("NFC", text)
        # Compared without case and accents; one letter may become several, so each remembers where it came from.
        plain = [(sign, place) for place, letter in enumerate(letters) for sign in _plain(letter)]
        found, end = [], 0
        for match in self._pattern.finditer("".join(sign for sign, _ in plain)):
            found += [letters[end : plain[match.start()][1]], SOMEBODY]
            end = plain[match.end() - 1][1] + 1
        return "".join([*found, letters[end:]])


def _plain(text: str) -> str:
    decomposed = unicodedata.normalize("NFKD", text.casefold())
    return "".join(letter for letter in decomposed if not unicodedata.combining(letter))
