"""Limits on requests: their pace, shared by all processes on this machine that use the same token, and how many are under way at once for each resource."""

import fcntl
import hashlib
import math
import os
import tempfile
import threading
import time
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from pathlib import Path
from typing import Any, TextIO, TypeVar

from joblib import Parallel, delayed  # type: ignore[import-untyped]
from requests.adapters import HTTPAdapter
from urllib3 import PoolManager, ProxyManager

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError

_MARGIN = 0.06
"""Requests keep this much more distance than they need: those of a second arrive in a little less than one, or more, on their way."""


class Pace:
    """At most `per_second` requests in any second, evenly spaced, by all processes that use the token; None is no limit at all."""

    def __init__(
        self, token: str, per_second: float | None, clock: Callable[[], float] = time.monotonic,
        sleep: Callable[[float], None] = time.sleep,
    ) -> None:  # fmt: skip
        self.interval = 0.0 if per_second is None else 1 / per_second
        """Seconds between two requests."""
        self._clock, self._sleep, self._lock = clock, sleep, threading.Lock()
        self.file = None if per_second is None else _name_file(token)
        """Where the end of the last turn is noted, for all who use the token; None without a limit."""

    @contextmanager
    def take_turn(self) -> Iterator[None]:
        """Send one request inside: it begins when it may, and the next one's distance counts from its end.

        So the time that sending takes, be the machine as busy as it may, never brings two requests closer together.
        """
        if self.file is None:
            yield
            return
        with self._lock, _open_alone(self.file) as note:
            distance = self.interval * (1 + _MARGIN)
            # The clock begins anew with the machine: a moment that is still to come is none of this machine's life.
            while (left := _read_moment(note) + distance - self._clock()) > 0:
                self._sleep(min(left, distance))
                if left > distance:
                    break
            try:
                yield
            finally:
                _write_moment(note, self._clock(), self.file)


@contextmanager
def _open_alone(file: Path) -> Iterator[TextIO]:
    """The file, while nobody else has it open so; it holds one moment and nothing to be sorry for."""
    try:
        note = os.fdopen(os.open(file, os.O_RDWR | os.O_CREAT, 0o600), "r+", encoding="ascii", errors="replace")
    except OSError as error:
        raise _explain(file, error) from None
    with note:
        fcntl.flock(note, fcntl.LOCK_EX)
        yield note


def _explain(file: Path, error: OSError) -> TimeweaveError:
    return TimeweaveError(
        f"{file}, which keeps the pace of requests, cannot be used: {error.strerror}; make room there, or move it away, "
        f"then run again"
    )


def _read_moment(note: TextIO) -> float:
    """The moment in the file; long ago where there is none."""
    note.seek(0)
    try:
        return float(note.read(64))
    except ValueError:
        return -math.inf


def _write_moment(note: TextIO, moment: float, file: Path) -> None:
    try:
        note.seek(0)
        note.write(f"{moment:020.6f}")
        note.flush()
    except OSError as error:
        raise _explain(file, error) from None


def _name_file(token: str) -> Path:
    """By a hash: others can see the name, and it must not tell the token."""
    digest = hashlib.sha256(f"timeweave pace {token}".encode()).hexdigest()[:24]
    folder = Path(tempfile.gettempdir(), f"timeweave-pace-{os.getuid()}")
    folder.mkdir(mode=0o700, exist_ok=True)
    return folder / f"{digest}.moment"


class PacedAdapter(HTTPAdapter):
    """Takes a turn for each request where its bytes are written, and not where it is thought of: between the two, a busy
    machine may do something else."""

    def __init__(self, pace: Pace) -> None:
        self._pace = pace
        super().__init__()

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self._slow_down(self.poolmanager)

    def proxy_manager_for(self, *args: Any, **options: Any) -> ProxyManager:
        manager: ProxyManager = super().proxy_manager_for(*args, **options)
        self._slow_down(manager)
        return manager

    def _slow_down(self, manager: PoolManager) -> None:
        pools: dict[str, Any] = manager.pool_classes_by_scheme
        manager.pool_classes_by_scheme = {scheme: self._make_paced(pool) for scheme, pool in pools.items()}

    def _make_paced(self, pool: Any) -> Any:
        """The kind of pool with connections that wait for their turn; those that do so already stay as they are."""
        pace = self._pace
        if hasattr(pool.ConnectionCls, "takes_turns"):
            return pool

        class Connection(pool.ConnectionCls):  # type: ignore[misc]
            takes_turns = True

            def request(self, *args: Any, **options: Any) -> None:
                with pace.take_turn():
                    super().request(*args, **options)

        return type(pool.__name__, (pool,), {"ConnectionCls": Connection})


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
        self._known += len(jobs)
        if len(jobs) < 2:
            return [self._answer(job) for job in jobs]
        most = max(self.limits[name] for resources, _ in jobs for name in resources)
        threads = Parallel(n_jobs=min(most, len(jobs)), prefer="threads")
        return list(threads(delayed(self._answer)(job) for job in jobs))

    def _answer(self, job: Job[Answer]) -> Answer | TimeweaveError:
        with self._take_slots(sorted(job[0])):
            try:
                return job[1]()
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
