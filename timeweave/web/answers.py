"""JSON that comes from outside: read within bounds, then held to a type. What does not fit is a sentence, never a guess."""

import re
from collections.abc import Callable, Iterator
from typing import Annotated, Any, TypeVar

import msgspec
from msgspec import Meta

from timeweave.runtime.errors import IncompleteData

MOST_LEVELS = 100
"""Lists and objects inside each other: more than the formulas in a schema of Fibery, less than Python can follow."""
LONGEST_TEXT = 10_000
"""Characters of a name or a description; Toggl and Fibery take fewer from people."""
MOST_TAGS = 1_000

Id = Annotated[int, Meta(ge=0, le=2**63 - 1)]
Text = Annotated[str, Meta(max_length=LONGEST_TEXT)]
Shape = TypeVar("Shape")

_ESCAPE = re.compile(
    rb"\\(?:u[dD][89abAB][0-9a-fA-F]{2}\\u[dD][c-fC-F][0-9a-fA-F]{2}|(?P<half>u[dD][89a-fA-F][0-9a-fA-F]{2})|.)",
    re.DOTALL,
)
_TOO_DEEP = f"it is nested deeper than {MOST_LEVELS} levels"


class UnusableAnswer(IncompleteData):
    """A service answered, and not in the way that it is known to answer: nothing of the answer is used."""


def parse_json(content: bytes) -> Any:
    """The value; ValueError says what is wrong with it. Half of a surrogate pair and what is not UTF-8 become U+FFFD."""
    try:
        body = _decode(content)
    except ValueError:
        body = _decode(_mend(content))
    if not _is_shallow(body):
        raise ValueError(_TOO_DEEP)
    return body


def check(body: Any, shape: type[Shape], place: str) -> Shape:
    """The value as `shape`; `place` says in the sentence whose it is and what was asked."""
    try:
        return msgspec.convert(body, shape)
    except msgspec.ValidationError as error:
        field, fault = describe_misfit(error)
        raise UnusableAnswer(f"{place} cannot be used: {field or 'all of it'}: {fault}; run again later") from None


def describe_misfit(error: msgspec.ValidationError) -> tuple[str, str]:
    """The path to what does not fit, empty for the whole value, and what is wrong with it."""
    fault, _, field = str(error).partition(" - at `$")
    return field.rstrip("`").lstrip("."), fault


def check_rows(rows: Any, shape: type[Shape], place: str, note: Callable[[str], None]) -> list[Shape]:
    """Each row as `shape`. Texts and lists that are too long are cut in `rows`; `note` is told of the first."""
    try:
        return check(rows, list[shape], place)  # type: ignore[valid-type]
    except UnusableAnswer:
        found = [row for row in rows if isinstance(row, dict)] if isinstance(rows, list) else []
        cut = [said for row in found for said in cut_long(row, shape.__struct_fields__)]  # type: ignore[attr-defined]
        if not cut:
            raise
        note(cut[0])
        return check(rows, list[shape], place)  # type: ignore[valid-type]


def cut_long(row: dict[str, Any], fields: tuple[str, ...]) -> Iterator[str]:
    """Cut what is too long in these fields of a row; says which and how long it was."""
    for name in fields:
        value = row.get(name)
        if isinstance(value, str) and len(value) > LONGEST_TEXT:
            yield f"{name} of {len(value):,} characters"
            row[name] = cut_text(value)
        elif isinstance(value, list) and not any(isinstance(one, dict) for one in value):
            kept = [cut_text(one) if isinstance(one, str) else one for one in value[:MOST_TAGS]]
            if kept != value:
                yield f"{name} of {len(value):,} values"
                row[name] = kept


def cut_text(text: str, longest: int = LONGEST_TEXT) -> str:
    """At most so many characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= longest else text[: longest - 1] + "…"


def _decode(content: bytes) -> Any:
    try:
        return msgspec.json.decode(content)
    except RecursionError:
        raise ValueError(_TOO_DEEP) from None


def _mend(content: bytes) -> bytes:
    """The same JSON without text that could not be written as UTF-8 again."""
    content = content.decode(errors="replace").encode()
    return _ESCAPE.sub(lambda escape: b"\\ufffd" if escape["half"] else escape[0], content)


def _is_shallow(body: Any) -> bool:
    level: list[Any] = [[body]]
    for _ in range(MOST_LEVELS + 1):
        level = [
            value
            for one in level
            for value in (one.values() if type(one) is dict else one)
            if type(value) is dict or type(value) is list
        ]
        if not level:
            return True
    return False
