"""Runs of the report stages as a person or DVC starts them, over the documents of an invented team."""

import os
import subprocess
from pathlib import Path

from tests.project import call_script
from tests.reports import samples
from timeweave.runtime import document

ROOT = Path(__file__).parents[2]
DOCUMENTS = ("aggregated.json", "enriched.json", "summaries.json")


def documents(folder: Path, aggregated=None, enriched=None) -> list[str]:
    """The three documents that reports are made of, written to `folder`: their paths."""
    contents = (aggregated or samples.aggregated(), enriched or samples.enriched(), samples.PROSE)
    for name, content in zip(DOCUMENTS, contents, strict=True):
        document.write(folder / name, content)
    return [str(folder / name) for name in DOCUMENTS]


def run(stage: str, *arguments: object, folder: Path = ROOT) -> subprocess.CompletedProcess[str]:
    """The stage as a script, in this process."""
    return call_script(ROOT / "stages" / f"{stage}.py", [*map(str, arguments)], folder, dict(os.environ))


def files(folder: Path) -> dict[str, bytes]:
    """Every file below `folder` with its content."""
    return {path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
