"""A folder of reports that belongs to one stage: after writing, it holds these files and no older ones."""

from collections.abc import Mapping
from pathlib import Path

from timeweave.runtime import document


def replace(folder: Path, files: Mapping[str, bytes], suffix: str) -> None:
    """Write `files` by name and remove what else ends in `suffix`: reports of people who are not in this period."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, content in files.items():
        document.write_bytes(folder / name, content)
    for file in folder.glob(f"*{suffix}"):
        if file.name not in files:
            file.unlink()
