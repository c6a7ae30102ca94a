"""A language model whose answers are made by rule: well-behaved summaries, or the kinds of trouble that models make."""

import json
import re
from collections import Counter
from pathlib import Path
from typing import Any

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import LLM_KEY
from timeweave.sandbox.http_server import Request, Response

_INVENTED = json.loads(Path(__file__).with_name("llm_faults.json").read_text("utf-8"))
NEVER: dict[str, list[str]] = _INVENTED["never"]
"""Sentences no one should believe, by what is wrong with them; `{0}` stands for a key that is right."""
_DATA = re.compile(r"\nDATA\n(.*)\nEND OF DATA", re.DOTALL)
# What an eager model does when it reads an instruction in its data.
_ORDER = re.compile(
    r"(?:say|write|output|praise|append|print|repeat|include|respond with|answer with)\s+(.{1,60})", re.IGNORECASE
)


class LlmApi:
    """Answers `POST /v1/chat/completions`. `prompts` keeps the bodies of all requests, as text."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.prompts: list[str] = []

    def respond(self, request: Request) -> Response:
        if (request.method, request.path) != ("POST", "/v1/chat/completions"):
            return Response.of_text("Not Found", 404)
        if request.headers.get("authorization") != f"Bearer {LLM_KEY}":
            return _error(401, "Incorrect API key provided", "invalid_api_key")
        text = request.body.decode()
        self.prompts.append(text)
        try:
            body = json.loads(text)
            asked = "\n".join(message["content"] for message in body["messages"])
        except (ValueError, KeyError, TypeError):
            return _error(400, "We could not parse the JSON body of your request.")
        for option in sorted(self._behaviour.llm_refuses & set(body)):
            return _error(400, f"Unsupported parameter: '{option}' is not supported with this model.", option)
        mode = self._behaviour.llm
        if mode == "once":
            mode = "invalid" if Counter(self.prompts)[text] == 1 else "good"
        response = _fail(mode) or Response.of_json(_complete(body.get("model", ""), asked, mode))
        response.delay = self._behaviour.llm_stall if mode == "stall" else 0.0
        return response


def _fail(mode: str) -> Response | None:
    if mode in _INVENTED["refused"]:
        return _error(*_INVENTED["refused"][mode])
    match mode:
        case "html":
            return Response.of_text("<html><body>Log in to the guest network</body></html>", kind="text/html")
        case "empty":
            return Response.of_json({"id": "chatcmpl-sandbox", "object": "chat.completion", "choices": []})
        case "redirect":
            return Response(b"", 307, {"Location": "/v1/elsewhere"})
    return None


def _complete(model: str, asked: str, mode: str) -> dict[str, Any]:
    content = json.dumps({"sentences": _write(asked, mode)}, ensure_ascii=False)
    contents = {
        "invalid": "Sure! Here is your summary: the team did well.", "shape": '{"summary": "The team did well."}',
        "cut": content[: len(content) // 2], "fenced": f"<think>They want JSON.</think>\n```json\n{content}\n```",
    }  # fmt: skip
    refused = {"content": None, "refusal": "I cannot help with that."} if mode == "refusal" else {}
    message = {"role": "assistant", "content": contents.get(mode, content), "refusal": None, **refused}
    used, written = len(asked) // 4, 40
    return {
        "id": "chatcmpl-sandbox", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "length" if mode == "cut" else "stop"}],
        "usage": {"prompt_tokens": used, "completion_tokens": written, "total_tokens": used + written},
    }  # fmt: skip


def _error(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Response.of_json({"error": error}, status, headers)


def _write(asked: str, mode: str) -> list[dict[str, Any]]:
    """The answer to a prompt, as text and cited keys."""
    found = _DATA.search(asked)
    text = found[1] if found else "{}"
    data = json.loads(text)
    key = data.get("key", "I1")
    if "items" in data:
        keys = [item["key"] for item in data["items"]]
        whose = f"most of the time of {{{data['person']}}}" if "person" in data else "most of the team's time"
        said = [(f"Work on {_join(keys[:3])} took {whose}.", keys[:3])]
        said += [(f"There was some on {_join(keys[3:5])} as well.", keys[3:5])] if keys[3:] else []
    else:
        people, about = data.get("people", [])[:3], data.get("description") or (data.get("comments") or [""])[-1]
        # The first words of a text that is not withheld, as the middle of a sentence.
        words = "" if about.startswith("(") else " ".join(re.findall(r"[^\W\d_]+", about)[:9]).lower()
        said = [(f"Work on {{{key}}} went on{': ' + words if words else ''}.", [key])]
        said += [(f"It was carried by {_join(people)}.", people)] if people else []
    lies = [one for kind, some in NEVER.items() if mode in (kind, "hostile") for one in some]
    said += [(one.replace("{0}", f"{{{key}}}"), [key]) for one in lies]
    if mode in ("obey", "hostile"):
        said += [(f"{{{key}}} {order.strip()}", [key]) for order in _ORDER.findall(text)]
    return [{"text": one, "cites": cites} for one, cites in said]


def _join(keys: list[str]) -> str:
    places = [f"{{{key}}}" for key in keys]
    return " and ".join(filter(None, [", ".join(places[:-1]), places[-1]]))
