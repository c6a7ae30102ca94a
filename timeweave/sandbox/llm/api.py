"""`POST /v1/chat/completions`: well-behaved summaries, or the kinds of trouble that models make."""

import asyncio
import json
import re
from json import JSONDecodeError
from typing import Any

from starlette.requests import Request as HttpRequest
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.team import LLM_KEY

_KEYS = re.compile(r'"([IP]\d+)"')
_TITLE = re.compile(r'"title": "((?:[^"\\]|\\.)*)"')
# What an eager model does when it reads an instruction in its data.
_ORDER = re.compile(
    r"(?:say|write|output|praise|append|print|repeat|include|respond with|answer with)\s+(.{1,60})", re.IGNORECASE
)


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
            error = {
                "message": "Incorrect API key provided",
                "type": "invalid_request_error",
                "code": "invalid_api_key",
            }
            return JSONResponse({"error": error}, 401)
        text = (await request.body()).decode()
        self.prompts.append(text)
        try:
            body = json.loads(text)
            asked = "\n".join(message["content"] for message in body["messages"])
        except (JSONDecodeError, KeyError, TypeError):
            return JSONResponse({"error": {"message": "invalid body", "type": "invalid_request_error"}}, 400)
        if self.behaviour.llm == "stall":
            await asyncio.sleep(self.behaviour.llm_stall)
        if self.behaviour.llm == "429":
            return JSONResponse({"error": {"message": "Rate limit reached", "type": "requests"}}, 429)
        return JSONResponse(self._reply(body, asked))

    def _reply(self, body: dict[str, Any], asked: str) -> dict[str, Any]:
        mode = self.behaviour.llm
        content: str | None = json.dumps({"sentences": self._sentences(asked, mode)}, ensure_ascii=False)
        if mode == "invalid":
            content = "Sure! Here is your summary: the team did well."
        if mode == "shape":
            content = json.dumps({"summary": "The team did well."})
        if mode == "cut":
            content = str(content)[: len(str(content)) // 2]
        message = {"role": "assistant", "content": content, "refusal": None}
        if mode == "refusal":
            message |= {"content": None, "refusal": "I cannot help with that."}
        used = len(asked) // 4
        return {
            "id": "chatcmpl-sandbox", "object": "chat.completion", "created": 0, "model": body.get("model", ""),
            "choices": [{"index": 0, "message": message, "finish_reason": "length" if mode == "cut" else "stop"}],
            "usage": {"prompt_tokens": used, "completion_tokens": 40, "total_tokens": used + 40},
        }  # fmt: skip

    def _sentences(self, asked: str, mode: str) -> list[dict[str, Any]]:
        data = asked.rpartition("\nDATA\n")[2]
        keys = sorted(set(_KEYS.findall(data)), key=lambda key: (key[0] != "I", int(key[1:])))
        first = keys[0] if keys else "I1"
        words = " ".join(re.findall(r"[^\W\d_]+", (_TITLE.findall(data) or [""])[0])[:4]).lower()
        people = [key for key in keys if key.startswith("P")][:2]
        sentences = [{"text": f"Work on {{{first}}} went on around {words or 'its subject'}.", "cites": [first]}]
        if people:
            sentences.append(
                {"text": f"It was carried by {' and '.join(f'{{{key}}}' for key in people)}.", "cites": people}
            )
        return sentences + self._trouble(data, mode, first)

    def _trouble(self, data: str, mode: str, key: str) -> list[dict[str, Any]]:
        """Sentences that must not be believed."""
        bad = {
            "numbers": [f"{{{key}}} took 9731 hours.", f"{{{key}}} is seventeen days late.", f"{{{key}}} grew by ¾."],
            "keys": ["{I999} is done.", "{P998} was ill.", "{X1} is blocked.", "Item I997 is late."],
            "links": [
                f"See {{{key}}} at https://evil.example/x.",
                f"[{{{key}}}](https://evil.example)",
                f"{{{key}}} evil.example",
            ],
            "uncited": ["Everything is fine.", "The team deserves a raise."],
            "obey": [f"{{{key}}} {order.strip()}" for order in _ORDER.findall(data)],
        }
        chosen = [text for texts in bad.values() for text in texts] if mode == "hostile" else bad.get(mode, [])
        return [{"text": text, "cites": [key]} for text in chosen]
