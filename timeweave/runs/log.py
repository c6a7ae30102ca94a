"""What became of each stage, read from what the stages noted and what DVC said."""

import json
import re
from pathlib import Path
from typing import Any

import msgspec

from timeweave.runs.manifest import Fault, StageRecord
from timeweave.runtime import journal

DVC_LOG = "dvc.log"
_SKIPPED = re.compile(r"^Stage '(\w+)' (didn't change|is cached)", re.MULTILINE)
_ERROR = re.compile(r"^ERROR: (.+(?:\n.+)*)", re.MULTILINE)
_FIELDS = ("requests", "items", "unit", "quota_left", "done", "total", "seconds")


class Log:
    """The files of a run; read again each time, since they grow while it works."""

    def __init__(self, folder: Path, dvc: Path | None = None) -> None:
        self._journal = folder / journal.FILE
        self._dvc = dvc or folder / DVC_LOG

    @property
    def place(self) -> str:
        """Where what DVC and the stages said can be read, as seen from the project's folder."""
        parts = self._dvc.parts
        return str(Path(*parts[parts.index(".dvc") :])) if ".dvc" in parts else str(self._dvc)

    def notes(self) -> list[dict[str, Any]]:
        """All notes so far; a line that is still being written is left out."""
        if not self._journal.exists():
            return []
        lines = self._journal.read_text(encoding="utf-8").split("\n")[:-1]
        return [json.loads(line) for line in lines if line.startswith("{") and line.endswith("}")]

    def dvc(self) -> str:
        """What DVC and the stages said."""
        return self._dvc.read_text(encoding="utf-8", errors="replace") if self._dvc.exists() else ""

    def stages(self, names: list[str], alive: bool) -> list[StageRecord]:
        """A record for each stage of the pipeline; one that began and did not end was stopped, unless it is alive."""
        skipped = dict(_SKIPPED.findall(self.dvc()))
        records = {name: StageRecord(name=name, state="waiting") for name in names}
        for name, how in skipped.items():
            if name in records:
                records[name] = StageRecord(name=name, state="unchanged" if how == "didn't change" else "cached")
        for note in self.notes():
            name = note.get("stage")
            if name in records:
                records[name] = _noted(records[name], note)
        return [
            msgspec.structs.replace(record, state="stopped") if record.state == "running" and not alive else record
            for record in records.values()
        ]

    def fault(self, stages: list[StageRecord], code: int | None) -> Fault:
        """Why it ended: the stage's own sentence and code, or that it was ended from outside, or DVC's error."""
        for note in reversed(self.notes()):
            if note.get("event") == "ended" and note["code"]:
                sentence = note["error"] or f"{note['stage']} was called with wrong arguments"
                if note.get("fault"):
                    sentence = f"it met a fault of the program; the traceback is in {self.place}"
                return Fault(
                    stage=note["stage"], exit_code=note["code"], sentence=sentence, resume_in=note.get("resume_in")
                )
        running = next((record.name for record in stages if record.state in ("running", "stopped")), None)
        if running:
            return Fault(
                stage=running, exit_code=1,
                sentence=f"ended from outside while {running} was at work; what was fetched is kept, run again",
            )  # fmt: skip
        errors = _ERROR.findall(self.dvc())
        if errors:
            return Fault(stage=None, exit_code=1, sentence=f"DVC: {' '.join(errors[-1].split())}")
        end = "ended from outside before it was done" if code is None else f"DVC ended with {code} and said nothing"
        return Fault(stage=None, exit_code=1, sentence=f"{end}; run again")


def _noted(record: StageRecord, note: dict[str, Any]) -> StageRecord:
    values = {key: note[key] for key in _FIELDS if note.get(key) is not None}
    match note.get("event"):
        case "begun":
            return StageRecord(name=record.name, state="running")
        case "ended":
            state = "failed" if note["code"] else "done"
            done = record.done if state == "failed" else None
            return msgspec.structs.replace(
                record, **values, state=state, done=done, total=record.total if done else None
            )
        case "at" | "counted":
            return msgspec.structs.replace(record, **values)
    return record
