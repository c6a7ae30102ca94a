"""The headline of a run that this machine did not make: from its dvc.lock and the cache, as far as that has it."""

import json
import re
from pathlib import Path

METRICS = "data/metrics.json"
_HASH = re.compile(rf"^ +- path: {re.escape(METRICS)}\n(?: +\w+: .*\n)*? +md5: ([0-9a-f]{{32}})$", re.MULTILINE)
"""Of hundreds of files of some thousand lines each; a YAML parser would take seconds."""


def held(lock: str | None, cache: Path) -> dict[str, float | int | None]:
    """metrics.json by its hash in the text of a dvc.lock; empty where the cache has none, until it is pulled."""
    found = _HASH.search(lock or "")
    if not found:
        return {}
    try:
        content = json.loads((cache / "files" / "md5" / found[1][:2] / found[1][2:]).read_bytes())
    except (OSError, ValueError):
        return {}
    return dict(content) if isinstance(content, dict) else {}
