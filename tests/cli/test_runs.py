"""Runs on the demo: started, listed, shown as they were, compared, repeated from a step, forgotten."""

import hashlib
import json
import re

import pytest
import yaml

from tests.project import ROOT, Project
from tests.terminal import on_terminal, plain

STAGES = [
    "fetch_time", "aggregate_time", "extract_entities", "enrich_entities", "summarize_work", "report_time",
    "report_people", "report_team", "build_site",
]  # fmt: skip
MIRA = "mira.castellane@heliotrope.example"


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project.copy(tmp_path_factory.mktemp("runs"))


@pytest.fixture(scope="module")
def first(project):
    """A run of a week in March, then everything that it printed about itself."""
    done = project.run(
        "timeweave", "run", "--run-id", "first", "--start-date", "2025-03-10", "--end-date", "2025-03-16",
        "--as-of", "2025-03-17",
    )  # fmt: skip
    reports = {
        name: project.succeed("timeweave", "show-run", "first", "--report", name).stdout
        for name in ("team", "toggl", MIRA)
    }
    return done, reports


@pytest.fixture(scope="module")
def second(project, first):
    """A week of one person in November, on a terminal."""
    return on_terminal(project, "timeweave", "run", "--period", "2025-W46", "--as-of", "2025-11-18", "--users", MIRA)


def workspace(project):
    """Every file outside of git's and DVC's own folders, by its hash."""
    return {
        str(path.relative_to(project.folder)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in sorted(project.folder.rglob("*"))
        if path.is_file() and ".git" not in path.parts and ".dvc" not in path.parts
    }


def listed(project, *options):
    return json.loads(project.succeed("timeweave", "list-runs", "--json", *options).stdout)


def test_a_run_says_what_came_of_it_and_a_line_for_each_stage(first):
    done, _ = first
    assert done.returncode == 0, done.stderr
    assert re.match(
        r"first  completed in [\d.]+ s\n  period    2025-03-10 to 2025-03-16 \(UTC\), as of 2025-03-17\n", done.stdout
    )
    lines = done.stderr.splitlines()
    assert [line.split()[0] for line in lines] == STAGES
    assert re.search(r"done in [\d.]+ s, 7 days, \d+ requests, \d+ left of the quota$", lines[0])
    assert "\x1b" not in done.stdout + done.stderr


def test_what_was_asked_for_stands_in_params_with_its_comments(project, first):
    text = (project.folder / "params.yaml").read_text()
    assert 'start: "2025-03-10"' in text or 'start: "2025-11-10"' in text
    assert "# e-mails; empty: everyone" in text
    assert "null # null: https://{account}.fibery.io" in text


def test_a_manifest_holds_parameters_stages_and_numbers(project, first):
    run = json.loads(project.succeed("timeweave", "show-run", "first", "--json").stdout)
    assert run["status"] == "completed"
    assert run["parameters"] == {
        "source": "demo", "as_of": "2025-03-17", "start": "2025-03-10", "end": "2025-03-16", "timezone": "UTC", "users": [],
    }  # fmt: skip
    assert [stage["name"] for stage in run["stages"]] == STAGES
    assert {stage["state"] for stage in run["stages"]} == {"done"}
    fetch, enrich = run["stages"][0], run["stages"][3]
    assert (fetch["items"], fetch["unit"]) == (7, "days")
    assert fetch["requests"] > 0
    assert enrich["items"] == run["numbers"]["entities"]
    assert run["numbers"]["hours"] > 100
    assert run["error"] is None
    shown = project.succeed("dvc", "exp", "list", "--name-only").stdout
    assert "first" in shown.split()


def test_on_a_terminal_a_bar_goes_along_and_goes_away(second):
    assert second.returncode == 0, second.stderr
    assert "\x1b[" in second.stderr
    assert "\x1b[" not in second.stdout
    words = plain(second.stderr)
    assert "━" in words
    assert re.search(r"fetch_time +done in", words)
    assert "users     " + MIRA in second.stdout


def test_runs_are_listed_newest_first_and_by_status(project, second):
    done = project.succeed("timeweave", "list-runs")
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert re.match(
        r"run_\d{4}-\d\d-\d\d-\d\d-\d\d-\d\d +completed +2025-11-10 to 2025-11-16 +[\d.]+ h  1 person$", lines[0]
    )
    assert lines[-1].startswith("first ")
    assert [run["id"] for run in listed(project, "--limit", "1")] == [lines[0].split()[0]]
    nothing = project.succeed("timeweave", "list-runs", "--status", "failed")
    assert (nothing.stdout, nothing.stderr) == ("", "no run is failed\n")
    assert plain(on_terminal(project, "timeweave", "list-runs").stdout) == done.stdout


def test_a_run_of_march_shown_in_november_prints_the_same_bytes_and_leaves_the_workspace_alone(project, first, second):
    _, reports = first
    template = project.folder / "config" / "templates" / "team_summary.md.j2"
    template.write_text(template.read_text() + "\nAnother ending.\n")
    before = workspace(project)
    for name, text in reports.items():
        done = project.succeed("timeweave", "show-run", "first", "--report", name)
        assert (done.stdout, done.stderr) == (text, "")
        assert on_terminal(project, "timeweave", "show-run", "first", "--report", name).stdout == text
    assert workspace(project) == before
    assert reports["team"].startswith("# Team: 10–16 March 2025")
    assert reports[MIRA].startswith("# Mira Castellane")


def test_a_run_is_exported_whole(project, first, tmp_path):
    done = project.succeed("timeweave", "show-run", "first", "--export", str(tmp_path / "out"))
    assert done.stdout == ""
    assert (tmp_path / "out/reports/team_summary.md").read_text() == first[1]["team"]
    assert (tmp_path / "out/site/index.html").exists()
    assert (
        len(list((tmp_path / "out/reports/individual").iterdir()))
        == json.loads((tmp_path / "out/metrics.json").read_text())["people"]
    )


def test_two_runs_side_by_side(project, first, second):
    newest = listed(project, "--limit", "1")[0]["id"]
    done = project.succeed("timeweave", "diff-runs", "first", newest)
    rows = {line[:30].strip(): line.split() for line in done.stdout.splitlines()}
    told = {
        row["name"]: row
        for row in json.loads(project.succeed("timeweave", "diff-runs", "--json", "first", newest).stdout)
    }
    assert told["people"]["second"] == 1
    assert told["hours"]["change"] == pytest.approx(told["hours"]["second"] - told["hours"]["first"], abs=0.001)
    team = project.succeed("timeweave", "show-run", "first", "--report", "team").stdout
    shown = {
        f"hours of {name}": float(hours)
        for name, hours in re.findall(r"^\| \[(.+?)\]\(ind.+?\) \| ([\d.]+)", team, re.M)
    }
    assert len(shown) == told["people"]["first"]
    assert {name: told[name]["first"] for name in shown} == shown
    assert rows["people"][1:3] == [str(told["people"]["first"]), "1"]
    assert done.stderr == ""
    assert "hours of Mira Castellane" in on_terminal(project, "timeweave", "diff-runs", "first", newest).stdout


def test_from_another_run_s_time_fibery_is_asked_anew_and_toggl_is_not(project, first, second):
    before = workspace(project)
    done = project.run(
        "timeweave", "run", "--start-from", "fibery", "--run-id", "first", "--as-of", "2025-11-14", "--json"
    )
    assert done.returncode == 0, done.stdout
    assert done.stderr == ""
    run = json.loads(done.stdout)
    stages = {stage["name"]: stage for stage in run["stages"]}
    assert run["toggl_data_of"] == "first"
    assert stages["fetch_time"]["state"] == "taken"
    assert stages["enrich_entities"]["requests"] > 0
    old = json.loads(project.succeed("timeweave", "show-run", "first", "--json").stdout)
    assert run["numbers"]["hours"] == old["numbers"]["hours"]
    assert run["numbers"]["done"] > old["numbers"]["done"]
    assert workspace(project) == before
    assert not list((project.folder / ".dvc/timeweave/copies").iterdir())


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start-date", "2025-9-8", "--end-date", "2025-09-14"], "--start-date '2025-9-8' is no day"),
        (["--start-date", "2025-02-30", "--end-date", "2025-09-14"], "no day of the calendar"),
        (["--start-date", "2025-09-14", "--end-date", "2025-09-08"], "before the start"),
        (["--start-date", "2025-09-14"], "write both"),
        (["--period", "last-week", "--end-date", "2025-09-08"], "write one of them"),
        (["--period", "2025-W60"], "there is none such"),
        (["--period", "lately"], "is not known; write today"),
        (["--period", "2027-01"], "after the day it is looked at"),
        (["--users", " , "], "--users names nobody"),
        (["--users", "mira.castelane@heliotrope.example"], f"did you mean {MIRA}?"),
        (["--start-from", "fibery"], "name it with --run-id"),
        (["--start-from", "fibery", "--run-id", "frist"], "there is no run 'frist'; known are first"),
        (["--start-from", "fibery", "--run-id", "first", "--period", "2025-W30"], "the period is that of first"),
        (["--start-from", "fibery", "--run-id", "first", "--refresh", "toggl"], "contradicts"),
        (["--run-id", "first"], "there is a run first already"),
        (["--run-id", "../first"], "letters, digits"),
    ],
)
def test_a_wrong_wish_is_refused_before_anything_starts(project, first, second, options, said):
    before, runs = workspace(project), len(listed(project))
    done = project.run("timeweave", "run", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert (workspace(project), len(listed(project))) == (before, runs)


def test_an_unknown_run_and_an_unknown_person_are_named(project, first):
    for command in (["show-run", "frist"], ["cancel-run", "frist"], ["diff-runs", "first", "frist"]):
        done = project.run("timeweave", *command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "there is no run 'frist'; known are first" in done.stderr
    done = project.run("timeweave", "show-run", "first", "--report", "mira.castelane@heliotrope.example")
    assert done.returncode == 2
    assert f"did you mean {MIRA}?" in done.stderr


def test_a_dry_run_says_what_would_be_asked_and_does_nothing(project, first, second):
    before, runs = workspace(project), len(listed(project))
    done = project.succeed("timeweave", "run", "--dry-run", "--period", "2025-W36", "--users", "all")
    assert "params     period.start becomes '2025-09-01'" in done.stdout
    assert "fetch      2025-09-01 to 2025-09-07 (UTC days)" in done.stdout
    assert re.search(r"requests   at least \d+, at most \d+", done.stdout)
    assert (workspace(project), len(listed(project))) == (before, runs)


def test_an_experiment_that_came_from_elsewhere_is_listed_and_shown(project, first):
    folder = project.folder / ".dvc/timeweave/runs/first"
    folder.rename(folder.with_name("aside"))
    (folder.with_name("aside") / "manifest.json").rename(project.folder / ".dvc/timeweave/kept")
    try:
        run = next(run for run in listed(project) if run["id"] == "first")
        assert (run["status"], run["where"], run["parameters"]["start"]) == ("completed", "elsewhere", "2025-03-10")
        assert run["numbers"]["hours"] > 100
        assert project.succeed("timeweave", "show-run", "first", "--report", "team").stdout == first[1]["team"]
    finally:
        (project.folder / ".dvc/timeweave/kept").rename(folder.with_name("aside") / "manifest.json")
        folder.with_name("aside").rename(folder)


def test_old_runs_are_forgotten_and_the_archive_stays(project, first, second):
    project.succeed("dvc", "exp", "run", "-n", "by-hand")
    days = sorted(path.name for path in (project.folder / "data/toggl/days").iterdir())
    runs = [run["id"] for run in listed(project) if run["id"] != "by-hand"]
    assert on_terminal(project, "timeweave", "clean", "--keep", "1", "--dry-run").stdout.split() == runs[1:]
    project.succeed("git", "branch", "kept", listed(project)[-1]["experiment"])
    done = project.succeed("timeweave", "clean", "--keep", "1")
    assert done.stdout.split() == runs[1:]
    assert f"{len(runs) - 1} runs forgotten" in done.stderr
    project.succeed(*done.stderr.splitlines()[-1].partition("until: ")[2].split(), "--force", "--quiet")
    cache = {path.parent.name + path.name for path in (project.folder / ".dvc/cache/files/md5").glob("??/*")}
    lock = project.succeed("git", "show", "kept:dvc.lock").stdout
    named = re.findall(r"path: data/\S+\n +hash: md5\n +md5: (\S+)", lock)
    assert len(named) > 9 and set(named) <= cache
    assert {run["id"] for run in listed(project)} == {runs[0], "by-hand"}
    assert "first" not in project.succeed("dvc", "exp", "list", "--name-only", "--all").stdout.split()
    assert sorted(path.name for path in (project.folder / "data/toggl/days").iterdir()) == days


def test_params_say_what_the_last_run_was(project, second):
    held = yaml.safe_load((project.folder / "params.yaml").read_text())
    assert held["period"] == {"start": "2025-11-10", "end": "2025-11-16", "timezone": "UTC"}
    assert held["users"] == [MIRA]


def test_a_mistake_anywhere_in_the_parameters_is_found_before_anything_starts(project, first):
    path = project.folder / "params.yaml"
    before, runs = path.read_text(), len(listed(project))
    project.set_params(fibery__request_per_second=3)
    done = project.run("timeweave", "run", "--period", "last-week")
    path.write_text(before)
    assert (done.returncode, done.stdout) == (2, "")
    assert "did you mean requests_per_second?" in done.stderr
    assert len(listed(project)) == runs


def test_help_lists_each_command_with_what_it_does(project):
    shown = project.succeed("timeweave", "--help").stdout
    modules = {path.stem.replace("_", "-") for path in (ROOT / "timeweave/cli").glob("[a-z]*.py")}
    for command in modules - {"given", "project", "shown"}:
        assert re.search(rf"^\W*{command} +[A-Z]", shown, re.MULTILINE), command
