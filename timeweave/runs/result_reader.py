"""Runs known by their results alone: experiments of other machines, and what DVC left in the project itself."""

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import msgspec
import yaml

from timeweave.project.project_folder import ProjectFolder
from timeweave.repository.configuration import find_cache
from timeweave.repository.experiments import Experiment, Experiments, read_cached
from timeweave.repository.lock_file import NAME, READER, LockFile, list_stages
from timeweave.runs.manifest import Manifest, Place, Request, Status
from timeweave.runs.run_folder import RunFolder
from timeweave.runtime.errors import TimeweaveError

WORKSPACE = "workspace"
"""The id of what `dvc repro` left in the project itself."""
METRICS = "metrics.json"


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
        id=WORKSPACE, status=Status.completed, where=Place.workspace, parameters=_read_request(content),
        started_at=at, ended_at=at, numbers=read_numbers(metrics.read_bytes()),
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
            id=one.name, status=Status.completed, where=Place.elsewhere, parameters=_parse_request(asked),
            baseline=one.baseline, experiment=one.commit, started_at=one.at, ended_at=one.at,
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
        return msgspec.structs.replace(found, where=Place.here, stages=stages, numbers=numbers)
    numbers, at = read_numbers(folder.read_output(METRICS)), _format_age(folder.path)
    fault = None if numbers else folder.log.find_fault(stages, None)
    return Manifest(
        id=folder.run, status=Status.failed if fault else Status.completed, where=Place.here, started_at=at, ended_at=at,
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
