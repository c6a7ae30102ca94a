"""A description -> the work item it refers to, and the rest of its text."""

import re

import msgspec

from timeweave.matching.bracket_tags import SEPARATORS, Flag
from timeweave.matching.mentions import Mention, find_mentions
from timeweave.matching.normalization import clean_description, narrow_signs
from timeweave.matching.reference import Reference

_SYNTAX = re.compile(r"[#\[]|\.fibery\.io", re.IGNORECASE | re.ASCII)
_TAG = r"\[ ?[^\[\] ][^\[\]]*\]"
_TAGS = re.compile(rf"{_TAG}[{SEPARATORS}]*{_TAG}")
"""Two tags in a row; a single one may be anything, such as `[WIP]`."""
_BROKEN_ID = re.compile(r"#(?: [0-9]|[^ #\[\]])[^ #\[\]]* ?\[")
"""Something like `#12a` or `#-12` before a tag."""
_CLOSING = tuple(".,;:!?…)]}")
_OPENING = ("(", "[", "{")


class Match(msgspec.Struct, frozen=True):
    """How a description was read.

    `text` is everything that does not name an item by tags or link, from both sides of the reference;
    `reference` is the chosen one, or None for an activity without a work item; `others` are further
    references that say something new, in order of appearance; `flags` are sorted.
    """

    text: str
    reference: Reference | None = None
    others: tuple[Reference, ...] = ()
    flags: tuple[Flag, ...] = ()


def match(description: str | None) -> Match:
    """What the description refers to. Never raises; its time is linear in the length of the description.

    Of several ids, the last one with tags or a link counts, else the last. The chosen reference leaves the
    text, and so does every other one that names space and database, for it is listed in full. A bare `#11`
    or a lone `#3 [UI]` that was not chosen is part of a sentence: it is listed, and stays in the text.
    """
    text = clean_description(description or "")
    plain = narrow_signs(text)
    if not _SYNTAX.search(plain):
        return Match(text)
    found, unknown_links = find_mentions(text, plain)
    flags = {Flag.UNKNOWN_LINK} if unknown_links else set()
    if not found:
        if _TAGS.search(plain) or _BROKEN_ID.search(plain):
            flags.add(Flag.NEAR_MISS)
        return Match(text, flags=tuple(sorted(flags)))
    chosen = _choose(found)
    if chosen.is_bare:
        flags |= {Flag.NO_TAGS, Flag.DETACHED_TAGS} if _TAGS.search(plain) else {Flag.NO_TAGS}
    others = [mention for mention in found if mention is not chosen and mention.reference.adds_to(chosen.reference)]
    flags.update(Flag.SEVERAL_IDS if mention.is_bare else Flag.SEVERAL_REFERENCES for mention in others)
    leaving = [mention for mention in found if mention is chosen or mention.reference.is_complete]
    flags.update(flag for mention in leaving for flag in mention.flags)
    rest = _cut_out(text, [span for mention in leaving for span in mention.spans])
    listed = dict.fromkeys(mention.reference for mention in others)
    return Match(rest, chosen.reference, tuple(listed), tuple(sorted(flags)))


def _choose(found: list[Mention]) -> Mention:
    """The last mention with tags or link, else the last; where another says more of the same item, that one."""
    chosen, *named = [mention for mention in reversed(found) if not mention.is_bare] or [found[-1]]
    for mention in named:
        more, less = mention.reference, chosen.reference
        if more.adds_to(less) and not less.adds_to(more):
            chosen = mention
    return chosen


def _cut_out(text: str, spans: list[tuple[int, int]]) -> str:
    """The text outside of the spans, with one blank where a span was, but none before a comma or the like."""
    kept: list[str] = []
    start = 0
    for end, after in [*spans, (len(text), len(text))]:
        piece, start = text[start:end], after
        words = piece.strip()
        if words:
            if kept and not piece.startswith(_CLOSING) and not kept[-1].endswith(_OPENING):
                kept.append(" ")
            kept.append(words)
    return "".join(kept)
