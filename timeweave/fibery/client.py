"""The client to Fibery: commands in one array, documents in one request, and refusals that are values."""

import re
from dataclasses import dataclass, replace
from typing import Any

from timeweave.fibery.answers import DocumentAnswer
from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.web.answers import Response, flatten
from timeweave.web.client import ApiClient
from timeweave.web.limits import Pace

# A token, and a UUID: the secret of a document is one, and whoever knows it may read the document.
_SECRETS = re.compile(
    r"\b[0-9a-f]{8}(?:\.[0-9a-z]{20,}|-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12})\b", re.IGNORECASE
)

_ETAG = re.compile(r'(?:W/)?"[!#-~]{0,200}"')
"""What may be sent back as a header."""


def redact(text: object) -> str:
    """The text in one line of at most 200 characters, without tokens and UUIDs."""
    return _SECRETS.sub("…", flatten(text))[:200]


@dataclass(frozen=True)
class Refusal:
    """A command that failed inside an answered request (`success: false`), with Fibery's stable name for why."""

    name: str
    message: str

    @property
    def is_timeout(self) -> bool:
        """The query took too long: a smaller one may not."""
        return "timeout" in self.message.casefold() or "timed out" in self.message.casefold()

    @property
    def is_about_query(self) -> bool:
        """The query itself is refused, whatever the items: a field that may not be read or is not there."""
        return self.name.startswith(("entity.error/query", "entity.error/schema"))

    @property
    def lacks_database(self) -> bool:
        """The database asked for is not in the workspace."""
        return self.name == "entity.error/schema-type-not-found"

    def __str__(self) -> str:
        return redact(f"{self.name}: {self.message}")


Outcome = list[dict[str, Any]] | Refusal
"""What became of a query: its rows, or why there are none."""


class FiberyClient(ApiClient):
    """Fibery HTTP API with one key."""

    service = "Fibery"
    token_name = "FIBERY_API_TOKEN"  # noqa: S105 - the name of a variable

    def __init__(self, url: str, setting: str, token: str, pace: Pace) -> None:
        super().__init__(url, setting, f"Token {token}", pace)

    def find_error(self, answer: Response) -> TimeweaveError | None:
        """Fibery's meanings first; no refusal repeats a secret that the answer may hold."""
        if answer.status == 401:
            return CredentialsError(
                f"Fibery answered {answer.status}: {_redact_body(answer.body)}; check {self.token_name} and that "
                f"{self.setting} names the workspace that it was made in"
            )
        if answer.status == 404 and not answer.is_json:
            return ConfigurationError(f"Fibery has nothing at {self.url}; check {self.setting}")
        if answer.status != 200 or not answer.is_json:
            answer = replace(answer, body=_redact_body(answer.body))
        return super().find_error(answer)

    def fetch_schema(self, etag: str | None) -> tuple[str | None, Any]:
        """The ETag and the schema as Fibery sends it; None for the schema if it is still the one of `etag`."""
        answer = self.call(
            "GET",
            "/api/schema",
            query={"with-description": "false", "with-soft-deleted": "false"},
            headers={"If-None-Match": etag} if etag else None,
        )
        told = answer.headers.get("etag", "")
        return told if _ETAG.fullmatch(told) else None, None if answer.status == 304 else answer.read(dict)

    def query(self, args: list[dict[str, Any]]) -> list[Outcome]:
        """What became of each `fibery.entity/query`, all sent in one request."""
        commands = [{"command": "fibery.entity/query", "args": one} for one in args]
        envelopes = self.call("POST", "/api/commands", body=commands).body
        if not isinstance(envelopes, list) or len(envelopes) != len(commands):
            # Which answer belongs to which command cannot be told any more.
            return [Refusal("answer", f"Fibery did not answer each of {len(commands)} commands")] * len(commands)
        return [_read_outcome(envelope) for envelope in envelopes]

    def fetch_documents(self, secrets: list[str]) -> dict[str, str]:
        """The Markdown of each document, by secret; one that does not come back is not in it."""
        body = {"command": "get-documents", "args": [{"secret": secret} for secret in secrets]}
        answer = self.call("POST", "/api/documents/commands", query={"format": "md"}, body=body)
        wanted = set(secrets)
        # What stands for a document that is not there is not known: nothing at all, or null.
        found = (one for one in answer.read(list[DocumentAnswer | None]) if one)
        return {one.secret: one.content or "" for one in found if one.secret in wanted}


def _redact_body(body: Any) -> str:
    """What a refusal says, without secrets; they are taken out before the text is cut, or a half would stay."""
    said = (body.get("message") or body.get("error") or body) if isinstance(body, dict) else body
    return redact(said)


def _read_outcome(envelope: Any) -> Outcome:
    if not isinstance(envelope, dict) or "success" not in envelope:
        return Refusal("answer", "Fibery answered with something that is not an envelope")
    result = envelope.get("result")
    if envelope["success"] is not True:
        said = result if isinstance(result, dict) else {}
        return Refusal(str(said.get("name") or "error"), str(said.get("message") or result or "no reason given"))
    if not isinstance(result, list) or not all(isinstance(row, dict) for row in result):
        return Refusal("answer", "Fibery answered a query with something that is not a list of rows")
    return result
