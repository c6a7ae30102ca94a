"""The run of tags after an id: `[Scrum] [Task] [Apollo]`, also where brackets are missing or too many."""

import re
from collections.abc import Mapping
from enum import StrEnum

import msgspec

SEPARATORS = " ,，、‐‑‒–—―-"
"""What may stand between tags; the hyphen last, so that it is one in a regular expression's set too."""

_BRACKET = re.compile(r"[\[\]]")
_SEPARATED = re.compile(f"[{SEPARATORS}]*")
_ID = re.compile("#[0-9]")


class Flag(StrEnum):
    """What is remarkable about how a description was read: for people to look at, never an error."""

    COMBINED_TAG = "combined_tag"
    """The first tag reads `space/database`; it was split unless three tags stand there."""
    DETACHED_TAGS = "detached_tags"
    """Tags stand in the text, but not right after the id that was chosen."""
    DOUBLED_BRACKETS = "doubled_brackets"
    """A tag, or the run of tags, stands in more brackets than it needs."""
    LINK = "link"
    """A reference was read from a link to Fibery."""
    NEAR_MISS = "near_miss"
    """There is no reference, yet tags or a broken id show that one was meant."""
    NESTED_TAGS = "nested_tags"
    """A tag has brackets inside; they were taken for a part of its name."""
    NO_TAGS = "no_tags"
    """The id stands alone: which space and database it belongs to is unknown."""
    PARTIAL_TAGS = "partial_tags"
    """There are tags, but the space or the database is missing."""
    SEVERAL_IDS = "several_ids"
    """Other ids are mentioned, without tags; they stay in the text too."""
    SEVERAL_REFERENCES = "several_references"
    """Other items are referred to by tags or links; the last was chosen."""
    SPLIT_ID = "split_id"
    """A second number stands between the id and its tags: perhaps one id, typed with a blank."""
    UNCLOSED_TAG = "unclosed_tag"
    """A tag was not closed; it was taken to end where the next tag or id begins."""
    UNKNOWN_LINK = "unknown_link"
    """A link to Fibery has a form that names no item; it stays in the text."""


class Brackets(msgspec.Struct, frozen=True):
    """Which square brackets of a text belong together, by their indexes; each with the nearest it can have."""

    closing: Mapping[int, int]
    opening: Mapping[int, int]

    @classmethod
    def pair(cls, plain: str) -> "Brackets":
        closing: dict[int, int] = {}
        opened: list[int] = []
        for bracket in _BRACKET.finditer(plain):
            if bracket[0] == "[":
                opened.append(bracket.start())
            elif opened:
                closing[opened.pop()] = bracket.start()
        return cls(closing, {end: start for start, end in closing.items()})

    def hold_only_tags(self, plain: str, start: int) -> bool:
        """Whether the pair that opens at start has nothing inside but further pairs, and at least one."""
        end = self.closing[start]
        inside = first = skip_separators(plain, start + 1)
        while inside < end:
            if inside not in self.closing:
                return False
            inside = skip_separators(plain, self.closing[inside] + 1)
        return first < end


class Tags(msgspec.Struct):
    """The tags of one run in order, trimmed, empty ones included; `end` is the index behind the run."""

    end: int
    names: list[str] = []
    flags: set[Flag] = set()


def skip_separators(plain: str, start: int) -> int:
    """The index behind the blanks, commas and dashes that stand at start."""
    separators = _SEPARATED.match(plain, start)
    return separators.end() if separators else start


def read_tags(text: str, plain: str, brackets: Brackets, start: int) -> Tags:
    """The run that begins at start, or behind blanks, commas or dashes there; without names if there is none.

    Names come from `text`, structure from `plain`. A bracket that is never closed ends where the next tag or
    id begins. A pair with other brackets and words inside is one name, `[Apollo [EU]]`; one with nothing but
    pairs inside is doubled, `[[Scrum]]`. Closing brackets without partner go with the tag before them.
    Every character is looked at a bounded number of times, and none before `end` belongs to another run.
    """
    run = Tags(start)
    surplus: set[int] = set()
    at = skip_separators(plain, start)
    while plain.startswith("[", at):
        close = brackets.closing.get(at)
        if close is None:
            at = skip_separators(plain, _read_unclosed(text, plain, at, run))
            continue
        is_nested = plain.find("[", at + 1, close) >= 0
        if is_nested and brackets.hold_only_tags(plain, at):
            run.flags.add(Flag.DOUBLED_BRACKETS)
            surplus.add(close)
            at = skip_separators(plain, at + 1)
        else:
            run.names.append(text[at + 1 : close].strip())
            run.flags |= {Flag.NESTED_TAGS} if is_nested else set()
            run.end = close + 1
            at = _skip_surplus(plain, brackets, surplus, run)
    return run


def _read_unclosed(text: str, plain: str, start: int, run: Tags) -> int:
    """Adds the tag that is opened at start and never closed, and gives the index where it ends."""
    bracket = plain.find("[", start + 1)
    end = bracket if bracket >= 0 else len(plain)
    identifier = _ID.search(plain, start, end)
    end = identifier.start() if identifier else end
    name = text[start + 1 : end].strip(SEPARATORS)
    if name:
        run.names.append(name)
        run.end = end
    run.flags.add(Flag.UNCLOSED_TAG if name else Flag.DOUBLED_BRACKETS)
    return end


def _skip_surplus(plain: str, brackets: Brackets, surplus: set[int], run: Tags) -> int:
    """Takes the closing brackets into the run that no tag needs, and gives the index where the next tag may begin."""
    at = skip_separators(plain, run.end)
    while plain.startswith("]", at) and (at in surplus or at not in brackets.opening):
        run.flags.add(Flag.DOUBLED_BRACKETS)
        run.end = at + 1
        at = skip_separators(plain, run.end)
    return at
