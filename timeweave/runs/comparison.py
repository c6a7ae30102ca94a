"""Numbers of runs: read from their own results."""

import json
from dataclasses import dataclass
from typing import Any

import msgspec

from timeweave.reports.formatting import hours, sanitize
from timeweave.runs.manifest import Manifest
from timeweave.runs.register import Register
from timeweave.runs.result_reader import METRICS
from timeweave.runtime.errors import TimeweaveError


@dataclass(frozen=True)
class Row:
    """A number in two runs; None where a run has none."""

    name: str
    first: float | int | str | None
    second: float | int | str | None

    @property
    def change(self) -> float | None:
        """The second less the first."""
        if isinstance(self.first, int | float) and isinstance(self.second, int | float):
            return round(self.second - self.first, 4)
        return None

    @property
    def sign(self) -> str:
        """The change as it is shown."""
        return "" if not self.change else f"{self.change:+,g}"


class _Person(msgspec.Struct):
    user_id: int
    name: str
    matched_seconds: int
    unmatched_seconds: int


class _Aggregated(msgspec.Struct):
    people: list[_Person]


def compare_runs(register: Register, first: Manifest, second: Manifest) -> list[Row]:
    """Period, headline, then hours by person."""
    rows = [
        Row(name, getattr(first.parameters, name), getattr(second.parameters, name))
        for name in ("start", "end", "as_of")
    ]
    numbers, others = read_headline(register, first), read_headline(register, second)
    rows += [Row(name, numbers.get(name), others.get(name)) for name in sorted({*numbers, *others})]
    ours, theirs = _read_hours(register, first), _read_hours(register, second)
    for key in sorted({*ours, *theirs}, key=lambda person: (person[1].casefold(), person[0])):
        rows.append(Row(f"hours of {sanitize.clean_line(key[1])}", ours.get(key), theirs.get(key)))
    return rows


def read_headline(register: Register, run: Manifest) -> dict[str, Any]:
    """metrics.json of a run."""
    content = json.loads(_read(register, run, METRICS))
    return dict(content) if isinstance(content, dict) else {}


def _read_hours(register: Register, run: Manifest) -> dict[tuple[int, str], float]:
    """As the team's report shows them, where they add up to the total."""
    people = msgspec.json.decode(_read(register, run, "aggregated.json"), type=_Aggregated).people
    shown = hours.split_people([(one.user_id, one.matched_seconds, one.unmatched_seconds) for one in people])
    return {(one.user_id, one.name): sum(shown[one.user_id]) / 100 for one in people}


def _read(register: Register, run: Manifest, name: str) -> bytes:
    content = register.get_outputs(run).read(name)
    if content is None:
        raise TimeweaveError(f"{run.id} has no {name}; `timeweave show-run {run.id}` says what became of it")
    return content
