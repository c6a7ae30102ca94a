"""dvc.yaml is held to the real imports: an undeclared module would leave a stage up to date after its code changed."""

import shutil
from pathlib import Path

import pytest
import yaml

from tests.imports import closure

ROOT = Path(__file__).parent.parent
STAGES = yaml.safe_load((ROOT / "dvc.yaml").read_text(encoding="utf-8"))["stages"]
CODE = ("stages/", "timeweave/")


def declared(stage: dict, root: Path) -> set[str]:
    """The files of code that a stage names; a folder stands for all Python files below it."""
    named: set[str] = set()
    for dep in stage["deps"]:
        if dep.startswith(CODE):
            path = root / dep
            files = sorted(path.rglob("*.py")) if path.is_dir() else [path]
            named |= {file.relative_to(root).as_posix() for file in files}
    return named


def differences(name: str, root: Path) -> tuple[set[str], set[str]]:
    """What the stage imports but does not name, and what it names but does not import."""
    imported = closure(Path("stages", f"{name}.py"), root)
    named = declared(STAGES[name], root)
    return imported - named, named - imported


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_declares_exactly_the_code_it_imports(name):
    missing, superfluous = differences(name, ROOT)
    assert (sorted(missing), sorted(superfluous)) == ([], [])


@pytest.mark.parametrize("name", STAGES)
def test_a_stage_runs_the_script_of_its_name_and_says_what_it_does(name):
    assert f"stages/{name}.py" in STAGES[name]["cmd"]
    assert STAGES[name]["desc"]


def test_every_script_in_stages_is_a_stage_and_there_are_nine_at_most():
    assert {path.stem for path in (ROOT / "stages").glob("*.py")} == set(STAGES)
    assert len(STAGES) <= 9


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
    script.write_text("from timeweave import stage\n")
    assert "timeweave/models/entities.py" in differences("extract_entities", copy)[1]
