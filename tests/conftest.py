"""What many tests share: the sandbox, and copies of the project to run in."""

import os
from datetime import date

import pytest
from hypothesis import settings

from tests.project import Project
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.team import ACCOUNT, FIBERY_TOKEN, TOGGL_TOKEN, WORKSPACE_ID

# A run of CI is repeatable; a person's run looks further each time.
settings.register_profile("ci", derandomize=True)
if os.environ.get("CI"):
    settings.load_profile("ci")

DEMO_DAY = date(2025, 10, 14)


@pytest.fixture(scope="module")
def sandbox():
    """The invented Toggl and Fibery as of the demo's day."""
    with Sandbox(DEMO_DAY) as running:
        yield running


def live(folder, sandbox) -> Project:
    """A copy of the project that takes the sandbox for the real accounts."""
    project = Project.copy(folder, TOGGL_API_TOKEN=TOGGL_TOKEN, FIBERY_API_TOKEN=FIBERY_TOKEN)
    project.set_params(
        source="live",
        toggl__url=sandbox.url, toggl__workspace_id=WORKSPACE_ID, toggl__requests_per_second=1000,
        fibery__url=sandbox.url, fibery__account=ACCOUNT, fibery__requests_per_second=1000,
    )  # fmt: skip
    project.succeed("git", "commit", "-qam", "Go live against the sandbox")
    return project


@pytest.fixture(scope="module")
def live_project(tmp_path_factory, sandbox):
    """A copy of the project that takes the sandbox for the real accounts; shared by a module's tests."""
    return live(tmp_path_factory.mktemp("live"), sandbox)
