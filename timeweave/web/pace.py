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
        self.file = None if per_second is None else _name_file(token)
        """Where the last starts are noted, for all who use the token; None without a limit."""
        self._limiter = None if self.file is None else _open_limiter(self.file, self.interval)

    def wait(self) -> None:
        """Return when the next request may start."""
        if self._limiter is not None:
            with self._lock:
                self._limiter.try_acquire("request")

    def close(self) -> None:
        """Let go of the shared file."""
        if self._limiter is not None:
            self._limiter.close()


def _name_file(token: str) -> Path:
    """By a hash: others can see the name, and it must not tell the token."""
    digest = hashlib.sha256(f"timeweave pace {token}".encode()).hexdigest()[:24]
    folder = Path(tempfile.gettempdir(), f"timeweave-pace-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest}.sqlite"


def _open_limiter(file: Path, interval: float) -> Limiter:
    milliseconds = math.ceil(interval * 1000)
    rate = Rate(1, milliseconds + min(MARGIN_MS, milliseconds // 10))
    bucket = SQLiteBucket.init_from_file([rate], db_path=str(file), use_file_lock=True)
    bucket.leak(time.time_ns() // 1_000_000)
    return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)
