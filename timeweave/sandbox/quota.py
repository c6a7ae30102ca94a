"""What may be asked: Toggl's hourly quota, and the rate that a service allows."""

import time

from timeweave.sandbox.behaviour import Behaviour


class Quota:
    """A window opens with the first request and lasts for its time, then the next request opens another."""

    def __init__(self, behaviour: Behaviour, own: bool = False) -> None:
        """`own` is the quota of the user alone, smaller than that of the organization."""
        self._behaviour, self._own = behaviour, own
        self.renew()

    @property
    def total(self) -> int | None:
        """Requests granted in a window; None where quotas are off."""
        granted = self._behaviour.quota
        return granted if granted is None or not self._own else self._behaviour.own_quota

    def renew(self) -> None:
        """Give back all that was spent."""
        self._opened, self._used = 0.0, 0

    def spend(self) -> bool:
        """Take one request; False where nothing is left."""
        now = time.monotonic() + self._behaviour.clock_offset
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
        passed = time.monotonic() + self._behaviour.clock_offset - self._opened
        return max(0, round(self._behaviour.quota_window - passed)) if self._used else int(self._behaviour.quota_window)

    @property
    def headers(self) -> dict[str, str]:
        """As Toggl sends them with every answer since September 2025."""
        if self.total is None:
            return {}
        return {"X-Toggl-Quota-Remaining": str(self.remaining), "X-Toggl-Quota-Resets-In": str(self.resets_in)}


class Rate:
    """A leaky bucket: a little burst is let through, a steady excess is not."""

    BURST = 3

    def __init__(self) -> None:
        self._level = self._at = 0.0

    def allows(self, per_second: float | None) -> bool:
        """Whether a request may come now."""
        if per_second is None:
            return True
        now = time.monotonic()
        self._level = max(0.0, self._level - (now - self._at) * per_second)
        self._at = now
        if self._level + 1 > self.BURST:
            return False
        self._level += 1
        return True
