"""How people spell names: compared without regard to case and blanks, and which a wrong one may mean."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_SEPARATORS = re.compile(r"[\s_-]+")
_ALIKE = 0.5
_SUGGESTED = 3
_LISTED = 12


def fold(name: str) -> str:
    """The form in which two spellings of one name are equal, whatever the case, the blanks and the Unicode form."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def fold_separators(name: str) -> str:
    """As `fold`, and without blanks, hyphens and underscores: a link writes all of them as `_`."""
    return _SEPARATORS.sub("", fold(name))


def cut_text(text: str, longest: int) -> str:
    """At most so many characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def find_nearest(name: str, known: Iterable[str], most: int = _SUGGESTED) -> list[str]:
    """The known names most like `name`, best first; none where nothing is alike.

    Of paths like `Space/Database`, one whose last part is the same is nearer than any that only looks alike.
    """
    by_form = {fold(one): one for one in sorted(known, reverse=True)}
    close = get_close_matches(fold(name), list(by_form), n=most, cutoff=_ALIKE)
    alike = [by_form[form] for form in close if "@" not in name or _is_like_address(fold(name), form)]
    last = fold(name.rpartition("/")[2])
    same = sorted(one for one in by_form.values() if "/" in one and fold(one.rpartition("/")[2]) == last)
    return list(dict.fromkeys([*same, *alike]))[:most]


def _is_like_address(address: str, other: str) -> bool:
    """Whether the people are alike: a domain that all share says nothing."""
    return bool(get_close_matches(address.rpartition("@")[0], [other.rpartition("@")[0]], cutoff=_ALIKE))


def suggest(name: str, known: Iterable[str], most: int = _SUGGESTED) -> str:
    """The end of a sentence about an unknown name: `did you mean …?`, or some of the names that there are."""
    known = sorted(known)
    if nearest := find_nearest(name, known, most):
        return f"did you mean {' or '.join(nearest)}?"
    listed = ", ".join(known[:_LISTED]) + (", …" if len(known) > _LISTED else "")
    return f"choose from {listed}" if known else "there are none"
