"""Real answers, recorded with names and texts masked, replayed to the client and compared with the sandbox."""

import json
import threading
from datetime import date
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
import requests

from timeweave.errors import CredentialsError
from timeweave.pace import Pace
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.team import TOGGL_TOKEN, WORKSPACE_ID
from timeweave.toggl.client import Toggl
from timeweave.toggl.door import PlanLacksFeature, TogglDoor
from timeweave.toggl.entry import entries

RECORDED = Path(__file__).parent / "recorded"
OF_THE_EDGE = {"date", "content-length", "server"}
"""Headers of the machines in between."""
QUOTA = {"x-toggl-quota-remaining", "x-toggl-quota-resets-in"}
"""In force since 2025; the recordings are older."""


def recorded(name):
    return json.loads((RECORDED / f"{name}.json").read_text())


class Replay(ThreadingHTTPServer):
    """Answers with recordings, one after the other, and keeps what was asked."""

    daemon_threads = True

    def __init__(self, answers):
        super().__init__(("127.0.0.1", 0), Handler)
        self.answers, self.asked = list(answers), []


class Handler(BaseHTTPRequestHandler):
    def do_POST(self):
        length = int(self.headers.get("Content-Length") or 0)
        self.server.asked.append(json.loads(self.rfile.read(length) or "null"))
        answer = self.server.answers.pop(0)
        content = b"" if answer["body"] == "" else json.dumps(answer["body"]).encode()
        self.send_response(answer["status"])
        for header, value in answer["headers"].items():
            if header not in OF_THE_EDGE:
                self.send_header(header, value)
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)

    do_GET = do_POST

    def log_message(self, *args):
        pass


@pytest.fixture
def replay(request):
    server = Replay(recorded(request.param))
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    door = TogglDoor(f"http://127.0.0.1:{server.server_port}", "nobody", Pace("nobody", None), 0, print)
    yield Toggl(door, 7000001), server
    door.close()
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("replay", ["toggl_rb__search_time_entries_long_all_pages"], indirect=True)
def test_all_pages_of_a_recorded_report_are_read_to_their_end(replay):
    toggl, server = replay
    pages = list(toggl.pages(date(2023, 12, 1), date(2023, 12, 31), 50))
    found = [entry for page in pages for row in page for entry in entries(row)]
    answers = recorded("toggl_rb__search_time_entries_long_all_pages")
    rows = [row for answer in answers for row in answer["body"]]
    assert len(pages) == len(answers)
    assert len({entry.id for entry in found}) == len(rows)
    assert sum(entry.seconds for entry in found) == sum(row["time_entries"][0]["seconds"] for row in rows)
    assert server.asked[0]["rounding"] == 0
    cursor = {key: server.asked[1][key] for key in ("first_id", "first_row_number", "first_timestamp")}
    assert cursor == {"first_id": 3405903924, "first_row_number": 51, "first_timestamp": 1702202400}
    assert {k: v for k, v in server.asked[1].items() if k not in cursor} == server.asked[0]


@pytest.mark.parametrize("replay", ["toggl_rb__get_workspace_users_success"], indirect=True)
def test_recorded_users_are_read(replay):
    assert [(user["id"], user["fullname"]) for user in replay[0].users()] == [(10658406, "User One")]


@pytest.mark.parametrize("replay", ["toggl_rb__get_projects_after_bulk_update_success"], indirect=True)
def test_recorded_projects_are_read_in_one_request(replay):
    [answer] = recorded("toggl_rb__get_projects_after_bulk_update_success")
    assert len(replay[0].projects()) == len(answer["body"])
    assert len(replay[1].asked) == 1


@pytest.mark.parametrize("replay", ["go-api-libs__2024-12-09"], indirect=True)
def test_the_recorded_401_without_a_body_is_a_matter_of_credentials(replay):
    with pytest.raises(CredentialsError, match="answered 401"):
        replay[0].workspace()


@pytest.mark.parametrize("replay", ["toggl_rb__update_project_bad_attribute"], indirect=True)
def test_the_recorded_402_is_about_the_plan_and_not_the_quota(replay):
    with pytest.raises(PlanLacksFeature, match="available only for premium plans"):
        replay[0].workspace()


def asked_of(sandbox, answer):
    """The sandbox's answer to what a recording asked."""
    path = answer["url"].partition("track.toggl.com")[2].replace("7000001", str(WORKSPACE_ID))
    auth = None if answer["status"] == 401 else (TOGGL_TOKEN, "api_token")
    body = answer["request_body"] and answer["request_body"] | {"start_date": "2025-09-01", "end_date": "2025-09-07"}
    return requests.request(answer["method"], sandbox.url + path, json=body, auth=auth, timeout=10)


@pytest.mark.parametrize(
    "name",
    ["toggl_rb__search_time_entries_long_all_pages", "toggl_rb__get_workspace_users_success",
     "toggl_rb__get_projects_after_bulk_update_success", "go-api-libs__2024-12-09"],
)  # fmt: skip
def test_the_sandbox_answers_with_the_recorded_headers_and_keys(sandbox, name):
    answer = recorded(name)[0]
    sandbox.behaviour.update(vars(Behaviour()))
    ours = asked_of(sandbox, answer)
    assert ours.status_code == answer["status"]
    sent = {header.lower() for header in ours.headers} - OF_THE_EDGE
    assert sent - QUOTA == set(answer["headers"]) - OF_THE_EDGE
    if isinstance(answer["body"], list):
        assert set(ours.json()[0]) == set(answer["body"][0])
        if "time_entries" in answer["body"][0]:
            assert set(ours.json()[0]["time_entries"][0]) - {"at_tz"} == set(answer["body"][0]["time_entries"][0])
            assert list(ours.json()[0]) == list(answer["body"][0])
