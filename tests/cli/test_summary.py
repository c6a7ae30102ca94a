"""timeweave summary shows the headline of a run."""

import json

from tests.project import Project


def test_the_headline_is_that_of_the_last_run_or_of_the_one_that_is_named(prepared_project):
    for run, folder in (("", "runs/mira"), ("march", "runs/march"), ("workspace", "data")):
        shown = json.loads(prepared_project.call("summary", *[run] * bool(run), "--json").stdout)
        totals = prepared_project.read(f"{folder}/aggregated.json")["totals"]
        assert (shown["people"], shown["entries"]) == (totals["people"], totals["entries"])
        assert shown["hours"] == round(totals["seconds"] / 3600, 2)
        assert shown["matched_share"] == round(totals["matched_seconds"] / totals["seconds"], 4)
        assert shown["site"] == f"{folder}/site/index.html"
        assert (prepared_project.folder / shown["site"]).exists()


def test_it_is_shown_in_words(prepared_project):
    text = prepared_project.succeed("timeweave", "summary", "workspace").stdout
    totals = prepared_project.read("data/aggregated.json")["totals"]
    assert f"people    {totals['people']}\n" in text
    hours = f"{totals['seconds'] / 3600:.2f} in {totals['entries']} entries"
    assert f"hours     {hours}, 1 timer still running\n" in text
    assert f"{100 * totals['matched_seconds'] / totals['seconds']:.0f} % of the hours name a work item" in text
    assert "data/site/index.html" in text


def test_before_the_first_run_it_says_what_to_run(tmp_path):
    done = Project.copy(tmp_path).call("summary")
    assert done.returncode == 2
    assert done.stderr == "timeweave: there is no completed run yet: timeweave run\n"
