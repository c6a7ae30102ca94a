"""The pace of requests, shared by all threads and processes on this machine that use the same token."""

import hashlib
import math
import os
import tempfile
import threading
import time
from pathlib import Path

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

# Two requests never arrive at quite the distance they were sent at; this much keeps them apart all the same.
MARGIN_MS = 8


class Pace:
    """At most `per_second` starts of a request a second, evenly spaced; None is no limit at all."""

    def __init__(self, token: str, per_second: float | None) -> None:
        self.interval = 0.0 if per_second is None else 1 / per_second
        """Seconds between two starts."""
        self._lock = threading.Lock()
        self._limiter = None if per_second is None else _limiter(token, self.interval)

    def wait(self) -> None:
        """Return when the next request may start."""
        if self._limiter is not None:
            with self._lock:
                self._limiter.try_acquire("request")

    def close(self) -> None:
        """Let go of the shared file."""
        if self._limiter is not None:
            self._limiter.close()


def _limiter(token: str, interval: float) -> Limiter:
    # The file is named by a hash: it can be seen by others, and must not tell the token.
    name = hashlib.sha256(f"timeweave pace {token}".encode()).hexdigest()[:24]
    folder = Path(tempfile.gettempdir(), f"timeweave-pace-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    milliseconds = math.ceil(interval * 1000)
    rate = Rate(1, milliseconds + min(MARGIN_MS, milliseconds // 10))
    bucket = SQLiteBucket.init_from_file([rate], db_path=str(folder / f"{name}.sqlite"), use_file_lock=True)
    bucket.leak(time.time_ns() // 1_000_000)
    return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)
