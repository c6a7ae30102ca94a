"""Each test finds the sandbox as it was when new, and no test waits before it tries again."""

import pytest
import stamina

from timeweave.sandbox.behaviour import Behaviour


@pytest.fixture
def calm(sandbox):
    """The sandbox, as it was when new."""
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    yield sandbox
    sandbox.behaviour.update(vars(Behaviour()))


@pytest.fixture(autouse=True)
def no_waits():
    """Retries without their waits: how long they are is the library's business."""
    with stamina.set_testing(True, attempts=100, cap=True):
        yield
