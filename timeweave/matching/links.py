"""Links to Fibery: `https://{account}.fibery.io/{Space}/{Database}/{title}-{public id}`."""

import re
from urllib.parse import unquote

from timeweave.matching.reference import Reference
from timeweave.matching.text import visible

_FIBERY = re.compile(r"(?:https?://)?[a-z0-9-]+\.fibery\.io(?::[0-9]+)?(?:[/?#]|$)", re.IGNORECASE | re.ASCII)
_PATH = re.compile(r"(?:https?://)?[^/?#]*/?([^?#]*)", re.IGNORECASE | re.ASCII)
_PUBLIC_ID = re.compile("0*([1-9][0-9]*)")
_NOT_A_SPACE = ("api", "fibery")


def is_fibery(url: str) -> bool:
    """Whether the address is in some Fibery account; the scheme may be missing."""
    return _FIBERY.match(url) is not None


def linked(url: str) -> Reference | None:
    """The item a Fibery address leads to, or None where it leads to something else.

    The title in it is decoration that Fibery itself ignores, query and fragment say what was open on the
    screen: none of them matters. Fibery writes blanks in the names of spaces and databases as `_`.
    """
    path = _PATH.match(url)
    parts = path[1].rstrip("/").split("/") if path else []
    if len(parts) != 3 or parts[0] in _NOT_A_SPACE or parts[0].startswith("@"):
        return None
    space, database = (visible(unquote(part.replace("_", " "))) for part in parts[:2])
    digits = _PUBLIC_ID.fullmatch(unquote(parts[2]).rpartition("-")[2])
    if not space or not database or digits is None or len(digits[0]) > 12:
        return None
    return Reference(digits[1], space, database, None, ())
