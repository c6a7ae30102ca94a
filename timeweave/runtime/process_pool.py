"""Work shared out among the machine's cores, where it can be cut into parts that need nothing of each other."""

import multiprocessing
import os
from collections.abc import Callable, Iterator, Sequence
from typing import Any, TypeVar

Part = TypeVar("Part")
Result = TypeVar("Result")
MOST = 2
"""Processes at once: each holds what it makes."""

_work: Callable[[Any], Any] | None = None


def map_in_processes(work: Callable[[Part], Result], parts: Sequence[Part]) -> Iterator[Result]:
    """What `work` makes of each part, in their order. Data that it refers to is shared with the processes, not copied."""
    global _work
    cores = min(MOST, os.cpu_count() or 1, len(parts))
    if cores < 2 or "fork" not in multiprocessing.get_all_start_methods():
        yield from map(work, parts)
        return
    _work = work
    with multiprocessing.get_context("fork").Pool(cores) as pool:
        yield from pool.imap(_run, parts)


def _run(part: Any) -> Any:
    assert _work is not None  # noqa: S101 - set before the processes began
    return _work(part)
