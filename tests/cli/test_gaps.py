"""What Fibery did not give one run is asked for again by the next; what the configuration has wrong is told before Toggl is asked."""

import json

import pytest

from tests.conftest import live_shortest
from timeweave.sandbox.http_server import Response

RUN = ("run", "--as-of", "2025-10-14", "--json")
TWO_DAYS = ("--start-date", "2025-09-01", "--end-date", "2025-09-02")


@pytest.fixture(scope="module")
def project(tmp_path_factory, sandbox):
    project = live_shortest(tmp_path_factory.mktemp("gaps"), sandbox)
    project.set_params(enrichment__on_error="skip")
    return project


@pytest.fixture
def without_texts(sandbox):
    """A Fibery whose documents are refused; what is put back gives them again."""
    before = sandbox._server.respond

    def refuse(request):
        return Response.of_text("No", 400) if request.path == "/api/documents/commands" else before(request)

    sandbox._server.respond = refuse
    yield lambda: setattr(sandbox._server, "respond", before)
    sandbox._server.respond = before


def ask(project, sandbox):
    """The document of a run, what it said, and how often it asked for documents."""
    sandbox.reset()
    done = project.call_run(*RUN[1:], *TWO_DAYS)
    assert done.returncode == 0, done.stdout + done.stderr
    run = json.loads(done.stdout)["id"]
    asked = sum(request.path == "/api/documents/commands" for request in sandbox.requests)
    return project.read(f"runs/{run}/enriched.json"), asked


def test_a_run_asks_again_for_what_another_did_not_get(project, sandbox, without_texts):
    lacking, _ = ask(project, sandbox)
    assert "did not come: Fibery answered 400" in lacking["unanswered"][0]
    assert any(one["missing"] for one in lacking["entities"])
    without_texts()
    whole, asked = ask(project, sandbox)
    assert asked > 0
    assert whole["unanswered"] == []
    assert not any(one["missing"] for one in whole["entities"])


def test_a_wrong_configuration_stops_a_run_before_toggl_is_asked_for_anything(project, sandbox):
    path = project.folder / "config" / "enrichment_config.yaml"
    before = path.read_text(encoding="utf-8")
    path.write_text(before.replace('"Scrum/Task":', '"Scrum/Taks":'), encoding="utf-8")
    sandbox.reset()
    done = project.call_run(*RUN[1:-1], "--start-date", "2025-09-08", "--end-date", "2025-09-09")
    path.write_text(before, encoding="utf-8")
    assert done.returncode == 2
    assert "Fibery has no database Scrum/Taks; did you mean Scrum/Task" in done.stderr
    assert not [request.path for request in sandbox.requests if "/api/v" in request.path]
