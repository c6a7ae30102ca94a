"""Names come by id, whether or not rows carry them; the archived and the departed are still named."""

import json

import pytest

from tests.toggl.fetching import AS_OF, fetch_lists
from timeweave.models.directory import Account
from timeweave.runtime.errors import QuotaExhausted
from timeweave.runtime.progress import Progress
from timeweave.sandbox import company
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import TOGGL_MEMBER_TOKEN, TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl import names
from timeweave.toggl.client import TogglClient
from timeweave.toggl.connection import TogglSettings, account
from timeweave.toggl.fetch import fetch_days, open_archive
from timeweave.toggl.names import Departed
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.limits import Pace

ACCOUNT = Account(source="live", url="https://toggl.example", workspace_id=WORKSPACE_ID)
DEPARTED = 9100011


@pytest.fixture
def toggl(sandbox):
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    client = TogglClient(sandbox.url, TOGGL_TOKEN, Pace(TOGGL_TOKEN, None), 0, print)
    yield Toggl(client, WORKSPACE_ID)
    client.close()
    sandbox.behaviour.update(vars(Behaviour()))


def test_the_directory_holds_time_zones_archived_projects_and_clients(toggl):
    found = fetch_lists(toggl, ACCOUNT)
    zones = {person.name: person.timezone for person in found.people}
    assert zones["Hana Moriyabe"] == "Asia/Tokyo"
    assert {project.name for project in found.projects if not project.active} == {"Brightwater Legacy"}
    assert {client.name for client in found.clients if client.archived} == {"Brightwater"}
    assert [tag.name for tag in found.tags][:2] == ["meeting", "deep work"]
    assert len(found.tasks) == 3
    assert found.workspace == "Heliotrope"


def test_ids_are_those_of_time_entries_and_not_of_memberships(toggl):
    assert 9100001 in {person.user_id for person in fetch_lists(toggl, ACCOUNT).people}


def test_a_departed_person_is_looked_up_by_id(toggl):
    [ruben] = names.look_up(toggl, [DEPARTED])
    assert (ruben.name, ruben.email) == ("Ruben Askeland", "ruben.askeland@heliotrope.example")


def test_whom_toggl_knows_no_more_has_an_answer_too_and_is_not_looked_up_again(toggl):
    assert names.look_up(toggl, [5]) == [Departed(user_id=5, name=None, email=None)]


def test_a_plan_without_tasks_has_none(toggl, sandbox):
    sandbox.behaviour.update({"tasks_need_plan": True})
    assert fetch_lists(toggl, ACCOUNT).tasks == []


def test_null_stands_for_an_empty_list(toggl, sandbox, monkeypatch):

    monkeypatch.setattr(company, "CLIENTS", ())
    monkeypatch.setattr(company, "TASKS", ())
    sandbox.behaviour.update({"null_lists": True})
    found = fetch_lists(toggl, ACCOUNT)
    assert (found.clients, found.tasks) == ([], [])


def test_lists_longer_than_a_page_are_read_to_their_end(toggl, sandbox, monkeypatch):

    many = tuple(company.PROJECTS[0]._replace(id=1000 + n, name=f"Project {n}") for n in range(401))
    tags = {n: f"tag {n}" for n in range(1, 402)}
    monkeypatch.setattr(company, "PROJECTS", many)
    monkeypatch.setattr(company, "TAGS", tags)
    found = fetch_lists(toggl, ACCOUNT)
    assert (len(found.projects), len(found.tags)) == (401, 401)


def test_a_member_who_may_not_see_memberships_still_gets_names(sandbox):
    client = TogglClient(sandbox.url, TOGGL_MEMBER_TOKEN, Pace("nobody", None), 0, print)
    found = fetch_lists(Toggl(client, WORKSPACE_ID), ACCOUNT)
    client.close()
    assert {person.timezone for person in found.people} == {None}
    assert "Mira Castellane" in {person.name for person in found.people}


def test_rows_that_come_again_are_dropped_from_every_list(toggl, sandbox, monkeypatch):
    respond = sandbox._server.respond

    def answer(request):
        response = respond(request)
        body = json.loads(response.body)
        rows = body["data"] if isinstance(body, dict) and "data" in body else body
        if isinstance(rows, list):
            rows += rows[:2]
            response.body = json.dumps(body).encode()
        return response

    once = fetch_lists(toggl, ACCOUNT)
    monkeypatch.setattr(sandbox._server, "respond", answer)
    assert fetch_lists(toggl, ACCOUNT) == once
    assert [one.id for one in toggl.users_by_id([DEPARTED])] == [DEPARTED]
    assert len({one.id for one in toggl.users()}) == len(toggl.users())


def fetched(settings):
    with open_archive(account("live", settings), print) as archive:
        return fetch_days(archive, settings, AS_OF, [], Progress("test"))


@pytest.fixture
def settings(sandbox, monkeypatch):
    monkeypatch.setenv("TOGGL_API_TOKEN", TOGGL_TOKEN)
    sandbox.behaviour.update(vars(Behaviour()))
    sandbox.reset()
    return TogglSettings(url=sandbox.url, workspace_id=WORKSPACE_ID, requests_per_second=1000)


def test_lists_that_were_read_before_a_spent_quota_are_not_read_again(settings, sandbox):
    for window in range(10):
        sandbox.behaviour.update({"quota": 2, "clock_offset": 3601.0 * window})
        try:
            fetched(settings)
            break
        except QuotaExhausted:
            continue
    answered = [request.path.rpartition("/")[2] for request in sandbox.requests if request.status == 200]
    # Tags do not say how long a page is, and take two.
    assert [one for one in answered if one != "tags"] == [
        str(WORKSPACE_ID),
        "projects",
        "clients",
        "tasks",
        "workspace_users",
    ]


def test_a_list_that_could_not_be_used_is_asked_for_again_by_the_next_run_and_no_other(settings, sandbox, monkeypatch):
    respond = sandbox._server.respond

    def answer(request):
        response = respond(request)
        if request.path.endswith("/workspace_users"):
            response.body = b'[{"id": 77}]'
        return response

    monkeypatch.setattr(sandbox._server, "respond", answer)
    assert {person.timezone for person in fetched(settings).lists.people} == {None}
    monkeypatch.setattr(sandbox._server, "respond", respond)
    sandbox.reset()
    assert None not in {person.timezone for person in fetched(settings).lists.people}
    assert [request.path.rpartition("/")[2] for request in sandbox.requests] == ["workspace_users"]
    sandbox.reset()
    fetched(settings)
    assert sandbox.requests == []
