"""Which first-party files a script imports, directly or not, found without running it."""

import ast
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
            waiting += [path for path in _files(name, root) if path not in found]
        waiting += _found_by_name(file)
    return {path.relative_to(root).as_posix() for path in found}


def _modules(file: Path, root: Path) -> set[str]:
    """Dotted names that a file may import from, nested imports included; `from a import b` may mean the module a.b."""
    names: set[str] = set()
    package = ".".join(file.relative_to(root).parent.parts)
    for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            base = node.module or ""
            if node.level:
                parts = package.split(".")[: len(package.split(".")) - node.level + 1]
                base = ".".join([*parts, base]).rstrip(".")
            names |= {base} | {f"{base}.{alias.name}" for alias in node.names}
    return {name for name in names if name == PACKAGE or name.startswith(f"{PACKAGE}.")}


def _found_by_name(file: Path) -> list[Path]:
    """The modules beside an __init__ that finds them by name instead of importing them: any of them may run."""
    looks_up = file.name == "__init__.py" and "import_module(" in file.read_text(encoding="utf-8")
    return sorted(file.parent.glob("*.py")) if looks_up else []


def _files(name: str, root: Path) -> list[Path]:
    """The files that importing `name` runs: its own and the __init__ of each package above it."""
    parts = name.split(".")
    packages = [root.joinpath(*parts[:length], "__init__.py") for length in range(1, len(parts) + 1)]
    module = root.joinpath(*parts).with_suffix(".py")
    return [path for path in [*packages, module] if path.is_file()]
