"""timeweave summary shows the headline of the last run."""

import json

import pytest

from tests.reports import samples
from timeweave.runtime import document


@pytest.fixture
def data(tmp_path):
    document.write(tmp_path / "aggregated.json", samples.aggregated())
    document.write(tmp_path / "enriched.json", samples.enriched())
    return tmp_path


def test_the_headline_is_that_of_the_documents(live_project, data):
    totals = samples.aggregated().totals
    shown = json.loads(live_project.succeed("timeweave", "summary", "--data", str(data), "--json").stdout)
    assert (shown["people"], shown["entries"]) == (totals.people, totals.entries)
    assert shown["hours"] == round(totals.seconds / 3600, 2)
    assert shown["matched_share"] == round(totals.matched_seconds / totals.seconds, 4)
    text = live_project.succeed("timeweave", "summary", "--data", str(data)).stdout
    assert f"people    {totals.people}" in text
    assert f"{100 * shown['matched_share']:.0f} % of the hours name a work item" in text
    assert f"{data}/site/index.html" in text


def test_before_the_first_run_it_says_what_to_run(live_project, tmp_path):
    done = live_project.run("timeweave", "summary", "--data", str(tmp_path))
    assert done.returncode == 1
    assert "aggregated.json does not exist; run the stage that writes it first, or `dvc repro`" in done.stderr
