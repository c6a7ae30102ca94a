"""The stage as a script: it reads documents and two files of people's own, and asks nobody."""

import json

import pytest

from tests.analysis.documents import HOUR, TASK, Scene, item, work
from tests.project import ROOT, call_script
from timeweave.models.analysis import Analysis
from timeweave.runtime import document

INPUTS = ("aggregated.json", "history.json", "enriched.json", "directory.json", "team.yaml", "categories.yaml")
OUTPUTS = ("analysis.json", "metrics.json", "plots")
TEAM = "{defaults: {hours: {weekly: 40}}, people: [{email: p1@b.example}]}"
PARAMS = """as_of: "2025-10-14"
period: {{start: "2025-10-06", end: "2025-10-10", timezone: UTC}}
toggl: {{verify_totals: {verified}, page_size: 50}}
analysis: {{thresholds: {{short_day: {short_day}}}}}
"""


@pytest.fixture
def folder(tmp_path):
    given = Scene(logs=work("06 07 08 09", 7, item=TASK), entities=[item()]).build_sources()
    for name in ("aggregated", "history", "enriched", "directory"):
        document.write(tmp_path / f"{name}.json", getattr(given, name))
    (tmp_path / "team.yaml").write_text(TEAM)
    (tmp_path / "categories.yaml").touch()
    (tmp_path / "params.yaml").write_text(PARAMS.format(verified="true", short_day=0.9))
    return tmp_path


def run(folder):
    return call_script(ROOT / "stages/analyze_work.py", [*INPUTS, *OUTPUTS], folder, {})


def read(folder):
    done = run(folder)
    assert (done.returncode, done.stdout) == (0, ""), done.stderr
    return document.read(folder / "analysis.json", Analysis)


def test_it_writes_the_document_the_numbers_and_the_series(folder):
    found = read(folder)
    assert (found.proof.toggl_seconds, found.totals.coverage) == (28 * HOUR, 0.7)
    assert json.loads((folder / "metrics.json").read_text())["hours"] == 28.0
    assert sorted(path.name for path in (folder / "plots").iterdir()) == [
        "by_category.json", "by_database.json", "by_day_person.json", "by_state.json",
    ]  # fmt: skip


def test_the_same_inputs_give_the_same_bytes(folder):
    once = [read(folder) and (folder / name).read_bytes() for name in OUTPUTS[:2]]
    assert [read(folder) and (folder / name).read_bytes() for name in OUTPUTS[:2]] == once


def test_thresholds_team_and_categories_change_what_is_found_and_no_sum(folder):
    before = read(folder)
    (folder / "params.yaml").write_text(PARAMS.format(verified="false", short_day=0.8))
    (folder / "categories.yaml").write_text("categories: [{key: tasks, database: Task}]")
    after = read(folder)
    assert [one.kind for one in before.findings] == ["short_day", "missing_day"][::-1]
    assert [one.kind for one in after.findings] == ["missing_day"]
    assert (after.totals, after.proof.toggl_seconds) == (before.totals, None)


def test_a_mistake_in_the_team_names_its_line(folder):
    (folder / "team.yaml").write_text("people:\n  - {email: ada}\n")
    done = run(folder)
    assert done.returncode == 2
    assert done.stderr.startswith("analyze_work: team.yaml, line 2")
