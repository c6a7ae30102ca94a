"""timeweave summary shows the headline of a run."""

import json
from datetime import date

import msgspec

from tests.project import ROOT, Project
from tests.runs.empty_project import keep_run, make_register
from timeweave.cli.summary import _format_headline, collect_headline, describe_next_step, suggest_after
from timeweave.project.parameters import load_parameters
from timeweave.runs.manifest import Fault, Location, Manifest, Request, Status


def test_the_headline_is_that_of_the_last_run_or_of_the_one_that_is_named(prepared_project):
    for run, folder in (("", "runs/mira"), ("march", "runs/march"), ("workspace", "data")):
        shown = json.loads(prepared_project.call("summary", *[run] * bool(run), "--json").stdout)
        assert shown.items() >= prepared_project.read(f"{folder}/metrics.json").items()
        assert shown["start"] == prepared_project.read(f"{folder}/analysis.json")["period"]["start"]
        assert shown["site"] == f"{folder}/site/index.html"
        assert (prepared_project.folder / shown["site"]).exists()


def test_it_is_shown_in_words(prepared_project):
    text = prepared_project.call("summary", "workspace").stdout
    numbers = prepared_project.read("data/metrics.json")
    assert f"people    {numbers['people']} logged time\n" in text
    assert f"hours     {numbers['hours']:.2f} in {numbers['entries']} entries, 1 timer still running\n" in text
    assert f"{100 * numbers['coverage']:.0f} % of {numbers['expected_hours']:.2f} expected hours" in text
    assert f"{100 * numbers['matched_share']:.0f} % of the hours are on work items" in text
    assert f"to check  {numbers['problems']} problems, {numbers['corrections']} corrections" in text
    assert "data/site/index.html" in text


def test_a_run_of_an_earlier_version_shows_what_it_has_and_that_its_period_was_in_progress():
    asked = Request(source="demo", as_of="2025-10-12", start="2025-10-07", end="2025-10-13")
    run = Manifest(id="old", status=Status.completed, where=Location.here, started_at="", parameters=asked)
    numbers = collect_headline(run, {"hours": 12.5, "people": 3, "entries": 1}, "runs/old")
    assert list(_format_headline(numbers)) == [
        "2025-10-07 to 2025-10-13 (UTC), as of 2025-10-12",
        "  in progress: 5 of 7 days are over; not compared with earlier periods until all are",
        "  people    3 logged time",
        "  hours     12.50 in 1 entry",
        "  matched   0 % of the hours are on work items",
        "  items     0 work items, 0 late",
    ]


def test_before_the_first_run_it_says_what_to_run(tmp_path):
    done = Project.copy(tmp_path).call("summary")
    assert done.returncode == 2
    assert done.stderr == "timeweave: there is no completed run yet: start one with timeweave run\n"


def test_the_command_alone_says_when_the_last_run_is_of_the_demo(prepared_project):
    said = prepared_project.call().stdout
    assert said.splitlines()[0] == "Last run: mira, 2025-11-10 to 2025-11-16 (demo)"


def test_the_command_alone_says_first_that_the_newest_run_failed(tmp_path, monkeypatch):
    register = make_register(tmp_path)
    monkeypatch.chdir(tmp_path)
    fault = Fault(stage="fetch_time", exit_code=4, sentence="Toggl does not\x1b[2J\nanswer")
    for name, at in (("bad", "2"), ("worse", "3")):
        folder = keep_run(register, name, at)
        run = msgspec.structs.replace(folder.read_manifest(), status=Status.failed, error=fault, numbers={})
        folder.write_manifest(run)
    failed = [
        "The newest run failed: worse: Toggl does not [2J answer",
        "  timeweave show-run worse                   see at which stage",
    ]
    assert describe_next_step().splitlines()[:3] == [*failed, "No completed run yet."]
    keep_run(register, "good", "1")
    assert describe_next_step().splitlines()[:3] == [
        *failed, "Last completed run: good, 2025-10-06 to 2025-10-12 (demo)",
    ]  # fmt: skip
    keep_run(register, "better", "4")
    assert describe_next_step().splitlines()[0].startswith("Last run: ")


def live_run(start, end, account="7", users=(), **numbers):
    asked = Request(source="live", account=account, as_of="2025-10-14", start=start, end=end, users=list(users))
    return Manifest(
        id=start, status=Status.completed, where=Location.here, started_at="", parameters=asked, numbers=numbers
    )


def test_after_last_week_s_report_the_command_alone_says_to_set_hours_and_fill_in_last_month():
    before = live_run("2025-09-29", "2025-10-05")
    bare, whole = (live_run("2025-10-06", "2025-10-12", coverage=share) for share in (None, 0.9))

    demo = load_parameters(ROOT / "params.yaml")
    toggl = demo.toggl.model_copy(update={"workspace_id": 7})
    given = demo.model_copy(update={"source": "live", "toggl": toggl})

    def suggest(*runs, day=14):
        return " ".join(suggest_after(list(runs), given, date(2025, 10, day)))

    assert f"set hours in {given.analysis.team}" in suggest(bare)
    assert "timeweave backfill --period last-month" in suggest(bare)
    assert "set hours" not in suggest(whole)
    assert suggest(before, whole).split()[:2] == ["timeweave", "trend"]
    assert "timeweave run --period last-week" in suggest(before)
    assert "timeweave run --period last-week" in suggest(before, whole, day=20)
    for others in ({"account": "8"}, {"users": ["mira@team.example"]}):
        assert "timeweave run --period last-week" in suggest(live_run("2025-10-06", "2025-10-12", **others))
