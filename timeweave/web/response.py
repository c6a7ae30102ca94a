"""What a service answered, in the one shape that everything else reads."""

import json
from dataclasses import dataclass
from typing import Any

import requests

from timeweave.runtime.redaction import hide


@dataclass(frozen=True)
class Response:
    """What a service answered: header names in lower case, the body as JSON if it is JSON, else as text."""

    status: int
    headers: dict[str, str]
    body: Any
    is_json: bool

    @property
    def text(self) -> str:
        """The body for a person: one line, at most 200 characters; secrets went before it was cut."""
        said = self.body
        if isinstance(said, dict):
            said = said.get("message") or said.get("error") or said
        return " ".join(str(said).split())[:200] or "nothing"


def read_response(response: requests.Response) -> Response:
    """The answer in a response, data or refusal, without the secrets that were sent: a proxy may repeat them."""
    headers = {name.lower(): hide(value.encode()).decode(errors="replace") for name, value in response.headers.items()}
    content = hide(response.content)
    try:
        return Response(response.status_code, headers, _parse(content or b"null"), is_json=True)
    except ValueError:
        return Response(response.status_code, headers, content.decode(errors="replace"), is_json=False)


def _parse(content: bytes) -> Any:
    """JSON whose text can be written as UTF-8: half of a surrogate pair, which JSON can escape, becomes U+FFFD."""
    body = json.loads(content)
    if b"\\ud" not in content.lower():
        return body
    whole = json.dumps(body, ensure_ascii=False).encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    return json.loads(whole)
