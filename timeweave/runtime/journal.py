"""The journal of a run: what its stages note while they work. A stage that belongs to no run of `timeweave run` has none."""

import contextlib
import json
import os
from pathlib import Path

VARIABLE = "TIMEWEAVE_JOURNAL"
"""Names the file in the environment of a stage; no output depends on it."""


def note(**facts: object) -> None:
    """Append a line; nothing that the stage writes depends on whether that works."""
    if path := os.environ.get(VARIABLE):
        with contextlib.suppress(OSError), Path(path).open("ab") as file:
            file.write(json.dumps(facts).encode() + b"\n")
