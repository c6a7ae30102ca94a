"""A sandbox that behaves again before each test."""

import pytest

from timeweave.sandbox.behaviour import Behaviour


@pytest.fixture(autouse=True)
def calm(sandbox):
    """Nothing counted, nothing spent, no fault."""
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield
    sandbox.behaviour.update(vars(Behaviour()))
