"""timeweave export writes every entry of the period once, and its sums are those of the reports."""

import csv
import io
import shutil

import pytest

from tests.conftest import MIRA


@pytest.fixture(scope="module")
def project(prepared_project, tmp_path_factory):
    return prepared_project.duplicate(tmp_path_factory.mktemp("export") / "project")


def rows(project, *options):
    done = project.call("export", "workspace", "--out", "out.csv", *options)
    assert done.returncode == 0, done.stderr
    text = (project.folder / "out.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_sums_are_those_of_the_aggregation(project):
    aggregated, analysis = project.read("data/aggregated.json"), project.read("data/analysis.json")
    found = rows(project)
    running = [row for row in found if row["running"] == "True"]
    assert len(found) == aggregated["totals"]["entries"] + aggregated["totals"]["running"]
    assert len(running) == aggregated["totals"]["running"] == 1
    assert running[0]["stop"] == ""
    assert sum(int(row["seconds"]) for row in found) == aggregated["totals"]["seconds"]
    for person in aggregated["people"]:
        mine = [row for row in found if row["user_id"] == str(person["user_id"])]
        assert sum(int(row["seconds"]) for row in mine) == person["seconds"]
        for day, seconds in person["days"].items():
            assert sum(int(row["seconds"]) for row in mine if row["date"] == day) == seconds
        for project in person["projects"]:
            same = [row for row in mine if row["project"] == (project["name"] or "")]
            assert sum(int(row["seconds"]) for row in same) == project["seconds"]
    named = [row for row in found if row["public_id"] and row["running"] == "False"]
    assert sum(int(row["seconds"]) for row in named) == sum(person["item_seconds"] for person in analysis["people"])
    for category in analysis["categories"]:
        same = [row for row in found if row["category"] == category["name"]]
        assert sum(int(row["seconds"]) for row in same) == category["seconds"]


def test_items_carry_what_fibery_said(project):
    enriched = {(e["space"], e["database"], e["public_id"]): e for e in project.read("data/enriched.json")["entities"]}
    found = [row for row in rows(project) if row["public_id"]]
    for row in found:
        entity = enriched[row["space"] or None, row["database"] or None, row["public_id"]]
        assert (row["status"], row["item"]) == (entity["status"], entity["name"] or "")


def test_a_run_is_exported_with_its_own_people_and_period(project):
    done = project.call("export", "mira")
    assert done.stderr.endswith(" to 2025-11-16 in runs/mira/time_entries.csv\n")
    text = (project.folder / "runs/mira/time_entries.csv").read_text(encoding="utf-8-sig")
    found = list(csv.DictReader(io.StringIO(text, newline="")))
    totals = project.read("runs/mira/aggregated.json")["totals"]
    assert len(found) == totals["entries"] + totals["running"]
    assert {row["email"] for row in found} == {MIRA}


def test_an_unknown_format_names_the_known_ones(project):
    done = project.call("export", "--format", "doc")
    assert done.returncode == 2
    assert "csv" in done.stderr
    assert "parquet" in done.stderr


def test_a_typed_table_has_the_same_sums(project):
    # In every process that collects the tests it would take long.
    import pyarrow.parquet as parquet

    project.call("export", "workspace", "--format", "parquet", "--out", "tables/out.parquet")
    table = parquet.read_table(project.folder / "tables/out.parquet").to_pylist()
    totals = project.read("data/aggregated.json")["totals"]
    assert sum(row["seconds"] for row in table) == totals["seconds"]
    assert sum(row["hours"] for row in table) == pytest.approx(totals["seconds"] / 3600, abs=0.02)
    assert sum(row["seconds"] for row in table if row["billable"]) == totals["billable_seconds"]
    for row in table:
        assert row["stop"] is None if row["running"] else (row["stop"] - row["start"]).total_seconds() == row["seconds"]


def test_entries_that_are_not_those_of_the_reports_are_refused(demo_project):
    (demo_project.folder / "data/toggl/days/2025-10-09.json").unlink()
    done = demo_project.call("export", "workspace", "--out", "never.csv")
    assert done.returncode == 1
    assert "run fetch_time, or `dvc repro`" in done.stderr
    assert not (demo_project.folder / "never.csv").exists()


def test_a_folder_is_no_place_for_the_table(project):
    done = project.call("export", "--out", "data")
    assert done.returncode == 2
    assert "is a directory" in done.stderr


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_other_formats_are_written_beside_the_data(project, format):
    done = project.call("export", "workspace", "--format", format)
    assert f"data/time_entries.{format}" in done.stderr
    assert (project.folder / f"data/time_entries.{format}").stat().st_size > 1000


def test_a_run_that_is_known_by_its_experiment_alone_is_exported_and_summed_up(demo_project):
    shutil.rmtree(demo_project.folder / "runs")
    done = demo_project.call("export", "mira", "--out", "mira.csv")
    assert done.returncode == 0, done.stderr
    assert len((demo_project.folder / "mira.csv").read_text().splitlines()) > 10
    shown = demo_project.call("summary", "mira").stdout
    assert shown.endswith("  reports   timeweave show-run mira --report team, or --export DIR\n")
