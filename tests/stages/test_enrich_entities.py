"""The stage as a process, and docs/extending.md word by word."""

import json
import re
import runpy
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
import yaml

from tests.project import call_script
from timeweave.enrichment import activities
from timeweave.enrichment.enrichment import Outcome
from timeweave.models.enriched import Enriched, EnrichedEntity
from timeweave.runtime.progress import Progress
from timeweave.sandbox.company import FIBERY_TOKEN
from timeweave.sandbox.server import Sandbox
from timeweave.sandbox.world import invent
from timeweave.web.limits import ConcurrencyLimit

ROOT = Path(__file__).parents[2]
AS_OF = date(2025, 10, 14)
SHIPPED = (ROOT / "config" / "demo" / "enrichment_config.yaml").read_text(encoding="utf-8")
DOCUMENTATION = (ROOT / "docs" / "extending.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w+)\n(.*?)^```$", DOCUMENTATION, re.MULTILINE | re.DOTALL)
PARAMS = {"as_of": "2025-10-14", "source": "demo"}


def last(database, count=5):
    """References to the last items of a database."""
    workspace = invent(AS_OF).workspace
    numbers = [item.number for item in workspace.rows(workspace.types[database])][-count:]
    space, _, label = database.partition("/")
    return [{"space": space, "database": label, "public_id": str(number)} for number in numbers]


class Folder:
    """A folder to run the stage in."""

    def __init__(self, path):
        self.path = path
        self.write(last("Scrum/Task") + last("Scrum/Bug"))

    def write(self, references, config=SHIPPED, **params):
        (self.path / "params.yaml").write_text(yaml.safe_dump(PARAMS | params))
        (self.path / "config.yaml").write_text(config, encoding="utf-8")
        (self.path / "entities.json").write_text(json.dumps({"schema": 1, "entities": references}))

    def run(self, code=0, as_process=False, **environment):
        """Run the stage with nothing else in its environment; its stderr."""
        script = ROOT / "stages" / "enrich_entities.py"
        arguments, environ = ["entities.json", "config.yaml", "enriched.json"], {"PATH": "", **environment}
        if as_process:
            done = subprocess.run(
                [sys.executable, str(script), *arguments], cwd=self.path, capture_output=True, text=True,
                env={"PYTHONPATH": str(ROOT), **environ},
            )  # fmt: skip
        else:
            done = call_script(script, arguments, self.path, environ)
        assert done.returncode == code, done.stderr
        assert done.stdout == ""
        assert "Traceback" not in done.stderr
        assert FIBERY_TOKEN not in done.stderr
        return done.stderr

    def rows(self):
        return json.loads((self.path / "enriched.json").read_text())["entities"]


@pytest.fixture
def folder(tmp_path):
    return Folder(tmp_path)


def test_the_demo_is_enriched_with_nothing_but_its_folder_and_twice_the_same(folder):
    said = folder.run(as_process=True)
    assert "10 references, compared periods included: 10 found" in said
    assert "Scrum/Bug 1/5" in said
    assert [row["status"] for row in folder.rows()] == ["found"] * 10
    [schema] = (folder.path / ".timeweave/archive/fibery").glob("demo-*/schema.json")
    first = [path.read_bytes() for path in (folder.path / "enriched.json", schema)]
    (folder.path / "enriched.json").unlink()
    folder.run()
    assert [path.read_bytes() for path in (folder.path / "enriched.json", schema)] == first
    schema.unlink()
    folder.run()
    assert [path.read_bytes() for path in (folder.path / "enriched.json", schema)] == first
    assert b"127.0.0.1" not in b"".join(first)


def test_no_reference_is_enriched_to_no_row(folder):
    folder.write([])
    assert "0 references, compared periods included: 0 found" in folder.run()
    assert folder.rows() == []


@pytest.mark.parametrize(
    ("titles", "words"), [(1, ", 1 more item by its title:"), (2, ", 2 more items by their titles:")]
)
def test_items_that_texts_mean_are_counted_apart(capsys, titles, words):
    entity = EnrichedEntity(space="Scrum", database="Task", public_id="1", status="found")
    found = Enriched(as_of="2025-10-14", account="acme", entities=[entity] * (4 + titles))
    say, progress = runpy.run_path(str(ROOT / "stages/enrich_entities.py"))["say"], Progress("enrich_entities")
    say(progress, Outcome(found), 4, 9, ConcurrencyLimit({}))
    assert words in capsys.readouterr().err


def test_a_fault_of_the_configuration_is_one_sentence_and_exit_code_2(folder):
    folder.write(last("Scrum/Task"), 'enrichment_activities:\n  "Scrum/Taks": {}\n')
    said = folder.run(2)
    assert said.startswith("enrich_entities: config.yaml, line 2: Fibery has no database Scrum/Taks")
    assert not (folder.path / "enriched.json").exists()


def test_findings_do_not_stop_the_run(folder):
    folder.write(
        [
            {"space": "Scrum", "database": "Task", "public_id": "999999"},
            {"space": None, "database": None, "public_id": "1"},
        ]
    )
    folder.run()
    assert [row["status"] for row in folder.rows()] == ["not_found", "unresolved"]


@pytest.fixture
def live():
    with Sandbox(AS_OF) as sandbox:
        yield sandbox


def params(sandbox, **more):
    fibery = {"url": sandbox.url, "account": "acme", "requests_per_second": 1000}
    return {"source": "live", "fibery": fibery, **more}


def test_a_failure_stops_the_run_or_is_shown(folder, live):
    live.behaviour.update({"vanished": ["Scrum/Bug"]})
    references = last("Scrum/Bug", 30) + last("Scrum/Task", 2)
    folder.write(references, **params(live))
    said = folder.run(5, FIBERY_API_TOKEN=FIBERY_TOKEN)
    assert "30 of 32 references could not be read: Scrum/Bug #" in said
    assert "and 10 more; run again, or set enrichment.on_error to skip" in said
    assert not (folder.path / "enriched.json").exists()
    folder.write(references, **params(live, enrichment={"on_error": "skip"}))
    folder.run(FIBERY_API_TOKEN=FIBERY_TOKEN)
    assert [row["status"] for row in folder.rows()] == ["failed"] * 30 + ["found"] * 2


def test_links_lead_to_the_account_and_the_token_stays_inside(folder, live):
    folder.write(last("Scrum/Task"), **params(live))
    folder.run(FIBERY_API_TOKEN=FIBERY_TOKEN)
    assert all(row["url"].startswith("https://acme.fibery.io/Scrum/Task/") for row in folder.rows())
    written = "".join(
        path.read_text() for path in folder.path.rglob("*") if path.is_file() and path.name != "params.yaml"
    )
    assert FIBERY_TOKEN not in written
    assert live.url not in written


def test_adding_an_item_costs_a_batch_and_an_unchanged_schema_an_empty_answer(folder, live):
    folder.write(last("Scrum/Task", 100), **params(live))
    folder.run(FIBERY_API_TOKEN=FIBERY_TOKEN)
    before = len(live.requests)
    folder.write(last("Scrum/Task", 101), **params(live))
    folder.run(FIBERY_API_TOKEN=FIBERY_TOKEN)
    assert len(live.requests) - before <= before
    assert live.requests[before].status == 304
    assert before <= 8


def test_the_documented_block_of_configuration_works_word_by_word(folder):
    [text] = [block for kind, block in BLOCKS if kind == "yaml" and "Planned Release Date" in block]
    folder.write(last("Scrum/Release", 30), text)
    folder.run()
    rows = folder.rows()
    assert {row["activity"] for row in rows} == {"default_enrich_entity"}
    assert all(set(row["fields"]) == {"Planned Release Date", "Highlights", "Builds"} for row in rows)
    assert any(row["fields"]["Builds"] for row in rows)


@pytest.fixture
def documented(tmp_path, monkeypatch):
    """The documented activity, in a folder that is searched like the one that the page names."""
    [code] = [block for kind, block in BLOCKS if kind == "python" and "@reads" in block]
    folder = tmp_path / "activities"
    folder.mkdir()
    (folder / "enrich_scrum_release.py").write_text(code, encoding="utf-8")
    monkeypatch.setattr(activities, "__path__", [*activities.__path__, str(folder)])
    yield folder
    sys.modules.pop(f"{activities.__name__}.enrich_scrum_release", None)


def test_the_documented_activity_passes_its_documented_test(documented):
    [test] = [block for kind, block in BLOCKS if kind == "python" and "def test_" in block]
    names = {}
    exec(compile(test, "extending.md", "exec"), names)  # noqa: S102 - our own page
    names["test_highlights_stand_in_for_a_missing_description"]()


def test_the_documented_activity_works_word_by_word(documented, folder):
    [config] = [block for kind, block in BLOCKS if kind == "yaml" and "enrich_scrum_release" in block]
    folder.write(last("Scrum/Release", 40), config)
    folder.run()
    rows = folder.rows()
    assert {row["activity"] for row in rows} == {"enrich_scrum_release"}
    assert any(row["progress"]["items"] > 0 for row in rows)
    assert sum(row["description"] is not None for row in rows) > 30
