"""How many requests are under way at once for each resource, such as a database of Fibery; never more than its limit."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError

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
