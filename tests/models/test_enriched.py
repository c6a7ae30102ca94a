"""What records of enriched.json know of themselves."""

import pytest

from timeweave.models.enriched import State


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(name="Shipped", type="Finished", final=None), "done"),
        (State(name="Shipped", type="Started", final=True), "done"),
        (State(name="Doing", type="Started", final=False), "started"),
        (State(name="Open", type="Not started", final=False), "waiting"),
        (State(name="High"), "unknown"),
    ],
)
def test_a_state_means_the_same_whatever_it_is_called(state, expected):
    assert state.meaning == expected
