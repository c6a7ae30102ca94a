"""Takes secrets out of whatever leaves this process: every one that it knows, in each form in which it may come back."""

import contextlib
import os
import re
import struct
from collections.abc import Iterator
from functools import lru_cache
from itertools import chain
from typing import NamedTuple
from urllib.parse import unquote

from timeweave.runtime.project import find_env_file
from timeweave.runtime.secret_encodings import BLANKS, find_places, list_forms, squeeze, unescape

MARK = b"***"
SHORTEST, LONG = 8, 20
"""Characters. What is shorter than the first is no secret; of what has at least the second, pieces are found too."""
TOKENS = ("TOGGL_API_TOKEN", "FIBERY_API_TOKEN", "OPENAI_API_KEY")
NOTICES = "TIMEWEAVE_NOTIFY_URLS"
"""Holds apprise URLs with blanks between: they carry secrets, so they are no parameter."""
_NAMED = re.compile(r"(?i)(?:TOKEN|SECRET|PASSWORD|PASSPHRASE|KEY|CONNECTION_STRING|_PASS|_PWD|_PAT|WEBHOOK(?:_URL)?)$")
"""What variables and settings are called that hold a secret."""
_PAIRS = re.compile(r"(?:^|;)\s*[\w ]*(?:key|password|pwd|secret|signature|token)\s*=([^;]+)", re.IGNORECASE)
"""What is secret in a connection string."""
_PATH = re.compile(r"/(?:.*\.|[^/]{0,19}(?:/[^/]{0,19})*$)")
"""A key in Base64 may begin with a slash too, but has no full stops and seldom a second slash so soon."""
_WORD = re.compile(r"(?:[^\s\"'<>]|[\"'<>](?=\w))+")
"""A quote is inside a word where it is followed by a letter: a password may have one."""
_PIECE, _SAMPLE = 12, 6
"""Bytes: the least that is a piece of a long secret, and what is looked up of it."""
_STEP = _PIECE - _SAMPLE + 1
"""From one sample of a text to the next: a piece holds one of them as a whole, wherever it begins."""
_DIGITS = frozenset(b"0123456789")
_ROUNDS = 3

_told: set[str] = set()
_found: frozenset[str] | None = None


def remember(*secrets: str) -> None:
    """From now on these are secrets. A mere word is none: it would be missing wherever that word belongs."""
    _told.update(secret for secret in secrets if _is_secret(secret))


def remember_setting(name: str, value: str) -> None:
    """The same for a setting whose name says that it is secret, and for the password of an address in it."""
    remember(*_find_secrets(name, value))


def hide(content: bytes) -> bytes:
    """What a service sent, without the secrets that it was sent; all else stays, since it may be data."""
    return _replace(content, _list_known(frozenset(_told)))


def hide_known(text: str) -> str:
    """A text without any secret that this process was told, or finds in the environment or `.env`."""
    global _found
    if _found is None:
        _found = frozenset(filter(_is_secret, _read_environment()))
    content = text.encode("utf-8", "surrogatepass")
    return _replace(content, _list_known(_found.union(_told))).decode("utf-8", "surrogatepass")


def redact(text: str) -> str:
    """The same, and addresses lose their user and password: for sentences, before anything is cut off them."""
    shown = hide_known(text)
    if "://" not in shown or "@" not in shown:
        return shown
    return _WORD.sub(lambda word: "".join(_split_address(word[0])[::2]), shown)


def _read_environment() -> Iterator[str]:
    """The secrets of the environment, and of `.env` where it can be read: what is wrong with it, others say."""
    # Imported here: what prints nothing, and meets no error, need not know.
    from dotenv import dotenv_values

    variables = list(os.environ.items())
    with contextlib.suppress(OSError, ValueError):
        if path := find_env_file():
            variables += [(name, value or "") for name, value in dotenv_values(path).items()]
    for name, value in variables:
        yield from _find_secrets(name, value)


def _is_secret(text: str) -> bool:
    words = re.split("[-_]", text)
    is_plain = all(word.isalpha() and word in (word.lower(), word.upper(), word.capitalize()) for word in words)
    return len(text) >= SHORTEST and not (is_plain and len(text) < 2 * SHORTEST)


def _find_secrets(name: str, value: str) -> Iterator[str]:
    """What may be the secrets in a variable; of an address the user is none, unless there is no password and it is a token."""
    found = [value.strip()] if name in TOKENS else []
    pairs = [pair.strip() for pair in _PAIRS.findall(value)]
    addresses = [word for word in _WORD.findall(value) if "://" in word]
    for whole in (_split_address(address)[1] for address in addresses):
        password = whole.partition(":")[2]
        if password and not re.match(r"\d+[/?#]", password):  # else a port
            found += [whole, password]
        elif not password and re.search(r"[A-Za-z\d]{18}", whole) and re.search(r"\d", whole):
            found.append(whole)
    if name == NOTICES or _NAMED.search(name):
        # Services differ in which parts are secret: the host, a folder, an option.
        parts = [part for address in addresses for part in re.split(r"[/@?&=#]+", address.partition("://")[2])]
        found += [one for part in parts if "." not in part for one in (part, *part.split(":"))]
        if not (pairs or addresses or _PATH.match(value) or os.path.exists(value)):  # noqa: PTH110 - Path() refuses some
            found += [value.strip(), *value.split()]
    for part in [*found, *pairs]:
        yield from {part, unquote(part)}


def _split_address(word: str) -> tuple[str, str, str]:
    """What stands before user and password, these, and what follows, without the sign between."""
    head, mark, rest = word.partition("://")
    authority = re.split("[/?#]", rest, maxsplit=1)[0]
    # A password may hold a slash; without one, an `@` behind a slash belongs to the path.
    user, sign, _ = (rest if ":" in authority.partition("@")[0] else authority).rpartition("@")
    return head + mark, user, rest[len(user + sign) :]


class _Known(NamedTuple):
    """What is looked for: forms as a whole, and pieces of others by each of their samples, with the place in the form."""

    whole: frozenset[bytes]
    samples: dict[bytes, list[tuple[bytes, int]]]


@lru_cache(maxsize=4)
def _list_known(secrets: frozenset[str]) -> _Known:
    known = _Known(frozenset(form for secret in secrets for form in list_forms(secret) if len(secret) < LONG), {})
    forms = {squeeze(form) for secret in secrets if len(secret) >= LONG for form in list_forms(secret)}
    for form in forms:
        for at in range(len(form) - _SAMPLE + 1):
            known.samples.setdefault(form[at : at + _SAMPLE], []).append((form, at))
    return known


def _replace(content: bytes, known: _Known) -> bytes:
    # More than once: what was left and right of a secret may be one now that they meet.
    for _ in range(_ROUNDS):
        spans = list(_find_spans(content, known))
        plain = unescape(content)
        if plain != content and (found := list(_find_spans(plain, known))):
            places = find_places(content)
            spans += [(places[start], places[end]) for start, end in found]
        if not spans:
            break
        content = _cut_out(content, sorted(spans))
    return content


def _find_spans(text: bytes, known: _Known) -> Iterator[tuple[int, int]]:
    """Where secrets are: short ones as they are written, long ones and pieces of them in any case and however wrapped."""
    for form in known.whole:
        at = -1
        while (at := text.find(form, at + 1)) >= 0:
            yield at, at + len(form)
    squeezed, samples = squeeze(text) if known.samples else b"", known.samples
    cuts = struct.iter_unpack(f"{_SAMPLE}s{_STEP - _SAMPLE}x", squeezed + bytes(-len(squeezed) % _STEP))
    hits = [number * _STEP for number, cut in enumerate(chain.from_iterable(cuts)) if cut in samples]
    kept = [at for at, byte in enumerate(text) if byte not in BLANKS] if hits else []
    last = 0
    for at in hits:
        if at + _SAMPLE > last:
            for form, place in samples[squeezed[at : at + _SAMPLE]]:
                start, end = _extend(squeezed, at, form, place)
                if _is_piece(squeezed[start:end], form):
                    last = max(last, end)
                    yield kept[start], kept[end - 1] + 1


def _extend(text: bytes, at: int, form: bytes, place: int) -> tuple[int, int]:
    """How far the text is the form, where the text is at this place of it."""
    start, end = at, at + _SAMPLE
    while start and start > at - place and text[start - 1] == form[place - at + start - 1]:
        start -= 1
    while end < min(len(text), at - place + len(form)) and text[end] == form[place - at + end]:
        end += 1
    return start, end


def _is_piece(found: bytes, form: bytes) -> bool:
    """Whether it is enough of the form. Less than half may be words, unless there is a digit in it."""
    is_distinctive = 2 * len(found) >= len(form) or not _DIGITS.isdisjoint(found)
    return len(found) == len(form) or (len(found) >= _PIECE and is_distinctive)


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
