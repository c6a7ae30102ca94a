"""Clients that others wrote read the sandbox as they read the services.

They are imported where they are used: they take half a second of every process that collects the tests.
"""

import functools
from contextlib import ExitStack
from datetime import date, datetime

import pytest

from timeweave.sandbox.company import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import World


@pytest.fixture(scope="module")
def running():
    with Sandbox(date(2025, 10, 14)) as sandbox:
        yield sandbox


@pytest.fixture(autouse=True)
def invented_addresses(monkeypatch):
    """The team's domain is one that nobody can have; both libraries would take it for a slip."""
    import email_validator

    names = [name for name in email_validator.SPECIAL_USE_DOMAIN_NAMES if name != "example"]
    monkeypatch.setattr(email_validator, "SPECIAL_USE_DOMAIN_NAMES", names)


@pytest.fixture
def closed():
    """Takes clients whose connections are closed in the end."""
    with ExitStack() as stack:
        yield lambda one: stack.callback(one.client.close) and one


@pytest.fixture
def open_as(closed, running):
    from toggl_python import TokenAuth

    def open_client(client, url=running.url):
        return closed(client(TokenAuth(TOGGL_TOKEN), base_url=f"{url}/api/v9"))

    return open_client


@pytest.fixture
def open_user(open_as):
    from toggl_python.entities.user import CurrentUser

    return functools.partial(open_as, CurrentUser)


def test_toggl_python_reads_who_asks_and_the_workspace_with_its_projects(open_as, open_user):
    from toggl_python.entities.workspace import Workspace

    user, workspaces = open_user(), open_as(Workspace)
    assert user.logged()
    assert user.me().default_workspace_id == WORKSPACE_ID
    [workspace] = workspaces.list()
    assert workspaces.get(WORKSPACE_ID) == workspace
    assert len(workspaces.get_projects(WORKSPACE_ID)) > 3


def test_toggl_python_reads_own_entries_and_the_running_one(open_user):
    user = open_user()
    found = user.get_time_entries()
    assert len(found) > 20
    assert [one.start for one in found] == sorted((one.start for one in found), reverse=True)
    assert any(one.tags for one in found)
    current = user.get_current_time_entry()
    assert current is None or current.duration < 0


def test_a_running_entry_is_read_as_one(open_user):
    world = World(date(2025, 10, 14))
    [forgetful] = {
        one.user_id for one in world.timesheet.entries(date(2025, 10, 13), date(2025, 10, 14)) if one.seconds is None
    }
    first = world.people[0].user_id
    moved = [
        one._replace(user_id=first)
        for one in world.timesheet.entries(date(2025, 10, 13), date(2025, 10, 14))
        if one.user_id == forgetful
    ]
    with Sandbox(date(2025, 10, 14), world=World(date(2025, 10, 14), entries=moved)) as sandbox:
        current = open_user(sandbox.url).get_current_time_entry()
        assert (current.duration, current.stop) == (-1, None)
        assert current in open_user(sandbox.url).get_time_entries()


def test_toggl_python_reads_the_rows_of_a_report(running, monkeypatch, closed):
    from toggl_python import TokenAuth
    from toggl_python.entities import report_time_entry

    monkeypatch.setattr(report_time_entry, "REPORT_ROOT_URL", f"{running.url}/reports/api/v3/workspace")
    report = closed(report_time_entry.ReportTimeEntry(TokenAuth(TOGGL_TOKEN)))
    rows = report.search(WORKSPACE_ID, start_date=date(2025, 10, 7), end_date=date(2025, 10, 8))
    assert len(rows) == 50
    assert all(len(row.time_entries) == 1 and row.username for row in rows)


@pytest.fixture
def wrapper(running, monkeypatch, tmp_path, closed):
    """An endpoint of toggl-api-wrapper; it keeps what it reads in a folder."""
    import toggl_api
    from httpx import BasicAuth
    from toggl_api.meta import TogglEndpoint

    monkeypatch.setattr(TogglEndpoint, "BASE_ENDPOINT", f"{running.url}/api/v9/")

    def open_endpoint(name):
        auth, cache = BasicAuth(TOGGL_TOKEN, "api_token"), toggl_api.JSONCache(tmp_path / name)
        return closed(getattr(toggl_api, name)(WORKSPACE_ID, auth, cache))

    return open_endpoint


def test_toggl_api_wrapper_reads_own_entries(wrapper):
    from httpx import BasicAuth

    user = wrapper("UserEndpoint")
    assert user.verify_authentication(BasicAuth(TOGGL_TOKEN, "api_token"))
    assert user.get_details()["default_workspace_id"] == WORKSPACE_ID
    found = user.collect(refresh=True)
    assert len(found) > 20
    assert all(isinstance(one.start, datetime) and one.workspace == WORKSPACE_ID for one in found)
    assert user.current() is None or user.current().stop is None


def test_toggl_api_wrapper_reads_projects_and_the_workspace(wrapper):
    assert len(wrapper("ProjectEndpoint").collect(refresh=True)) > 3
    assert wrapper("WorkspaceEndpoint").get(WORKSPACE_ID, refresh=True).name == "Heliotrope"
