"""Toggl's quota: how many requests are granted in an hour."""

import time
from collections.abc import Callable

from timeweave.sandbox.behaviour import Behaviour


class Quota:
    """A window opens with the first request and lasts for its time, then the next request opens another."""

    def __init__(
        self, behaviour: Behaviour, *, is_own: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """`is_own`: the quota of the user alone, smaller than that of the organization."""
        self._behaviour, self._is_own, self._clock = behaviour, is_own, clock
        self.reset()

    @property
    def total(self) -> int | None:
        """Requests granted in a window; None where quotas are off."""
        granted = self._behaviour.quota
        return self._behaviour.own_quota if self._is_own and granted is not None else granted

    def reset(self) -> None:
        """Give back all that was spent."""
        self._opened, self._used = 0.0, 0

    def spend(self) -> bool:
        """Take one request; False where nothing is left."""
        now = self._now()
        if self._used == 0 or now - self._opened >= self._behaviour.quota_window:
            self._opened, self._used = now, 0
        if self.total is not None and self._used >= self.total:
            return False
        self._used += 1
        return True

    @property
    def remaining(self) -> int:
        """Requests left in the window."""
        return max(0, (self.total or 0) - self._used)

    @property
    def resets_in(self) -> int:
        """Whole seconds until the window is over."""
        window = self._behaviour.quota_window
        return max(0, round(window - (self._now() - self._opened))) if self._used else int(window)

    @property
    def headers(self) -> dict[str, str]:
        """As Toggl sends them with every answer since September 2025."""
        if self.total is None:
            return {}
        return {"X-Toggl-Quota-Remaining": str(self.remaining), "X-Toggl-Quota-Resets-In": str(self.resets_in)}

    def _now(self) -> float:
        return self._clock() + self._behaviour.clock_offset
