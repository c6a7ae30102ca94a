"""The pipeline end to end: real DVC, real git, real HTTP against the sandbox, counted."""

import json
import time
from collections import Counter
from datetime import UTC, datetime

import pytest
import yaml

from tests.conftest import live, live_shortest
from tests.project import ROOT
from tests.reports.reading import find_dead_links
from timeweave.sandbox.toggl.invented_entries import TimeEntry

STAGES = list(yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"])
DOCUMENTS = [
    "data/toggl/days/2025-10-07.json", "data/toggl/directory.json", "data/aggregated.json", "data/entities.json",
    "data/enriched.json", "data/summaries.json", "data/metrics.json", "data/reports/toggl_summary.md",
    "data/reports/team_summary.md", "data/site/index.html",
]  # fmt: skip


@pytest.fixture(scope="module")
def original(tmp_path_factory, sandbox, inbox):
    """A project with the fewest stages after its first run, with that as its last commit."""
    received, address = inbox
    project = live_shortest(tmp_path_factory.mktemp("original"), sandbox)
    project.call_dvc("repro", TIMEWEAVE_NOTIFY_URLS=address)
    assert received == [], "only `timeweave run` tells people"
    project.succeed("git", "add", "dvc.lock")
    project.succeed("git", "commit", "-qm", "Results")
    return project


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


def test_the_first_run_writes_every_document(prepared_project):
    for name in DOCUMENTS:
        assert (prepared_project.folder / name).stat().st_size > 0, name
    analysis = prepared_project.read("data/analysis.json")
    reports = list((prepared_project.folder / "data/reports/individual").glob("*.md"))
    assert len(reports) == len(analysis["people"])
    assert list((prepared_project.folder / "data/plots").glob("*.json"))


def test_no_link_within_a_page_of_the_demo_leads_nowhere(prepared_project):
    pages = list((prepared_project.folder / "data/site").rglob("*.html"))
    assert len(pages) > 10
    for page in pages:
        assert find_dead_links(page.read_text(encoding="utf-8")) == set(), page.name


def test_the_second_run_skips_everything_and_asks_nothing(first, asked):
    done = first.call_dvc("repro")
    assert ran(done) == []
    assert asked() == {}


def test_another_enrichment_setting_asks_fibery_only(first, asked):
    config = first.folder / "config" / "enrichment_config.yaml"
    content = yaml.safe_load(config.read_text())
    content["enrichment_activities"]["default"]["max_concurrent"] += 1
    config.write_text(yaml.safe_dump(content))
    done = first.call_dvc("repro", "enrich_entities")
    assert ran(done) == ["enrich_entities"]
    assert asked()["toggl"] == 0
    assert asked()["fibery"] > 0


def test_another_template_writes_its_report_and_nothing_else(demo_project):
    template = demo_project.folder / "config" / "templates" / "team_summary.md.j2"
    template.write_text(template.read_text() + "\nRead on Monday.\n")
    assert ran(demo_project.call_dvc("repro", "--dry")) == ["report_team"]
    call_stages(demo_project, "report_team")
    assert "Read on Monday." in (demo_project.folder / "data/reports/team_summary.md").read_text()


def call_stages(project, *names):
    """Run stages as DVC would, in this process."""
    for name in names:
        done = project.call_stage(name, *project.read_arguments(name))
        assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def enriched(tmp_path_factory, sandbox):
    """A project with the whole pipeline after its stages up to Fibery's."""
    project = live(tmp_path_factory.mktemp("enriched"), sandbox)
    call_stages(project, "fetch_time", "aggregate_time", "extract_entities", "enrich_entities")
    return project


@pytest.fixture
def log(enriched, sandbox, tmp_path):
    """Somebody logs an hour on a day that is then fetched again; the project, up to its items."""
    project = enriched.duplicate(tmp_path / "project")

    def log(description):
        start = datetime(2025, 10, 9, 9, tzinfo=UTC)
        entry = TimeEntry(2**41 + len(sandbox.requests), 9100001, start, 3600, description)
        sandbox.world.timesheet.by_hand.append(entry)
        [remembered] = (project.folder / ".timeweave/archive/toggl").glob("*/days/2025-10-09.json")
        remembered.unlink()
        call_stages(project, "fetch_time", "aggregate_time", "extract_entities")
        return project

    yield log
    sandbox.world.timesheet.by_hand.clear()


def test_more_time_on_the_same_items_gives_dvc_no_reason_to_ask_fibery(enriched, log):
    before = enriched.read("data/aggregated.json")["totals"]
    known = next(e for e in enriched.read("data/enriched.json")["entities"] if e["status"] == "found" and e["database"])
    project = log(f"More #{known['public_id']} [{known['space']}] [{known['database']}]")
    assert project.read("data/aggregated.json")["totals"]["seconds"] == before["seconds"] + 3600
    items = "data/entities.json"
    assert (project.folder / items).read_bytes() == (enriched.folder / items).read_bytes()


def test_one_more_item_costs_a_batch(enriched, log, asked):
    before = len(enriched.read("data/enriched.json")["entities"])
    project = log("Something new #1 [Scrum] [Task]")
    call_stages(project, "enrich_entities")
    assert len(project.read("data/enriched.json")["entities"]) == before + 1
    assert 0 < asked()["fibery"] <= 10


SEPTEMBER = ("-S", "period.start=2025-09-01", "-S", "period.end=2025-09-02")
OCTOBER = ("-S", "period.start=2025-10-07", "-S", "period.end=2025-10-13")


def list_days(project):
    """The first and the last day that were fetched."""
    days = sorted(path.stem for path in (project.folder / "data/toggl/days").iterdir())
    return days[0], days[-1]


def test_an_experiment_with_other_dates_and_the_way_back(first, asked):
    first.call_dvc("exp", "run", "-n", "september", *SEPTEMBER, "fetch_time")
    assert list_days(first) == ("2025-09-01", "2025-09-02")
    assert asked()["toggl"] > 0
    before = asked()["toggl"]
    first.call_dvc("exp", "run", "-n", "october", *OCTOBER, "fetch_time")
    assert list_days(first) == ("2025-10-07", "2025-10-13")
    assert asked()["toggl"] == before


def test_dvc_tells_two_runs_apart(prepared_project):
    compared = json.loads(prepared_project.call_dvc("metrics", "diff", "--json", "march", "mira").stdout)
    hours = compared["data/metrics.json"]["hours"]
    assert hours["old"] == prepared_project.read("runs/march/metrics.json")["hours"]
    assert hours["new"] == prepared_project.read("runs/mira/metrics.json")["hours"]
    plots = json.loads(prepared_project.call_dvc("plots", "diff", "--json", "march", "mira").stdout)
    assert set(plots["data"]) == {"Hours by category", "Hours by day and person", "Hours by database", "Hours by state"}
    for plot in plots["data"].values():
        assert {point["rev"] for point in plot[0]["content"]["data"]["values"]} == {"march", "mira"}


PART_OF_THE_PERIOD = ("-S", "period.start=2025-10-08", "-S", "period.end=2025-10-12")


def find_experiment(project, name):
    """The commit of an experiment; nothing while there is none."""
    return project.succeed("git", "for-each-ref", "--format=%(objectname)", f"refs/exps/**/{name}").stdout.strip()


def check_part_of_the_period(project, name):
    params = project.succeed("git", "show", f"{find_experiment(project, name)}:params.yaml").stdout
    assert str(yaml.safe_load(params)["period"]["start"]) == "2025-10-08"
    assert list_days(project) == ("2025-10-07", "2025-10-13"), "it works elsewhere"


def test_an_experiment_in_a_copy_of_the_project_pays_for_no_day_again(first, asked):
    first.call_dvc("exp", "run", "--temp", "-n", "elsewhere", *PART_OF_THE_PERIOD, "fetch_time")
    check_part_of_the_period(first, "elsewhere")
    assert asked()["toggl"] == 0


@pytest.mark.exhaustive
def test_a_queued_experiment_runs_in_a_copy_and_pays_for_no_day_again(first, asked):
    """As the test before it, but begun by DVC's own worker of its queue, which takes long to come."""
    first.succeed("dvc", "exp", "run", "--queue", "-n", "queued", *PART_OF_THE_PERIOD, "fetch_time")
    first.succeed("dvc", "queue", "start")
    deadline = time.monotonic() + 120
    while not find_experiment(first, "queued"):
        assert time.monotonic() < deadline, first.run("dvc", "queue", "logs", "queued").stdout
        time.sleep(0.3)
    check_part_of_the_period(first, "queued")
    assert asked()["toggl"] == 0


def test_no_day_is_paid_for_again_after_all_outputs_and_the_cache_are_gone(first, asked):
    first.succeed("rm", "-rf", "data", ".dvc/cache")
    done = first.call_dvc("repro", "fetch_time")
    assert ran(done) == ["fetch_time"]
    assert asked()["toggl"] == 0
