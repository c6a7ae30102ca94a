"""Runs on the demo: started, listed, shown as they were, compared, repeated from a step, removed."""

import json
import re
import shutil

import msgspec
import pytest

from tests.conftest import MIRA
from tests.project import ROOT
from tests.runs.empty_project import make_register
from tests.short_pipeline import SHORT_STAGES, copy_short
from tests.terminal import on_terminal, plain
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runtime.errors import ConfigurationError

STAGES = [
    "fetch_time", "aggregate_time", "extract_entities", "enrich_entities", "analyze_work", "summarize_work",
    "report_time", "report_people", "report_team", "build_site",
]  # fmt: skip


def list_runs(project, *options):
    return json.loads(project.call("list-runs", "--json", *options).stdout)


def show(project, run):
    return json.loads(project.call("show-run", run, "--json").stdout)


@pytest.fixture(scope="module")
def april(tmp_path_factory):
    """A project with an edit, the short pipeline and a run on a terminal, what it was before, and what the run said."""
    project = copy_short(tmp_path_factory.mktemp("april"))
    path = project.folder / "stand-in"
    path.write_text(path.read_text().replace("# The report", "# The report for Monday"))
    before = project.snapshot()
    options = ("--run-id", "april", "--period", "2025-W15", "--as-of", "2025-04-14", "--users", MIRA)
    done = on_terminal(project, "timeweave", "run", *options)
    assert done.returncode == 0, done.stderr
    return project, before, done


def test_a_run_says_what_came_of_it_shows_a_bar_that_goes_away_and_leaves_the_project_alone(april):
    project, before, done = april
    assert re.match(
        r"april  completed in [\d.]+ s\n  period    2025-04-07 to 2025-04-13 \(UTC\), as of 2025-04-14\n", done.stdout
    )
    assert "users     " + MIRA in done.stdout
    assert "\x1b[" in done.stderr
    assert "\x1b[" not in done.stdout
    words = plain(done.stderr)
    assert "━" in words
    assert re.search(r"fetch_time +done in [\d.]+ s, 7 days, \d+ requests, \d+ left of the quota", words)
    assert project.snapshot() == before
    assert (project.folder / "runs" / "latest").resolve().name == "april"
    assert (project.folder / "runs/latest/site/index.html").exists()


def test_a_run_says_where_all_of_its_time_went(april):
    project, *_ = april
    run = show(project, "april")
    assert run["around"].keys() == {"prepare_workspace", "run_dvc", "save_result"}
    parts = [*run["around"].values(), *(stage["seconds"] for stage in run["stages"])]
    # Each is rounded to a tenth; what is left is the manifest itself.
    assert sum(parts) <= run["seconds"] + 0.1 * len(parts)
    shown = [line.split() for line in project.call("show-run", "april").stdout.splitlines() if " stage " in line]
    assert [line[1] for line in shown] == ["prepare_workspace", *SHORT_STAGES, "run_dvc", "save_result"]
    assert shown[-1][2:] == ["done", "in", str(run["around"]["save_result"]), "s"]


def test_a_run_uses_uncommitted_edits(april):
    project, *_ = april
    report = project.folder / "runs" / "april" / "reports/team_summary.md"
    assert report.read_text() == "# The report for Monday\n"
    saved = f"{show(project, 'april')['experiment']}:stand-in"
    assert project.succeed("git", "show", saved).stdout == (project.folder / "stand-in").read_text()


def test_a_manifest_holds_parameters_stages_and_numbers(prepared_project):
    run = show(prepared_project, "march")
    assert (run["status"], run["where"], run["error"]) == ("completed", "here", None)
    assert run["parameters"] == {
        "source": "demo", "account": "", "as_of": "2025-03-17", "start": "2025-03-10", "end": "2025-03-16", "timezone": "UTC", "users": [],
    }  # fmt: skip
    assert [stage["name"] for stage in run["stages"]] == STAGES
    fetch, enrich = run["stages"][0], run["stages"][3]
    # Those of the week, and of the one before, which it is compared with.
    assert (fetch["state"], fetch["items"], fetch["unit"]) == ("done", 14, "days")
    assert fetch["requests"] > 0
    assert enrich["items"] == len(prepared_project.read("runs/march/entities.json")["entities"])
    assert enrich["items"] > run["numbers"]["entities"]
    assert run["numbers"]["hours"] > 100


def test_runs_are_listed_newest_first_and_by_status_with_what_dvc_left_in_the_project(prepared_project):
    done = prepared_project.call("list-runs")
    lines = done.stdout.splitlines()
    assert done.stderr == ""
    assert [line.split()[0] for line in lines] == ["mira", "march", "workspace"]
    assert re.match(r"mira +completed +2025-11-10 to 2025-11-16 +[\d.]+ h  1 person$", lines[0])
    hours = prepared_project.read("data/metrics.json")["hours"]
    assert re.match(rf"workspace +completed +2025-10-07 to 2025-10-13 +{hours:.2f} h$", lines[2])
    assert [run["id"] for run in list_runs(prepared_project, "--limit", "1")] == ["mira"]
    nothing = prepared_project.call("list-runs", "--status", "failed")
    assert (nothing.stdout, nothing.stderr) == ("", "no failed runs\n")
    assert plain(on_terminal(prepared_project, "timeweave", "list-runs").stdout) == done.stdout


def test_what_dvc_left_in_the_project_is_shown_and_compared_like_a_run(prepared_project):
    shown = prepared_project.call("show-run", "workspace")
    assert "workspace  completed" in shown.stdout
    # DVC does not say when it began, nor which stages had anything to do.
    assert "started" not in shown.stdout and re.search(r"^  written   20\S+Z$", shown.stdout, re.MULTILINE)
    report = prepared_project.call("show-run", "workspace", "--report", "team").stdout
    assert report == (prepared_project.folder / "data/reports/team_summary.md").read_text()
    rows = json.loads(prepared_project.call("diff-runs", "--json", "march", "workspace").stdout)
    assert (
        next(row for row in rows if row["name"] == "hours")["second"]
        == prepared_project.read("data/metrics.json")["hours"]
    )


def test_a_past_run_prints_the_same_bytes_whatever_became_of_the_project(prepared_project, demo_project):
    asked = ("team", "toggl", MIRA)
    reports = {name: prepared_project.call("show-run", "march", "--report", name).stdout for name in asked}
    shutil.rmtree(demo_project.folder / "data")
    shutil.rmtree(demo_project.folder / ".dvc" / "cache")
    template = demo_project.folder / "config" / "templates" / "team_summary.md.j2"
    template.write_text(template.read_text() + "\nAnother ending.\n")
    for name, text in reports.items():
        done = demo_project.call("show-run", "march", "--report", name)
        assert (done.stdout, done.stderr) == (text, "")
    assert reports["team"].startswith("# Heliotrope: 10–16 March 2025")
    assert reports[MIRA].startswith("# Mira Castellane")


def test_nothing_that_is_done_to_a_run_s_files_reaches_the_cache(demo_project):
    cache = demo_project.folder / ".dvc" / "cache"
    before = {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()}
    for path in (demo_project.folder / "runs" / "march").rglob("*"):
        if path.is_file():
            assert path.stat().st_nlink == 1 and not path.is_symlink()
            path.write_bytes(b"")
    assert {path: path.read_bytes() for path in cache.rglob("*") if path.is_file()} == before


def test_a_run_is_exported_whole(prepared_project, tmp_path):
    done = prepared_project.call("show-run", "march", "--export", str(tmp_path / "out"))
    assert (done.returncode, done.stdout) == (0, "")
    exported = {
        path.relative_to(tmp_path / "out").as_posix() for path in (tmp_path / "out").rglob("*") if path.is_file()
    }
    assert {"reports/team_summary.md", "site/index.html", "metrics.json", "plots/by_state.json"} <= exported
    assert not [name for name in exported if name.startswith(("log/", "toggl/")) or name == "manifest.json"]
    people = json.loads((tmp_path / "out/analysis.json").read_text())["people"]
    assert len([name for name in exported if name.startswith("reports/individual/")]) == len(people)


def test_two_runs_side_by_side_the_earlier_period_first(prepared_project):
    done = prepared_project.call("diff-runs", "mira", "march")
    assert done.stdout == prepared_project.call("diff-runs", "march", "mira").stdout
    assert done.stdout.split()[:3] == ["march", "mira", "Change"]
    assert re.search(r"^Share on work items +[\d.]+ % +[\d.]+ %( +[+-][\d.]+ points)?$", done.stdout, re.M)
    by_period = prepared_project.call("diff-runs", "2025-W46", "2025-W11").stdout
    assert by_period.split()[:3] == ["2025-W11", "2025-W46", "Change"]
    found = json.loads(prepared_project.call("diff-runs", "--json", "march", "mira").stdout)
    by_name = {row["name"]: row for row in found}
    assert (by_name["people"]["label"], by_name["people"]["second"]) == ("People with time", 1)
    change = by_name["hours"]["second"] - by_name["hours"]["first"]
    assert by_name["hours"]["change"] == pytest.approx(change, abs=0.001)
    analysis = prepared_project.read("runs/march/analysis.json")
    for person in analysis["people"]:
        if person["seconds"]:
            assert by_name[f"hours of {person['name']}"]["first"] == pytest.approx(person["seconds"] / 3600, abs=0.0051)
    for category in analysis["categories"]:
        if category["seconds"]:
            shown = by_name[f"category {category['name']}"]["first"]
            assert shown == pytest.approx(category["seconds"] / 3600, abs=0.0051)


@pytest.mark.parametrize("command", ["show-run {} --json", "summary {} --json", "open {}", "diff-runs {} march --json"])
def test_a_run_is_named_by_its_period_as_well(prepared_project, command):
    first, second = (prepared_project.call(*command.format(name).split()) for name in ("mira", "2025-W46"))
    assert (second.returncode, second.stdout) == (0, first.stdout)


def test_of_the_runs_of_a_period_its_name_is_the_newest_and_an_id_comes_first(tmp_path):
    register = make_register(tmp_path)
    week = {"start": "2025-10-06", "end": "2025-10-12"}
    for name, at, status, numbers in (
        ("first", "1", Status.completed, {"hours": 1}),
        ("second", "2", Status.completed, {"hours": 2}),
        ("third", "3", Status.failed, {}),
    ):
        asked = Request(source="demo", as_of="2025-10-14", **week)
        run = Manifest(id=name, status=status, where=Location.here, parameters=asked, started_at=at, numbers=numbers)
        register.open(name).write_manifest(run)
    # Seen from the demo's own day.
    assert register.find("2025-W41").id == register.find("last-week").id == "second"
    with pytest.raises(ConfigurationError) as caught:
        register.find("2025-W42")
    assert str(caught.value) == (
        "there is no completed run of 2025-W42, 2025-10-13 to 2025-10-19; there are runs of 2025-10-06 to 2025-10-12; "
        "make one with: timeweave run --period 2025-W42"
    )
    with pytest.raises(ConfigurationError, match="; there are runs within it, of 2025-10-06 to 2025-10-12; make one"):
        register.find("2025-10")
    register.open("2025-W42").write_manifest(msgspec.structs.replace(register.find("third"), id="2025-W42"))
    assert register.find("2025-W42").status is Status.failed


def test_from_another_run_s_time_fibery_is_asked_again_and_toggl_is_not(april, tmp_path):
    project = april[0].duplicate(tmp_path / "project")
    before, old = project.snapshot(), show(project, "april")
    done = project.call_run("--start-from", "fibery", "--run-id", "april", "--as-of", "2025-11-14")
    assert done.returncode == 0, done.stderr
    # Not on a terminal: a line for each stage that ran and for what is around them, and no colours.
    lines = ["prepare_workspace", *SHORT_STAGES[1:], "run_dvc", "save_result"]
    assert [line.split()[0] for line in done.stderr.splitlines()] == lines
    assert re.search(r"^enrich_entities +done in [\d.]+ s, \d+ items, \d+ requests$", done.stderr, re.MULTILINE)
    assert "\x1b" not in done.stdout + done.stderr
    run = show(project, done.stdout.split()[0])
    stages = {stage["name"]: stage for stage in run["stages"]}
    assert run["toggl_data_of"] == "april"
    assert run["parameters"]["start"] == old["parameters"]["start"]
    assert stages["fetch_time"]["state"] == "taken"
    assert stages["enrich_entities"]["requests"] > 0
    days = [sorted((project.folder / "runs" / one["id"] / "toggl/days").iterdir()) for one in (run, old)]
    assert [path.read_bytes() for path in days[0]] == [path.read_bytes() for path in days[1]]
    assert project.snapshot() == before


@pytest.mark.parametrize(
    ("options", "said"),
    [
        (["--start-date", "2025-9-8", "--end-date", "2025-09-14"], "--from '2025-9-8' is not a day"),
        (["--start-date", "2025-02-30", "--end-date", "2025-09-14"], "not a day of the calendar"),
        (["--start-date", "2025-09-14", "--end-date", "2025-09-08"], "is before --from"),
        (["--start-date", "2025-09-14"], "write both"),
        (["--period", "last-week", "--end-date", "2025-09-08"], "write one of them"),
        (["--period", "2025-W60"], "the calendar has no such period"),
        (["--period", "lately"], "is not known; write today"),
        (["--period", "2027-01"], "after the day it is looked at"),
        (["--users", " , "], "--users names nobody"),
        (["--users", "mira.castelane@heliotrope.example"], f"did you mean {MIRA}?"),
        (["--start-from", "fibery"], "name it with --run-id"),
        (["--start-from", "fibery", "--run-id", "marhc"], "there is no run 'marhc'; choose from march"),
        (["--start-from", "fibery", "--run-id", "march", "--period", "2025-W30"], "the period is that of march"),
        (["--start-from", "fibery", "--run-id", "march", "--refresh", "toggl"], "contradicts"),
        (["--run-id", "march"], "there is a run march already"),
        (["--run-id", "../march"], "letters, digits"),
        (["--run-id", "latest"], "letters, digits"),
    ],
)
def test_a_wrong_request_is_refused_before_anything_starts(prepared_project, options, said):
    done = prepared_project.call("run", *options)
    assert (done.returncode, done.stdout) == (2, "")
    assert said in done.stderr
    assert done.stderr.count("\n") == 1
    assert [run["id"] for run in list_runs(prepared_project)] == ["mira", "march", "workspace"]


def test_an_unknown_run_and_an_unknown_person_are_named(prepared_project):
    for command in (["show-run", "marhc"], ["cancel-run", "marhc"], ["diff-runs", "march", "marhc"]):
        done = prepared_project.call(*command)
        assert (done.returncode, done.stdout) == (2, "")
        assert "there is no run 'marhc'; choose from march" in done.stderr
    done = prepared_project.call("show-run", "march", "--report", "mira.castelane@heliotrope.example")
    assert done.returncode == 2
    assert f"did you mean {MIRA}?" in done.stderr


def test_a_dry_run_says_what_would_be_asked_and_does_nothing(prepared_project):
    done = prepared_project.call("run", "--dry-run", "--period", "2025-W36", "--users", "all")
    assert done.returncode == 0, done.stderr
    assert "params     period.start becomes '2025-09-01'" in done.stdout
    assert "fetch      2025-08-25 to 2025-09-07 (UTC days)" in done.stdout
    assert re.search(r"^comparison 7 of the days, about \d+ of the requests$", done.stdout, re.MULTILINE)
    assert re.search(r"requests   at least \d+, at most \d+", done.stdout)
    assert [run["id"] for run in list_runs(prepared_project)] == ["mira", "march", "workspace"]


def test_a_run_whose_folder_is_elsewhere_is_listed_and_shown_from_its_experiment(demo_project, tmp_path):
    report = demo_project.call("show-run", "march", "--report", "team").stdout
    shutil.move(demo_project.folder / "runs", tmp_path / "moved")
    run = next(run for run in list_runs(demo_project) if run["id"] == "march")
    assert (run["status"], run["where"], run["parameters"]["start"]) == ("completed", "elsewhere", "2025-03-10")
    assert run["numbers"]["hours"] > 100
    assert demo_project.call("show-run", "march", "--report", "team").stdout == report
    assert (tmp_path / "moved" / "march" / "reports" / "team_summary.md").read_text() == report


def save_by_hand(project):
    """What `dvc exp save -n by-hand` leaves in git, in a tenth of its time."""

    def git(*command):
        return project.succeed("git", *command).stdout.strip()

    head, now = git("rev-parse", "HEAD"), git("stash", "create")
    commit = git("commit-tree", f"{now}^{{tree}}", "-p", head, "-m", "by hand")
    git("update-ref", f"refs/exps/{head[:2]}/{head[2:]}/by-hand", commit)


def test_old_runs_are_removed_and_the_archive_stays(demo_project):
    save_by_hand(demo_project)
    archive = sorted(path.name for path in (demo_project.folder / ".timeweave/archive").rglob("days/*.json"))
    assert demo_project.call("clean", "--keep", "1", "--dry-run").stdout.split() == ["march"]
    demo_project.succeed("git", "branch", "kept", show(demo_project, "march")["experiment"])
    done = demo_project.call("clean", "--keep", "1")
    assert (done.returncode, done.stdout.split()) == (0, ["march"])
    assert "1 run removed" in done.stderr
    assert not (demo_project.folder / "runs" / "march").exists()
    dvc, *command = done.stderr.splitlines()[-1].partition("until: ")[2].split()
    assert dvc == "dvc"
    demo_project.call_dvc(*command, "--force", "--quiet")
    cache = {path.parent.name + path.name for path in (demo_project.folder / ".dvc/cache/files/md5").glob("??/*")}
    lock = demo_project.succeed("git", "show", "kept:dvc.lock").stdout
    named = re.findall(r"path: data/\S+\n +hash: md5\n +md5: (\S+)", lock)
    assert len(named) > 9 and set(named) <= cache
    assert {run["id"] for run in list_runs(demo_project)} == {"mira", "by-hand", "workspace"}
    assert sorted(path.name for path in (demo_project.folder / ".timeweave/archive").rglob("days/*.json")) == archive


def test_help_lists_each_command_with_what_it_does(prepared_project):
    shown = prepared_project.call("--help").stdout
    modules = {path.stem.replace("_", "-") for path in (ROOT / "timeweave/cli").glob("[a-z]*.py")}
    for command in modules - {"account-questions", "shared-options", "progress-view", "run-text"}:
        assert re.search(rf"^\W*{command} +[A-Z]", shown, re.MULTILINE), command


def test_a_report_of_one_person_says_in_its_title_whose_it_is(prepared_project):
    folder = prepared_project.folder / "runs" / "mira"
    assert (folder / "reports/team_summary.md").read_text().startswith("# Mira Castellane: 10–16 November 2025\n")
    assert "# Logged time of Mira Castellane: 10" in (folder / "reports/toggl_summary.md").read_text()
    page = (folder / "site/index.html").read_text()
    assert "<title>Time of Mira Castellane, 10–16 November 2025</title>" in page
    assert "<h1>Time of Mira Castellane <" in page


def test_numbers_of_an_older_period_do_not_pass_for_those_of_the_workspace(demo_project):
    # As after `dvc repro aggregate_time` for another period: what was aggregated is not what the report was made of.
    lock = demo_project.folder / "dvc.lock"
    digest = demo_project.hashes()["data/aggregated.json"]
    head, stage, rest = lock.read_text().partition("\n  aggregate_time:")
    lock.write_text(head + stage + rest.replace(digest, "f" * 32, 1))
    assert demo_project.hashes()["data/aggregated.json"] == "f" * 32
    assert [run["id"] for run in list_runs(demo_project)] == ["mira", "march"]


def test_a_manifest_that_cannot_be_used_hides_no_other_run(demo_project):
    (demo_project.folder / "runs" / "march" / "manifest.json").write_text('{"id": "march", "novelty": 1}')
    runs = {run["id"]: run for run in list_runs(demo_project)}
    assert set(runs) == {"march", "mira", "workspace"}
    assert runs["march"]["status"] == "failed"
    assert "its manifest cannot be used" in runs["march"]["error"]["sentence"]
    assert demo_project.call("summary").returncode == 0
