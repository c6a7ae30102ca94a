"""Every request that the sandbox served, for whoever wants to count."""

from bisect import bisect_left
from collections import Counter
from dataclasses import dataclass
from itertools import accumulate


@dataclass
class ServedRequest:
    """One request; times are of the monotonic clock, in seconds."""

    service: str
    """toggl, fibery or llm."""
    method: str
    path: str
    arrived: float
    answered: float | None = None
    status: int | None = None
    """None where the connection was cut instead."""


def count(requests: list[ServedRequest]) -> dict[str, dict[str, int]]:
    """Requests by service and path, with their totals."""
    found: dict[str, dict[str, int]] = {}
    for service in ("toggl", "fibery", "llm"):
        paths = Counter(f"{r.method} {r.path}" for r in requests if r.service == service)
        found[service] = {"total": sum(paths.values()), **dict(sorted(paths.items()))}
    return found


def most_in_flight(requests: list[ServedRequest]) -> int:
    """The most requests that were being answered at one moment."""
    events = [(r.arrived, 1) for r in requests] + [(r.answered, -1) for r in requests if r.answered is not None]
    return max(accumulate(change for _, change in sorted(events)), default=0)


def most_in_a_second(requests: list[ServedRequest]) -> int:
    """The most requests that arrived within any one second."""
    times = sorted(r.arrived for r in requests)
    return max((bisect_left(times, first + 1) - place for place, first in enumerate(times)), default=0)
