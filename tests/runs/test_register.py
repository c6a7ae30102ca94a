"""Which run a name means."""

import importlib
from datetime import date

import pytest

from tests.project import Project, commit_all
from tests.runs.empty_project import WEEK, keep_run, make_register
from timeweave.cli.diff_runs import diff_runs
from timeweave.cli.shared_options import find_run
from timeweave.runs.request import RunOptions, make_request
from timeweave.runtime.errors import ConfigurationError

command = importlib.import_module("timeweave.cli.run")
"""The package has the command itself by that name."""
MIRA = "mira@team.example"


def test_a_period_s_name_means_the_run_about_those_whom_params_yaml_is_about(tmp_path):
    register = make_register(tmp_path)
    for at, (run, asked) in enumerate({"all": {}, "mira": {"users": [MIRA]}, "real": {"source": "live"}}.items()):
        keep_run(register, run, str(at), **asked)
    assert register.find("2025-W41").id == "all"
    assert make_register(tmp_path, users=[MIRA]).find("2025-W41").id == "mira"


def test_where_there_are_only_runs_of_some_people_it_is_one_of_them_and_said(tmp_path, capsys):
    register = make_register(tmp_path)
    keep_run(register, "mira", "1", users=[MIRA])
    keep_run(register, "jonas", "2", users=["jonas@team.example"])
    assert find_run(register, "2025-W41", "").id == find_run(register, "", "").id == "jonas"
    assert capsys.readouterr().err == 2 * "jonas is a run of jonas@team.example only\n"
    assert (find_run(register, "jonas", "").id, capsys.readouterr().err) == ("jonas", "")


def test_a_fault_in_params_yaml_hides_no_period_and_is_said_where_it_matters(tmp_path):
    register = make_register(tmp_path)
    keep_run(register, "all", "1")
    with register.project.params.open("a") as params:
        params.write("bogus: 1\n")
    assert register.find("2025-W41").id == "all"
    with pytest.raises(ConfigurationError, match="bogus"):
        register.find("last-week")


def test_two_runs_of_different_people_or_one_in_progress_are_compared_with_a_word_about_it(
    tmp_path, monkeypatch, capsys
):
    register = make_register(tmp_path)
    keep_run(register, "all", "1")
    keep_run(register, "mira", "2", users=[MIRA])
    for run in ("all", "mira"):
        (register.open(run).path / "metrics.json").write_text('{"hours": 1}')
        (register.open(run).path / "analysis.json").write_text('{"people": []}')
    monkeypatch.chdir(tmp_path)
    diff_runs("mira", "all")
    said = f"not only the time differs: all is about everyone in demo, mira is about {MIRA} in demo\n"
    assert capsys.readouterr().err == said
    keep_run(register, "early", "3", as_of="2025-10-11")
    (register.open("early").path / "metrics.json").write_text("{}")
    (register.open("early").path / "analysis.json").write_text('{"people": []}')
    diff_runs("early", "all")
    said = "early is in progress: 5 of 7 days are over; its numbers are not those of a whole period\n"
    assert capsys.readouterr().err == said
    with pytest.raises(ConfigurationError, match="2025-W41 and early are one run, early; name another"):
        diff_runs("2025-W41", "early")


def test_a_new_run_is_not_called_like_a_period_and_an_old_one_that_is_stays_readable(tmp_path):
    register = make_register(tmp_path)
    for name in ("2025-W41", "today"):
        with pytest.raises(ConfigurationError, match=f"{name} names a period; .*such as run_{name}"):
            make_request(register, RunOptions(run_id=name), date(2026, 11, 24), "run")
    keep_run(register, "2025-W41", "1", start="2025-09-29", end="2025-10-05")
    assert register.find("2025-W41").parameters.start == "2025-09-29"


@pytest.mark.parametrize(("name", "advised"), [("2005", False), ("9999", False), ("2025-W42", True)])
def test_only_a_run_that_can_be_made_is_advised(tmp_path, name, advised):
    with pytest.raises(ConfigurationError, match=f"no completed run of {name}") as caught:
        make_register(tmp_path).find(name)
    assert ("make one with" in str(caught.value)) == advised


def test_a_run_whose_result_only_git_has_is_to_be_pulled_and_not_made_again(tmp_path):
    register = make_register(tmp_path, period__start=WEEK["start"], period__end=WEEK["end"])
    project = Project(tmp_path)
    commit_all(project, "As another machine ran it")
    commit = project.succeed("git", "rev-parse", "HEAD").stdout.strip()
    project.succeed("git", "update-ref", f"refs/exps/{commit[:2]}/{commit[2:]}/ci", commit)
    for name in ("latest", "2025-W41"):
        with pytest.raises(
            ConfigurationError, match=r"the files of ci .*are not on this machine.*: dvc exp pull origin ci$"
        ):
            register.find(name)
    keep_run(register, "mine", "1")
    assert register.find("latest").id == "mine"


def test_whose_users_a_run_has_that_names_none_is_said(tmp_path, monkeypatch, capsys):
    register = make_register(tmp_path, users=["jonas@team.example"])
    keep_run(register, "mira", "1", users=[MIRA], experiment="0" * 40)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(command, "_execute", lambda register, *_: register.find("mira"))
    command.run(period="2025-W41")
    command.run(start_from=command.From.fibery, run_id="latest")
    assert [line.partition(";")[0] for line in capsys.readouterr().err.splitlines()] == [
        "users of params.yaml: jonas@team.example", f"users of mira: {MIRA}"
    ]  # fmt: skip
