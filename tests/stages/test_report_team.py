import json

from tests.reports.samples import TEMPLATES
from tests.stages.reported import documents, files, run


def report(folder, out):
    result = run(
        "report_team", *documents(folder), TEMPLATES, out / "team_summary.md", out / "metrics.json", out / "plots"
    )
    assert (result.returncode, result.stderr) == (0, "")
    return files(out)


def test_the_team_has_a_report_numbers_and_series(tmp_path):
    found = report(tmp_path, tmp_path / "out")
    assert sorted(found) == [
        "metrics.json",
        "plots/by_database.json",
        "plots/by_day_person.json",
        "plots/by_state.json",
        "team_summary.md",
    ]
    assert "> A calm week." in found["team_summary.md"].decode()
    assert json.loads(found["metrics.json"])["hours"] == 20.0
    assert json.loads(found["plots/by_day_person.json"])[0] == {
        "date": "2025-10-07",
        "person": "Jonas Ferrowell",
        "hours": 4.0,
    }


def test_the_same_documents_give_the_same_bytes(tmp_path):
    assert report(tmp_path, tmp_path / "a") == report(tmp_path, tmp_path / "b")
