"""Which files of a run are the report that somebody asks for, and what is exported of it."""

from pathlib import Path
from typing import TypeVar

import msgspec

from timeweave.reports.report_data import assign_slugs
from timeweave.repository.experiments import CommittedOutputs
from timeweave.runs.run_folder import FolderOutputs
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.spelling import find_nearest

Shape = TypeVar("Shape")
Outputs = FolderOutputs | CommittedOutputs
FIXED = {"team": "reports/team_summary.md", "toggl": "reports/toggl_summary.md"}
EXPORTED = (
    "reports/", "site/", "plots/", "metrics.json", "aggregated.json", "enriched.json", "entities.json", "summaries.json",
)  # fmt: skip


class _Person(msgspec.Struct):
    user_id: int
    email: str | None
    name: str


class _People(msgspec.Struct):
    people: list[_Person]


def read_report(outputs: Outputs, run: str, asked: str) -> bytes:
    """The report for `team`, `toggl`, or a person's e-mail, in any case."""
    return _read(outputs, run, FIXED[asked] if asked in FIXED else _find_person(outputs, run, asked))


def read_document(outputs: Outputs, run: str, name: str, shape: type[Shape]) -> Shape:
    """A document of a run with its shape checked."""
    try:
        return msgspec.json.decode(_read(outputs, run, name), type=shape)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise TimeweaveError(
            f"{name} of {run} is damaged or of another version ({error}); `timeweave doctor --repair` brings it back "
            f"where DVC's cache has it, else make the run again"
        ) from None


def export_outputs(outputs: Outputs, folder: Path, wanted: tuple[str, ...] = EXPORTED) -> list[str]:
    """Write reports, site and documents, or what else is wanted, into a folder; the names written."""
    names = [name for name in outputs.list_names() if name.startswith(wanted) and ".." not in Path(name).parts]
    for name in names:
        if (content := outputs.read(name)) is not None:
            document.write_bytes(folder / name, content)
    return names


def _find_person(outputs: Outputs, run: str, asked: str) -> str:
    # Read without the rest, so that a document of another version can be read as well.
    people = read_document(outputs, run, "aggregated.json", _People).people
    named = assign_slugs([(one.user_id, one.email, one.name) for one in people])
    by_email = {one.email.casefold(): one.user_id for one in people if one.email}
    if asked.casefold() not in by_email:
        near = find_nearest(asked, by_email, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigurationError(f"--report {asked!r}: write team, toggl or the e-mail of somebody in that run{hint}")
    return f"reports/individual/{named[by_email[asked.casefold()]]}.md"


def _read(outputs: Outputs, run: str, name: str) -> bytes:
    content = outputs.read(name)
    if content is None:
        raise TimeweaveError(
            f"{run} has no {name}; `timeweave doctor --repair` brings it back where DVC's cache has it, else make the run "
            f"again"
        )
    return content
