"""No module imports another in a circle: imports inside functions and those for types alone count as well."""

import graphlib
from pathlib import Path

import pytest

from tests.imports import graph

ROOT = Path(__file__).parent.parent
PACKAGES = sorted(path.name for path in (ROOT / "timeweave").iterdir() if (path / "__init__.py").is_file())


@pytest.fixture(scope="module")
def imports():
    return graph(ROOT)


def find_circle(imports):
    """The files of a circle, the first of them at both ends; none where there is no circle."""
    try:
        graphlib.TopologicalSorter(imports).prepare()
    except graphlib.CycleError as error:
        return error.args[1]
    return []


@pytest.mark.parametrize("package", PACKAGES)
def test_no_module_of_a_package_imports_another_in_a_circle(imports, package):
    inside = {file for file in imports if file.startswith(f"timeweave/{package}/")}
    assert find_circle({file: imports[file] & inside for file in inside}) == []


def test_no_circle_goes_through_several_packages(imports):
    assert find_circle(imports) == []


def write(folder, files):
    """The graph of a package of these files."""
    for name, text in files.items():
        path = folder / "timeweave" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
        (path.parent / "__init__.py").touch()
    return graph(folder)


@pytest.mark.parametrize(
    "back",
    [
        "from timeweave.one import first",
        "import timeweave.one.first",
        "def late():\n    from timeweave.one.first import x",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from ..one.first import x",
    ],
    ids=["from the package", "by its whole name", "in a function", "for a type, relative"],
)
def test_a_circle_is_found_however_it_is_closed(tmp_path, back):
    imports = write(tmp_path, {"one/first.py": "from timeweave.two.second import y", "two/second.py": back})
    assert set(find_circle(imports)) == {"timeweave/one/first.py", "timeweave/two/second.py"}


def test_a_package_above_a_module_is_in_no_circle_with_it_unless_something_of_its_own_is_imported(tmp_path):
    files = {
        "one/__init__.py": "from timeweave.one import first\nx = 1",
        "one/first.py": "from timeweave.one import second",
    }
    assert find_circle(write(tmp_path, files | {"one/second.py": ""})) == []
    imports = write(tmp_path, files | {"one/second.py": "from timeweave.one import x"})
    assert set(find_circle(imports)) == {f"timeweave/one/{name}.py" for name in ("__init__", "first", "second")}
