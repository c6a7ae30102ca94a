"""A run on DVC's own experiments: started as one, watched line by line, read back from its commit and the cache."""

import json
import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import yaml

from timeweave.errors import ConfigurationError, TimeweaveError
from timeweave.runs.manifest import StageRecord, is_alive
from timeweave.stage import RUN_LOG

_RUNNING = re.compile(r"Running stage '(\w+)'")
_UNCHANGED = re.compile(r"Stage '(\w+)' didn't change, skipping")
_CACHE = Path(".dvc/cache/files/md5")
_RWLOCK = Path(".dvc/tmp/rwlock")


class Execution:
    """One `dvc exp run` in the workspace."""

    def __init__(self, run_id: str, params: dict[str, str], say: Callable[[str], None]) -> None:
        settings = [word for place, value in params.items() for word in ("-S", f"{place}={value}")]
        self._command = [sys.executable, "-m", "dvc", "exp", "run", "-n", run_id, *settings]
        self._say = say
        self._unchanged: list[str] = []
        self._last_words = ""
        self.stages: list[StageRecord] = []
        self.exit_code = 1
        self.error: str | None = None

    def run(self) -> None:
        """Run it to its end; `stages`, `exit_code` and `error` say what became of it."""
        clear_dead_locks()
        with tempfile.TemporaryDirectory() as folder:
            log = Path(folder, "stages.jsonl")
            process = subprocess.Popen(
                self._command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                env=os.environ | {RUN_LOG: str(log)},
            )  # fmt: skip
            assert process.stdout is not None  # noqa: S101 - asked for above
            with process.stdout as lines:
                for line in lines:
                    self._hear(line.strip())
            code = process.wait()
            records = [json.loads(line) for line in log.read_text().splitlines()] if log.exists() else []
        self.stages = [StageRecord(name=name, state="unchanged") for name in self._unchanged]
        self.stages += [_record(record) for record in records]
        failed = next((record for record in records if record["exit_code"]), None)
        if failed:
            self.exit_code, self.error = failed["exit_code"], f"{failed['name']}: {failed['error'] or 'ended early'}"
        else:
            self.exit_code = 0 if code == 0 else 1
            self.error = None if code == 0 else self._last_words or "dvc ended without saying why"

    def _hear(self, line: str) -> None:
        if found := _RUNNING.search(line):
            self._say(f"{found[1]} …")
        elif found := _UNCHANGED.search(line):
            self._unchanged.append(found[1])
        elif re.match(r"[a-z_]+: ", line) and line.partition(":")[0] in _stages():
            self._say(f"  {line}")
        elif line.startswith("ERROR:"):
            self._last_words = line.removeprefix("ERROR:").strip()


def clear_dead_locks() -> None:
    """Take away DVC's record of what a killed process was reading and writing: DVC would wait for it forever.

    Only if every process in it is gone; a dead one that nobody has buried yet counts as gone.
    """
    try:
        record = json.loads(_RWLOCK.read_text())
    except (FileNotFoundError, ValueError):
        return
    holders = [
        one
        for held in record.values()
        for kind in held.values()
        for one in (kind if isinstance(kind, list) else [kind])
    ]
    if not any(is_alive(holder.get("pid", -1)) for holder in holders):
        _RWLOCK.unlink(missing_ok=True)


def revision(run_id: str) -> str:
    """The commit of a run's experiment."""
    listed = _git("for-each-ref", "--format=%(refname)", "refs/exps")
    found = [ref for ref in listed.split() if ref.rpartition("/")[2] == run_id]
    if not found:
        raise ConfigurationError(f"run {run_id} left no experiment: it did not complete, or was removed")
    return _git("rev-parse", found[0]).strip()


def names() -> list[str]:
    """The names of all experiments that git knows, also those that came from elsewhere."""
    listed = _git("for-each-ref", "--format=%(refname)", "refs/exps").split()
    return sorted({ref.rpartition("/")[2] for ref in listed if not ref.startswith("refs/exps/exec/")})


def files(run_id: str, path: str) -> dict[str, bytes]:
    """An output of a run as it was: its content by path below the output, `.` for a file. The workspace is not touched."""
    lock = yaml.safe_load(_git("show", f"{revision(run_id)}:dvc.lock"))
    outs = {out["path"]: out["md5"] for stage in lock["stages"].values() for out in stage["outs"]}
    if path not in outs:
        raise TimeweaveError(f"run {run_id} has no {path}")
    if not outs[path].endswith(".dir"):
        return {".": _cached(outs[path], run_id)}
    listing: list[dict[str, Any]] = json.loads(_cached(outs[path], run_id))
    return {entry["relpath"]: _cached(entry["md5"], run_id) for entry in listing}


def _cached(md5: str, run_id: str) -> bytes:
    path = _CACHE / md5[:2] / md5[2:]
    if not path.exists():
        raise TimeweaveError(f"the data of run {run_id} is not on this machine; fetch it: dvc exp pull, or dvc fetch")
    return path.read_bytes()


def _git(*words: str) -> str:
    done = subprocess.run(["git", *words], capture_output=True, text=True, encoding="utf-8")
    if done.returncode:
        raise TimeweaveError(f"git {words[0]} failed: {done.stderr.strip()[:200]}; run from the project's folder")
    return done.stdout


def _stages() -> set[str]:
    return {path.stem for path in Path("stages").glob("*.py")}


def _record(record: dict[str, Any]) -> StageRecord:
    return StageRecord(
        name=record["name"], state="failed" if record["exit_code"] else "done", seconds=record["seconds"],
        requests=record.get("requests"), items=record.get("items"), error=record["error"],
    )  # fmt: skip
