"""The run of tags after an id: `[Scrum] [Task] [Apollo]`, also where brackets are missing or too many."""

import re
from collections.abc import Mapping

import msgspec

SEPARATORS = " ,，、‐‑‒–—―-"
"""What may stand between tags; the hyphen last, so that it is one in a regular expression's set too."""

_BRACKET = re.compile(r"[\[\]]")
_SEPARATED = re.compile(f"[{SEPARATORS}]*")
_ID = re.compile("#[0-9]")


class Brackets(msgspec.Struct, frozen=True):
    """Which square brackets of a text belong together, by their indexes; each with the nearest it can have."""

    closing: Mapping[int, int]
    opening: Mapping[int, int]

    @classmethod
    def of(cls, plain: str) -> "Brackets":
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
        inside = first = after(plain, start + 1)
        while inside < end:
            if inside not in self.closing:
                return False
            inside = after(plain, self.closing[inside] + 1)
        return first < end


class Tags(msgspec.Struct):
    """The tags of one run in order, trimmed, empty ones included; `end` is the index behind the run."""

    end: int
    names: list[str] = []
    flags: set[str] = set()


def after(plain: str, start: int) -> int:
    """The index behind the blanks, commas and dashes that stand at start."""
    separators = _SEPARATED.match(plain, start)
    return separators.end() if separators else start


def tags(text: str, plain: str, brackets: Brackets, start: int) -> Tags:
    """The run that begins at start, or behind blanks, commas or dashes there; without names if there is none.

    Names come from `text`, structure from `plain`. A bracket that is never closed ends where the next tag or
    id begins. A pair with other brackets and words inside is one name, `[Apollo [EU]]`; one with nothing but
    pairs inside is doubled, `[[Scrum]]`. Closing brackets without partner go with the tag before them.
    Every character is looked at a bounded number of times, and none before `end` belongs to another run.
    """
    run = Tags(start)
    surplus: set[int] = set()
    at = after(plain, start)
    while plain.startswith("[", at):
        close = brackets.closing.get(at)
        if close is None:
            at = after(plain, _unclosed(text, plain, at, run))
            continue
        is_nested = plain.find("[", at + 1, close) >= 0
        if is_nested and brackets.hold_only_tags(plain, at):
            run.flags.add("doubled_brackets")
            surplus.add(close)
            at = after(plain, at + 1)
        else:
            run.names.append(text[at + 1 : close].strip())
            run.flags |= {"nested_tags"} if is_nested else set()
            run.end = close + 1
            at = _behind_surplus(plain, brackets, surplus, run)
    return run


def _unclosed(text: str, plain: str, start: int, run: Tags) -> int:
    """Adds the tag that is opened at start and never closed, and gives the index where it ends."""
    bracket = plain.find("[", start + 1)
    end = bracket if bracket >= 0 else len(plain)
    identifier = _ID.search(plain, start, end)
    end = identifier.start() if identifier else end
    name = text[start + 1 : end].strip(SEPARATORS)
    if name:
        run.names.append(name)
        run.end = end
    run.flags.add("unclosed_tag" if name else "doubled_brackets")
    return end


def _behind_surplus(plain: str, brackets: Brackets, surplus: set[int], run: Tags) -> int:
    """Takes the closing brackets into the run that no tag needs, and gives the index where the next tag may begin."""
    at = after(plain, run.end)
    while plain.startswith("]", at) and (at in surplus or at not in brackets.opening):
        run.flags.add("doubled_brackets")
        run.end = at + 1
        at = after(plain, run.end)
    return at
