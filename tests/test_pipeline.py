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
def first(live_project):
    """The project after its first run."""
    live_project.succeed("dvc", "repro")
    return live_project


@pytest.fixture
def asked(sandbox):
    """How many requests each service served since the test began."""
    before = len(sandbox.requests)
    return lambda: Counter(request.service for request in sandbox.requests[before:])


def ran(done):
    """The stages that a `dvc repro` or `dvc exp run` really ran."""
    return [stage for stage in STAGES if f"Running stage '{stage}'" in done.stdout + done.stderr]


def test_the_first_run_writes_every_document(first):
    for name in DOCUMENTS:
        assert (first.folder / name).stat().st_size > 0, name
    aggregated = first.read("data/aggregated.json")
    assert len(list((first.folder / "data/reports/individual").glob("*.md"))) == len(aggregated["people"])
    assert list((first.folder / "data/plots").glob("*.json"))


def test_the_second_run_skips_everything_and_asks_nothing(first, asked):
    done = first.succeed("dvc", "repro")
    assert ran(done) == []
    assert asked() == {}


def test_another_enrichment_setting_asks_fibery_only(first, asked):
    config = first.folder / "config" / "enrichment_config.yaml"
    content = yaml.safe_load(config.read_text())
    content["enrichment_activities"]["default"]["max_concurrent"] += 1
    config.write_text(yaml.safe_dump(content))
    done = first.succeed("dvc", "repro")
    assert ran(done)[0] == "enrich_entities"
    assert asked()["toggl"] == 0
    assert asked()["fibery"] > 0


def test_another_template_writes_its_report_and_asks_nothing(first, asked):
    template = first.folder / "config" / "templates" / "team_summary.md.j2"
    template.write_text(template.read_text() + "\nRead on Monday.\n")
    done = first.succeed("dvc", "repro")
    assert ran(done) == ["report_team"]
    assert asked() == {}
    assert "Read on Monday." in (first.folder / "data/reports/team_summary.md").read_text()


def log(sandbox, project, description):
    """Somebody logs an hour on a day that is then fetched again."""
    start = datetime(2025, 10, 9, 9, tzinfo=UTC)
    entry = TimeEntry(2**41 + len(sandbox.requests), 9100001, start, 3600, description)
    sandbox.world.timesheet.by_hand.append(entry)
    [remembered] = (project.folder / ".timeweave/archive/toggl").glob("*/days/2025-10-09.json")
    remembered.unlink()
    # DVC sees no reason to run the stage: nothing that it reads has changed.
    project.succeed("dvc", "repro", "--force", "--single-item", "fetch_time")


def test_more_time_on_the_same_items_asks_fibery_for_nothing(first, sandbox, asked):
    before = first.read("data/aggregated.json")["totals"]
    known = next(e for e in first.read("data/enriched.json")["entities"] if e["status"] == "found" and e["database"])
    log(sandbox, first, f"More #{known['public_id']} [{known['space']}] [{known['database']}]")
    done = first.succeed("dvc", "repro")
    assert first.read("data/aggregated.json")["totals"]["seconds"] == before["seconds"] + 3600
    assert "enrich_entities" not in ran(done)
    assert asked()["fibery"] == 0


def test_one_more_item_costs_a_batch(first, sandbox, asked):
    before = len(first.read("data/enriched.json")["entities"])
    log(sandbox, first, "Something new #1 [Scrum] [Task]")
    first.succeed("dvc", "repro")
    assert len(first.read("data/enriched.json")["entities"]) == before + 1
    assert 0 < asked()["fibery"] <= 10


SEPTEMBER = ("-S", "period.start=2025-09-01", "-S", "period.end=2025-09-30")
OCTOBER = ("-S", "period.start=2025-10-07", "-S", "period.end=2025-10-13")


def test_an_experiment_with_other_dates_and_the_way_back(first, asked):
    first.succeed("git", "commit", "-qam", "Settings and results")
    first.succeed("dvc", "exp", "run", "-n", "september", *SEPTEMBER)
    assert first.read("data/aggregated.json")["period"]["start"] == "2025-09-01"
    assert asked()["toggl"] > 0
    before = asked()["toggl"]
    first.succeed("dvc", "exp", "run", "-n", "october", *OCTOBER)
    assert first.read("data/aggregated.json")["period"]["start"] == "2025-10-07"
    assert asked()["toggl"] == before


def test_dvc_tells_two_periods_apart(first):
    compared = json.loads(first.succeed("dvc", "metrics", "diff", "--json", "september", "october").stdout)
    hours = compared["data/metrics.json"]["hours"]
    assert hours["new"] == first.read("data/metrics.json")["hours"]
    assert hours["old"] > 2 * hours["new"]
    plots = json.loads(first.succeed("dvc", "plots", "diff", "--json", "september", "october").stdout)
    assert set(plots["data"]) == {"Hours by day and person", "Hours by database", "Hours by state"}
    for plot in plots["data"].values():
        assert {point["rev"] for point in plot[0]["content"]["data"]["values"]} == {"september", "october"}


MIDDLE_OF_SEPTEMBER = ("-S", "period.start=2025-09-10", "-S", "period.end=2025-09-20")


def test_a_queued_experiment_runs_in_a_copy_and_pays_for_no_day_again(first, asked):
    first.succeed("git", "checkout", "-q", "--", ".")
    first.succeed("dvc", "exp", "run", "--queue", "-n", "queued", *MIDDLE_OF_SEPTEMBER)
    first.succeed("dvc", "queue", "start")
    deadline = time.monotonic() + 120
    while "Running" in (status := first.succeed("dvc", "queue", "status").stdout) or "Queued" in status:
        assert time.monotonic() < deadline, status
        time.sleep(0.5)
    assert "Success" in status, first.run("dvc", "queue", "logs", "queued").stdout
    shown = first.succeed("dvc", "exp", "show", "--csv", "--no-pager").stdout
    assert "queued" in shown
    assert asked()["toggl"] == 0


def test_no_day_is_paid_for_again_after_all_outputs_and_the_cache_are_gone(first, asked):
    first.succeed("git", "checkout", "-q", "--", ".")
    first.succeed("rm", "-rf", "data", ".dvc/cache")
    done = first.succeed("dvc", "repro")
    assert ran(done)[0] == "fetch_time"
    assert asked()["toggl"] == 0


@pytest.mark.parametrize("written", ["20250901", "'20250901'", '"2025-09-01"'])
def test_a_date_is_understood_in_each_form_that_dvc_passes_on(first, written):
    first.succeed("git", "checkout", "-q", "--", ".")
    first.succeed(
        "dvc", "exp", "run", "-f", "-S", f"period.start={written}", "-S", "period.end=2025-09-02", "aggregate_time"
    )
    assert first.read("data/aggregated.json")["period"] == {
        "start": "2025-09-01",
        "end": "2025-09-02",
        "timezone": "UTC",
    }
