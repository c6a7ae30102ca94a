"""What people read is English that a native technical writer would sign."""

import ast
import re

import pytest

from tests.project import ROOT

TURNS = re.compile(
    r"(?<!there )\b(?:is|are) no (?!longer\b|more than\b)\w+|\bis none\b|\bnone such\b|\banew\b|\bamiss\b|\bsees? to it\b"
    r"|\bknown are\b|\bso many\b|\bby itself\b|\bwhoever\b|\bat work\b",
    re.IGNORECASE,
)
"""Turns of another language that were found here before."""
PAGES = ("README.md", "params.yaml", *(f"docs/{path.name}" for path in sorted((ROOT / "docs").glob("*.md"))))
CODE = sorted([*(ROOT / "timeweave").rglob("*.py"), *(ROOT / "stages").glob("*.py")])


def list_texts(file):
    """The text of each literal that is no docstring; what stands in f-strings included."""
    tree = ast.parse(file.read_text(encoding="utf-8"))
    bare = {id(node.value) for node in ast.walk(tree) if isinstance(node, ast.Expr)}
    return [one.value for one in ast.walk(tree) if isinstance(one, ast.Constant) and isinstance(one.value, str) and id(one) not in bare]  # fmt: skip


@pytest.mark.parametrize(
    "page", [*PAGES, *(f"config/{path.name}" for path in sorted((ROOT / "config").glob("*.yaml")))]
)
def test_pages_and_files_that_newcomers_read_have_no_such_turn(page):
    assert TURNS.findall((ROOT / page).read_text(encoding="utf-8")) == []


def test_no_sentence_of_the_program_has_such_a_turn():
    found = {
        f"{file.relative_to(ROOT)}: {text[:150]}" for file in CODE for text in list_texts(file) if TURNS.search(text)
    }
    assert found == set()
