"""timeweave export writes every entry of the period once, and its sums are those of the reports."""

import csv
import io

import pytest

FETCH_AND_ENRICH = ("dvc", "repro", "enrich_entities")


@pytest.fixture(scope="module")
def project(live_project):
    live_project.succeed(*FETCH_AND_ENRICH)
    return live_project


def rows(project, *options):
    project.succeed("timeweave", "export", "--out", "out.csv", *options)
    text = (project.folder / "out.csv").read_text(encoding="utf-8-sig")
    return list(csv.DictReader(io.StringIO(text, newline="")))


def test_the_sums_are_those_of_the_aggregation(project):
    aggregated = project.read("data/aggregated.json")
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
    named = [row for row in found if row["public_id"] and row["running"] == "False"]
    assert sum(int(row["seconds"]) for row in named) == aggregated["totals"]["matched_seconds"]


def test_items_carry_what_fibery_said(project):
    enriched = {(e["space"], e["database"], e["public_id"]): e for e in project.read("data/enriched.json")["entities"]}
    found = [row for row in rows(project) if row["public_id"]]
    for row in found:
        entity = enriched[row["space"] or None, row["database"] or None, row["public_id"]]
        assert (row["status"], row["item"]) == (entity["status"], entity["name"] or "")


def test_an_unknown_format_names_the_known_ones(project):
    done = project.run("timeweave", "export", "--format", "doc")
    assert done.returncode == 2
    assert "csv" in done.stderr
    assert "parquet" in done.stderr


@pytest.mark.parametrize("format", ["xlsx", "parquet"])
def test_other_formats_are_written_beside_the_data(project, format):
    done = project.succeed("timeweave", "export", "--format", format)
    assert f"data/time_entries.{format}" in done.stderr
    assert (project.folder / f"data/time_entries.{format}").stat().st_size > 1000
