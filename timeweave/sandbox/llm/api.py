"""`POST /v1/chat/completions`: well-behaved summaries, or the kinds of trouble that models and their servers make."""

import json
from collections import Counter
from typing import Any

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.llm import prose
from timeweave.sandbox.team import LLM_KEY

_ANSWER_TOKENS = 40


class LlmApi:
    """Answers chat completions. `prompts` keeps the bodies of all requests, as text."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.prompts: list[str] = []

    def respond(self, request: Request) -> Response:
        """The answer to a request."""
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
        response = _trouble(mode) or Response.of_json(_completion(body.get("model", ""), asked, mode))
        response.delay = self._behaviour.llm_stall if mode == "stall" else 0.0
        return response


def _trouble(mode: str) -> Response | None:
    """An answer that is no completion at all."""
    match mode:
        case "429":
            return _error(429, "Rate limit reached", "rate_limit_exceeded", {"retry-after": "0"})
        case "quota":
            return _error(429, "You exceeded your current quota", "insufficient_quota")
        case "404":
            return _error(404, "The model does not exist", "model_not_found")
        case "html":
            return Response.of_text("<html><body>Log in to the guest network</body></html>", kind="text/html")
        case "empty":
            return Response.of_json({"id": "chatcmpl-sandbox", "object": "chat.completion", "choices": []})
        case "redirect":
            return Response(b"", 307, {"Location": "/v1/elsewhere"})
    return None


def _completion(model: str, asked: str, mode: str) -> dict[str, Any]:
    content = json.dumps({"sentences": prose.sentences(asked, mode)}, ensure_ascii=False)
    contents: dict[str, str | None] = {
        "invalid": "Sure! Here is your summary: the team did well.",
        "shape": json.dumps({"summary": "The team did well."}),
        "cut": content[: len(content) // 2],
        "fenced": f"<think>They want JSON.</think>\n```json\n{content}\n```",
        "refusal": None,
    }
    refusal = "I cannot help with that." if mode == "refusal" else None
    message = {"role": "assistant", "content": contents.get(mode, content), "refusal": refusal}
    used = len(asked) // 4
    return {
        "id": "chatcmpl-sandbox", "object": "chat.completion", "created": 0, "model": model,
        "choices": [{"index": 0, "message": message, "finish_reason": "length" if mode == "cut" else "stop"}],
        "usage": {"prompt_tokens": used, "completion_tokens": _ANSWER_TOKENS, "total_tokens": used + _ANSWER_TOKENS},
    }  # fmt: skip


def _error(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return Response.of_json({"error": error}, status, headers)
