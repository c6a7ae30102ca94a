"""Each request of a run failed for good, one after the other, in every way: nothing is missing without a word."""

import importlib.util
from collections import Counter
from pathlib import Path

import msgspec
import pytest

from tests.enrichment.conftest import AS_OF, SHIPPED, key
from tests.hostile import remember_answers
from timeweave.enrichment.enrichment import raise_failures
from timeweave.models.enriched import Enriched
from timeweave.models.entities import Entities, IncompleteReference
from timeweave.runtime import document
from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import FIBERY_TOKEN
from timeweave.sandbox.http_server import Response
from timeweave.sandbox.server import Sandbox

STAGE = Path(__file__).parents[2] / "stages" / "enrich_entities.py"
spec = importlib.util.spec_from_file_location("enrich_entities", STAGE)
stage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage)

FAULTS = ["reset", "a body that breaks off", "a page in HTML", 301, 401, 404, 422, 429, 503]
"""One of each kind that is taken in another way; of the others, tests/web says which kind they are."""
OTHERS = [400, 403, 409, 413, 500, 502, 504]


class Failing:
    """A sandbox of which one request, told by what it asks, always fails."""

    def __init__(self, sandbox):
        self.asked, self.number, self.fault = [], None, None
        self.whole, self.requests = None, 0
        self._respond = sandbox._server.respond
        sandbox._server.respond = self.respond

    def begin(self, number, fault):
        self.asked, self.number, self.fault = [], number, fault

    def respond(self, request):
        asked = request.method, request.address, request.body
        if asked not in self.asked:
            self.asked.append(asked)
        if self.asked.index(asked) != self.number:
            return self._respond(request)
        if self.fault == "reset":
            return None
        if self.fault == "a page in HTML":
            return Response(b"<html>Just a moment</html>", 200, {"Content-Type": "text/html"})
        if self.fault == "a body that breaks off":
            return Response(b'[{"success": true, "resu', 200, {"Content-Type": "application/json"})
        return Response.of_text("No", self.fault)


@pytest.fixture(scope="module")
def failing():
    with Sandbox(AS_OF, behaviour=Behaviour(quota=None)) as running:
        remember_answers(running)
        found = Failing(running)
        found.url = running.url
        found.references = list_references(running.world.workspace)
        yield found


def list_references(workspace):
    """Some of several databases, with features above them, one by its number and its title, and one by its title alone."""
    last = {
        name: list(workspace.rows(workspace.types[name]))[-4:] for name in ("Scrum/Task", "Scrum/Bug", "Scrum/Epic")
    }
    entities = [key(*name.split("/"), item.number) for name, items in last.items() for item in items]
    lone = next(
        item for item in reversed(list(workspace.rows(workspace.types["Scrum/Feature"]))) if len(item.title.split()) > 2
    )
    alone = key(None, None, lone.number)
    incomplete = IncompleteReference(space=None, database=None, public_id=alone.public_id, texts=[lone.title])
    parts = list(workspace.rows(workspace.types["Scrum/Sub-task"]))
    times = Counter(item.title for item in parts)
    titled = next(item for item in reversed(parts) if times[item.title] == 1 and len(item.title.split()) > 2)
    return Entities(entities=[alone, *entities], incomplete=[incomplete], titles=[titled.title])


@pytest.fixture
def run(failing, tmp_path, monkeypatch):
    """The stage as DVC runs it; the document."""
    monkeypatch.setattr("timeweave.web.client.ATTEMPTS", 2)
    monkeypatch.setenv("FIBERY_API_TOKEN", FIBERY_TOKEN)
    monkeypatch.chdir(tmp_path)
    document.write(tmp_path / "entities.json", failing.references)

    def enrich(number, fault, on_error):
        Path("params.yaml").write_text(
            f'source: live\nas_of: "{AS_OF}"\nenrichment: {{on_error: {on_error}}}\n'
            f'fibery: {{url: "{failing.url}", account: heliotrope, requests_per_second: 1000}}\n'
        )
        Path("enriched.json").unlink(missing_ok=True)
        failing.begin(number, fault)
        stage.main(Path("entities.json"), SHIPPED, Path("enriched.json"))
        return document.read(Path("enriched.json"), Enriched)

    return enrich


def find_silence(found, whole):
    """Rows that have less than they should and do not say so."""
    rows = {(one.space, one.database, one.public_id): one for one in found.entities}
    expected = {(one.space, one.database, one.public_id): one for one in whole.entities}
    matches = {(one.public_id, one.text): one for one in found.matches}
    unresolved = {
        one.item for one in whole.matches if (row := matches.get((one.public_id, one.text))) is None or not row.item
    }
    unseen = {(item.space, item.database, item.public_id) for item in unresolved}
    return [
        place
        for place, one in expected.items()
        if (row := rows.get(place)) != one
        and not (row is None and place in unseen)
        and not (row and (row.status == "failed" or row.missing or (row.status == "unresolved" and unresolved)))
    ]


def find_silent_ancestors(found, whole):
    """Parents that were told whole and are not, or not there though an item leads to them, and that do not say so."""

    def by_place(items):
        return {(one.space, one.database, one.public_id): one for one in items}

    rows, expected = by_place(found.ancestors), by_place(whole.ancestors)
    led_to = {place for one in found.entities for place in by_place(one.parents)} & expected.keys()
    return [
        place
        for place in led_to
        if (row := rows.get(place)) != expected[place] and not (row and (row.status == "failed" or row.missing))
    ]


def test_the_run_has_every_kind_of_request_and_all_that_it_asks_for(failing, run):
    whole = run(None, None, "fail")
    paths = [address.partition("?")[0] for _, address, _ in failing.asked]
    assert {"/api/schema", "/api/commands", "/api/documents/commands"} == set(paths)
    assert len(paths) >= 6
    assert {one.matched_by for one in whole.matches} == {"id_and_title", "title"}
    assert any(parent.progress for one in whole.entities for parent in one.parents)
    assert all(one.status != "failed" and not one.missing for one in whole.entities)
    assert whole.unanswered == []
    assert whole.ancestors


@pytest.fixture
def whole(failing, run):
    """The document without faults; made once, and with it known how many requests it takes."""
    if failing.whole is None:
        failing.whole = run(None, None, "fail")
        failing.requests = len(failing.asked)
    return failing.whole


@pytest.mark.parametrize(
    "fault", [*FAULTS, *(pytest.param(one, marks=pytest.mark.exhaustive) for one in OTHERS)], ids=str
)
def test_a_request_that_always_fails_stops_the_run_or_is_told_of(failing, run, whole, fault, capsys):
    said = 0
    for number in range(failing.requests):
        capsys.readouterr()
        try:
            found = run(number, fault, "skip")
        except TimeweaveError as error:
            assert not isinstance(error, IncompleteData)
            assert not Path("enriched.json").exists()
            continue
        if msgspec.structs.replace(found, unanswered=[]) != whole:
            said += 1
            assert found.unanswered
            assert find_silence(found, whole) == []
            assert find_silent_ancestors(found, whole) == []
            heard = capsys.readouterr().err
            assert all(f"{gap}; the next `timeweave run` asks again" in heard for gap in found.unanswered)
            with pytest.raises(IncompleteData, match=r"run again, or set enrichment\.on_error to skip"):
                raise_failures(found)
    # Others are wrong once and for all: the token, the address.
    assert said or fault in (301, 401, 403, "a page in HTML", 404)


def test_a_run_that_may_not_skip_stops_and_writes_nothing(failing, run):
    run(None, None, "fail")
    number = next(place for place, (_, address, _) in enumerate(failing.asked) if address.startswith("/api/documents"))
    with pytest.raises(IncompleteData, match=r"^Fibery did not give all it was asked for: .* did not come: .*503"):
        run(number, 503, "fail")
    assert not Path("enriched.json").exists()
