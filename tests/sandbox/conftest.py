"""A sandbox that behaves again before each test."""

import pytest

from timeweave.sandbox.behaviour import Behaviour


@pytest.fixture(autouse=True)
def calm(request):
    """Nothing counted, nothing spent, no fault."""
    if "sandbox" not in request.fixturenames:
        yield
        return
    sandbox = request.getfixturevalue("sandbox")
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield
    sandbox.behaviour.update(vars(Behaviour()))
