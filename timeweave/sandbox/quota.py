"""Toggl's quota: how many requests are granted in an hour."""

import time
from collections.abc import Callable

from timeweave.sandbox.behaviour import Behaviour


class Quota:
    """A window opens with the first request and lasts for its time, then the next request opens another."""

    def __init__(self, behaviour: Behaviour, *, own: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        """`own`: the quota of the user alone, smaller than that of the organization."""
        self._behaviour, self._own, self._clock = behaviour, own, clock
        self.reset()

    def reset(self) -> None:
        """Give back all that was spent."""
        self._opened, self._used = 0.0, 0

    def spend(self) -> bool:
        """Take one request; False where nothing is left."""
        now, total = self._clock() + self._behaviour.clock_offset, self.state["total"]
        if self._used == 0 or now - self._opened >= self._behaviour.quota_window:
            self._opened, self._used = now, 0
        if total is not None and self._used >= total:
            return False
        self._used += 1
        return True

    @property
    def state(self) -> dict[str, int | None]:
        """Requests left, requests granted (None where quotas are off), whole seconds until the window is over."""
        granted, window = self._behaviour.quota, self._behaviour.quota_window
        total = self._behaviour.own_quota if self._own and granted is not None else granted
        passed = self._clock() + self._behaviour.clock_offset - self._opened if self._used else 0.0
        left, resets_in = max(0, (total or 0) - self._used), max(0, round(window - passed))
        return {"remaining": left, "total": total, "resets_in_secs": resets_in}
