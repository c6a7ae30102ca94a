"""Trouble on the way: which requests are delayed, refused or cut, and how refusals are worded."""

import time
from collections import Counter
from collections.abc import Callable
from hashlib import sha256

from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.seeded_random import fraction, pick

_TITLES = {
    "429": "429 Too Many Requests", "502": "502 Bad Gateway", "503": "503 Service Unavailable", "504": "504 Gateway Timeout",
}  # fmt: skip
_HTML = (
    "<html><head><title>{0}</title></head><body><center><h1>{0}</h1></center><hr><center>nginx</center></body></html>"
)


class Rate:
    """A leaky bucket: a little burst is let through, a steady excess is not."""

    BURST = 3

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._level = self._at = 0.0

    def allows(self, per_second: float | None) -> bool:
        """Whether a request may come now."""
        if per_second is None:
            return True
        now = self._clock()
        self._level = max(0.0, self._level - (now - self._at) * per_second)
        self._at = now
        if self._level + 1 > self.BURST:
            return False
        self._level += 1
        return True


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

    def identify(self, request: Request) -> tuple[str, int]:
        """What is asked, and how often it has been by now."""
        path, _, query = request.address.partition("?")
        asked = "\0".join((request.method, path, query, "")).encode() + request.body
        digest = sha256(asked).hexdigest()
        self._asked[digest] += 1
        return digest, self._asked[digest]

    def delay(self, digest: str, number: int) -> float:
        """Seconds before the answer."""
        seed, latency = self._behaviour.latency_seed, self._behaviour.latency
        return latency if seed is None else latency * fraction(seed, digest, number, "delay")

    def draw(self, service: str, digest: str, number: int) -> str | None:
        """The fault that falls to a request."""
        behaviour = self._behaviour
        limit = {"toggl": behaviour.toggl_per_second, "fibery": behaviour.fibery_per_second}.get(service)
        if limit is not None and not self._rates[service].allows(limit):
            return "429"
        if behaviour.only_service not in (None, service):
            return None
        if behaviour.script:
            fault = behaviour.script.pop(0)
            return None if fault == "ok" else fault
        key = (behaviour.fault_seed, digest, number)
        may = behaviour.faults and self._in_a_row[digest] < behaviour.most_in_a_row
        if may and fraction(*key) < behaviour.fault_rate:
            self._in_a_row[digest] += 1
            return pick(behaviour.faults, *key, "kind")
        self._in_a_row[digest] = 0
        return None


def refusal(fault: str, service: str) -> Response:
    """The answer to a request that is refused, as each service words it."""
    if fault == "429" and service == "fibery":
        return Response.of_text("Too Many Requests", 429)
    if fault == "500" and service == "fibery":
        return Response.of_json({"name": "internal-error", "message": "Internal Server Error", "data": {}}, 500)
    if fault == "500":
        return Response.of_json("Internal Server Error", 500, {"Content-Type": "application/json; charset=utf-8"})
    return Response.of_text(_HTML.format(_TITLES[fault]), int(fault), "text/html")
