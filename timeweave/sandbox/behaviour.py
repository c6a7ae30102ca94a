"""How the sandbox behaves, well or badly, on demand and reproducibly: delays, quotas, refusals and their words."""

import time
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from hashlib import sha256
from http import HTTPStatus
from typing import Any

from timeweave.sandbox.company import fraction, pick
from timeweave.sandbox.http_server import Request, Response

FAULTS = ("ok", "429", "500", "502", "503", "504", "reset", "cut", "html")


@dataclass
class Behaviour:
    """May be changed while the sandbox runs; as it stands it is a well-behaved service without a rate limit."""

    latency: float = 0.0
    """Seconds before each answer; the longest, where `latency_seed` draws them at random."""
    latency_seed: str | None = None
    quota: int | None = 600
    """Toggl requests granted in a window; None sends no quota headers at all."""
    own_quota: int = 30
    """The same for requests that belong to no organization: `/me` and below."""
    quota_window: float = 3600.0
    clock_offset: float = 0.0
    """Seconds that the sandbox's clock is ahead of the machine's: lets a quota's window pass at once."""
    toggl_per_second: float | None = None
    """More requests a second than this get 429."""
    fibery_per_second: float | None = None
    script: list[str] = field(default_factory=list)
    """Faults for the next requests, one each, of FAULTS."""
    faults: tuple[str, ...] = ()
    """Kinds of faults that come at random, at `fault_rate`; the same request meets `most_in_a_row` of them at most."""
    fault_rate: float = 0.0
    fault_seed: str = "faults"
    most_in_a_row: int = 2
    only_service: str | None = None
    """toggl or fibery: faults hit this service alone."""
    page_cap: int = 50
    """The most rows of a detailed report's page, whatever is asked."""
    page_refused_over: int | None = None
    """A question for more rows in a page than this is refused."""
    longest_span: int = 366
    """Days; a report on more is refused."""
    cursor: str = "all"
    """What a page says of the next: all three values, or the row number alone (row)."""
    running: str = "null"
    """How reports show a running timer: with `stop: null`, with no `stop` (absent), or not at all (omitted)."""
    totals_count_running: bool = False
    """Totals count a running timer up to now."""
    zone: str = "owner"
    """Whose clock cuts days in reports: each owner's or the caller's."""
    bare_rows: bool = False
    """Reports carry no names and e-mails, whatever is asked."""
    unknown_keys: bool = False
    trimmed_at: bool = False
    null_lists: bool = False  # where one is empty
    tasks_need_plan: bool = False
    duplicated_rows: bool = False
    """Each page begins with the last row of the page before."""
    repeated_cursor: bool = False
    empty_page: bool = False
    """The second page is empty and yet announces a third."""
    dropped_rows: int = 0
    """So many rows are missing from reports, though totals count them."""
    failing_command: int | None = None
    """In every array of commands the one at this place fails."""
    timeout_over: int | None = None
    """A query for more public ids than this ends in a time-out."""
    short_lists: int | None = None
    """Answers and collections are silently cut to this length."""
    null_collections: bool = False
    null_as_object: bool = False
    missing: frozenset[str] = frozenset()
    """Public ids that no query returns."""
    secured: frozenset[str] = frozenset()
    """Fields that the key may not read."""
    vanished: frozenset[str] = frozenset()
    """Databases that queries do not know though the schema has them."""
    llm: str = "good"
    """How the model answers: good, fenced (in Markdown), numbers, keys, names, links, uncited, obey, hostile (all of
    these), invalid, once (for the first time), shape, cut, empty, refusal, 429, quota, 404, html, redirect, stall."""
    llm_refuses: frozenset[str] = frozenset()
    """Options of a request that the model's server does not take."""
    llm_stall: float = 30.0  # seconds

    @property
    def empty_list(self) -> list[Any] | None:
        """What stands where a list of Toggl's is empty."""
        return None if self.null_lists else []

    def update(self, values: Mapping[str, Any]) -> None:
        """Set fields by name; raises ValueError for an unknown name, or an unknown fault, and changes nothing then."""
        if not isinstance(values, Mapping):
            raise ValueError("fields by name are needed")
        checks: list[tuple[str, Any, Sequence[str]]] = [("", values, sorted(vars(self)))]
        checks += [(f"{name}: ", values.get(name, ()), FAULTS) for name in ("script", "faults")]
        for where, names, known in checks:
            if unknown := sorted(set(names) - set(known)):
                raise ValueError(f"{where}unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        for name, value in values.items():
            kind = type(getattr(self, name))
            setattr(self, name, kind(value) if kind in (tuple, frozenset, list) else value)


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
    """The answer to a request that is refused, as each service words it; `html` is a page of something in between."""
    match fault, service:
        case "html", _:
            return Response.of_text(_HTML.format("One moment, please"), 200, "text/html")
        case "429", "fibery":
            return Response.of_text("Too Many Requests", 429)
        case "500", "fibery":
            return Response.of_json({"name": "internal-error", "message": "Internal Server Error", "data": {}}, 500)
        case "500", _:
            return Response.of_json("Internal Server Error", 500, {"Content-Type": "application/json; charset=utf-8"})
    return Response.of_text(_HTML.format(f"{fault} {HTTPStatus(int(fault)).phrase}"), int(fault), "text/html")
