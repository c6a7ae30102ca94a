"""Work on several cores gives what it gives on one."""

import os

import pytest

from timeweave.runtime import process_pool
from timeweave.runtime.process_pool import map_in_processes


@pytest.mark.parametrize("cores", [1, 2])
def test_results_come_in_the_order_of_their_parts(monkeypatch, cores):
    monkeypatch.setattr(os, "cpu_count", lambda: cores)
    known = {n: n * n for n in range(5)}
    found = list(map_in_processes(lambda part: (known[part], os.getpid()), list(known)))
    assert [square for square, _ in found] == [0, 1, 4, 9, 16]
    assert all((pid == os.getpid()) is (cores == 1) for _, pid in found)


def test_no_process_is_begun_for_one_part(monkeypatch):
    monkeypatch.setattr(process_pool.multiprocessing, "get_context", None)
    assert list(map_in_processes(lambda part: part + 1, [1])) == [2]
    assert list(map_in_processes(lambda part: part, [])) == []


def test_an_error_of_the_work_is_raised_here():
    def fail(part):
        raise ValueError(part)

    with pytest.raises(ValueError, match="2"):
        list(map_in_processes(fail, [2, 3]))
