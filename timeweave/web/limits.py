"""Limits on requests: their pace, shared by all processes on this machine that use the same token, and how many are under way at once for each resource."""

import hashlib
import math
import os
import sqlite3
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import TypeVar

from joblib import Parallel, delayed  # type: ignore[import-untyped]
from pyrate_limiter import Limiter, Rate, SingleBucketFactory, SQLiteBucket

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError

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
        with _explained(self.file):
            self._limiter = None if self.file is None else _open_limiter(self.file, self.interval)

    def wait(self) -> None:
        """Return when the next request may start."""
        if self._limiter is not None:
            with self._lock, _explained(self.file):
                self._limiter.try_acquire("request")

    def close(self) -> None:
        """Let go of the shared file."""
        if self._limiter is not None:
            self._limiter.close()


@contextmanager
def _explained(file: Path | None) -> Iterator[None]:
    """What is wrong with the file as a sentence; it holds moments of the last seconds and nothing to be sorry for."""
    try:
        yield
    except sqlite3.Error as error:
        raise TimeweaveError(
            f"{file}, which keeps the pace of requests, cannot be used: {error}; make room there, or move it away, then "
            f"run again"
        ) from None


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


Answer = TypeVar("Answer")
Job = tuple[frozenset[str], Callable[[], Answer]]
"""The resources that a request is about, and the request."""


class ConcurrencyLimit:
    """Runs requests in a pool of threads, limited for each resource; safe against waiting in a circle."""

    def __init__(self, limits: Mapping[str, int]) -> None:
        self.limits = dict(limits)
        self.peaks = dict.fromkeys(limits, 0)
        """The most requests about a resource that were under way at once."""
        self.on_answer: Callable[[int, int], None] | None = None
        """Called after each request with how many of those known so far are answered, and how many are known."""
        self._slots = {name: threading.BoundedSemaphore(limit) for name, limit in limits.items()}
        self._under_way = dict.fromkeys(limits, 0)
        self._lock = threading.Lock()
        self._answered = self._known = 0

    def run(self, jobs: Sequence[Job[Answer]]) -> list[Answer | TimeweaveError]:
        """The answers in the order of the jobs, an error where one failed; a wrong token or address is raised."""
        if not jobs:
            return []
        self._known += len(jobs)
        most = max(self.limits[name] for resources, _ in jobs for name in resources)
        threads = Parallel(n_jobs=min(most, len(jobs)), prefer="threads")
        return list(threads(delayed(self._answer)(resources, request) for resources, request in jobs))

    def _answer(self, resources: frozenset[str], request: Callable[[], Answer]) -> Answer | TimeweaveError:
        with self._take_slots(sorted(resources)):
            try:
                return request()
            except (ConfigurationError, CredentialsError):
                raise
            except TimeweaveError as error:
                return error
            finally:
                self._count_answer()

    def _count_answer(self) -> None:
        with self._lock:
            self._answered += 1
            if self.on_answer:
                self.on_answer(self._answered, self._known)

    @contextmanager
    def _take_slots(self, resources: Iterable[str]) -> Iterator[None]:
        # Always taken in the order of names, or two requests could each hold what the other waits for.
        with ExitStack() as stack:
            for name in resources:
                stack.enter_context(self._slots[name])
                self._count_under_way(name, 1)
                stack.callback(self._count_under_way, name, -1)
            yield

    def _count_under_way(self, name: str, change: int) -> None:
        with self._lock:
            self._under_way[name] += change
            self.peaks[name] = max(self.peaks[name], self._under_way[name])
