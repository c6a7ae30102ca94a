"""Text from outside made safe to show: one line, nothing invisible, no longer than fits, addresses checked."""

import re
import unicodedata
from urllib.parse import quote, urlsplit

_INVISIBLE = re.compile(
    "[\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff9-\ufffb\ud800-\udfff\U000e0000-\U000e0fff]"
)
_JOINER = re.compile("(?<![^\\x00-\u02ff])[\u200c\u200d]+|[\u200c\u200d]+(?![^\\x00-\u02ff])")
_BLANK = re.compile(r"[\s\x00-\x1f\x7f-\x9f\u2028\u2029\u2800]+")
_MARKS_IN_A_ROW = 4
_LONGEST_URL = 2000

_MARKDOWN = (
    (re.compile(r"<!--.*?-->", re.S), " "),
    (re.compile(r"^[ \t]*(?:```|~~~)[^\n]*$", re.M), " "),
    (re.compile(r"!\[[^\]\n]{0,300}\]\([^)\n]{0,500}\)"), " "),
    (re.compile(r"\[([^\]\n]{0,300})\]\([^)\n]{0,500}\)"), r"\1"),
    (re.compile(r"</?[A-Za-z][^<>\n]{0,500}>"), " "),
    (re.compile(r"^[ \t]{0,8}(?:#{1,6}|>+|[-*+]|\d{1,9}[.)])[ \t]+(?:\[[ xX]\][ \t]+)?", re.M), ""),
    (re.compile(r"^[ \t]*(?:[-*_=|:][ \t]*){3,100}$", re.M), " "),
    (re.compile(r"(\*\*|__|~~|`)(?=\S)([^\n*_~`]{1,300})\1"), r"\2"),
    (re.compile(r"(?<!\w)[*_](?=\S)([^\n*_]{1,300})[*_](?!\w)"), r"\1"),
    (re.compile(r"\\([!-/:-@\[-`{-~])"), r"\1"),
)


def clean(value: str) -> str:
    """One line without control, bidirectional and zero-width characters, and without towers of accents.

    Joiners stay between characters outside Latin, where emoji and scripts are written with them.
    """
    return clean_line(value).strip()


def clean_line(value: str) -> str:
    """The same with a blank left at an end that had any: for words that stand between others."""
    # Blanks last: what is taken out may have stood between two of them.
    shown = _BLANK.sub(" ", _JOINER.sub("", _INVISIBLE.sub("", value)))
    return shown if shown.isascii() else _lower_towers(shown)


def shorten(value: str, limit: int) -> str:
    """The clean text, cut between words where it is longer than `limit` characters."""
    # Beyond this nothing can be shown; what is dropped in between must not shorten the rest for honest texts.
    shown = clean(value[: 8 * limit + 200])
    if len(shown) <= limit and len(value) <= 8 * limit + 200:
        return shown
    cut = shown[: limit - 1]
    at_blank = cut.rfind(" ")
    return (cut[:at_blank] if at_blank > limit * 2 // 3 else cut).rstrip(" ,;:.-\u200d\u200c") + "…"


def strip_markdown(value: str, limit: int) -> str:
    """What a Markdown text says, in brief: links by their words, no headings, marks, images or HTML."""
    shown = value[: 8 * limit + 200]
    for pattern, replacement in _MARKDOWN:
        shown = pattern.sub(replacement, shown)
    return shorten(shown + (" …" if len(value) > 8 * limit + 200 else ""), limit)


def filter_url(value: str | None) -> str | None:
    """The address if a reader may be led there (http or https, a host, no user name in it), else None."""
    if not value or len(value) > _LONGEST_URL:
        return None
    try:
        parts = urlsplit(value.strip())
        if parts.scheme.lower() not in ("http", "https") or not parts.hostname or "@" in parts.netloc:
            return None
    except ValueError:
        return None
    return quote(_INVISIBLE.sub("", parts.geturl()), safe="%/:?#&=+,;@$~-._!")


def _lower_towers(shown: str) -> str:
    kept: list[str] = []
    marks = 0
    for char in shown:
        marks = marks + 1 if unicodedata.category(char) in ("Mn", "Me") else 0
        if marks <= _MARKS_IN_A_ROW:
            kept.append(char)
    return "".join(kept)
