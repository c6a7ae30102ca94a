"""Names as people write them: compared without regard to case, blanks and Unicode form."""

import re
import unicodedata
from collections.abc import Iterable
from difflib import get_close_matches

_SEPARATORS = re.compile(r"[\s_-]+")


def key(name: str) -> str:
    """The form in which two spellings of one name are equal."""
    return " ".join(unicodedata.normalize("NFC", name).casefold().split())


def loose_key(name: str) -> str:
    """As `key`, but for links, where blanks and hyphens were written as `_`."""
    return _SEPARATORS.sub("", key(name))


def nearest(name: str, known: Iterable[str], most: int = 3) -> list[str]:
    """The known names most like `name`, best first."""
    by_key = {key(one): one for one in sorted(known, reverse=True)}
    found = [by_key[one] for one in get_close_matches(key(name), list(by_key), n=most, cutoff=0.5)]
    # A database of that name in another space is nearer than any that only looks alike.
    label = key(name.rpartition("/")[2])
    same = [one for one in by_key.values() if "/" in one and key(one.rpartition("/")[2]) == label]
    return list(dict.fromkeys([*sorted(same), *found]))[:most]


def hint(name: str, known: Iterable[str]) -> str:
    """`did you mean …?`, or a few of the names there are."""
    known = sorted(known)
    near = nearest(name, known)
    if near:
        return f"did you mean {' or '.join(near)}?"
    shown = ", ".join(known[:12]) + (", …" if len(known) > 12 else "")
    return f"there are {shown}" if known else "there are none"
