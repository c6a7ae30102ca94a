"""Trouble on the way: which requests are delayed, refused or cut, and how refusals are worded."""

import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256
from http import HTTPStatus

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.seeded_random import fraction, pick

_HTML = "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr>nginx</body></html>"


class Rate:
    """A leaky bucket: a little burst is let through, a steady excess is not."""

    BURST = 3

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock, self._level, self._at = clock, 0.0, 0.0

    def allows(self, per_second: float) -> bool:
        now = self._clock()
        level = max(0.0, self._level - (now - self._at) * per_second)
        allowed = level + 1 <= self.BURST
        self._level, self._at = level + allowed, now
        return allowed


class Faults:
    """What befalls a request follows from what it asks and how often it was asked, not from who came first."""

    def __init__(self, behaviour: Behaviour) -> None:
        self._behaviour = behaviour
        self.reset()

    def reset(self) -> None:
        """Begin the random faults and delays again, and forget how fast was asked."""
        self._rates = {"toggl": Rate(), "fibery": Rate()}
        self._asked: Counter[str] = Counter()
        self._in_a_row: Counter[str] = Counter()

    def delay(self, request: Request) -> tuple[float, tuple[str, int]]:
        """Seconds before the answer, and what is asked with how often it has been by now."""
        path, _, query = request.address.partition("?")
        digest = sha256("\0".join((request.method, path, query, "")).encode() + request.body).hexdigest()
        self._asked[digest] += 1
        key, seed = (digest, self._asked[digest]), self._behaviour.latency_seed
        return self._behaviour.latency * (1.0 if seed is None else fraction(seed, *key, "delay")), key

    def draw(self, service: str, key: tuple[str, int]) -> str | None:
        """The fault that falls to a request."""
        behaviour, (digest, _) = self._behaviour, key
        limit = {"toggl": behaviour.toggl_per_second, "fibery": behaviour.fibery_per_second}.get(service)
        if limit is not None and not self._rates[service].allows(limit):
            return "429"
        if behaviour.only_service not in (None, service):
            return None
        if behaviour.script:
            fault = behaviour.script.pop(0)
            return None if fault == "ok" else fault
        may = behaviour.faults and self._in_a_row[digest] < behaviour.most_in_a_row
        if may and fraction(behaviour.fault_seed, *key) < behaviour.fault_rate:
            self._in_a_row[digest] += 1
            return pick(behaviour.faults, behaviour.fault_seed, *key, "kind")
        self._in_a_row[digest] = 0
        return None


def refusal(fault: str, service: str) -> Response:
    """The answer to a request that is refused, as each service words it."""
    match fault, service:
        case "429", "fibery":
            return Response.of_text("Too Many Requests", 429)
        case "500", "fibery":
            return Response.of_json({"name": "internal-error", "message": "Internal Server Error", "data": {}}, 500)
        case "500", _:
            return Response.of_json("Internal Server Error", 500, {"Content-Type": "application/json; charset=utf-8"})
    return Response.of_text(_HTML.format(f"{fault} {HTTPStatus(int(fault)).phrase}"), int(fault), "text/html")
