"""Starts runs and backfills on Temporal from a project's folder, and follows them."""

import time
from typing import Any

import msgspec
import yaml
from temporalio.common import WorkflowIDReusePolicy
from temporalio.exceptions import WorkflowAlreadyStartedError

from timeweave.repository.remote import Origin
from timeweave.repository.workspace import OWN, PARAMS
from timeweave.runs.backfill import Backfill as BackfillPlan
from timeweave.runs.execution import create_run
from timeweave.runs.manifest import Manifest, Place, Status
from timeweave.runs.register import Register
from timeweave.runs.request import RunRequest
from timeweave.runs.stage_log import ParallelView, View
from timeweave.runtime.errors import ConfigurationError
from timeweave.temporal.connection import ask
from timeweave.temporal.engine import refresh_run
from timeweave.temporal.messages import TASK_QUEUE, Job, Span, make_workflow_id
from timeweave.temporal.pipeline import Backfill, TogglFiberyPipeline

POLL = 0.5


def start_run(register: Register, request: RunRequest) -> Manifest:
    """Have workers make the run; its manifest."""
    if request.base or request.refresh:
        option = "--start-from" if request.base else "--refresh"
        raise ConfigurationError(f"{option} works on this machine's data; leave --engine temporal away")
    asked = request.parameters
    job = Job(asked.as_of, asked.start, asked.end, users=asked.users, commit=offer_commit(register))
    try:
        ask(
            lambda client: client.start_workflow(
                TogglFiberyPipeline.run, job, id=make_workflow_id(request.id), task_queue=TASK_QUEUE,
                id_reuse_policy=WorkflowIDReusePolicy.ALLOW_DUPLICATE_FAILED_ONLY,
            )
        )  # fmt: skip
    except WorkflowAlreadyStartedError:
        raise ConfigurationError(f"there is a run {request.id} on Temporal already; choose another --run-id") from None
    return create_run(register, request, Place.temporal)


def start_backfill(register: Register, plan: BackfillPlan, stamp: str, parallel: int) -> list[Manifest]:
    """Have workers make the runs of a backfill; their manifests, of runs that wait until the span is fetched."""
    name, periods = f"backfill_{stamp}", [(str(first), str(last)) for first, last in plan.waiting]
    span = Span(str(plan.as_of), list(plan.given.users), offer_commit(register), periods, parallel)
    ask(lambda client: client.start_workflow(Backfill.run, span, id=make_workflow_id(name), task_queue=TASK_QUEUE))
    runs = []
    for number, period in enumerate(plan.waiting, start=1):
        run = create_run(register, plan.make_request(f"{name}-{number}", period), Place.temporal)
        runs.append(msgspec.structs.replace(run, part_of=name))
        register.open(run.id).write_manifest(runs[-1])
    return runs


def follow_run(register: Register, run: Manifest, view: View) -> Manifest:
    """Wait for its end, showing how far it is; interrupting leaves it at work."""
    return _follow(register, [(run, view)], view)[0]


def follow_runs(register: Register, runs: list[Manifest], view: ParallelView) -> list[Manifest]:
    """The same for the runs of a backfill, in the order in which they begin."""
    parts = [(run, view.open(f"{run.parameters.start} to {run.parameters.end}")) for run in runs]
    return _follow(register, parts, view)


def _follow(register: Register, parts: list[tuple[Manifest, View]], view: View | ParallelView) -> list[Manifest]:
    found, said = {run.id: run for run, _ in parts}, dict[str, str | None]()
    try:
        while not all(run.is_over for run in found.values()):
            time.sleep(POLL)
            for id_, part in [(run.id, part) for run, part in parts if not found[run.id].is_over]:
                run = found[id_] = refresh_run(register, found[id_])
                part.update(run.stages)
                if run.doing and run.doing not in (said.get(id_), *(stage.name for stage in run.stages)):
                    said[id_] = run.doing
                    part.say(run.doing)
                if run.is_over and len(parts) > 1:
                    part.say(f"{run.status}  {run.error.sentence if run.error else ''}".rstrip())
                    part.close()
                if run.status is Status.queued:
                    # Those after it wait as well.
                    break
    except KeyboardInterrupt:
        left = next(run.id for run in found.values() if not run.is_over)
        view.say(f"{left} goes on without you: timeweave show-run {left}; timeweave cancel-run {left} ends it")
    finally:
        view.close()
    return list(found.values())


def offer_commit(register: Register) -> str:
    """The project's commit, once it is where workers look for it; what it does not have must be committed first."""
    commit = register.git.head()
    changed = [name for name in register.git.list_changes() if name not in OWN]
    ours = _load_what_jobs_leave((register.project.params).read_text(encoding="utf-8"))
    theirs = _load_what_jobs_leave(register.git.run("show", "--end-of-options", f"{commit}:{PARAMS}"))
    changed += [f"{key} of {PARAMS}" for key in sorted({*ours, *theirs}) if ours.get(key) != theirs.get(key)]
    if changed:
        raise ConfigurationError(
            f"workers take what is committed, but for days and users, and {', '.join(changed[:3])} is not: commit it, "
            "or add it to .gitignore"
        )
    Origin(register.project.folder).offer(commit)
    return commit


def _load_what_jobs_leave(text: str) -> dict[str, Any]:
    """Parameters without what a job says: days and users."""
    content = yaml.safe_load(text) or {}
    period = {key: value for key, value in content.get("period", {}).items() if key not in ("start", "end")}
    return {key: value for key, value in content.items() if key not in ("as_of", "users")} | {"period": period}
