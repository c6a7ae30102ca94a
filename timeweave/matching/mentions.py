"""Every place where a description refers to work items, in order: ids with or without tags, and links."""

import re
from urllib.parse import unquote

import msgspec

from timeweave.matching.bracket_tags import Brackets, Flag, Tags, read_tags
from timeweave.matching.normalization import normalize_text
from timeweave.matching.reference import Reference, refer_by_tags, split_combined_tag

_WORD = r"\w\u0300-\u036f"
_TOKEN = re.compile(
    rf"""(?P<url> (?: https?:// | (?<![{_WORD}@/.:%-]) [a-z0-9][a-z0-9-]{{0,62}}\.fibery\.io(?=[/?\#]) ) [^ <>"\[\]]* )
       | (?<![{_WORD}/]) \# (?P<blank>[ ]?) (?P<digits>[0-9]{{1,12}}) (?![{_WORD}\ufe0f\u20e3])""",
    re.IGNORECASE | re.VERBOSE,
)
_SECOND_NUMBER = re.compile(rf" [0-9]{{1,12}}(?![{_WORD}])")
_FIBERY = re.compile(r"(?:https?://)?[a-z0-9-]+\.fibery\.io(?::[0-9]+)?(?:[/?#]|$)", re.IGNORECASE | re.ASCII)
_PATH = re.compile(r"(?:https?://)?[^/?#]*/?([^?#]*)", re.IGNORECASE | re.ASCII)
_PUBLIC_ID = re.compile("0*([1-9][0-9]*)")
_NOT_A_SPACE = ("api", "fibery")
_SENTENCE_MARKS = ".,;:!?'’”»…)}。，、）"
_WRAPS = frozenset({"()", "[]", "<>"})


class Mention(msgspec.Struct, frozen=True):
    """One reference and where it stands: `spans` are the (start, end) indexes that say it and nothing else."""

    reference: Reference
    spans: tuple[tuple[int, int], ...]
    flags: frozenset[Flag]
    is_bare: bool
    """A number and nothing else: no tags, no link."""


def find_mentions(text: str, plain: str) -> tuple[list[Mention], int]:
    """The mentions in `text`, and how many links to Fibery there are besides that name no item.

    The structure is read from `plain`, the same text in plain characters. Ids inside web addresses are
    fragments, and what stands inside the tags of an id belongs to that id: neither is looked at again, so
    that the work stays linear.
    """
    brackets = Brackets.pair(plain)
    found: list[Mention] = []
    unknown = at = 0
    while token := _TOKEN.search(plain, at):
        url = (token["url"] or "").rstrip(_SENTENCE_MARKS)
        if url:
            mention = _read_link(plain, brackets, url, token.start(), at)
            unknown += mention is None and is_fibery_link(url)
        else:
            mention = _read_id(text, plain, brackets, token)
        at = token.end()
        if mention:
            found.append(mention)
            at = max(at, mention.spans[-1][1])
    return found, unknown


def _read_link(plain: str, brackets: Brackets, url: str, start: int, after: int) -> Mention | None:
    """The link at start; its Markdown title, as in `[Fix login](https://…)`, loses its brackets only."""
    reference = refer_by_link(url) if is_fibery_link(url) else None
    if reference is None:
        return None
    first, last = _widen(plain, start, start + len(url))
    title = brackets.opening.get(first - 1, -1) if plain.startswith("(", first) else -1
    spans = ((title, title + 1), (first - 1, last)) if title >= after else ((first, last),)
    return Mention(reference, spans, frozenset({Flag.LINK}), is_bare=False)


def _read_id(text: str, plain: str, brackets: Brackets, token: re.Match[str]) -> Mention | None:
    """The id at the token with its tags; None where it is 0, or has a blank inside and no tags behind.

    `#12 34 [Scrum]` is read as 12 with the tags, the second number staying text.
    """
    public_id = token["digits"].lstrip("0")
    if not public_id:
        return None
    start, end = _widen(plain, *token.span())
    run = read_tags(text, plain, brackets, end)
    spans = [(start, run.end)] if end > token.end() else [_widen(plain, start, run.end)]
    second = None if run.names or token["blank"] else _SECOND_NUMBER.match(plain, end)
    if second:
        far = read_tags(text, plain, brackets, second.end())
        if far.names:
            far.flags.add(Flag.SPLIT_ID)
            run, spans = far, [(start, end), (second.end(), far.end)]
    if token["blank"] and not run.names:
        return None
    reference = refer_by_tags(public_id, run.names)
    return Mention(reference, tuple(spans), _collect_flags(reference, run), is_bare=not run.names)


def _collect_flags(reference: Reference, run: Tags) -> frozenset[Flag]:
    if not run.names:
        return frozenset()
    flags = set(run.flags)
    if split_combined_tag(run.names):
        flags.add(Flag.COMBINED_TAG)
    if not reference.is_complete:
        flags.add(Flag.PARTIAL_TAGS)
    return frozenset(flags)


def _widen(plain: str, start: int, end: int) -> tuple[int, int]:
    """The span, with the pair of brackets that encloses it and nothing else."""
    around = plain[start - 1 : start] + plain[end : end + 1]
    return (start - 1, end + 1) if around in _WRAPS else (start, end)


def is_fibery_link(url: str) -> bool:
    """Whether the address is in some Fibery account; the scheme may be missing."""
    return _FIBERY.match(url) is not None


def refer_by_link(url: str) -> Reference | None:
    """The item of `https://{account}.fibery.io/{Space}/{Database}/{title}-{public id}`; None for other addresses.

    The title in it is decoration that Fibery itself ignores, query and fragment say what was open on the
    screen: none of them matters. Fibery writes blanks in the names of spaces and databases as `_`.
    """
    path = _PATH.match(url)
    parts = path[1].rstrip("/").split("/") if path else []
    if len(parts) != 3 or parts[0] in _NOT_A_SPACE or parts[0].startswith("@"):
        return None
    space, database = (normalize_text(unquote(part.replace("_", " "))) for part in parts[:2])
    digits = _PUBLIC_ID.fullmatch(unquote(parts[2]).rpartition("-")[2])
    if not space or not database or digits is None or len(digits[0]) > 12:
        return None
    return Reference(digits[1], space, database, None, ())
