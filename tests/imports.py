"""Which first-party files a script imports, directly or not, found without running it."""

import ast
import functools
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "timeweave"


def closure(script: Path, root: Path) -> set[str]:
    """Every first-party file that `script` imports, itself included, as paths below `root`."""
    found: set[Path] = set()
    waiting = [root / script]
    while waiting:
        file = waiting.pop()
        if file in found:
            continue
        found.add(file)
        for name in _modules(file, root):
            waiting += [path for path in [*_packages(name, root), *_files(name, root)] if path not in found]
        waiting += _found_by_name(file)
    return {path.relative_to(root).as_posix() for path in found}


def graph(root: Path) -> dict[str, set[str]]:
    """Each first-party file with those that its imports name, nested imports included, as paths below `root`.

    The packages above a module run with it, but are not named: `from a.b import c` names the module c, and the package
    b only where c is something of its own.
    """
    files = sorted(root.joinpath(PACKAGE).rglob("*.py"))
    named = {file: {path for name in _modules(file, root) for path in _files(name, root)} for file in files}
    return {
        file.relative_to(root).as_posix(): {path.relative_to(root).as_posix() for path in paths}
        for file, paths in named.items()
    }


@functools.cache
def _list_imports(source: str) -> list[ast.stmt]:
    return [node for node in ast.walk(ast.parse(source)) if isinstance(node, ast.Import | ast.ImportFrom)]


def _modules(file: Path, root: Path) -> Iterator[str]:
    """Dotted names of the modules that a file imports, or imports from, nested imports included."""
    for node in _list_imports(file.read_text(encoding="utf-8")):
        names = []
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = file.relative_to(root).parts[: -node.level] if node.level else ()
            base = ".".join([*above, *filter(None, [node.module])])
            members = [f"{base}.{alias.name}" for alias in node.names]
            names = [name if _files(name, root) else base for name in members]
        yield from (name for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}."))


def _found_by_name(file: Path) -> list[Path]:
    """The modules beside an __init__ that finds them by name instead of importing them: any of them may run."""
    looks_up = file.name == "__init__.py" and "import_module(" in file.read_text(encoding="utf-8")
    return sorted(file.parent.glob("*.py")) if looks_up else []


def _files(name: str, root: Path) -> list[Path]:
    """The file of a module or a package."""
    path = root.joinpath(*name.split("."))
    return [file for file in (path.with_suffix(".py"), path / "__init__.py") if file.is_file()]


def _packages(name: str, root: Path) -> list[Path]:
    """The __init__ of each package above a module: they run first."""
    parts = name.split(".")
    return [file for n in range(1, len(parts)) if (file := root.joinpath(*parts[:n], "__init__.py")).is_file()]
