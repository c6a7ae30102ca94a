"""How many requests are under way for a database, never more than its `max_concurrent`, and how many there were."""

import threading
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from typing import TypeVar

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError

Answer = TypeVar("Answer")


class Gate:
    """Runs requests in a pool of threads, bounded for each database; safe against waiting in a circle."""

    def __init__(self, bounds: Mapping[str, int]) -> None:
        self.bounds = dict(bounds)
        self.peaks = dict.fromkeys(bounds, 0)
        """The most requests of a database that were under way at once."""
        self._places = {name: threading.BoundedSemaphore(bound) for name, bound in bounds.items()}
        self._under_way = dict.fromkeys(bounds, 0)
        self._lock = threading.Lock()
        self.reached: Callable[[int, int], None] | None = None
        """Told after each request how many of those known so far are answered."""
        self._done = self._wanted = 0

    def run(self, jobs: Sequence[tuple[frozenset[str], Callable[[], Answer]]]) -> list[Answer | TimeweaveError]:
        """Each job: the databases that a request is about, and the request. The answers in the order of the jobs, an error where one failed; a wrong token or address is raised."""
        if not jobs:
            return []
        self._wanted += len(jobs)
        most = max(self.bounds[name] for databases, _ in jobs for name in databases)
        threads = Parallel(n_jobs=min(most, len(jobs)), prefer="threads")
        return list(threads(delayed(self._answer)(databases, request) for databases, request in jobs))

    def _answer(self, databases: frozenset[str], request: Callable[[], Answer]) -> Answer | TimeweaveError:
        with self._passage(sorted(databases)):
            try:
                return request()
            except (ConfigurationError, CredentialsError):
                raise
            except TimeweaveError as error:
                return error
            finally:
                self._tell()

    def _tell(self) -> None:
        with self._lock:
            self._done += 1
            if self.reached:
                self.reached(self._done, self._wanted)

    @contextmanager
    def _passage(self, databases: Iterable[str]) -> Iterator[None]:
        # Always taken in the order of names, or two requests could each hold what the other waits for.
        with ExitStack() as stack:
            for name in databases:
                stack.enter_context(self._places[name])
                self._count(name, 1)
                stack.callback(self._count, name, -1)
            yield

    def _count(self, name: str, step: int) -> None:
        with self._lock:
            self._under_way[name] += step
            self.peaks[name] = max(self.peaks[name], self._under_way[name])
