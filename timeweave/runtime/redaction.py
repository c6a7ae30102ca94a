"""Takes secrets out of whatever leaves this process: every one that it knows, in each form in which it may come back."""

import contextlib
import json
import os
import re
import sys
from base64 import b64encode
from collections.abc import Callable, Iterator
from typing import Any, TextIO, cast
from urllib.parse import quote, unquote

from timeweave.runtime.project import find_env_file

MARK = b"***"
SHORTEST = 8
"""Characters. What is shorter is a word like `none`, and would be missing wherever that word belongs."""
TOKENS = ("TOGGL_API_TOKEN", "FIBERY_API_TOKEN", "OPENAI_API_KEY")
NOTICES = "TIMEWEAVE_NOTIFY_URLS"
"""Holds apprise URLs with blanks between: they carry secrets, so they are no parameter."""
_NAMED = re.compile(r"(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY|CONNECTION_STRING)$", re.IGNORECASE)
"""What variables and settings are called that hold a secret."""
_USER = re.compile(r"://([^\s/]*)@")
_WORD = re.compile(r"[^\s\"'<>]+")
_ESCAPED = re.compile(rb"(?=[%\\])(?:%(?:25)*([0-9a-fA-F]{2})|\\+(?:u00([0-9a-fA-F]{2})|([/\"\\])))")
"""A byte as addresses write it, once or several times over, and as JSON does."""
_ROUNDS = 3

Forms = frozenset[bytes]
_told: dict[str, Forms] = {}
_found: Forms | None = None


def remember(*secrets: str) -> None:
    """From now on these are secrets."""
    for secret in secrets:
        if len(secret) >= SHORTEST and secret not in _told:
            _told[secret] = _list_forms(secret)


def remember_setting(name: str, value: str) -> None:
    """The same for a setting whose name says that it is secret, and for the password of an address in it."""
    remember(*_find_secrets(name, value))


def hide(content: bytes) -> bytes:
    """What a service sent, without the secrets that it was sent; all else stays, since it may be data."""
    return _replace(content, frozenset().union(*_told.values()))


def hide_known(text: str) -> str:
    """A text without any secret that this process was told, or finds in the environment or `.env`."""
    global _found
    if _found is None:
        _found = frozenset().union(*map(_list_forms, _read_environment()))
    content = text.encode("utf-8", "surrogatepass")
    return _replace(content, _found.union(*_told.values())).decode("utf-8", "surrogatepass")


def redact(text: str) -> str:
    """The same, and addresses lose everything up to the last `@`: for sentences, before anything is cut off them."""
    shown = hide_known(text)
    return _WORD.sub(_strip_user, shown) if "://" in shown and "@" in shown else shown


def guard_output() -> None:
    """Have this process redact what it prints: all of stderr; on stdout, where results go, addresses stay."""
    sys.stdout = cast(TextIO, _Guarded(sys.stdout, hide_known))
    sys.stderr = cast(TextIO, _Guarded(sys.stderr, redact))


class _Guarded:
    """A stream that is written to through a function, and else is the stream itself."""

    def __init__(self, stream: TextIO, clean: Callable[[str], str]) -> None:
        self._stream, self._clean = stream, clean

    def write(self, text: str) -> int:
        self._stream.write(self._clean(text))
        return len(text)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._stream, name)


def _read_environment() -> Iterator[str]:
    """The secrets of the environment, and of `.env` where it can be read: what is wrong with it, others say."""
    # Imported here: what prints nothing, and meets no error, need not know.
    from dotenv import dotenv_values

    variables = dict(os.environ)
    with contextlib.suppress(OSError, ValueError):
        if path := find_env_file():
            variables = {f".env {name}": value or "" for name, value in dotenv_values(path).items()} | variables
    for name, value in variables.items():
        yield from _find_secrets(name.removeprefix(".env "), value)


def _find_secrets(name: str, value: str) -> Iterator[str]:
    """The secrets in a variable. A mere word is none, whatever the name says: it would be missing everywhere."""
    if name in TOKENS and len(value.strip()) >= SHORTEST:
        yield value.strip()
    found = [part for user in _USER.findall(value) for part in (user, user.rpartition(":")[2])]
    if _NAMED.search(name) and not os.path.exists(value):  # noqa: PTH110 - Path() refuses what no path can be
        found += [value.strip(), *value.split()]
    if name == NOTICES:
        # Services differ in which parts are secret: the host, a folder, an option.
        parts = [part for address in value.split() for part in re.split(r"[/@?&=#]+", address.partition("://")[2])]
        found += [one for part in parts if "." not in part for one in (part, *part.split(":"))]
    for part in found:
        for one in {part, unquote(part)}:
            if len(one) >= SHORTEST and not (one.isalpha() and len(one) < 2 * SHORTEST):
                yield one


def _list_forms(secret: str) -> Forms:
    """The secret itself, in Base64 whatever stands before and after it, in hexadecimal, and as addresses and JSON have it."""
    raw = secret.encode("utf-8", "surrogateescape")
    forms = {raw, raw.hex().encode(), raw.hex().upper().encode(), json.dumps(secret)[1:-1].encode()}
    for before in range(3):
        # Of three places in a group of four letters: those that only the secret decides.
        coded = b64encode(bytes(before) + raw)[-(-8 * before // 6) : 8 * (before + len(raw)) // 6]
        forms |= {coded, coded.replace(b"+", b"-").replace(b"/", b"_")}
    quoted = {quote(form, safe="") for form in forms}
    forms |= {form.encode() for form in quoted}
    forms |= {re.sub("%..", lambda found: found[0].lower(), form).encode() for form in quoted}
    return frozenset(form for form in forms | {_unescape(form) for form in forms} if len(form) >= SHORTEST)


def _replace(content: bytes, forms: Forms) -> bytes:
    parts = [(form, max(SHORTEST, -(-len(form) // 2))) for form in forms]
    # More than once: what was left and right of a secret may be one now that they meet.
    for _ in range(_ROUNDS):
        plain = _unescape(content)
        texts = {content, plain}
        if not any(form[:least] in text or form[-least:] in text for form, least in parts for text in texts):
            break
        spans = [span for form, least in parts for span in _find_spans(content, form, least)]
        places = _find_places(content) if plain != content else []
        found = [span for form, least in parts for span in _find_spans(plain, form, least)] if places else []
        spans += [(places[start], places[end]) for start, end in found]
        content = _cut_out(content, sorted(spans))
    return content


def _find_spans(text: bytes, form: bytes, least: int) -> Iterator[tuple[int, int]]:
    """Where the form is, from its beginning or to its end, and at least so much of it."""
    head, tail, end = form[:least], form[-least:], 0
    while (start := text.find(head, end)) >= 0:
        end = start + least
        while end < len(text) and end - start < len(form) and text[end] == form[end - start]:
            end += 1
        yield start, end
    end = 0
    while (start := text.find(tail, end)) >= 0:
        end = start + least
        while start and end - start < len(form) and text[start - 1] == form[start - 1 - end]:
            start -= 1
        yield start, end


def _cut_out(content: bytes, spans: list[tuple[int, int]]) -> bytes:
    """With the mark for each span, or for several that touch; no letter of several bytes is cut in two."""
    kept, at = list[bytes](), 0
    for start, end in spans:
        while start < len(content) and 0x80 <= content[start] < 0xC0:
            start -= 1
        while end < len(content) and 0x80 <= content[end] < 0xC0:
            end += 1
        if start > at or not kept:
            kept += [content[at:start], MARK]
        at = max(at, end)
    return b"".join([*kept, content[at:]])


def _unescape(content: bytes) -> bytes:
    return _ESCAPED.sub(_read_escaped, content) if b"%" in content or b"\\" in content else content


def _read_escaped(found: re.Match[bytes]) -> bytes:
    return found[3] or bytes.fromhex((found[1] or found[2]).decode())


def _find_places(content: bytes) -> list[int]:
    """For each byte of the content without escapes, and for its end, where in the content it begins."""
    places, at = list[int](), 0
    for found in _ESCAPED.finditer(content):
        places += [*range(at, found.start()), found.start()]
        at = found.end()
    return [*places, *range(at, len(content) + 1)]


def _strip_user(word: re.Match[str]) -> str:
    head, mark, rest = word[0].partition("://")
    return head + mark + rest.rpartition("@")[2]
