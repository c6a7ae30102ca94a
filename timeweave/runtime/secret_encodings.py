"""How programs write a secret: in Base64, in hexadecimal, escaped as addresses, JSON and HTML do, and back."""

import json
import re
from base64 import b64encode
from urllib.parse import quote

_ESCAPED = re.compile(
    rb"(?=[%\\&])(?:%(?:25)*([0-9a-fA-F]{2})|\\+(?:(?:u00|x)([0-9a-fA-F]{2})|([/\"\\])|[nrt])"
    rb"|&#(?:[xX]0*([2-7][0-9a-fA-F])|0*(1[01][0-9]|12[0-7]|[3-9][0-9]));)"
)
"""A byte as addresses write it, once or several times over, as JSON and program texts do, and as HTML does."""
BLANKS = b" \t\n\r\v\f"


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
