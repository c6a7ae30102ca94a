"""Patterns of `words.j2` filled: pieces of a sentence, each with what it leads to."""

import itertools
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from timeweave.reports.report_person import ReportPerson

_PIECE = re.compile(r"\[([^\[\]]*)\]|\{(\w+)\}|([^\[\]{}]+)|(.)", re.S)


@dataclass(frozen=True)
class Part:
    """A piece of a sentence; it leads to a person's page (to a `day` on it), to a row's `anchor`, or nowhere."""

    text: str
    person: ReportPerson | None = None
    day: str | None = None
    anchor: str | None = None
    quoted: bool = False
    """It is what somebody wrote."""
    number: bool = False
    """A number with its unit."""


Replacement = str | Sequence[Part]


def fill_patterns(patterns: Sequence[str], find: Callable[[str], Replacement], unsaid: str | None) -> list[Part]:
    """The first of the patterns of which no blank outside of brackets stays empty, else the last.

    What stands in square brackets is left out where a blank in it stays empty, or is `unsaid`.
    """
    parts: list[Part] = []
    for pattern in patterns:
        parts, complete = _fill(pattern, find, unsaid)
        if complete:
            break
    return _end_shortened([part for part in parts if part.text])


def _end_shortened(parts: list[Part]) -> list[Part]:
    """No full stop after the ellipsis of what was shortened."""
    ends = itertools.pairwise(parts)
    rest = [replace(part, text=part.text[1:]) if _is_second_stop(before, part) else part for before, part in ends]
    return [part for part in [*parts[:1], *rest] if part.text]


def _is_second_stop(before: Part, part: Part) -> bool:
    return before.text.endswith("…") and not before.quoted and part.text.startswith(".")


def _fill(pattern: str, find: Callable[[str], Replacement], unsaid: str | None) -> tuple[list[Part], bool]:
    parts: list[Part] = []
    complete = True
    for optional, name, plain, other in _PIECE.findall(pattern):
        if name:
            replacement = find(name)
            parts += [Part(replacement)] if isinstance(replacement, str) else replacement
            complete = complete and bool(replacement)
        elif optional:
            inner, whole = _fill(optional, lambda each: "" if each == unsaid else find(each), None)
            parts += inner if whole else []
        else:
            parts.append(Part(plain or other))
    return parts, complete
