"""Going live with something wrong ends with one sentence that says what to do, never a traceback, never a token."""

import socket
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer

import pytest

from timeweave.sandbox.company import FIBERY_TOKEN, TOGGL_MEMBER_TOKEN, TOGGL_TOKEN

FETCH = ("fetch_time", "data/toggl/days", "data/toggl/directory.json")
ENRICH = ("enrich_entities", "data/entities.json", "config/enrichment_config.yaml", "data/enriched.json")
WRONG = "f00dfeed.0123456789abcdef0123456789abcdef012"


@pytest.fixture(scope="module")
def project(live_project):
    entities = live_project.folder / "data" / "entities.json"
    entities.parent.mkdir(exist_ok=True)
    entities.write_text('{"schema": 1, "entities": [{"space": "Scrum", "database": "Task", "public_id": "1"}]}')
    return live_project


@pytest.fixture
def changed(project):
    """Set parameters for one test."""
    path = project.folder / "params.yaml"
    before = path.read_text()
    yield project.set_params
    path.write_text(before)


def sentence(done, code):
    """The one line of a failed stage, after its progress lines."""
    output = done.stdout + done.stderr
    assert done.returncode == code, output
    assert "Traceback" not in output
    for token in (TOGGL_TOKEN, FIBERY_TOKEN, WRONG):
        assert token not in output
    # Tries in between are nobody's business: the sentence at the end says that there were some.
    assert "retry" not in done.stderr
    return done.stderr.strip().splitlines()[-1]


@pytest.mark.parametrize(("command", "token"), [(FETCH, "TOGGL_API_TOKEN"), (ENRICH, "FIBERY_API_TOKEN")])
def test_a_missing_token_is_named(project, command, token):
    said = sentence(project.call_stage(*command, **{token: ""}), 3)
    assert f"{token} is not set" in said


@pytest.mark.parametrize(("command", "token"), [(FETCH, "TOGGL_API_TOKEN"), (ENRICH, "FIBERY_API_TOKEN")])
def test_a_wrong_token_is_the_services_word(project, command, token):
    said = sentence(project.call_stage(*command, **{token: WRONG}), 3)
    assert "answered 40" in said
    assert f"check {token}" in said


def test_a_token_that_sees_only_its_owner_is_refused_before_a_day_is_fetched(project):
    said = sentence(project.call_stage(*FETCH, TOGGL_API_TOKEN=TOGGL_MEMBER_TOKEN), 3)
    assert "not a workspace admin's" in said
    assert "toggl.everyone: false" in said
    assert not (project.folder / "data/toggl/directory.json").exists()


def test_an_unknown_workspace_says_which_parameter(project, changed):
    changed(toggl__workspace_id=1)
    assert "toggl.workspace_id" in sentence(project.call_stage(*FETCH), 3)


def test_no_workspace_at_all_says_where_its_number_is(project, changed):
    changed(toggl__workspace_id=None)
    assert "settings page" in sentence(project.call_stage(*FETCH), 2)


@pytest.mark.parametrize(("command", "service"), [(FETCH, "toggl"), (ENRICH, "fibery")])
def test_an_unreachable_host_is_named(project, changed, command, service):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
    changed(**{f"{service}__url": f"http://127.0.0.1:{port}"})
    assert f"127.0.0.1:{port} cannot be reached; check the network and {service}.url" in sentence(
        project.call_stage(*command), 1
    )


@pytest.mark.parametrize(("command", "service"), [(FETCH, "toggl"), (ENRICH, "fibery")])
def test_an_answer_that_is_no_json_is_shown(project, changed, command, service):
    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.end_headers()
            self.wfile.write(b"<html>Welcome to the office router</html>")

        do_POST = do_GET

        def log_message(self, *args):
            pass

    server = HTTPServer(("127.0.0.1", 0), Page)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    try:
        changed(**{f"{service}__url": f"http://127.0.0.1:{server.server_port}"})
        said = sentence(project.call_stage(*command), 2)
    finally:
        server.shutdown()
        thread.join()
        server.server_close()
    assert "not JSON: <html>Welcome to the office router</html>" in said


@pytest.mark.parametrize("url", ["http://toggl.example", "ftp://127.0.0.1"])
def test_a_server_that_would_see_the_token_in_the_clear_is_refused(project, changed, url):
    changed(toggl__url=url)
    assert "toggl.url must start with https://" in sentence(project.call_stage(*FETCH), 2)


def test_a_misspelt_parameter_names_the_right_one(project, changed):
    changed(toggl__setle_days=3)
    assert "did you mean settle_days?" in sentence(project.call_stage(*FETCH), 2)
