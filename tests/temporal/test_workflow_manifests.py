"""A list of runs is of use while Temporal is away."""

import socket

import msgspec
import pytest

from tests.runs.empty_project import make_register
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runtime.errors import TimeweaveError
from timeweave.temporal import connection, workflow_manifests


@pytest.fixture
def silence():
    """The address of a server that takes connections and never answers."""
    with socket.socket() as server:
        server.bind(("127.0.0.1", 0))
        server.listen()
        yield f"127.0.0.1:{server.getsockname()[1]}"


def test_runs_of_this_machine_are_listed_when_temporal_does_not_answer(tmp_path, silence, monkeypatch):
    monkeypatch.setenv("TEMPORAL_ADDRESS", silence)
    # As in a process of its own: other tests have a connection.
    monkeypatch.setattr(connection, "_client", None)
    monkeypatch.setattr(workflow_manifests, "PATIENCE", 0.1)
    register, said = make_register(tmp_path), list[str]()
    asked = Request(source="demo", as_of="2025-10-14", start="2025-10-06", end="2025-10-12")
    for name, where, status in (
        ("here", Location.here, Status.completed),
        ("there", Location.temporal, Status.in_progress),
    ):
        run = Manifest(id=name, where=where, status=status, parameters=asked, started_at=name, numbers={"hours": 1})
        register.open(name).write_manifest(run)
    register.engine = workflow_manifests.Temporal(said.append)
    assert [(run.id, run.status) for run in register.list_runs()] == [("there", "in_progress"), ("here", "completed")]
    assert said == [
        f"Temporal cannot be reached at {silence}; start it with `timeweave temporal dev`, or set TEMPORAL_ADDRESS; its "
        "runs are shown as they were last seen, or not at all"
    ]


def test_one_run_is_waited_for_where_a_list_was_not(tmp_path, monkeypatch):
    register, said = make_register(tmp_path), list[str]()
    asked = Request(source="demo", as_of="2025-10-14", start="2025-10-06", end="2025-10-12")
    there = Manifest(id="there", where=Location.temporal, status=Status.in_progress, parameters=asked, started_at="1")
    register.open("there").write_manifest(there)

    def ask(_, patience=None):
        """A server that takes longer to connect than a list waits."""
        if patience is not None:
            raise TimeweaveError("Temporal cannot be reached")
        return msgspec.structs.replace(there, status=Status.cancelled)

    monkeypatch.setattr(workflow_manifests, "ask", ask)
    register.engine = workflow_manifests.Temporal(said.append)
    assert ([run.status for run in register.list_runs()], len(said)) == (["in_progress"], 1)
    assert register.engine.find(register, "of a schedule").status is Status.cancelled
    assert register.find("there").status is Status.cancelled
