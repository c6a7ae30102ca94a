"""What a run does after a failure follows from its kind."""

import pytest

from timeweave.temporal import failure


@pytest.mark.parametrize(("code", "attempts"), [(1, 6), (2, 1), (3, 1), (5, 3), (failure.FAULT, 1)])
def test_only_what_may_pass_is_tried_again(code, attempts):
    assert failure.attempts(failure.failure("fetch_time", code, "no")) == attempts


def test_waiting_doubles_up_to_two_minutes():
    assert [failure.wait_before(number) for number in range(1, 7)] == [10, 20, 40, 80, 120, 120]


def test_an_error_is_told_from_the_bottom_of_its_chain():
    outer = RuntimeError("the activity failed")
    outer.__cause__ = failure.failure("fetch_time", 4, "the quota is spent", 1800.0)
    assert failure.told(outer) == ("fetch_time", 4, "the quota is spent", 1800.0)
    assert failure.told(RuntimeError("odd")) == (None, 1, "odd", None)


def test_a_worker_that_ends_is_lost_and_not_failed():
    assert failure.is_lost(failure.lost())
    assert not failure.is_lost(failure.failure(None, 1, "no"))
