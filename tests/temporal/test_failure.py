"""What a run does after a failure follows from its kind."""

import pytest

from timeweave.runs.manifest import Fault
from timeweave.temporal import failure


def make(code, **facts):
    return failure.make_error(Fault(stage="fetch_time", exit_code=code, sentence="no", **facts))


@pytest.mark.parametrize(("code", "attempts"), [(1, 6), (2, 1), (3, 1), (5, 3)])
def test_only_what_may_pass_is_tried_again(code, attempts):
    pauses = [failure.find_pause(make(code), number) for number in range(1, 8)]
    assert [pause is not None for pause in pauses] == [number < attempts for number in range(1, 8)]


def test_a_fault_of_the_program_is_not_tried_again():
    assert failure.find_pause(failure.make_program_fault(), 1) is None
    assert "fault of the program" in failure.read_fault(failure.make_program_fault()).sentence


def test_waiting_doubles_up_to_two_minutes():
    assert [failure.find_pause(make(1), number).seconds for number in range(1, 6)] == [10, 20, 40, 80, 120]


def test_a_spent_quota_is_waited_for_as_long_as_the_service_says():
    assert failure.find_pause(make(4, resume_in=1800.0), 9).seconds == 1801
    assert failure.find_pause(make(4), 1).seconds == 3601


def test_an_error_is_read_from_the_bottom_of_its_chain():
    outer = RuntimeError("the activity failed")
    outer.__cause__ = make(4, resume_in=1800.0)
    assert failure.read_fault(outer) == Fault(stage="fetch_time", exit_code=4, sentence="no", resume_in=1800.0)
    assert failure.read_fault(RuntimeError("odd")) == Fault(stage=None, exit_code=1, sentence="odd")


def test_a_worker_that_ends_is_lost_and_not_failed():
    assert failure.is_lost(failure.make_lost())
    assert failure.find_pause(failure.make_lost(), 9).seconds == failure.MARGIN
    assert not failure.is_lost(make(1))
