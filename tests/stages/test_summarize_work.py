"""The stage as a process: nothing of a model where none is asked, and the demo's summaries where one is."""

import json
import subprocess
import sys
from html import unescape
from pathlib import Path

import msgspec
import pytest

from tests.llm.period import directory, summarised
from tests.project import ROOT
from tests.stages.reported import documents, run
from timeweave.models.aggregated import Aggregated
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched
from timeweave.runtime import document
from timeweave.sandbox import llm
from timeweave.sandbox.team import LLM_KEY, PEOPLE

PATHS = (ROOT / "config/prompts", ROOT / "config/enrichment_config.yaml")
EMPTY = {"schema": 1, "enabled": False, "model": None, "items": [], "people": [], "team": None, "dropped_sentences": 0,
         "missing": []}  # fmt: skip


def summarize(folder, llm, source="demo"):
    (folder / "params.yaml").write_text(f"llm: {llm}\n")
    aggregated, *others = inputs(folder)
    aggregated.write_text(aggregated.read_text().replace('"source": "demo"', f'"source": "{source}"'))
    return run("summarize_work", aggregated, *others, *PATHS, folder / "out.json", folder / "llm", folder=folder)


def inputs(folder):
    """Time, items and everybody's names, written to the folder."""
    aggregated, enriched, _ = documents(folder)
    document.write(folder / "directory.json", directory())
    return Path(aggregated), Path(enriched), folder / "directory.json"


def test_where_no_model_is_asked_the_summaries_are_empty(tmp_path):
    assert summarize(tmp_path, "{enabled: false, url: null, model: null, max_concurrent: 3}").returncode == 0
    assert json.loads((tmp_path / "out.json").read_text()) == EMPTY


def test_where_no_model_is_asked_nothing_of_one_is_imported(tmp_path):
    (tmp_path / "params.yaml").write_text("llm: {enabled: false}\n")
    paths = [str(path) for path in (*inputs(tmp_path), *PATHS, tmp_path / "out.json", tmp_path / "llm")]
    code = (
        "import runpy, sys; from pathlib import Path\n"
        f"stage = runpy.run_path({str(ROOT / 'stages/summarize_work.py')!r})\n"
        "stage['main'](*map(Path, sys.argv[1:]))\n"
        "print(sorted(name for name in sys.modules if name == 'openai' or name.startswith('timeweave.llm.')))"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *paths], cwd=tmp_path, capture_output=True, text=True, check=True
    )
    assert done.stdout.strip() == "['timeweave.llm.settings']"


@pytest.mark.parametrize(("llm", "said"), [
    ("{enabled: true}", "llm.model must be named"), ("{enabled: true, model: x, max_concurent: 3}", "did you mean max_concurrent"),
    ("{enabled: true, model: x, url: http://llm.example/v1}", "llm.url must start with https://"),
])  # fmt: skip
def test_a_mistake_in_the_settings_says_what_to_write(tmp_path, llm, said):
    result = summarize(tmp_path, llm, "live")
    assert result.returncode == 2
    assert said in result.stderr
    assert not (tmp_path / "out.json").exists()


def test_openais_own_address_needs_a_key(tmp_path):
    result = summarize(tmp_path, "{enabled: true, model: x}", "live")
    assert result.returncode == 3
    assert "OPENAI_API_KEY is not set" in result.stderr


def test_the_demo_needs_no_account_and_says_who_wrote(tmp_path):
    result = summarize(tmp_path, "{enabled: true}")
    assert result.returncode == 0, result.stderr
    written = json.loads((tmp_path / "out.json").read_text())
    assert written["model"] == "the sandbox's model"
    assert written["team"].startswith("Work on ")
    assert f"{len(list((tmp_path / 'llm').iterdir()))} requests" in result.stderr


def test_what_is_missing_is_said(tmp_path):
    result = summarize(tmp_path, "{enabled: true, max_tokens_per_run: 10}")
    assert result.returncode == 0
    assert "missing because llm.max_tokens_per_run would have been passed" in result.stderr


def test_a_missing_summary_stops_the_stage_where_it_is_required(tmp_path):
    result = summarize(tmp_path, "{enabled: true, required: true, max_tokens_per_run: 10}")
    assert result.returncode == 1
    assert "llm.required asks for all of them" in result.stderr
    assert not (tmp_path / "out.json").exists()


@pytest.fixture(scope="module")
def project(live_project, sandbox):
    live_project.environment["OPENAI_API_KEY"] = LLM_KEY
    live_project.set_params(llm={"enabled": True, "url": f"{sandbox.url}/v1", "model": "sandbox"})
    live_project.succeed("dvc", "repro")
    return live_project


def asked(sandbox):
    return sum(request.service == "llm" for request in sandbox.requests)


def test_every_report_of_the_demo_has_its_summaries(project):
    summaries = project.read("data/summaries.json")
    people = project.read("data/aggregated.json")["people"]
    assert summaries["missing"] == []
    assert {person["user_id"] for person in summaries["people"]} == {person["user_id"] for person in people}
    assert "> Work on" in (project.folder / "data/reports/team_summary.md").read_text()
    for report in (project.folder / "data/reports/individual").glob("*.md"):
        assert "> Work on" in report.read_text()
    for page in (project.folder / "data/site").rglob("*.html"):
        assert "Work on" in page.read_text()


def test_a_second_run_asks_nothing(project, sandbox):
    before = asked(sandbox)
    project.succeed("dvc", "repro", "-f", "-s", "summarize_work")
    assert asked(sandbox) == before


def test_another_description_of_one_item_asks_for_it_its_people_and_the_team(project, sandbox):
    enriched, aggregated = project.read("data/enriched.json"), project.read("data/aggregated.json")
    named = {
        (e["space"], e["database"], e["public_id"]): p["user_id"] for p in aggregated["people"] for e in p["entities"]
    }
    entity = next(
        e for e in enriched["entities"]
        if e["status"] == "found" and (e["space"], e["database"], e["public_id"]) in named and e["description"]
    )  # fmt: skip
    same = [e for e in enriched["entities"] if e["id"] == entity["id"]]
    for one in same:
        one["description"] = "Something quite different."
    workers = {
        p["user_id"]
        for p in aggregated["people"]
        for e in p["entities"]
        if (e["space"], e["database"], e["public_id"]) in {(o["space"], o["database"], o["public_id"]) for o in same}
    }
    (project.folder / "other.json").write_text(json.dumps(enriched))
    before = asked(sandbox)
    project.succeed(
        "./python",
        "stages/summarize_work.py",
        "data/aggregated.json",
        "other.json",
        "data/toggl/directory.json",
        "config/prompts",
        "config/enrichment_config.yaml",
        "other-summaries.json",
        "data/llm",
    )
    assert asked(sandbox) - before == 1 + len(workers) + 1


def test_the_plan_estimates_what_a_run_would_use(project, sandbox):
    before = asked(sandbox)
    assert json.loads(project.succeed("timeweave", "plan", "--json").stdout)["llm_tokens"] == 0
    (project.folder / "data/llm").rename(project.folder / "llm-aside")
    planned = json.loads(project.succeed("timeweave", "plan", "--json").stdout)["llm_tokens"]
    assert asked(sandbox) == before
    said = project.succeed(
        "./python",
        "stages/summarize_work.py",
        "data/aggregated.json",
        "data/enriched.json",
        "data/toggl/directory.json",
        "config/prompts",
        "config/enrichment_config.yaml",
        "data/summaries.json",
        "data/llm",
    ).stderr
    used = int(said.partition(" requests, ")[2].partition(" tokens")[0])
    assert used <= planned <= 10 * used


@pytest.fixture
def period(project):
    """The demo's documents."""
    return (
        document.read(project.folder / "data/aggregated.json", Aggregated),
        document.read(project.folder / "data/enriched.json", Enriched),
    )


def test_any_number_of_threads_writes_the_same_bytes_of_the_demo(period, sandbox, tmp_path):
    sandbox.behaviour.update({"latency": 0.01, "latency_seed": "threads"})
    written = {
        document.encode(summarised(sandbox, tmp_path / str(threads), *period, max_concurrent=threads)[0])
        for threads in (1, 3, 8)
    }
    sandbox.behaviour.update({"latency": 0.0})
    assert len(written) == 1


def secrets():
    """Names, their parts, e-mails, what stands before their @, and user ids of the whole team, in small letters."""
    for person in PEOPLE:
        given = (person.name, *person.name.split(), person.email, person.email.partition("@")[0], str(person.user_id))
        yield from (part.casefold() for part in given if len(part) >= 3)


def test_no_body_names_those_whom_the_reports_leave_out_where_pseudonyms_are_on(period, project, sandbox, tmp_path):
    aggregated, enriched = period
    one = msgspec.structs.replace(aggregated, people=aggregated.people[:1])
    text = "Pair on it: " + ", ".join(secrets())
    items = [msgspec.structs.replace(e, description=text, assignees=[], comments=[]) for e in enriched.entities]
    names = document.read(project.folder / "data/toggl/directory.json", Directory)
    sandbox.reset()
    summarised(sandbox, tmp_path, one, msgspec.structs.replace(enriched, entities=items), names, pseudonyms=True)
    plain = "\n".join(sandbox.prompts).casefold()
    assert "pair on it: somebody" in plain
    assert [part for part in secrets() if part in plain or json.dumps(part)[1:-1] in plain] == []


def test_no_body_about_the_demo_names_anybody_where_pseudonyms_are_on(period, sandbox, tmp_path):
    sandbox.reset()
    summaries, *_ = summarised(sandbox, tmp_path, *period, pseudonyms=True)
    bodies = "\n".join(sandbox.prompts)
    assert len(sandbox.prompts) > 50
    plain = bodies.casefold()
    assert [part for part in secrets() if part in plain or json.dumps(part)[1:-1] in plain] == []
    assert {person.name for person in PEOPLE if any(person.name in s.text for s in summaries.people)} == {
        person.name for person in PEOPLE if person.user_id in {p.user_id for p in period[0].people}
    }


def test_whatever_the_model_says_no_file_of_the_demo_takes_it_over(project, sandbox):
    sandbox.behaviour.update({"llm": "hostile"})
    project.set_params(llm={"enabled": True, "url": f"{sandbox.url}/v1", "model": "liar"})
    project.succeed("dvc", "repro")
    sandbox.behaviour.update({"llm": "good"})
    summaries = project.read("data/summaries.json")
    assert summaries["items"]
    assert summaries["dropped_sentences"] > 1000
    files = [*(project.folder / "data/reports").rglob("*.md"), *(project.folder / "data/site").rglob("*.html")]
    assert len(files) > 10
    lies = [one.replace("{0}", "") for some in llm.NEVER.values() for one in some]
    for file in files:
        text = unescape(file.read_text()).replace("\\", "")
        assert [lie for lie in lies if len(lie) > 12 and lie.strip(" .") in text] == []
        assert [
            claim for claim in ("9731", "evil.example", "{I999}", "seventeen days", "ninefold") if claim in text
        ] == []
