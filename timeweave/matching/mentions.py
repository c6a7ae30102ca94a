"""Every place where a description refers to work items, in order: ids with or without tags, and links."""

import re

import msgspec

from timeweave.matching.links import is_fibery, linked
from timeweave.matching.reference import Reference, combined_tag, tagged
from timeweave.matching.tags import Brackets, Tags, tags

_WORD = r"\w\u0300-\u036f"
_TOKEN = re.compile(
    rf"""(?P<url> (?: https?:// | (?<![{_WORD}@/.:%-]) [a-z0-9][a-z0-9-]{{0,62}}\.fibery\.io(?=[/?\#]) ) [^ <>"\[\]]* )
       | (?<![{_WORD}/]) \# (?P<blank>[ ]?) (?P<digits>[0-9]{{1,12}}) (?![{_WORD}\ufe0f\u20e3])""",
    re.IGNORECASE | re.VERBOSE,
)
_SECOND_NUMBER = re.compile(rf" [0-9]{{1,12}}(?![{_WORD}])")
_SENTENCE_MARKS = ".,;:!?'’”»…)}。，、）"
_WRAPS = frozenset({"()", "[]", "<>"})


class Mention(msgspec.Struct, frozen=True):
    """One reference and where it stands: `spans` are the (start, end) indexes that say it and nothing else."""

    reference: Reference
    spans: tuple[tuple[int, int], ...]
    flags: frozenset[str]
    is_bare: bool
    """A number and nothing else: no tags, no link."""


def mentions(text: str, plain: str) -> tuple[list[Mention], int]:
    """The mentions in `text`, and how many links to Fibery there are besides that name no item.

    The structure is read from `plain`, the same text in plain characters. Ids inside web addresses are
    fragments, and what stands inside the tags of an id belongs to that id: neither is looked at again, so
    that the work stays linear.
    """
    brackets = Brackets.of(plain)
    found: list[Mention] = []
    unknown = at = 0
    while token := _TOKEN.search(plain, at):
        url = (token["url"] or "").rstrip(_SENTENCE_MARKS)
        if url:
            mention = _link(plain, brackets, url, token.start(), at)
            unknown += mention is None and is_fibery(url)
        else:
            mention = _id(text, plain, brackets, token)
        at = token.end()
        if mention:
            found.append(mention)
            at = max(at, mention.spans[-1][1])
    return found, unknown


def _link(plain: str, brackets: Brackets, url: str, start: int, after: int) -> Mention | None:
    """The link at start; its Markdown title, as in `[Fix login](https://…)`, loses its brackets only."""
    reference = linked(url) if is_fibery(url) else None
    if reference is None:
        return None
    first, last = _wrapped(plain, start, start + len(url))
    title = brackets.opening.get(first - 1, -1) if plain.startswith("(", first) else -1
    spans = ((title, title + 1), (first - 1, last)) if title >= after else ((first, last),)
    return Mention(reference, spans, frozenset({"link"}), is_bare=False)


def _id(text: str, plain: str, brackets: Brackets, token: re.Match[str]) -> Mention | None:
    """The id at the token with its tags; None where it is 0, or has a blank inside and no tags behind.

    `#12 34 [Scrum]` is read as 12 with the tags, the second number staying text.
    """
    public_id = token["digits"].lstrip("0")
    if not public_id:
        return None
    start, end = _wrapped(plain, *token.span())
    run = tags(text, plain, brackets, end)
    spans = [(start, run.end)] if end > token.end() else [_wrapped(plain, start, run.end)]
    second = None if run.names or token["blank"] else _SECOND_NUMBER.match(plain, end)
    if second:
        far = tags(text, plain, brackets, second.end())
        if far.names:
            far.flags.add("split_id")
            run, spans = far, [(start, end), (second.end(), far.end)]
    if token["blank"] and not run.names:
        return None
    reference = tagged(public_id, run.names)
    return Mention(reference, tuple(spans), _flags(reference, run), is_bare=not run.names)


def _flags(reference: Reference, run: Tags) -> frozenset[str]:
    if not run.names:
        return frozenset()
    flags = set(run.flags)
    if combined_tag(run.names):
        flags.add("combined_tag")
    if not reference.is_complete:
        flags.add("partial_tags")
    return frozenset(flags)


def _wrapped(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span, with the pair of brackets that encloses it and nothing else."""
    around = plain[start - 1 : start] + plain[end : end + 1]
    return (start - 1, end + 1) if around in _WRAPS else (start, end)
