"""The demo gives the same bytes on any machine, and runs whether or not an environment is active."""

import os
import shutil

import pytest
import yaml

from tests.project import BIN, Project

SURROUNDINGS = {"TZ": "Pacific/Kiritimati", "LANG": "C", "PYTHONHASHSEED": "77"}
"""What no output may depend on."""
ALL_STAGES = "import pathlib, tests.project as project; project.Project(pathlib.Path.cwd()).call_pipeline()"


def test_the_same_stages_in_a_clone_with_another_past_and_other_surroundings_give_the_same_hashes(
    prepared_project, tmp_path
):
    run = prepared_project.read("runs/march/manifest.json")
    lock = yaml.safe_load(prepared_project.succeed("git", "show", f"{run['experiment']}:dvc.lock").stdout)
    params = prepared_project.succeed("git", "show", f"{run['experiment']}:params.yaml").stdout
    there = Project.copy(tmp_path / "somewhere else" / "two", **SURROUNDINGS)
    (there.folder / "dvc.lock").unlink()
    # Its archive has weeks of March and November, as that of the prepared project; here also all of April, seen later.
    shutil.copytree(prepared_project.folder / ".timeweave/archive", there.folder / ".timeweave/archive")
    there.set_params(as_of="2025-11-20", period={"start": "2025-03-16", "end": "2025-04-15", "timezone": "UTC"})
    fetched = there.call_stage("fetch_time", "elsewhere/days", "elsewhere/directory.json")
    assert fetched.returncode == 0, fetched.stderr
    shutil.rmtree(there.folder / "elsewhere")
    (there.folder / "params.yaml").write_text(params)
    there.succeed("python", "-c", ALL_STAGES)
    there.call_dvc("commit", "-q", "--force")
    found = {out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}
    assert there.hashes() == found
    # Whatever a stage runs with, it is the code of its own folder.
    code = there.succeed("./python", "-c", "import timeweave; print(timeweave.__file__)").stdout
    assert code.strip() == str(there.folder / "timeweave" / "__init__.py")
    assert len(found) >= 12


@pytest.fixture
def unentered(tmp_path):
    """A copy with a .venv that is not activated, on a machine whose own Python knows nothing of the project."""
    project = Project.copy(tmp_path)
    (tmp_path / ".venv").symlink_to(BIN.parent)
    return project


def test_a_stage_runs_though_no_environment_is_active(unentered):
    entities = "data/entities.json"
    (unentered.folder / "data").mkdir()
    (unentered.folder / entities).write_text('{"schema": 1, "entities": []}')
    bare = {"PATH": os.defpath, "VIRTUAL_ENV": "", "PYTHONPATH": ""}
    command = ("stages/enrich_entities.py", entities, "config/demo/enrichment_config.yaml", "data/enriched.json")
    done = unentered.run("./python", *command, **bare)
    assert done.returncode == 0, done.stderr


def test_a_machine_without_the_project_says_how_to_install_it(tmp_path):
    project = Project.copy(tmp_path)
    done = project.run("./python", "stages/extract_entities.py", "a", "b", PATH="/usr/bin:/bin", VIRTUAL_ENV="")
    assert done.returncode == 2
    assert done.stderr == "Timeweave is not installed here: run 'make install' in the project's folder\n"
