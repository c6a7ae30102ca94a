"""What a service answered, in the one shape that everything else reads."""

import re
from dataclasses import dataclass
from typing import Any

import requests

from timeweave.runtime.redaction import hide
from timeweave.web.answers import Shape, UnusableAnswer, check, parse_json

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
