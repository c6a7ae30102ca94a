"""Answers of an API as they come in: read without the secrets that were sent, parsed, and held to types, sizes and depth before anything is made of them."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Annotated, Any, TypeVar

import msgspec
import requests
from msgspec import Meta

from timeweave.runtime import shapes
from timeweave.runtime.errors import IncompleteData
from timeweave.runtime.name_comparison import cut_text
from timeweave.runtime.redaction import hide

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

    def __init__(self, sentence: str, field: str = "", fault: str = "") -> None:
        super().__init__(sentence)
        self.field, self.fault = field, fault
        """What does not fit, where that is known: the path to it, and what is wrong with it."""


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
        return shapes.convert(body, shape)
    except msgspec.ValidationError as error:
        field, fault = describe_misfit(error)
        sentence = f"{place} cannot be used: {field or 'all of it'}: {fault}; run again later"
        raise UnusableAnswer(sentence, field, fault) from None


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
            row[name] = cut_text(value, LONGEST_TEXT)
        elif isinstance(value, list) and not any(isinstance(one, dict) for one in value):
            kept = [cut_text(one, LONGEST_TEXT) if isinstance(one, str) else one for one in value[:MOST_TAGS]]
            if kept != value:
                yield f"{name} of {len(value):,} values"
                row[name] = kept


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


MOST_BYTES = 256 << 20
"""The most of an answer that is read, unpacked."""
_SAID = 10_000
"""Characters of what a service says that are looked at; fewer are shown."""
_NUMBER = re.compile(r"-?[0-9]{1,18}")


@dataclass(frozen=True)
class Response:
    """What a service answered: header names in lower case, the body as JSON if it is JSON, else as text."""

    status: int
    headers: dict[str, str]
    body: Any
    is_json: bool
    place: str = "the service's answer"
    """Whose it is and to what, for sentences."""
    fault: str = ""
    """Why it is no JSON."""

    def read(self, shape: type[Shape]) -> Shape:
        """The body as `shape`; UnusableAnswer where it is something else."""
        return check(self.body, shape, self.place)

    def find_number(self, name: str) -> int | None:
        """A whole number in a header; None where there is none, or something else."""
        value = self.headers.get(name, "")
        return int(value) if _NUMBER.fullmatch(value) else None

    @property
    def text(self) -> str:
        """The body for a person: one line, at most 200 characters; secrets went before it was cut."""
        said = self.body
        if isinstance(said, dict):
            said = said.get("message") or said.get("error") or said
        return flatten(said)[:200] or "nothing"


def flatten(said: object) -> str:
    """Text of a service in one line, its beginning, without what would steer a terminal."""
    return " ".join("".join(sign if sign.isprintable() else " " for sign in str(said)[:_SAID]).split())


def read_response(response: requests.Response, place: str) -> Response:
    """The answer in a response, data or refusal, without the secrets that were sent: a proxy may repeat them."""
    headers = {name.lower(): hide(value.encode()).decode(errors="replace") for name, value in response.headers.items()}
    content = hide(_read_content(response, place))
    try:
        # An answer without a body is one only where the status says it all.
        body = parse_json(content) if content or response.status_code == 200 else None
        return Response(response.status_code, headers, body, is_json=True, place=place)
    except ValueError as error:
        text = content.decode(errors="replace")
        return Response(response.status_code, headers, text, is_json=False, place=place, fault=str(error))


def _read_content(response: requests.Response, place: str) -> bytes:
    content = bytearray()
    for part in response.iter_content(1 << 16):
        content += part
        if len(content) > MOST_BYTES:
            response.close()
            raise UnusableAnswer(f"{place} cannot be used: it is longer than {MOST_BYTES >> 20} MB; run again later")
    return bytes(content)
