"""How a question is put: servers that call themselves compatible differ in the options that they accept."""

import threading
from typing import Any

from timeweave.llm.belief import SCHEMA
from timeweave.llm.question import Asked

_FORM = {"type": "json_schema", "json_schema": {"name": "summary", "strict": True, "schema": SCHEMA}}


class Dialect:
    """The options a server is sent: fewer, once it has refused one. Safe to share between threads."""

    def __init__(self) -> None:
        self._options: dict[str, Any] = {"response_format": _FORM, "temperature": 0}
        self._limit = "max_tokens"
        self._lock = threading.Lock()

    def request(self, name: str, asked: Asked) -> dict[str, Any]:
        """The body that asks the model called `name`."""
        messages = [{"role": "system", "content": asked.system}, {"role": "user", "content": asked.user}]
        return {"model": name, "messages": messages, self._limit: asked.answer_tokens, **self._options}

    def adapt(self, sent: dict[str, Any], complaint: str) -> bool:
        """Whether the complaint is about an option that was sent and is now put otherwise or left out."""
        refused = [name for name in ("response_format", "temperature", "max_tokens") if name in sent]
        named = next((name for name in refused if name in complaint.replace("json_schema", "response_format")), None)
        if named is None:
            return False
        with self._lock:
            self._options = {name: value for name, value in self._options.items() if name != named}
            if named == "max_tokens":
                # Newer models of OpenAI count their thoughts too and call the limit so.
                self._limit = "max_completion_tokens"
        return True
