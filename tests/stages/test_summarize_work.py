"""The stage: nothing of a model where none is asked, and the demo's summaries where one is."""

import importlib.util
import json
import subprocess
import sys
from pathlib import Path

import msgspec
import pytest

from tests.llm.period import CONFIG, PROMPTS, summarize
from tests.project import ROOT
from tests.reports import rendered, samples
from tests.stages.reported import documents
from timeweave.models.analysis import Analysis
from timeweave.models.directory import Directory
from timeweave.reports.report_data import ReportData
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError, CredentialsError, TimeweaveError
from timeweave.sandbox.behaviour import Behaviour
from timeweave.sandbox.company import LLM_KEY, PEOPLE

STAGE = ROOT / "stages/summarize_work.py"
EMPTY = {"schema": 1, "enabled": False, "model": None, "items": [], "people": [], "team": None, "dropped_sentences": 0,
         "missing": []}  # fmt: skip

spec = importlib.util.spec_from_file_location("summarize_work", STAGE)
stage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage)


@pytest.fixture(autouse=True)
def well_behaved(sandbox):
    """Whatever a test makes the sandbox do ends with it."""
    yield
    sandbox.behaviour.update(vars(Behaviour()))


@pytest.fixture
def folder(tmp_path, monkeypatch):
    """A working folder without secrets, and an archive of its own."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    monkeypatch.setenv("TIMEWEAVE_ARCHIVE", str(tmp_path / "archive"))
    return tmp_path


def run_stage(folder, llm, source="demo"):
    """What the stage writes with these parameters."""
    (folder / "params.yaml").write_text(f"llm: {llm}\n")
    analysis, directory = write_inputs(folder)
    analysis.write_text(analysis.read_text().replace('"source": "demo"', f'"source": "{source}"'))
    stage.main(analysis, directory, PROMPTS, CONFIG, folder / "out.json")
    return json.loads((folder / "out.json").read_text())


def write_inputs(folder):
    """The period and everybody's names, written to the folder."""
    analysis, _ = documents(folder)
    document.write(folder / "directory.json", samples.list_people())
    return Path(analysis), folder / "directory.json"


def test_where_no_model_is_asked_the_summaries_are_empty_and_no_archive_is_made(folder):
    assert run_stage(folder, "{enabled: false, url: null, model: null, max_concurrent: 3}") == EMPTY
    assert not (folder / "archive").exists()


def test_where_no_model_is_asked_nothing_of_one_is_imported(folder):
    (folder / "params.yaml").write_text("llm: {enabled: false}\n")
    paths = [str(path) for path in (*write_inputs(folder), PROMPTS, CONFIG, folder / "out.json")]
    code = (
        "import runpy, sys; from pathlib import Path\n"
        f"runpy.run_path({str(STAGE)!r})['main'](*map(Path, sys.argv[1:]))\n"
        "print([name for name in ('openai', 'timeweave.llm.client') if name in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code, *paths], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(("llm", "said"), [
    ("{enabled: true}", "llm.model must be named"), ("{enabled: true, model: x, max_concurent: 3}", "did you mean max_concurrent"),
    ("{enabled: true, model: x, url: http://llm.example/v1}", "llm.url must start with https://"),
])  # fmt: skip
def test_a_mistake_in_the_settings_says_what_to_write(folder, llm, said):
    with pytest.raises(ConfigurationError, match=said):
        run_stage(folder, llm, "live")
    assert not (folder / "out.json").exists()


def test_openais_own_address_needs_a_key(folder):
    with pytest.raises(CredentialsError, match="OPENAI_API_KEY is not set"):
        run_stage(folder, "{enabled: true, model: x}", "live")


def test_the_demo_needs_no_account_and_keeps_answers_in_the_archive(folder, capsys):
    written = run_stage(folder, "{enabled: true, price_per_million_tokens: 1000}")
    assert written["model"] == "the sandbox's model"
    assert written["team"].startswith("Work on ")
    kept = list((folder / "archive" / "llm").iterdir())
    assert f"6 summaries, 0 answers kept from before, {len(kept)} requests" in (said := capsys.readouterr().err)
    assert " in cost" in said
    assert run_stage(folder, "{enabled: true}") == written
    assert f"{len(kept)} answers kept from before, 0 requests, 0 tokens" in capsys.readouterr().err


def test_what_is_missing_is_said(folder, capsys):
    run_stage(folder, "{enabled: true, max_tokens_per_run: 10}")
    assert "missing because llm.max_tokens_per_run would have been passed" in capsys.readouterr().err


def test_a_missing_summary_stops_the_stage_where_it_is_required(folder):
    with pytest.raises(TimeweaveError, match=r"llm\.required asks for all of them"):
        run_stage(folder, "{enabled: true, required: true, max_tokens_per_run: 10}")
    assert not (folder / "out.json").exists()


@pytest.fixture(scope="module")
def project(live_project, sandbox):
    live_project.environment["OPENAI_API_KEY"] = LLM_KEY
    live_project.set_params(llm={"enabled": True, "url": f"{sandbox.url}/v1", "model": "sandbox"})
    live_project.call_pipeline()
    return live_project


@pytest.fixture
def inside(project, monkeypatch):
    """The project's folder as the working folder."""
    monkeypatch.chdir(project.folder)
    monkeypatch.setenv("OPENAI_API_KEY", LLM_KEY)
    monkeypatch.delenv("TIMEWEAVE_ARCHIVE", raising=False)
    return project.folder


def count(sandbox):
    return sum(request.service == "llm" for request in sandbox.requests)


def test_every_report_of_the_demo_has_its_summaries(project):
    summaries, people = project.read("data/summaries.json"), project.read("data/analysis.json")["people"]
    assert summaries["missing"] == []
    workers = [person for person in people if any(item["status"] == "found" for item in person["items"])]
    assert {person["user_id"] for person in summaries["people"]} == {person["user_id"] for person in workers}
    assert "> Work on" in (project.folder / "data/reports/team_summary.md").read_text()
    for person in workers:
        assert "> Work on" in (project.folder / f"data/reports/individual/{person['slug']}.md").read_text()
        assert "Work on" in (project.folder / f"data/site/people/{person['slug']}.html").read_text()


def test_a_second_run_asks_nothing_though_data_is_gone(project, sandbox):
    before = count(sandbox)
    path = project.folder / "data/summaries.json"
    written = path.read_bytes()
    path.unlink()
    done = project.call_stage("summarize_work", *project.read_arguments("summarize_work"))
    assert (done.returncode, path.read_bytes()) == (0, written), done.stderr
    assert count(sandbox) == before


def test_another_description_of_one_item_asks_for_it_its_people_and_the_team(inside, project, sandbox):
    analysis = project.read("data/analysis.json")
    item = next(one for one in analysis["items"] if one["entity"]["description"])
    item["entity"]["description"] = "Something quite different."
    Path("other.json").write_text(json.dumps(analysis))
    before = count(sandbox)
    stage.main(Path("other.json"), Path("data/toggl/directory.json"), PROMPTS, CONFIG, Path("other-summaries.json"))
    assert count(sandbox) - before == 1 + len(item["people"]) + 1


def test_the_plan_estimates_what_a_run_would_use(inside, project, sandbox, monkeypatch, capsys):
    before = count(sandbox)
    assert json.loads(project.call("plan", "--json").stdout)["llm_tokens"] == 0
    elsewhere = str(inside / "another-archive")
    monkeypatch.setenv("TIMEWEAVE_ARCHIVE", elsewhere)
    plan = project.call("plan", "--json", TIMEWEAVE_ARCHIVE=elsewhere)
    planned = json.loads(plan.stdout)["llm_tokens"]
    assert count(sandbox) == before
    data = Path("data/analysis.json"), Path("data/toggl/directory.json")
    stage.main(*data, PROMPTS, CONFIG, Path("other-summaries.json"))
    used = int(capsys.readouterr().err.partition(" requests, ")[2].partition(" tokens")[0])
    assert used <= planned <= 10 * used


@pytest.fixture
def period(project):
    """The demo's week."""
    return document.read(project.folder / "data/analysis.json", Analysis)


def test_any_number_of_threads_writes_the_same_bytes_of_the_demo(period, sandbox, tmp_path):
    sandbox.behaviour.update({"latency": 0.01, "latency_seed": "threads"})
    written = {
        document.encode(summarize(sandbox, tmp_path / str(threads), period, max_concurrent=threads)[0])
        for threads in (1, 8)
    }
    assert len(written) == 1


def list_secrets():
    """Names, their parts, e-mails, what stands before their @, and user ids of the whole team, in small letters."""
    for person in PEOPLE:
        given = (person.name, *person.name.split(), person.email, person.email.partition("@")[0], str(person.user_id))
        yield from (part.casefold() for part in given if len(part) >= 3)


def test_no_request_names_those_whom_the_reports_leave_out_where_pseudonyms_are_on(period, project, sandbox, tmp_path):
    [one, *_] = [person for person in period.people if person.items]
    text, same = "Pair on it: " + ", ".join(list_secrets()), msgspec.structs.replace
    items = [
        same(
            item,
            people=[each for each in item.people if each.key == one.key],
            entity=same(item.entity, description=text, assignees=[], comments=[]),
        )
        for item in period.items
    ]
    names = document.read(project.folder / "data/toggl/directory.json", Directory)
    sandbox.reset()
    summarize(sandbox, tmp_path, same(period, people=[one], items=items), names, pseudonyms=True)
    plain = "\n".join(sandbox.prompts).casefold()
    assert "pair on it: somebody" in plain
    assert [part for part in list_secrets() if part in plain or json.dumps(part)[1:-1] in plain] == []


def test_no_request_about_the_demo_names_anybody_where_pseudonyms_are_on(period, sandbox, tmp_path):
    sandbox.reset()
    summaries, *_ = summarize(sandbox, tmp_path, period, pseudonyms=True)
    bodies = "\n".join(sandbox.prompts)
    assert len(sandbox.prompts) > 50
    plain = bodies.casefold()
    assert [part for part in list_secrets() if part in plain or json.dumps(part)[1:-1] in plain] == []
    assert {person.name for person in PEOPLE if any(person.name in s.text for s in summaries.people)} == {
        person.name for person in PEOPLE if person.user_id in {one.user_id for one in summaries.people}
    }


def test_whatever_the_model_says_no_report_of_the_demo_takes_a_claim_over(period, sandbox, tmp_path):
    sandbox.behaviour.update({"llm": "hostile"})
    summaries, *_ = summarize(sandbox, tmp_path, period)
    assert summaries.items
    assert summaries.dropped_sentences > 1000
    data = ReportData(period, summaries)
    for page in [*rendered.everything(data), *rendered.all_markdown(data)]:
        assert not [claim for claim in ("9731", "evil.example", "I999", "#99817", "Ask Jonas") if claim in page.text]
