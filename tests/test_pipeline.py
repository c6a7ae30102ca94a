"""The pipeline end to end: real DVC, real git, real HTTP against the sandbox, counted."""

import json
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import yaml

from tests.project import ROOT
from timeweave.sandbox.toggl.time_entries import TimeEntry

STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
DOCUMENTS = [
    "data/toggl/days/2025-10-07.json", "data/toggl/directory.json", "data/aggregated.json", "data/entities.json",
    "data/enriched.json", "data/summaries.json", "data/metrics.json", "data/reports/toggl_summary.md",
    "data/reports/team_summary.md", "data/site/index.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def original(live_project, inbox):
    """The project after its first run, with that as its last commit."""
    received, address = inbox
    live_project.succeed("dvc", "repro", TIMEWEAVE_NOTIFY_URLS=address)
    assert received == [], "only `timeweave run` tells people"
    live_project.succeed("git", "commit", "-qam", "Results")
    return live_project


@pytest.fixture
def first(original, tmp_path):
    """A copy of it of the test's own."""
    return original.duplicate(tmp_path / "project")


@pytest.fixture
def asked(sandbox):
    """How many requests each service served since the test began."""
    before = len(sandbox.requests)
    return lambda: Counter(request.service for request in sandbox.requests[before:])


def ran(done):
    """The stages that a `dvc repro` or `dvc exp run` really ran."""
    return [stage for stage in STAGES if f"Running stage '{stage}'" in done.stdout + done.stderr]


def test_the_first_run_writes_every_document(original):
    for name in DOCUMENTS:
        assert (original.folder / name).stat().st_size > 0, name
    aggregated = original.read("data/aggregated.json")
    assert len(list((original.folder / "data/reports/individual").glob("*.md"))) == len(aggregated["people"])
    assert list((original.folder / "data/plots").glob("*.json"))


def test_the_second_run_skips_everything_and_asks_nothing(first, asked):
    done = first.succeed("dvc", "repro")
    assert ran(done) == []
    assert asked() == {}


def test_another_enrichment_setting_asks_fibery_only(first, asked):
    config = first.folder / "config" / "enrichment_config.yaml"
    content = yaml.safe_load(config.read_text())
    content["enrichment_activities"]["default"]["max_concurrent"] += 1
    config.write_text(yaml.safe_dump(content))
    done = first.succeed("dvc", "repro", "enrich_entities")
    assert ran(done) == ["enrich_entities"]
    assert asked()["toggl"] == 0
    assert asked()["fibery"] > 0


def test_another_template_writes_its_report_and_asks_nothing(first, asked):
    template = first.folder / "config" / "templates" / "team_summary.md.j2"
    template.write_text(template.read_text() + "\nRead on Monday.\n")
    done = first.succeed("dvc", "repro")
    assert ran(done) == ["report_team"]
    assert asked() == {}
    assert "Read on Monday." in (first.folder / "data/reports/team_summary.md").read_text()


@pytest.fixture
def log(first, sandbox):
    """Somebody logs an hour on a day that is then fetched again."""

    def log(description):
        start = datetime(2025, 10, 9, 9, tzinfo=UTC)
        entry = TimeEntry(2**41 + len(sandbox.requests), 9100001, start, 3600, description)
        sandbox.world.timesheet.by_hand.append(entry)
        [remembered] = (first.folder / ".timeweave/archive/toggl").glob("*/days/2025-10-09.json")
        remembered.unlink()
        # DVC sees no reason to run the stage: nothing that it reads has changed.
        first.succeed("dvc", "repro", "--force", "--single-item", "fetch_time")

    yield log
    sandbox.world.timesheet.by_hand.clear()


def test_more_time_on_the_same_items_asks_fibery_for_nothing(first, log, asked):
    before = first.read("data/aggregated.json")["totals"]
    known = next(e for e in first.read("data/enriched.json")["entities"] if e["status"] == "found" and e["database"])
    log(f"More #{known['public_id']} [{known['space']}] [{known['database']}]")
    done = first.succeed("dvc", "repro", "enrich_entities")
    assert first.read("data/aggregated.json")["totals"]["seconds"] == before["seconds"] + 3600
    assert "enrich_entities" not in ran(done)
    assert asked()["fibery"] == 0


def test_one_more_item_costs_a_batch(first, log, asked):
    before = len(first.read("data/enriched.json")["entities"])
    log("Something new #1 [Scrum] [Task]")
    first.succeed("dvc", "repro", "enrich_entities")
    assert len(first.read("data/enriched.json")["entities"]) == before + 1
    assert 0 < asked()["fibery"] <= 10


SEPTEMBER = ("-S", "period.start=2025-09-01", "-S", "period.end=2025-09-30")
OCTOBER = ("-S", "period.start=2025-10-07", "-S", "period.end=2025-10-13")


def test_an_experiment_with_other_dates_and_the_way_back(first, asked):
    first.succeed("dvc", "exp", "run", "-n", "september", *SEPTEMBER, "aggregate_time")
    assert first.read("data/aggregated.json")["period"]["start"] == "2025-09-01"
    assert asked()["toggl"] > 0
    before = asked()["toggl"]
    first.succeed("dvc", "exp", "run", "-n", "october", *OCTOBER, "aggregate_time")
    assert first.read("data/aggregated.json")["period"]["start"] == "2025-10-07"
    assert asked()["toggl"] == before


def test_dvc_tells_two_runs_apart(demo_project):
    compared = json.loads(demo_project.succeed("dvc", "metrics", "diff", "--json", "march", "mira").stdout)
    hours = compared["data/metrics.json"]["hours"]
    assert hours["old"] == demo_project.read("runs/march/metrics.json")["hours"]
    assert hours["new"] == demo_project.read("runs/mira/metrics.json")["hours"]
    plots = json.loads(demo_project.succeed("dvc", "plots", "diff", "--json", "march", "mira").stdout)
    assert set(plots["data"]) == {"Hours by category", "Hours by day and person", "Hours by database", "Hours by state"}
    for plot in plots["data"].values():
        assert {point["rev"] for point in plot[0]["content"]["data"]["values"]} == {"march", "mira"}


PART_OF_THE_PERIOD = ("-S", "period.start=2025-10-08", "-S", "period.end=2025-10-12")


def test_a_queued_experiment_runs_in_a_copy_and_pays_for_no_day_again(first, asked):
    first.succeed("dvc", "exp", "run", "--queue", "-n", "queued", *PART_OF_THE_PERIOD, "aggregate_time")
    first.succeed("dvc", "queue", "start")
    deadline = time.monotonic() + 120
    while not first.succeed("git", "for-each-ref", "refs/exps/**/queued").stdout:
        assert time.monotonic() < deadline, first.run("dvc", "queue", "logs", "queued").stdout
        time.sleep(0.3)
    assert asked()["toggl"] == 0


def test_no_day_is_paid_for_again_after_all_outputs_and_the_cache_are_gone(first, asked):
    first.succeed("rm", "-rf", "data", ".dvc/cache")
    done = first.succeed("dvc", "repro", "aggregate_time")
    assert ran(done) == ["fetch_time", "aggregate_time"]
    assert asked()["toggl"] == 0
