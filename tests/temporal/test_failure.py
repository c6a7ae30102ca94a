"""What a run does after a failure follows from its kind."""

from collections import Counter

import pytest
from temporalio.exceptions import ApplicationError

from timeweave.runs.manifest import Fault
from timeweave.temporal import failure


def make(code, **facts):
    return failure.make_error(Fault(stage="fetch_time", exit_code=code, sentence="no", **facts))


@pytest.mark.parametrize(("code", "attempts"), [(1, 6), (2, 1), (3, 1), (5, 3)])
def test_only_what_may_pass_is_tried_again(code, attempts):
    counted = Counter()
    pauses = [failure.find_pause(make(code), counted) for _ in range(7)]
    assert [pause is not None for pause in pauses] == [number < attempts for number in range(1, 8)]


def test_a_fault_of_the_program_is_not_tried_again():
    assert failure.find_pause(ApplicationError("a fault", type="Fault"), Counter()) is None
    assert failure.find_pause(RuntimeError("odd"), Counter()) is None


def test_waiting_doubles_up_to_two_minutes():
    counted = Counter()
    assert [failure.find_pause(make(1), counted).seconds for _ in range(5)] == [10, 20, 40, 80, 120]


def test_a_spent_quota_is_waited_for_as_long_as_the_service_says_and_as_often_as_it_takes():
    counted = Counter()
    assert [failure.find_pause(make(4, resume_in=1800.0), counted).seconds for _ in range(9)] == [1801] * 9
    assert failure.find_pause(make(4), counted).seconds == 3601


def test_an_error_is_read_from_the_bottom_of_its_chain():
    outer = RuntimeError("the activity failed")
    outer.__cause__ = make(4, resume_in=1800.0)
    assert failure.read_fault(outer) == Fault(stage="fetch_time", exit_code=4, sentence="no", resume_in=1800.0)
    assert failure.read_fault(RuntimeError("odd")) == Fault(stage=None, exit_code=1, sentence="odd")


def test_a_worker_that_ends_is_lost_and_not_failed():
    counted = Counter()
    outer = RuntimeError("the activity failed")
    outer.__cause__ = failure.make_lost()
    assert failure.find_pause(outer, counted).seconds == failure.MARGIN
    assert not counted
