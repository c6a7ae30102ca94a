"""The pace of requests, shared by all threads and processes on this machine that use the same token.

Where a worker of several machines runs the stage, it hands out the moments instead: it listens at a socket of this machine.
"""

import hashlib
import math
import os
import socket
import tempfile
import threading
import time
from pathlib import Path

from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from timeweave.runtime.errors import TimeweaveError

SOCKET = "TIMEWEAVE_PACE_SOCKET"
"""Names the socket in the environment of a stage; no output depends on it."""

# Two requests never arrive at quite the distance they were sent at; this much keeps them apart all the same.
MARGIN_MS = 8


class Pace:
    """At most `per_second` starts of a request a second, evenly spaced; None is no limit at all."""

    def __init__(self, token: str, per_second: float | None) -> None:
        self.interval = 0.0 if per_second is None else 1 / per_second
        """Seconds between two starts."""
        self._lock = threading.Lock()
        # A hash: it can be seen by others, and must not tell the token.
        self._key = hashlib.sha256(f"timeweave pace {token}".encode()).hexdigest()[:24]
        self._socket = None if per_second is None else os.environ.get(SOCKET)
        self._limiter = None if per_second is None or self._socket else _open_limiter(self._key, self.interval)

    def wait(self) -> None:
        """Return when the next request may start."""
        if self._socket:
            time.sleep(_ask_worker(self._socket, self._key, self.interval))
        if self._limiter is not None:
            with self._lock:
                self._limiter.try_acquire("request")

    def close(self) -> None:
        """Let go of the shared file."""
        if self._limiter is not None:
            self._limiter.close()


def _ask_worker(path: str, key: str, interval: float) -> float:
    """Seconds until the moment that the worker grants."""
    try:
        with socket.socket(socket.AF_UNIX, socket.SOCK_STREAM) as worker:
            worker.connect(path)
            worker.sendall(f"{key} {interval}\n".encode())
            return float(worker.makefile().readline())
    except (OSError, ValueError):
        raise TimeweaveError(
            "the worker that hands out the pace of requests is gone; the run goes on elsewhere"
        ) from None


def _open_limiter(key: str, interval: float) -> Limiter:
    folder = Path(tempfile.gettempdir(), f"timeweave-pace-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    milliseconds = math.ceil(interval * 1000)
    rate = Rate(1, milliseconds + min(MARGIN_MS, milliseconds // 10))
    bucket = SQLiteBucket.init_from_file([rate], db_path=str(folder / f"{key}.sqlite"), use_file_lock=True)
    bucket.leak(time.time_ns() // 1_000_000)
    return Limiter(SingleBucketFactory(bucket, schedule_leak=False), buffer_ms=1)
