"""Each test finds a calm sandbox."""

import pytest

from timeweave.sandbox.behaviour import Behaviour


@pytest.fixture
def calm(sandbox):
    """The sandbox, as it was when new."""
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield sandbox
    sandbox.behaviour.update(vars(Behaviour()))
