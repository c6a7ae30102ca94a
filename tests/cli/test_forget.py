"""timeweave forget: whom and what it shows, asks for and removes, and that nobody comes back."""

import json
from datetime import UTC, datetime

import pytest

from tests.conftest import MIRA
from tests.runs.empty_project import make_register
from tests.terminal import typed
from timeweave.cli.forget import forget
from timeweave.runs.workspace_lock import Lock

NAME = "Mira Castellane"
KEPT = ("config", "docs", "tests", "timeweave", "bench", ".git")
"""What the project brings along itself: the invented team is written there."""


def find_traces(project):
    """Files that name her, but for those of the project itself."""
    found = [path for path in project.folder.rglob("*") if path.is_file()]
    texts = {
        path: path.read_bytes().decode(errors="replace")
        for path in found
        if path.relative_to(project.folder).parts[0] not in KEPT
    }
    return sorted(str(path) for path, text in texts.items() if MIRA in text.casefold() or NAME in text)


def list_runs(project):
    return [run["id"] for run in json.loads(project.call("list-runs", "--json").stdout)]


def test_a_person_goes_from_archive_runs_outputs_and_cache_and_stays_away(demo_project):
    project = demo_project
    assert len(find_traces(project)) > 20
    before = project.read("data/aggregated.json")["people"]
    done = project.call("forget", MIRA.upper(), "--yes")
    assert done.returncode == 0, done.stderr
    assert "2 runs: march, mira" in done.stdout
    assert find_traces(project) == []
    assert list_runs(project) == ["workspace"]  # numbers, which name nobody
    for what in (
        "Toggl and Fibery",
        "`dvc gc --workspace --all-commits --all-experiments --cloud`",
        "git reflog",
        "git log --all -S",
        "CI ",
        "Temporal",
    ):
        assert what in done.stderr
    fetched = project.call_stage("fetch_time", "data/toggl/days", "data/toggl/directory.json")
    assert "fetching" not in fetched.stderr
    project.call_stage(
        "aggregate_time", "data/toggl/days", "data/toggl/directory.json", "data/aggregated.json", "data/history.json"
    )
    people = project.read("data/aggregated.json")["people"]
    assert len(people) == len(before) - 1
    assert find_traces(project) == []


def test_nothing_goes_before_somebody_says_yes(demo_project):
    before = find_traces(demo_project)
    done = demo_project.call("forget", MIRA)
    assert (done.returncode, "files in DVC's cache" in done.stdout) == (2, True)
    assert "without a terminal to confirm on, add --yes" in done.stderr
    done = demo_project.call("forget", MIRA, "--dry-run")
    assert (done.returncode, "files in DVC's cache" in done.stdout, done.stderr) == (0, True, "")
    code, shown = typed(demo_project, "timeweave", "forget", MIRA, answers=["n"])
    assert (code, "Remove all of this for good?" in shown) == (1, True)
    assert find_traces(demo_project) == before


def test_what_there_is_none_of_is_not_listed(tmp_path, monkeypatch, capsys):
    found = make_register(tmp_path).project
    note = found.data / "note.md"
    note.parent.mkdir()
    note.write_text("ann@x.com")
    monkeypatch.chdir(tmp_path)
    forget("ann@x.com", dry_run=True)
    assert capsys.readouterr().out == f"1 file in {found.data}; `dvc repro` makes them again\n"
    forget("", older_than=24)
    assert "nothing here is as old as that" in capsys.readouterr().err


def test_whom_nobody_knows_is_a_sentence_with_those_who_are_near(demo_project):
    # A copy of its own: where another test looks into workspaces, nothing is removed.
    done = demo_project.call("forget", "mira.castelane@heliotrope.example")
    assert done.returncode == 2
    assert f"did you mean {MIRA}" in done.stderr
    assert "a hash of mira.castelane@heliotrope.example is added there" in done.stdout
    assert "nothing was removed" in done.stderr


@pytest.mark.parametrize("words", [(), (MIRA, "--older-than", "24")])
def test_it_is_a_person_or_months(prepared_project, words):
    done = prepared_project.call("forget", *words, "--yes")
    assert (done.returncode, done.stdout) == (2, "")
    assert "Write an e-mail, or --older-than" in done.stderr


def test_a_run_at_work_is_waited_for(demo_project):
    with Lock(demo_project.folder / ".timeweave/workspaces/01/lock") as lock:
        assert lock.acquire()
        done = demo_project.call("forget", MIRA, "--yes")
    assert done.returncode == 2
    assert "a run is in progress" in done.stderr


def count(folder):
    return len([path for path in folder.rglob("*") if path.is_file()])


def test_old_months_go_with_their_runs_and_what_only_they_have(demo_project):
    """The demo's days are of 2025: the run of March is old, that of November and the project's own October are not."""
    project = demo_project
    cache, archive = project.folder / ".dvc/cache/files", project.folder / ".timeweave/archive/toggl"
    days = {path.name for path in archive.rglob("days/*.json")}
    assert {"2025-03-10.json", "2025-11-10.json"} <= days
    before = count(cache)
    now = datetime.now(UTC)
    months = (now.year - 2025) * 12 + now.month - 10
    done = project.call("forget", "--older-than", str(months), "--yes")
    assert done.returncode == 0, done.stderr
    assert "from before 2025-10-01:" in done.stderr
    assert {path.name for path in archive.rglob("days/*.json")} == {day for day in days if day >= "2025-10"}
    assert list_runs(project) == ["mira", "workspace"]
    assert 0 < count(cache) < before
    assert project.call("show-run", "mira", "--report", "team").returncode == 0
    assert project.call("summary", "workspace").returncode == 0
    assert project.call_dvc("status").stdout.strip() == "Data and pipelines are up to date."
    project.call_dvc("checkout", "--force")
