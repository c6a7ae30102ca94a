"""What Timeweave knows of DVC's files without asking it holds for the DVC that is installed.

DVC is imported where it is used: it takes long, and every process that collects the tests would have to.
"""

import json
import subprocess

import pytest

from tests.project import ROOT
from timeweave.repository.dvc_configuration import find_cache, find_object, has_remote, share_configuration
from timeweave.repository.experiment_results import CommittedOutputs, Experiments, read_cached
from timeweave.repository.lock_file import LockFile
from timeweave.runs.stage_status import StageLog
from timeweave.runtime import params
from timeweave.runtime.period import Period


def test_an_experiment_of_ours_is_one_of_dvc_s(prepared_project):
    listed = prepared_project.call_dvc("exp", "list", "--name-only").stdout.split()
    assert {"march", "mira"} <= set(listed)
    [shown] = [
        row
        for row in json.loads(prepared_project.call_dvc("exp", "show", "--json").stdout)[1]["experiments"]
        if row["name"] == "march"
    ]
    data = shown["revs"][0]["data"]
    assert data["metrics"]["data/metrics.json"]["data"]["people"] > 1
    assert data["params"]["params.yaml"]["data"]["period"]["start"] == "2025-03-10"


def test_an_experiment_of_ours_can_be_applied_by_dvc(demo_project):
    demo_project.call_dvc("exp", "apply", "march")
    assert demo_project.read("data/aggregated.json")["period"]["start"] == "2025-03-10"


def test_hashes_and_parameters_are_those_that_dvc_reads(prepared_project):
    from dvc.repo import Repo

    with Repo(str(prepared_project.folder)) as repo:
        theirs = {out.fspath: out.hash_info.value for stage in repo.index.stages for out in stage.outs}
        params = {
            dep.def_path: {name: dep.hash_info.value[name] for name in dep.params}
            for stage in repo.index.stages
            if stage.name == "aggregate_time"
            for dep in stage.deps
            if hasattr(dep, "params")
        }
    lock = LockFile.read(prepared_project.folder)
    folder = prepared_project.folder.resolve()
    assert {str(folder / path): digest for path, digest in lock.get_hashes().items()} == theirs
    assert lock.get_params("aggregate_time") == params["params.yaml"]


def test_outputs_are_found_in_the_cache_by_name(prepared_project):
    commit = Experiments(prepared_project.folder).list_experiments()["march"].commit
    outputs = CommittedOutputs(prepared_project.folder, commit, "march")
    folder = prepared_project.folder / "runs" / "march"
    names = [name for name in outputs.list_names() if (folder / name).exists()]
    assert len(names) > 20
    assert all(outputs.read(name) == (folder / name).read_bytes() for name in names)
    assert outputs.read("reports/individual/nobody.md") is None
    lock = Experiments(prepared_project.folder).read_lock(commit)
    assert read_cached(lock, "metrics.json", find_cache(prepared_project.folder)) == outputs.read("metrics.json")


@pytest.fixture
def bare(tmp_path, monkeypatch):
    """A project of DVC with nothing in it, on a machine with no configuration of its own."""
    from dvc.repo import Repo

    for level in ("GLOBAL", "SYSTEM"):
        monkeypatch.setenv(f"DVC_{level}_CONFIG_DIR", str(tmp_path / level))
    folder = tmp_path / "project"
    folder.mkdir()
    subprocess.run(["git", "init", "-q"], cwd=folder, check=True)
    Repo.init(str(folder))
    return folder


def configure(folder, level, text):
    path = {
        "system": folder.parent / "SYSTEM" / "config", "global": folder.parent / "GLOBAL" / "config",
        "project": folder / ".dvc" / "config", "local": folder / ".dvc" / "config.local",
    }[level]  # fmt: skip
    path.parent.mkdir(exist_ok=True)
    path.write_text(text)


@pytest.mark.parametrize("level", ["none", "system", "global", "project", "local"])
def test_the_cache_is_where_dvc_keeps_it_whoever_says_so(bare, level):
    from dvc.repo import Repo

    if level != "none":
        configure(bare, level, "[cache]\n    dir = ../../shared cache\n")
    with Repo(str(bare)) as repo:
        cache = repo.cache.local.path
    assert str(find_object(find_cache(bare).resolve(), "ab" * 16)) == f"{cache}/ab/{'ab' * 15}"


def test_a_copy_uses_the_project_s_cache_and_remotes(bare, tmp_path):
    from dvc.repo import Repo

    configure(bare, "project", "[core]\n    remote = r\n['remote \"r\"']\n    url = ../../storage\n")
    configure(bare, "local", "['remote \"r\"']\n    verify = true\n")
    copy = tmp_path / "deep" / "er" / "copy"
    copy.mkdir(parents=True)
    subprocess.run(["git", "init", "-q"], cwd=copy, check=True)
    Repo.init(str(copy))
    assert not has_remote(copy)
    share_configuration(bare, copy)
    share_configuration(bare, copy)
    with Repo(str(bare)) as ours, Repo(str(copy)) as theirs:
        assert theirs.cache.local.path == ours.cache.local.path
        assert theirs.config["remote"]["r"] == ours.config["remote"]["r"]
    assert has_remote(copy)


class Dates(params.Section):
    period: Period


@pytest.mark.parametrize("written", ["20250901", "'20250901'", '"2025-09-01"', "2025-09-01"])
def test_a_date_is_understood_in_each_form_in_which_dvc_writes_it(tmp_path, written):
    from dvc.utils.hydra import apply_overrides

    path = tmp_path / "params.yaml"
    path.write_text((ROOT / "params.yaml").read_text())
    apply_overrides(path, [f"period.start={written}", "period.end=2025-09-02"])
    period = params.load(Dates, path).period
    assert (str(period.start), str(period.end)) == ("2025-09-01", "2025-09-02")


def test_dvc_s_words_about_stages_are_understood(demo_project, tmp_path):
    folder = tmp_path / "log"
    folder.mkdir()
    (demo_project.folder / "data" / "entities.json").unlink()
    done = demo_project.call_dvc("repro")
    (folder / "dvc.log").write_text(done.stdout + done.stderr)
    states = {one.name: one.state for one in StageLog(folder).read_stages(list(LOGGED), alive=False)}
    assert states == LOGGED


LOGGED = {
    "fetch_time": "unchanged",
    "aggregate_time": "unchanged",
    "extract_entities": "cached",
    "report_time": "unchanged",
}
