"""What records of enriched.json know of themselves."""

import pytest

from timeweave.models.states import CANCELLED_STATES, Progress, State
from timeweave.runtime.name_comparison import fold


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(name="Shipped", type="Finished", final=None), "done"),
        (State(name="Shipped", type="Started", final=True), "done"),
        (State(name="Doing", type="Started", final=False), "started"),
        (State(name="Open", type="Not started", final=False), "waiting"),
        (State(name="High"), "unknown"),
        (State(name="Cancelled", type="Finished", final=True), "cancelled"),
        (State(name=" CANCELED ", type="Finished", final=True), "cancelled"),
        (State(name="Won’t  do", type="Finished", final=True), "cancelled"),
        (State(name="Annulé", type=None, final=None), "cancelled"),
        (State(name="Not cancelled", type="Finished", final=True), "done"),
        (State(name="Cancelled by customer", type="Started", final=False), "started"),
    ],
)
def test_a_state_means_the_same_whatever_it_is_called(state, expected):
    assert state.meaning == expected


def test_work_is_over_when_it_is_done_or_given_up():
    assert [meaning for meaning in Progress if meaning.is_over] == ["done", "cancelled"]


def test_the_words_for_cancelled_are_written_as_they_are_compared():
    assert {fold(word) for word in CANCELLED_STATES} == CANCELLED_STATES
