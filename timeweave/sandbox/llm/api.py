"""`POST /v1/chat/completions`: well-behaved summaries, or the kinds of trouble that models and their servers make."""

import asyncio
import json
from collections import Counter
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import HTMLResponse, JSONResponse, RedirectResponse, Response
from starlette.routing import Route

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.llm import prose
from timeweave.sandbox.team import LLM_KEY

_ANSWER_TOKENS = 40


class LlmApi:
    """Answers chat completions. `prompts` keeps the bodies of all requests, as text."""

    def __init__(self, behaviour: Behaviour) -> None:
        self.behaviour = behaviour
        self.prompts: list[str] = []

    def routes(self) -> list[Route]:
        """All paths there are."""
        return [Route("/v1/chat/completions", self._complete, methods=["POST"])]

    async def _complete(self, request: HttpRequest) -> Response:
        if request.headers.get("authorization") != f"Bearer {LLM_KEY}":
            return _error(401, "Incorrect API key provided", "invalid_api_key")
        text = (await request.body()).decode()
        self.prompts.append(text)
        try:
            body = json.loads(text)
            asked = "\n".join(message["content"] for message in body["messages"])
        except (JSONDecodeError, KeyError, TypeError):
            return _error(400, "We could not parse the JSON body of your request.")
        for option in sorted(self.behaviour.llm_refuses & set(body)):
            return _error(400, f"Unsupported parameter: '{option}' is not supported with this model.", option)
        if self.behaviour.llm == "stall":
            await asyncio.sleep(self.behaviour.llm_stall)
        return self._trouble(text) or JSONResponse(self._reply(body, asked, self._mode(text)))

    def _mode(self, text: str) -> str:
        """How this question is answered: `once` has trouble with each the first time only."""
        if self.behaviour.llm == "once":
            return "invalid" if Counter(self.prompts)[text] == 1 else "good"
        return self.behaviour.llm

    def _trouble(self, text: str) -> Response | None:
        """An answer that is no completion at all."""
        match self.behaviour.llm:
            case "429":
                return _error(429, "Rate limit reached", "rate_limit_exceeded", {"retry-after": "0"})
            case "quota":
                return _error(429, "You exceeded your current quota", "insufficient_quota")
            case "404":
                return _error(404, "The model does not exist", "model_not_found")
            case "html":
                return HTMLResponse("<html><body>Log in to the guest network</body></html>")
            case "empty":
                return JSONResponse({"id": "chatcmpl-sandbox", "object": "chat.completion", "choices": []})
            case "redirect":
                return RedirectResponse("/v1/elsewhere", 307)
        return None

    def _reply(self, body: dict[str, Any], asked: str, mode: str) -> dict[str, Any]:
        content: str | None = json.dumps({"sentences": prose.sentences(asked, mode)}, ensure_ascii=False)
        if mode == "invalid":
            content = "Sure! Here is your summary: the team did well."
        if mode == "shape":
            content = json.dumps({"summary": "The team did well."})
        if mode == "cut":
            content = str(content)[: len(str(content)) // 2]
        if mode == "fenced":
            content = f"<think>They want JSON.</think>\n```json\n{content}\n```"
        message = {"role": "assistant", "content": content, "refusal": None}
        if mode == "refusal":
            message |= {"content": None, "refusal": "I cannot help with that."}
        used = len(asked) // 4
        return {
            "id": "chatcmpl-sandbox", "object": "chat.completion", "created": 0, "model": body.get("model", ""),
            "choices": [{"index": 0, "message": message, "finish_reason": "length" if mode == "cut" else "stop"}],
            "usage": {"prompt_tokens": used, "completion_tokens": _ANSWER_TOKENS, "total_tokens": used + _ANSWER_TOKENS},
        }  # fmt: skip


def _error(status: int, message: str, code: str | None = None, headers: dict[str, str] | None = None) -> Response:
    error = {"message": message, "type": "invalid_request_error", "param": None, "code": code}
    return JSONResponse({"error": error}, status, headers)
