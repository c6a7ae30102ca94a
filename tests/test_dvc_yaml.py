"""dvc.yaml is held to the real imports: an undeclared module would leave a stage up to date after its code changed."""

import ast
import shutil
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from tests.imports import closure

ROOT = Path(__file__).parent.parent
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
CODE = ("stages/", "timeweave/")
ROOT_PACKAGE = "timeweave/__init__.py"


def differences(name: str, root: Path) -> tuple[set[str], set[str]]:
    """Files that the stage imports outside of what it names, and what it names but imports nothing of."""
    named = {dep for dep in STAGES[name]["deps"] if dep.startswith(CODE)}
    imported = closure(Path("stages", f"{name}.py"), root) - {ROOT_PACKAGE}
    covered = {dep: {file for file in imported if file == dep or file.startswith(f"{dep}/")} for dep in named}
    return imported - set().union(*covered.values()), {dep for dep, files in covered.items() if not files}


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_declares_the_packages_it_imports_and_no_others(name):
    missing, superfluous = differences(name, ROOT)
    assert (sorted(missing), sorted(superfluous)) == ([], [])


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_has_at_most_ten_deps_of_code(name):
    assert len([dep for dep in STAGES[name]["deps"] if dep.startswith(CODE)]) <= 10


def test_the_root_package_which_no_stage_names_holds_nothing_but_its_docstring():
    [only] = ast.parse((ROOT / ROOT_PACKAGE).read_text(encoding="utf-8")).body
    assert isinstance(only, ast.Expr)


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_runs_the_script_of_its_name_and_says_what_it_does(name):
    assert f"stages/{name}.py" in STAGES[name]["cmd"]
    assert STAGES[name]["desc"]


def test_every_script_in_stages_is_a_stage_and_there_are_ten_at_most():
    assert {path.stem for path in (ROOT / "stages").glob("*.py")} == set(STAGES)
    assert len(STAGES) <= 10


@pytest.mark.parametrize("name", STAGES)
def test_every_path_of_the_command_is_declared(name):
    stage = STAGES[name]
    named = [
        next(iter(item)) if isinstance(item, dict) else item
        for key in ("deps", "outs", "metrics")
        for item in stage.get(key, [])
    ]
    for word in stage["cmd"].split():
        if word.startswith(("data/", "config/")):
            assert any(dep == word or dep.startswith(f"{word}/") for dep in named), word


def test_stages_do_not_import_each_other_nor_the_command_line():
    for name in STAGES:
        files = closure(Path("stages", f"{name}.py"), ROOT)
        assert [file for file in files if file.startswith("stages/")] == [f"stages/{name}.py"]
        assert not [file for file in files if file.startswith(("timeweave/cli", "timeweave/temporal"))]


def test_the_sandbox_imports_nothing_of_the_clients():
    for file in (ROOT / "timeweave" / "sandbox").rglob("*.py"):
        others = closure(file.relative_to(ROOT), ROOT) - {"timeweave/__init__.py"}
        assert all(other.startswith("timeweave/sandbox/") for other in others), file


@pytest.fixture
def copy(tmp_path):
    for folder in ("stages", "timeweave"):
        shutil.copytree(ROOT / folder, tmp_path / folder, ignore=shutil.ignore_patterns("__pycache__"))
    return tmp_path


def test_an_import_that_no_dep_names_is_noticed(copy):
    (copy / "timeweave" / "novelty.py").write_text("")
    script = copy / "stages" / "extract_entities.py"
    script.write_text(script.read_text() + "\n\ndef late():\n    from timeweave import novelty\n")
    assert differences("extract_entities", copy)[0] == {"timeweave/novelty.py"}


def test_a_dep_that_is_not_imported_is_noticed(copy):
    script = copy / "stages" / "extract_entities.py"
    script.write_text("from timeweave.runtime import script\n")
    assert "timeweave/models" in differences("extract_entities", copy)[1]


def test_no_output_is_kept_by_dvc_while_a_stage_runs():
    outputs = [out for stage in STAGES.values() for key in ("outs", "metrics") for out in stage.get(key, [])]
    assert [out for out in outputs if isinstance(out, dict)] == []


def test_another_threshold_neither_fetches_nor_sums_anything_again():
    for name in ("fetch_time", "aggregate_time"):
        named = {key for key in STAGES[name]["params"] if key.startswith("analysis")}
        assert named == {"analysis.compare_periods", "analysis.since"}


def test_the_pipeline_fits_on_a_few_screens():
    assert len((ROOT / "dvc.yaml").read_text(encoding="utf-8").splitlines()) <= 240
    assert len((ROOT / "dvc.lock").read_text(encoding="utf-8").splitlines()) <= 680


def test_a_stage_runs_the_code_of_its_own_folder(tmp_path):
    shutil.copy(ROOT / "python", tmp_path)
    for name, text in (("timeweave/__init__.py", ""), ("stages/a.py", "import timeweave; print(timeweave.__file__)")):
        (tmp_path / name).parent.mkdir()
        (tmp_path / name).write_text(text)
    (tmp_path / ".venv/bin").mkdir(parents=True)
    (tmp_path / ".venv/bin/python").symlink_to(sys.executable)
    done = subprocess.run(["./python", "stages/a.py"], cwd=tmp_path, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == str(tmp_path / "timeweave/__init__.py")
