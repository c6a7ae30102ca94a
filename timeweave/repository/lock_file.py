"""dvc.lock: what each stage read and wrote at its last run. The one place that reads and writes it."""

import hashlib
import shutil
import subprocess
import sys
from collections.abc import Collection
from pathlib import Path
from typing import Any

import yaml

from timeweave.runtime.errors import TimeweaveError

NAME = "dvc.lock"
AGGREGATED, ANALYSIS, METRICS = "data/aggregated.json", "data/analysis.json", "data/metrics.json"
READER = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
"""A run's lock has hundreds of lines, and lists of runs read hundreds of locks."""


class LockFile:
    """The content of a dvc.lock."""

    def __init__(self, content: dict[str, Any] | None = None) -> None:
        self._content = content or {"schema": "2.0"}

    @classmethod
    def parse(cls, text: str, where: str) -> "LockFile":
        """From its text; `where` names it in the sentence about what is wrong with it."""
        try:
            content = yaml.load(text, Loader=READER)  # noqa: S506 - both are safe loaders
        except yaml.YAMLError as error:
            raise TimeweaveError(f"{where} is damaged ({' '.join(str(error).split())[:100]}); {REMEDY}") from None
        stages = content.get("stages", {}) if isinstance(content, dict) else None
        if content is not None and not (
            isinstance(stages, dict) and all(isinstance(one, dict) for one in stages.values())
        ):
            raise TimeweaveError(f"{where} is damaged; {REMEDY}")
        return cls(content)

    @classmethod
    def read(cls, folder: Path) -> "LockFile":
        """Of a project; an empty one where there is none yet."""
        path = folder / NAME
        if path.is_dir():
            raise TimeweaveError(f"{path} is a folder; move it away, then {REMEDY}")
        return cls.parse(path.read_text(encoding="utf-8", errors="replace"), str(path)) if path.exists() else cls()

    def get_stage(self, name: str) -> dict[str, Any]:
        """All that is recorded of a stage; empty where it has not run."""
        return dict(self._content.get("stages", {}).get(name, {}))

    def set_stage(self, name: str, entry: dict[str, Any]) -> None:
        """Record this of a stage."""
        self._content.setdefault("stages", {})[name] = entry

    def get_hashes(self) -> dict[str, str]:
        """The hash of each output by its path; that of a folder ends in `.dir`."""
        outputs = [out for stage in self._content.get("stages", {}).values() for out in stage.get("outs", [])]
        return {out["path"]: out["md5"] for out in outputs if "md5" in out}

    def is_whole(self, metrics: Path) -> bool:
        """Whether the team's report and these metrics are of the time that was aggregated last."""
        hashes = self.get_hashes()
        deps = [dep for stage in ("analyze_work", "report_team") for dep in self.get_stage(stage).get("deps", [])]
        read = {dep["path"]: dep.get("md5") for dep in deps}
        fresh = all(read.get(path) == hashes.get(path) for path in (AGGREGATED, ANALYSIS) if path in hashes)
        digest = hashlib.md5(metrics.read_bytes(), usedforsecurity=False).hexdigest()
        return fresh and hashes.get(METRICS) == digest

    def drop_other_stages(self, stages: Collection[str]) -> bool:
        """Forget stages that dvc.yaml has no more, which DVC never does; whether there were any."""
        held = self._content.get("stages", {})
        gone = [name for name in held if name.partition("@")[0] not in stages]
        for name in gone:
            del held[name]
        return bool(gone)

    def get_params(self, stage: str) -> dict[str, Any]:
        """The values of params.yaml that a stage ran with, by dotted key."""
        return dict(self.get_stage(stage).get("params", {}).get("params.yaml", {}))

    def write(self, folder: Path) -> None:
        """As the project's dvc.lock."""
        (folder / NAME).write_text(yaml.safe_dump(self._content, sort_keys=False), encoding="utf-8")


REMEDY = "`git checkout dvc.lock` brings the committed one back, and the next run completes it"


def is_readable(folder: Path) -> bool:
    """Whether a folder's dvc.lock is one; none at all is in order."""
    try:
        LockFile.read(folder)
    except (TimeweaveError, OSError):
        return False
    return True


def list_stages(folder: Path) -> list[str]:
    """The stages of a project's dvc.yaml, in their order."""
    content = yaml.load((folder / "dvc.yaml").read_text(encoding="utf-8"), Loader=READER)  # noqa: S506
    return list(content["stages"])


MARKS = ("path: data/toggl/changes.json\n", "source: live\n")
"""In a dvc.lock: an output that only the earlier version had, and that it fetched from a real account."""
WANTED = ("data/toggl/days", "data/toggl/directory.json")
"""Outputs of both versions: DVC removes the former ones before the stage that writes the new ones runs."""


def has_former_outputs(project: Path) -> bool:
    """Whether an earlier version was the last to fetch from a real account, by the project's dvc.lock."""
    lock = project / "dvc.lock"
    text = lock.read_text(encoding="utf-8", errors="replace") if lock.exists() else ""
    return all(mark in text for mark in MARKS)


def restore_former_outputs(project: Path, target: Path) -> bool:
    """Lay out what the earlier version fetched, as dvc.lock names it: `days` and `directory.json` in `target`.

    False where neither DVC's cache nor its remote has it any more.
    """
    shutil.rmtree(target, ignore_errors=True)
    target.mkdir(parents=True)
    commands = [
        [sys.executable, "-m", "dvc", "get", "--quiet", str(project), path, "--out", str(target / Path(path).name)]
        for path in WANTED
    ]
    return not any(
        subprocess.run(command, cwd=project, stdin=subprocess.DEVNULL, capture_output=True).returncode
        for command in commands
    )
