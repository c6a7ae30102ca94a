"""Descriptions made uniform: entities unescaped, what cannot be seen removed, NFC; the text that every rule of matching reads."""

import html
import re
from itertools import groupby
from unicodedata import combining, normalize

_ENTITY = re.compile(r"&(?:#[0-9]{1,7}|#[xX][0-9a-fA-F]{1,6}|[a-zA-Z][a-zA-Z0-9]{1,31});")
_SURROGATE = re.compile("[\ud800-\udfff]")
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f]")
_PICTURE = "\u2600-\u27bf\u2b1b\ufe0f\U0001f000-\U0001faff"
_UNSEEN = re.compile(
    "[\u00ad\u034f\u061c\u180b-\u180f\u200b\u200c\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb"
    "\U000e0000-\U000e007f]"
    f"|(?<![{_PICTURE}])\u200d|\u200d(?![{_PICTURE}])"
)
_NARROW = str.maketrans("＃［］０１２３４５６７８９", "#[]0123456789")
_SHORT = 256


def clean_description(description: str) -> str:
    """The description on one line, as a person sees it: HTML entities unescaped, then normalized.

    Only entities with a semicolon, and only once: Toggl may send `Tom&#39;s`, people type `R&D`.
    """
    if "&" in description:
        description = _ENTITY.sub(lambda entity: html.unescape(entity[0]), description)
    return normalize_text(description)


def normalize_text(text: str) -> str:
    """The text without what cannot be seen, always encodable as UTF-8.

    Surrogate halves are paired, or become U+FFFD; zero-width characters, bidirectional marks and invisible
    tag characters go, except the joiner inside an emoji; control characters count as blanks; the rest is
    put into NFC, never NFKC, which would rewrite what people typed; runs of blanks become one space.
    """
    if not text.isascii():
        text = _compose(_UNSEEN.sub("", _pair_surrogates(text)))
    if not text.isprintable():
        text = _CONTROL.sub(" ", text)
    return " ".join(text.split())


def narrow_signs(text: str) -> str:
    """The text with full-width `＃［］` and digits as ASCII; every character keeps its index."""
    return text if text.isascii() else text.translate(_NARROW)


def _pair_surrogates(text: str) -> str:
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")


def _compose(text: str) -> str:
    """The text in NFC, in linear time.

    The library swaps unordered combining marks neighbour by neighbour: a second for 30,000 of them. In
    a long text they are ordered first, so that it finds nothing left to swap.
    """
    if len(text) > _SHORT:
        letters = "".join([normalize("NFD", character) for character in text])
        runs = groupby(letters, lambda character: combining(character) != 0)
        text = "".join(["".join(sorted(run, key=combining) if marks else run) for marks, run in runs])
    return normalize("NFC", text)
