"""Which run a name means."""

import pytest

from tests.runs.empty_project import make_register
from timeweave.cli.choices import find_run
from timeweave.runs.manifest import Manifest, Place, Request, Status
from timeweave.runtime.errors import ConfigurationError

WEEK = {"start": "2025-10-06", "end": "2025-10-12"}
MIRA = "mira@team.example"


def keep(register, run, at, **asked):
    """A completed run, made at that time."""
    request = Request(**{"source": "demo", "as_of": "2025-10-14"} | WEEK | asked)
    manifest = Manifest(
        id=run, status=Status.completed, where=Place.here, parameters=request, started_at=at, numbers={"hours": 1}
    )
    register.open(run).write_manifest(manifest)


def test_a_period_s_name_means_the_run_about_those_whom_params_yaml_is_about(tmp_path):
    register = make_register(tmp_path)
    for at, (run, asked) in enumerate({"all": {}, "mira": {"users": [MIRA]}, "real": {"source": "live"}}.items()):
        keep(register, run, str(at), **asked)
    assert register.find("2025-W41").id == "all"
    assert make_register(tmp_path, users=[MIRA]).find("2025-W41").id == "mira"


def test_where_there_are_only_runs_of_some_people_it_is_one_of_them_and_said(tmp_path, capsys):
    register = make_register(tmp_path)
    keep(register, "mira", "1", users=[MIRA])
    keep(register, "jonas", "2", users=["jonas@team.example"])
    assert find_run(register, "2025-W41", "").id == find_run(register, "", "").id == "jonas"
    assert capsys.readouterr().err == 2 * "jonas is a run of jonas@team.example only\n"
    assert (find_run(register, "jonas", "").id, capsys.readouterr().err) == ("jonas", "")


def test_a_fault_in_params_yaml_hides_no_period_and_is_said_where_it_matters(tmp_path):
    register = make_register(tmp_path)
    keep(register, "all", "1")
    with register.project.params.open("a") as params:
        params.write("bogus: 1\n")
    assert register.find("2025-W41").id == "all"
    with pytest.raises(ConfigurationError, match="bogus"):
        register.find("last-week")
