"""How people spell names, compared without regard to case and blanks, and which a wrong one may mean; how programs spell bytes."""

import json
import re
import unicodedata
from base64 import b64encode
from collections.abc import Iterable
from difflib import get_close_matches
from urllib.parse import quote

_SEPARATORS = re.compile(r"[\s_-]+")
_ALIKE = 0.5
_SUGGESTED = 3
_LISTED = 12
_ESCAPED = re.compile(
    rb"(?=[%\\&])(?:%(?:25)*([0-9a-fA-F]{2})|\\+(?:(?:u00|x)([0-9a-fA-F]{2})|([/\"\\])|[nrt])"
    rb"|&#(?:[xX]0*([2-7][0-9a-fA-F])|0*(1[01][0-9]|12[0-7]|[3-9][0-9]));)"
)
"""A byte as addresses write it, once or several times over, as JSON and program texts do, and as HTML does."""
BLANKS = b" \t\n\r\v\f"


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


def list_forms(secret: str) -> set[bytes]:
    """The secret itself, in Base64 once or twice, in hexadecimal, and as addresses and JSON have it."""
    raw = secret.encode("utf-8", "surrogateescape")
    coded = _encode(raw)
    coded |= {again for form in coded for again in _encode(form)}
    forms = {raw, raw.hex().encode(), raw.hex().upper().encode(), json.dumps(secret)[1:-1].encode(), *coded}
    forms |= {form.replace(b"+", b"-").replace(b"/", b"_") for form in coded}
    quoted = {quote(form, safe="") for form in forms}
    forms |= {form.encode() for form in quoted}
    forms |= {re.sub("%..", lambda found: found[0].lower(), form).encode() for form in quoted}
    return forms | {unescape(form) for form in forms}


def _encode(raw: bytes) -> set[bytes]:
    """In Base64, whatever stands before and after: of three places in a group, the letters that only this decides."""
    return {b64encode(bytes(n) + raw)[-(-8 * n // 6) : 8 * (n + len(raw)) // 6] for n in range(3)}


def squeeze(text: bytes) -> bytes:
    """In small letters, without blanks."""
    return text.lower().translate(None, BLANKS)


def unescape(content: bytes) -> bytes:
    """With each byte as itself, however it was written."""
    return _ESCAPED.sub(_read_escaped, content) if any(sign in content for sign in (b"%", b"\\", b"&#")) else content


def _read_escaped(found: re.Match[bytes]) -> bytes:
    if code := found[1] or found[2] or found[4]:
        return bytes.fromhex(code.decode())
    # What is none of these breaks a line.
    return bytes([int(found[5])]) if found[5] else found[3] or b"\n"


def find_places(content: bytes) -> list[int]:
    """For each byte of the content without escapes, and for its end, where in the content it begins."""
    places, at = list[int](), 0
    for found in _ESCAPED.finditer(content):
        places += [*range(at, found.start()), found.start()]
        at = found.end()
    return [*places, *range(at, len(content) + 1)]
