"""The house stays legible: one door to git and DVC, modules of a readable size, names that hide nothing."""

import ast
import re
import statistics
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
MODULES = sorted((ROOT / "timeweave").rglob("*.py"))
COINED = set(
    "door gate aside flight telling filling home order edition ledger knobs belief outside material asking reading owners "
    "lineage outline plain likeness difference past latest fresh unsaved mirror shared_archive counter turn work steps "
    "detachment utils helpers common manager base prove wish byline stretch standing reach seen place".split()
)
GIT_OR_DVC = re.compile(r"""["']git["']\s*,|["']dvc["']\s*,|\.dvc["'/]|["'/]dvc\.lock["']""")


def find_lines(file):
    return len(file.read_text(encoding="utf-8").splitlines())


def test_only_the_repository_package_knows_git_and_dvc_s_files():
    others = [file for file in MODULES if "repository" not in file.parts]
    assert [str(file) for file in others if GIT_OR_DVC.search(file.read_text(encoding="utf-8"))] == []


def test_modules_are_of_a_readable_size_and_not_cut_too_finely():
    sizes = {file.relative_to(ROOT).as_posix(): find_lines(file) for file in MODULES}
    assert [name for name, lines in sizes.items() if lines > 200] == []
    assert len(MODULES) <= sum(sizes.values()) / 100
    assert 60 <= statistics.median(sizes.values()) <= 120


def test_stages_are_under_a_hundred_lines():
    assert [file.name for file in (ROOT / "stages").glob("*.py") if find_lines(file) >= 100] == []


def test_functions_are_short():
    long = []
    for file in [*MODULES, *(ROOT / "stages").glob("*.py")]:
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            # Without the signature: that of a command has a line for each option.
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno - node.body[0].lineno > 40:
                long.append(f"{file.relative_to(ROOT)}: {node.name}")
    assert long == []


def test_no_module_has_a_name_that_strangers_guess_wrong_or_that_hides_the_standard_library():
    found = {file.relative_to(ROOT).as_posix() for file in MODULES if file.stem in COINED | sys.stdlib_module_names}
    assert found == set()


def test_no_class_or_function_has_such_a_name():
    kinds = (ast.ClassDef, ast.FunctionDef, ast.AsyncFunctionDef)
    trees = {file: ast.parse(file.read_text(encoding="utf-8")) for file in MODULES}
    named = [
        (file.name, node.name) for file, tree in trees.items() for node in ast.walk(tree) if isinstance(node, kinds)
    ]
    assert [where for where in named if where[1].strip("_").lower() in COINED] == []
