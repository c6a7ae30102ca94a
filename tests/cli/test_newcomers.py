"""Whatever a newcomer gets wrong on the way is one sentence that names the thing and says what to do next."""

import json
import re
import shlex
from importlib.metadata import version

import pytest

from tests.project import ROOT, Project, call
from timeweave.cli import COMMANDS, run_command

PARAMS, TEAM, CATEGORIES, ENRICHMENT = (
    "params.yaml", "config/demo/team.yaml", "config/demo/categories.yaml", "config/demo/enrichment_config.yaml",
)  # fmt: skip
OWN = ("config/demo/", "config/")
"""What going live by hand replaces everywhere in params.yaml."""


@pytest.fixture(scope="module")
def project(tmp_path_factory):
    return Project.copy(tmp_path_factory.mktemp("newcomer"))


@pytest.fixture
def edit(project):
    """Replace text in files of the project, until the test ends."""
    before = {}

    def edited(name, *changes):
        path = project.folder / name
        before.setdefault(path, path.read_text(encoding="utf-8"))
        for old, new in changes:
            assert old in path.read_text(encoding="utf-8")
            path.write_text(path.read_text(encoding="utf-8").replace(old, new), encoding="utf-8")
        return path

    yield edited
    for path, text in before.items():
        path.write_text(text, encoding="utf-8")


@pytest.mark.parametrize(
    ("command", "thing", "step"),
    [
        ("rnu", "No such command 'rnu'", "Did you mean 'run'?"),
        ("run --perod last-week", "No such option: --perod", "--period"),
        ("run --period lastweek", "--period 'lastweek' is not known", "write today, yesterday"),
        ("run --period 2025-W60", "--period 2025-W60", "write one such as 2026-W47"),
        ("run --from 2025-10-07", "--from needs --to", "write both days"),
        ("run --from 7.10.2025 --to 2025-10-13", "--from '7.10.2025' is not a day", "write it as 2025-10-07"),
        ("run --from 2025-10-13 --to 2025-10-07", "is before --from", "swap them"),
        ("run --period last-week --from 2025-10-01", "--period and --from/--to", "write one of them"),
        ("run --users ,", "--users names nobody", "write e-mails with commas between"),
        ("run --start-from fibery", "--start-from fibery", "name it with --run-id"),
        ("run --as-of tomorrow", "--as-of 'tomorrow'", "write it as"),
        ("show-run march", "there is no run 'march'", "timeweave list-runs"),
        ("show-run latest", "no completed run yet", "timeweave run"),
        ("show-run 2025-W41", "no completed run of 2025-W41, 2025-10-06 to 2025-10-12", "timeweave run --period 2025-W41"),
        ("cancel-run last-week", "no run of last-week is queued or in progress", "nothing to cancel"),
        ("summary", "no completed run yet", "timeweave run"),
        ("summary march --run-id april", "two runs are named", "name one"),
        ("diff-runs march april", "there is no run 'march'", "timeweave list-runs"),
        ("export march", "there is no run 'march'", "timeweave list-runs"),
        ("export latest --format pdf", "'pdf' is not one of", "'csv'"),
        ("trend --every day", "'day' is not one of", "'week'"),
        ("backfill", "the period is missing", "write --period last-month"),
        ("backfill --period last-week --every month", "--period last-week is shorter than a month", "timeweave run --period last-week"),
        ("forget", "which person or which months", "Write an e-mail, or --older-than"),
        ("changes --since soon", "--since 'soon'", "write it as"),
        ("sandbox --as-of soon", "--as-of 'soon'", "write it as"),
    ],
)  # fmt: skip
def test_a_wrong_command_names_what_is_wrong_and_the_next_step(project, command, thing, step):
    check(project.call(*shlex.split(command)), thing, step)


@pytest.mark.parametrize(
    ("command", "file", "changes", "thing", "step"),
    [
        ("run", PARAMS, [("source: demo", "source: live")], "describe the demo's invented company", "run timeweave init"),
        ("run", PARAMS, [("source: demo", "source: mine")], "source", "'demo' or 'live'"),
        ("run", PARAMS, [("compare_periods: 1", "compare_periods: one")], "analysis.compare_periods", "valid integer"),
        ("run", PARAMS, [("toggl:\n", "togl:\n")], "togl is not known", "did you mean toggl?"),
        ("run", PARAMS, [("  requests_per_second: 3", "  request_per_second: 3")], "fibery.request_per_second is not known", "did you mean requests_per_second?"),
        ("run", PARAMS, [("  page_size: auto", " bad\n  page_size: auto")], "params.yaml is not valid YAML: line", "check colons, quotes"),
        ("run", PARAMS, [('"2025-10-07"', "2025-13-07")], "params.yaml is not valid YAML", "put dates in quotes"),
        ("run", PARAMS, [("timezone: UTC", "timezone: Lisbon")], "period.timezone: 'Lisbon'", "write one like Europe/Lisbon"),
        ("plan", PARAMS, [("demo/enrichment", "mine/enrichment")], "config/mine/enrichment_config.yaml does not exist", "correct enrichment.config"),
        ("check-config", PARAMS, [("demo/team", "demo/tam")], "config/demo/tam.yaml does not exist", "correct analysis.team"),
        ("check-config", PARAMS, [("demo/cat", "demo/cta")], "config/demo/ctaegories.yaml does not exist", "correct analysis.categories"),
        ("check-config", TEAM, [("mira.castellane@heliotrope.example, team", "mira, team")], "'mira' is not an e-mail address", "write the one that Toggl shows"),
        ("check-config", TEAM, [("team: product,", "team: prodct,")], "there is no team 'prodct'", "did you mean product"),
        ("check-config", CATEGORIES, [("name: Bugs", "nmae: Bugs")], "nmae is not known", "did you mean name?"),
        ("check-config", CATEGORIES, [("^(dentist", "((dentist")], "is not a pattern of RE2", "put \\ before a character that is meant literally"),
        ("check-config", CATEGORIES, [("Management/Request", "Managment/Request")], "categories.yaml, line 25: ", "Fibery has no database Product Managment/Request; did you mean Product Management/Request"),
        ("check-config", ENRICHMENT, [("Scrum/Task", "Scrum/Taks")], "Fibery has no database Scrum/Taks", "did you mean Scrum/Task"),
        ("check-config", ENRICHMENT, [("fields: [Story Points", "fields: [Story Pionts")], "Scrum/Task has no field Story Pionts", "did you mean Story Points?"),
        ("plan", PARAMS, [("source: demo", "source: live"), OWN], "fibery.account is not set", "acme of acme.fibery.io"),
        ("plan", PARAMS, [("source: demo", "source: live"), OWN, ("account: null", "account: acme")], "FIBERY_API_TOKEN is not set", "into .env"),
        ("plan", PARAMS, [("source: demo", "source: live"), OWN, ("account: null", "account: https://acme.fibery.io")], "is not an account", "write only the first word"),
    ],
)  # fmt: skip
def test_a_wrong_file_names_the_place_and_the_next_step(project, edit, command, file, changes, thing, step):
    edit(file, *changes)
    check(project.call(command), thing, step)


def test_outside_of_a_project_every_command_says_where_to_go(tmp_path):
    for command in ("run", "doctor", "list-runs", "init"):
        check(Project(tmp_path).call(command), "no dvc.yaml here", "run this in the project's folder")


def check(done, thing, step):
    assert done.returncode in (1, 2, 3)
    said = " ".join(done.stderr.replace("│", " ").split())
    assert thing in said, said
    assert step in said[said.index(thing) :], said
    assert "Traceback" not in said


def test_help_is_shown_without_loading_what_a_run_needs(tmp_path):
    code = "import sys; from timeweave.cli import run_command; run_command(['--help']); print(*sys.modules)"
    shown = Project(tmp_path).succeed("python", "-c", code).stdout
    assert "Every day:" in shown
    loaded = {name.partition(".")[0] for name in shown.splitlines()[-1].split()}
    assert loaded & {"rich", "pydantic", "yaml", "jinja2", "temporalio", "requests", "dvc"} == set()


def test_every_command_of_a_group_has_an_example_too():
    for group in ("schedule", "temporal"):
        names = re.findall(r"^  (\w+)  ", _show_help(group).partition("Commands:")[2], re.MULTILINE)
        assert names
        for name in names:
            assert f"Example: timeweave {group} {name}" in _show_help(group, name)


def _show_help(*command):
    return call(lambda: run_command([*command, "--help"]), command, ROOT, {}).stdout


LOOKING = "plan list-runs show-run doctor check-config summary open trend changes diff-runs backfill clean".split()
ON_THE_DEMO = {"run": ["--dry-run"], "export": ["--out", "{}/entries.xlsx"]} | {name: [] for name in LOOKING}
"""Examples that can be run on it, with what keeps it as it is; the others have tests of their own."""
DEMO_WEEKS = {"2026-W46": "2025-W11", "2026-W47": "2025-W46"}


@pytest.mark.parametrize("example", [example for _, _, example in COMMANDS])
def test_the_example_in_each_help_is_one_that_the_command_takes(prepared_project, example):
    _, name, *options = shlex.split(example)
    shown = prepared_project.call(name, "--help")
    assert shown.returncode == 0
    before, _, shown_example = shown.stdout.partition("Example: ")
    assert shown_example.split() == example.split()
    assert {one for one in options if one.startswith("--")} <= set(before.replace(",", " ").split())


@pytest.mark.parametrize("name", ON_THE_DEMO)
def test_an_example_runs_on_the_demo(prepared_project, tmp_path, name):
    [example] = [example for _, _, example in COMMANDS if example.split()[1] == name]
    words = [DEMO_WEEKS.get(word, word) for word in shlex.split(example)[1:]]
    done = prepared_project.call(*words, *(option.format(tmp_path) for option in ON_THE_DEMO[name]))
    assert done.returncode == 0, f"{example}: {done.stderr}"


def test_doctor_tells_machines_as_well(prepared_project):
    assert json.loads(prepared_project.call("doctor", "--json").stdout)


WITHOUT_JSON = {"open", "export", "init", "forget", "sandbox", "worker", "temporal-ui"}
"""What they have to say is a place, or for a person alone."""


@pytest.mark.parametrize("name", sorted({example.split()[1] for _, _, example in COMMANDS} - WITHOUT_JSON))
def test_machines_are_answered_in_json(name):
    assert "--json" in _show_help(name)


@pytest.mark.parametrize(
    "command", [["trend", "--json"], ["clean", "--keep", "9", "--dry-run", "--json"]], ids=" ".join
)
def test_the_answer_is_json_and_nothing_else(prepared_project, command):
    assert isinstance(json.loads(prepared_project.call(*command).stdout), list)


def test_h_is_help_and_the_version_is_that_of_the_package(prepared_project):
    assert prepared_project.call("run", "-h").stdout == prepared_project.call("run", "--help").stdout
    assert prepared_project.call("--version").stdout == f"timeweave {version('timeweave')}\n"
