"""Runs by their results: those known by nothing else (experiments of other machines, what DVC left in the project itself), and the files of a run that somebody asks for."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import msgspec
import yaml

from timeweave.analysis.slugs import assign_slugs
from timeweave.project.project_paths import ProjectFolder
from timeweave.repository.dvc_configuration import find_cache
from timeweave.repository.experiment_results import CommittedOutputs, Experiment, Experiments, read_cached
from timeweave.repository.lock_file import NAME, READER, LockFile, list_stages
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.run_folder import FolderOutputs, RunFolder
from timeweave.runtime import document, shapes
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.name_comparison import find_nearest

WORKSPACE = "workspace"
"""The id of what `dvc repro` left in the project itself."""
METRICS, ANALYSIS = "metrics.json", "analysis.json"


def read_workspace(project: ProjectFolder) -> Manifest | None:
    """What the project's own `data/` holds; None where DVC has not run in it to the end since its dates changed."""
    metrics = project.data / METRICS
    try:
        lock = LockFile.read(project.folder)
    except TimeweaveError:
        return None
    if not metrics.exists() or not lock.is_whole(metrics):
        return None
    at = _format_age(metrics)
    content = lock.get_params("fetch_time") | lock.get_params("aggregate_time")
    return Manifest(
        id=WORKSPACE, status=Status.completed, where=Location.workspace, parameters=_read_request(content),
        ended_at=at, numbers=read_numbers(metrics.read_bytes()),
    )  # fmt: skip


def read_experiments(project: Path, results: list[Experiment]) -> list[Manifest]:
    """Runs that git knows and this machine did not make: what their own params.yaml says."""
    if not results:
        return []
    wanted = [(one.commit, name) for one in results for name in ("params.yaml", NAME)]
    texts, cache, found = Experiments(project).read_files(wanted), find_cache(project), []
    for one, asked, lock in zip(results, texts[::2], texts[1::2], strict=True):
        numbers = read_cached(LockFile.parse(lock or "", f"{NAME} of {one.name}"), METRICS, cache)
        run = Manifest(
            id=one.name, status=Status.completed, where=Location.elsewhere, parameters=_parse_request(asked),
            baseline=one.baseline, experiment=one.commit, ended_at=one.at,
            numbers=read_numbers(numbers),
        )  # fmt: skip
        found.append(run)
    return found


def rebuild_manifest(project: Path, folder: RunFolder, result: Experiment | None) -> Manifest:
    """The manifest of a run that has lost its own: from its experiment, else from its documents and its log."""
    stages = folder.log.read_stages(list_stages(project), alive=False)
    if result:
        [found] = read_experiments(project, [result])
        numbers = found.numbers or read_numbers(folder.read_output(METRICS))
        return msgspec.structs.replace(found, where=Location.here, stages=stages, numbers=numbers)
    numbers, at = read_numbers(folder.read_output(METRICS)), _format_age(folder.path)
    fault = None if numbers else folder.log.find_fault(stages, None)
    return Manifest(
        id=folder.run, status=Status.failed if fault else Status.completed, where=Location.here, ended_at=at,
        parameters=_read_asked(folder.read_output("aggregated.json")), stages=stages, numbers=numbers, error=fault,
    )  # fmt: skip


def read_numbers(content: bytes | None) -> dict[str, float | int | None]:
    """metrics.json; empty where it is not there, or not on this machine until it is pulled."""
    try:
        found = json.loads(content) if content else {}
    except ValueError:
        return {}
    return dict(found) if isinstance(found, dict) else {}


def _format_age(path: Path) -> str:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def _read_asked(content: bytes | None) -> Request:
    """What aggregated.json says of the period that it is of."""
    found = read_numbers(content)
    account: Any = found.get("account") or {}
    return _read_request(found | {"source": account.get("source"), "toggl": account})


def _parse_request(text: str | None) -> Request:
    try:
        content = yaml.load(text or "", Loader=READER)  # noqa: S506
    except yaml.YAMLError:
        content = {}
    return _read_request(content if isinstance(content, dict) else {})


def _read_request(content: dict[str, Any]) -> Request:
    period = content.get("period")
    period = period if isinstance(period, dict) else {}
    users = content.get("users")
    toggl = content.get("toggl")
    account = toggl.get("workspace_id") if isinstance(toggl, dict) else None
    return Request(
        source=str(content.get("source", "")),
        account=str(account or "") if content.get("source") == "live" else "",
        as_of=str(content.get("as_of", "")),
        start=str(period.get("start", "")),
        end=str(period.get("end", "")),
        timezone=str(period.get("timezone", "UTC")),
        users=[str(user) for user in users] if isinstance(users, list) else [],
    )


Shape = TypeVar("Shape")
Outputs = FolderOutputs | CommittedOutputs
FIXED = {
    "team": "reports/team_summary.md", "toggl": "reports/toggl_summary.md", "digest": "reports/team_digest.txt",
    "digest-html": "reports/team_digest.html",
}  # fmt: skip
EXPORTED = (
    "reports/", "site/", "plots/", METRICS, ANALYSIS, "aggregated.json", "history.json", "enriched.json", "entities.json",
    "summaries.json",
)  # fmt: skip


class _Person(msgspec.Struct):
    user_id: int | None
    email: str | None
    name: str
    slug: str = ""


class _People(msgspec.Struct):
    people: list[_Person]


def read_report(outputs: Outputs, run: str, asked: str) -> bytes:
    """The report for `team`, `toggl`, the e-mail edition as `digest` or `digest-html`, or that of a person's e-mail, in any case."""
    return _read(outputs, run, FIXED[asked] if asked in FIXED else _find_person(outputs, run, asked))


def read_document(outputs: Outputs, run: str, name: str, shape: type[Shape]) -> Shape:
    """A document of a run with its shape checked."""
    try:
        return shapes.decode(_read(outputs, run, name), shape)
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
    # Read without the rest, so that a document of another version can be read as well; before analysis.json the people
    # with time were all there were.
    analyzed = outputs.read(ANALYSIS) is not None
    people = read_document(outputs, run, ANALYSIS if analyzed else "aggregated.json", _People).people
    counted = [] if analyzed else sorted(people, key=lambda one: one.user_id or 0)
    named = assign_slugs((one.user_id or 0, one.email, one.name, str(one.user_id)) for one in counted)
    by_email = {one.email.casefold(): one.slug or named[one.user_id or 0] for one in people if one.email}
    if asked.casefold() not in by_email:
        near = find_nearest(asked, by_email, most=1)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigurationError(
            f"--report {asked!r}: write team, toggl, digest or the e-mail of somebody in that run{hint}"
        )
    return f"reports/individual/{by_email[asked.casefold()]}.md"


def _read(outputs: Outputs, run: str, name: str) -> bytes:
    content = outputs.read(name)
    if content is None:
        raise TimeweaveError(
            f"{run} has no {name}; `timeweave doctor --repair` brings it back where DVC's cache has it, else make the run "
            f"again"
        )
    return content
