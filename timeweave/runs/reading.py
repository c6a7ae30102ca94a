"""Reads a past run's own data: from the experiment's commit and DVC's cache, never from the workspace."""

import json
from pathlib import Path

import msgspec

from timeweave import document
from timeweave.errors import ConfigurationError
from timeweave.models.aggregated import Aggregated
from timeweave.reports.slug import slugs
from timeweave.runs import experiment

OUTPUTS = ("data/reports/team_summary.md", "data/reports/toggl_summary.md", "data/reports/individual", "data/site",
           "data/metrics.json", "data/plots")  # fmt: skip


def report(run_id: str, which: str) -> str:
    """A report as it was: `team`, `toggl`, or a person's by e-mail."""
    if which in ("team", "toggl"):
        return experiment.files(run_id, f"data/reports/{which}_summary.md")["."].decode()
    people = msgspec.json.decode(experiment.files(run_id, "data/aggregated.json")["."], type=Aggregated).people
    names = slugs((person.user_id, person.email, person.name) for person in people)
    found = [person.user_id for person in people if (person.email or "").casefold() == which.casefold()]
    if not found:
        raise ConfigurationError(f"run {run_id} has no person with the e-mail {which}; write team, toggl or an e-mail")
    return experiment.files(run_id, "data/reports/individual")[f"{names[found[0]]}.md"].decode()


def export(run_id: str, folder: Path) -> int:
    """Write all reports and pages of a run below a folder; how many files that were."""
    count = 0
    for output in OUTPUTS:
        for name, content in experiment.files(run_id, output).items():
            below = Path(output).relative_to("data")
            document.write_bytes(folder / below if name == "." else folder / below / name, content)
            count += 1
    return count


def metrics(run_id: str) -> dict[str, float]:
    """The numbers of a run."""
    content: dict[str, float] = json.loads(experiment.files(run_id, "data/metrics.json")["."])
    return content
