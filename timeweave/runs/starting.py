"""Starts a run: checks what can be checked before anything is fetched, runs it, keeps its manifest."""

import difflib
from collections.abc import Callable
from datetime import date
from pathlib import Path

import msgspec

from timeweave import document
from timeweave.errors import ConfigurationError
from timeweave.models.directory import Directory
from timeweave.runs import experiment, manifest
from timeweave.runs.manifest import Manifest

DIRECTORY = Path("data/toggl/directory.json")
REPORTS = ["data/reports/team_summary.md", "data/reports/individual", "data/site/index.html"]


def settings(first: date, last: date, as_of: date, users: list[str]) -> dict[str, str]:
    """What the run sets, by the place in params.yaml, as DVC's `-S` takes it."""
    quoted = ",".join(f"'{user.strip()}'" for user in users)
    return {"period.start": str(first), "period.end": str(last), "as_of": str(as_of), "users": f"[{quoted}]"}


def check(name: str, users: list[str]) -> None:
    """Refuse a run whose name is taken or whose people nobody knows."""
    if (manifest.FOLDER / f"{name}.json").exists() or name in experiment.names():
        raise ConfigurationError(f"there is a run {name} already; choose another --run-id")
    for user in users:
        if not user.strip() or set(user) & set("'\"[]{}\\\n"):
            raise ConfigurationError(f"--users: {user!r} is no e-mail")
    if not DIRECTORY.exists():
        return
    known = [person.email for person in document.read(DIRECTORY, Directory).people if person.email]
    for user in users:
        if user.strip().casefold() not in {email.casefold() for email in known}:
            near = difflib.get_close_matches(user, known, n=1, cutoff=0.6)
            hint = f"; did you mean {near[0]}?" if near else ""
            raise ConfigurationError(f"--users: {user!r} is the e-mail of nobody in the workspace{hint}")


def start(name: str, chosen: dict[str, str], pid: int, say: Callable[[str], None]) -> Manifest:
    """Run to the end; the manifest says what became of it, also if this process dies on the way."""
    run = Manifest(
        id=name, status="in_progress", pid=pid, params=chosen, start=chosen["period.start"], end=chosen["period.end"],
        began=manifest.now(),
    )  # fmt: skip
    manifest.save(run)
    say(f"{name}: {run.start} to {run.end}, as of {chosen['as_of']}")
    execution = experiment.Execution(name, chosen, say)
    try:
        execution.run()
    except KeyboardInterrupt:
        execution.error = "it was interrupted; what was fetched is kept, run again"
        execution.exit_code = 130
    done = msgspec.structs.replace(
        run, status="failed" if execution.error else "completed", ended=manifest.now(), stages=execution.stages,
        exit_code=execution.exit_code, error=execution.error, reports=[] if execution.error else REPORTS,
    )  # fmt: skip
    manifest.save(done)
    return done


def as_json(run: Manifest) -> str:
    """The manifest for a machine."""
    return document.encode(run).decode().rstrip("\n")
