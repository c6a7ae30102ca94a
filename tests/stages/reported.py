"""Runs of the report stages as a person or DVC starts them, over the documents of an invented team."""

import os
import subprocess
from pathlib import Path

from tests.project import call_script
from tests.reports import samples
from timeweave.runtime import document

ROOT = Path(__file__).parents[2]


def documents(folder: Path, analysis=None) -> list[str]:
    """The two documents that reports are made of, written to `folder`: their paths."""
    contents = {"analysis.json": analysis or samples.analysis(), "summaries.json": samples.PROSE}
    for name, content in contents.items():
        document.write(folder / name, content)
    return [str(folder / name) for name in contents]


def run(stage: str, *arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The stage as a script, in this process."""
    return call_script(ROOT / "stages" / f"{stage}.py", [*map(str, arguments)], folder, dict(os.environ))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
