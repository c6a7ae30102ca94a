"""What became of each stage of a run, read from what the stages noted and what DVC said, and how it is put into words for whoever looks on."""

import contextlib
import json
import re
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from timeweave.models.enriched import Enriched
from timeweave.runs.manifest import Fault, StageRecord, StageState
from timeweave.runtime import document

JOURNAL, DVC_LOG = "journal.jsonl", "dvc.log"
FETCH, AGGREGATE, EXTRACT, ENRICH = "fetch_time", "aggregate_time", "extract_entities", "enrich_entities"
"""The stages that runs treat in a way of their own."""
_SKIPPED = re.compile(r"^Stage '(\w+)' (didn't change|is cached)", re.MULTILINE)
_ERROR = re.compile(r"^ERROR: (.+(?:\n.+)*)", re.MULTILINE)
MEND = "where a file of DVC's own is damaged, `timeweave doctor --repair` takes it out of its way; then run again"
PREPARE, START, SAVE = "prepare_workspace", "run_dvc", "save_result"
"""What a run does besides its stages: before the first, between them (DVC's own work, and starting each), after the last."""
_FIELDS = ("requests", "items", "unit", "quota_left", "done", "total", "seconds")


class StageLog:
    """The files in the log's folder of a run; read again each time, since they grow while it works."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.journal, self.dvc = folder / JOURNAL, folder / DVC_LOG

    def read_notes(self) -> list[dict[str, Any]]:
        """All notes so far; a line that is still being written, or is damaged, is left out."""
        if not self.journal.is_file():
            return []
        found = []
        for line in self.journal.read_text(encoding="utf-8", errors="replace").split("\n")[:-1]:
            with contextlib.suppress(ValueError):
                found.append(json.loads(line))
        return [one for one in found if isinstance(one, dict)]

    def read_warnings(self) -> list[str]:
        """What the stages told whoever looks on."""
        return [str(note.get("text")) for note in self.read_notes() if note.get("event") == "warned"]

    def read_stages(self, names: list[str], alive: bool) -> list[StageRecord]:
        """A record for each stage of the pipeline; one that began and did not end was stopped, unless it is alive."""
        skipped = dict(_SKIPPED.findall(self._read_dvc()))
        records = {name: StageRecord(name=name) for name in names}
        for name, how in skipped.items():
            if name in records:
                state = StageState.unchanged if how == "didn't change" else StageState.cached
                records[name] = StageRecord(name=name, state=state)
        for note in self.read_notes():
            name = note.get("stage")
            if name in records:
                records[name] = _take_note(records[name], note)
        return [
            replace(one, state=StageState.stopped) if one.state is StageState.running and not alive else one
            for one in records.values()
        ]

    def has_failed_stage(self) -> bool:
        """Whether a stage said that it ended with an error."""
        return any(note.get("event") == "ended" and note["code"] for note in self.read_notes())

    def find_fault(self, stages: list[StageRecord], code: int | None) -> Fault:
        """Why it ended: the stage's own sentence and code, or that it was ended from outside, or DVC's error."""
        for note in reversed(self.read_notes()):
            if note.get("event") == "ended" and note["code"]:
                sentence = note["error"] or f"{note['stage']} was called with wrong arguments"
                if note.get("fault"):
                    sentence = f"it met a fault of the program; the traceback is in {self.name_log()}"
                return Fault(
                    stage=note["stage"], exit_code=note["code"], sentence=sentence, resume_in=note.get("resume_in")
                )
        at_work = (StageState.running, StageState.stopped)
        if running := next((record.name for record in stages if record.state in at_work), None):
            said = f"ended from outside while {running} was running; what was fetched is kept, run again"
            return Fault(stage=running, exit_code=1, sentence=said)
        errors = _ERROR.findall(self._read_dvc())
        if errors:
            return Fault(stage=None, exit_code=1, sentence=f"DVC: {' '.join(errors[-1].split())}; {MEND}")
        if code is None:
            return Fault(stage=None, exit_code=1, sentence="ended from outside before it was done; run again")
        last = next((line for line in reversed(self._read_dvc().splitlines()) if line.strip()), "")
        said = f": {last.strip()}" if last else " and said nothing"
        return Fault(stage=None, exit_code=1, sentence=f"DVC ended with {code}{said}; run again")

    def name_log(self) -> str:
        """Where what DVC and the stages said can be read, as seen from the project's folder."""
        return "/".join(self.dvc.parts[-4:])

    def _read_dvc(self) -> str:
        return self.dvc.read_text(encoding="utf-8", errors="replace") if self.dvc.is_file() else ""


def _take_note(record: StageRecord, note: dict[str, Any]) -> StageRecord:
    values = {key: note[key] for key in _FIELDS if note.get(key) is not None}
    match note.get("event"):
        case "begun":
            return StageRecord(name=record.name, state=StageState.running, seconds=record.seconds)
        case "ended":
            if record.seconds is not None and "seconds" in values:
                # DVC ran it before in the same run.
                values["seconds"] = round(values["seconds"] + record.seconds, 2)
            state = StageState.failed if note["code"] else StageState.done
            done = record.done if state is StageState.failed else None
            return replace(record, **values, state=state, done=done, total=record.total if done else None)
        case "at" | "counted":
            return replace(record, **values)
    return record


def has_gaps(folder: Path) -> bool:
    """Whether a workspace's enriched.json lacks something that Fibery was asked for and did not give."""
    path = folder / "data" / "enriched.json"
    return path.exists() and bool(document.read(path, Enriched).unanswered)


class View(Protocol):
    """Shows the stages of one run."""

    def say(self, sentence: str) -> None:
        """A line for the person."""

    def update(self, stages: list[StageRecord]) -> None:
        """Show how far the stages are."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class ParallelView(Protocol):
    """Shows several runs at once."""

    def say(self, sentence: str) -> None:
        """A line for the person."""

    def open(self, label: str) -> View:
        """The view of one of the runs."""

    def close(self) -> None:
        """Leave the terminal as it was."""


class Stopwatch:
    """Measures what a run does besides its stages: `seconds`, filled while it works."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = {}
        self._since = time.monotonic()

    def note(self, what: str, stages: Iterable[StageRecord] = ()) -> None:
        """The time since the last note, less that of stages, was spent on this."""
        now, theirs = time.monotonic(), sum(one.seconds or 0 for one in stages)
        self.seconds[what] = round(max(now - self._since - theirs, 0), 1)
        self._since = now


def add_surroundings(stages: list[StageRecord], around: dict[str, float]) -> list[StageRecord]:
    """The stages, with what the run does besides them in its place, as far as that is over."""
    found = {name: StageRecord(name=name, state=StageState.done, seconds=seconds) for name, seconds in around.items()}
    first = [found[PREPARE]] if PREPARE in found else []
    return [*first, *stages, *(found[name] for name in (START, SAVE) if name in found)]


def format_stage(record: StageRecord) -> str:
    """A stage in one line."""
    facts = [str(record.state) if record.state is not StageState.done else f"done in {record.seconds or 0:.1f} s"]
    if record.items is not None:
        facts.append(format_count(record.items, _ONE.get(str(record.unit), str(record.unit)), str(record.unit)))
    elif record.total:
        facts.append(f"{record.done:,} of {record.total:,} {record.unit}")
    if record.requests is not None:
        facts.append(format_count(record.requests, "request", "requests"))
    if record.quota_left is not None:
        facts.append(f"{record.quota_left:,} left of the quota")
    return f"{record.name:<17} {', '.join(facts)}"


def format_count(number: int, one: str, more: str) -> str:
    """A number with its noun."""
    return f"{number:,} {one if number == 1 else more}"


_ONE = {"days": "day", "items": "item", "summaries": "summary"}
"""What stages count."""
