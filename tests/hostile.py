"""Answers of the sandbox, altered on their way out over the same HTTP, and values that no service should send."""

import json
import re
from contextlib import contextmanager

import pytest

from timeweave.sandbox.http_server import Response

DEPTH = 50_000


def raw(text: str) -> str:
    """A value that stands in the JSON as it is, whether JSON has such a value or not."""
    return f"@raw:{text.encode().hex()}@"


def dump(body) -> bytes:
    """JSON with the raw values in their places."""
    text = json.dumps(body, ensure_ascii=True)
    return re.sub(r'"@raw:([0-9a-f]*)@"', lambda found: bytes.fromhex(found[1]).decode(), text).encode()


INFINITE = {"Infinity": raw("Infinity"), "-Infinity": raw("-Infinity"), "NaN": raw("NaN"), "1e999": raw("1e999")}
DEEP = {"deep lists": raw("[" * DEPTH + "]" * DEPTH), "deep objects": raw('{"a":' * DEPTH + "1" + "}" * DEPTH)}
LONG_NUMBER = {"a number of 5000 digits": raw("9" * 5000)}
OTHER_TYPES = {
    "null": None, "true": True, "a fraction": 1.5, "-1": -1, "an id beyond 2^63": 2**63, "an id beyond 2^64": 2**70,
    "a word": "x", "nothing": "", "NUL": "\0", "a list": [], "an object": {}, "lists": [[]], "a list of null": [None],
    "objects": [{"id": []}],
}  # fmt: skip


def at_each_place(names, often):
    """Names with 0 for the first answer and 1 for a later one, which only some meet unless all are asked for: it is read alike."""
    later = [pytest.param(name, 1, marks=[] if name in often else pytest.mark.exhaustive) for name in names]
    return pytest.mark.parametrize(
        ("name", "number"), [*((name, 0) for name in names), *later], ids=lambda one: PLACES.get(one, one)
    )


PLACES = {0: "the first answer", 1: "a later answer"}


def remember_answers(sandbox) -> None:
    """Have the sandbox work out each answer once: so many tests ask it the same."""
    answers, respond = {}, sandbox._server.respond

    def recall(request):
        key = request.method, request.address, request.body
        if key not in answers:
            answers[key] = respond(request)
        return answers[key]

    sandbox._server.respond = recall


class Altering:
    """A sandbox whose answers go through a function; `answered` counts those that it changed."""

    def __init__(self, sandbox):
        self._server = sandbox._server
        self.answered = 0

    @contextmanager
    def through(self, path: str, change, number: int | None = 0):
        """Change the answer to the request of this number to `path`, or to all: by its JSON, or to bytes or a Response."""
        asked, before = 0, self._server.respond

        def respond(request):
            nonlocal asked
            response = before(request)
            if response is None or not request.path.endswith(path):
                return response
            asked += 1
            if number not in (None, asked - 1):
                return response
            self.answered += 1
            changed = change(json.loads(response.body))
            if isinstance(changed, Response):
                return changed
            body = changed if isinstance(changed, bytes) else dump(changed)
            return Response(body, response.status, response.headers)

        self._server.respond = respond
        try:
            yield
        finally:
            self._server.respond = before
