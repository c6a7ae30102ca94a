"""What a run needs, looked at one by one; each finding says what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeweave import params
from timeweave.enrichment.check import check_config
from timeweave.errors import CredentialsError, TimeweaveError
from timeweave.runs import secrets_file
from timeweave.runs.experiment import Experiments
from timeweave.runs.home import Home
from timeweave.runs.order import Knobs
from timeweave.runs.unsaved import is_unsaved
from timeweave.toggl.connection import connect


@dataclass(frozen=True)
class Finding:
    """One thing looked at: ok, note (worth knowing) or wrong."""

    about: str
    state: str
    text: str
    exit_code: int = 0


def findings(home: Home) -> Iterator[Finding]:
    """Each as soon as it is known; the services are asked a handful of requests."""
    yield _tried("git", lambda: f"commit {Experiments(home.folder).head()[:10]}")
    yield from _state(home)
    loaded = _tried("params.yaml", lambda: _loaded(home).source)
    yield loaded
    if loaded.state != "ok":
        return
    knobs = _loaded(home)
    yield _secrets(home, knobs)
    yield from _toggl(knobs)
    yield _tried("fibery", lambda: _fibery(knobs))


def _loaded(home: Home) -> Knobs:
    return params.load(Knobs, home.params)


def _tried(about: str, look: Callable[[], str]) -> Finding:
    try:
        return Finding(about, "ok", look())
    except TimeweaveError as error:
        return Finding(about, "wrong", str(error), error.exit_code)


def _state(home: Home) -> Iterator[Finding]:
    config = "".join(
        path.read_text(encoding="utf-8")
        for path in (home.folder / ".dvc/config", home.folder / ".dvc/config.local")
        if path.exists()
    )
    if "['remote" not in config and '["remote' not in config:
        yield Finding("dvc", "note", "no remote: archive and runs are on this machine only; dvc remote add -d NAME URL")
    else:
        yield Finding("dvc", "ok", "a remote is configured; dvc push saves archive and runs")
    holder = home.lock.holder()
    if holder:
        yield Finding("runs", "note", f"{holder} is at work; timeweave show-run {holder}")
    elif is_unsaved(home.folder):
        text = (
            "the archive holds days of a run that did not end well; `timeweave run` keeps them, `dvc exp run` would not"
        )
        yield Finding("runs", "note", text)
    else:
        yield Finding("runs", "ok", "none is at work, nothing is left over")


def _secrets(home: Home, knobs: Knobs) -> Finding:
    if knobs.source == "demo":
        return Finding("secrets", "ok", "the demo needs none")
    return _tried("secrets", lambda: secrets_file.checked(home.folder))


def _toggl(knobs: Knobs) -> Iterator[Finding]:
    found: list[Finding] = []

    def look() -> str:
        with connect(knobs.source, knobs.toggl, knobs.as_of, lambda _: None) as toggl:
            workspace = toggl.workspace()
            if not workspace.get("admin"):
                raise CredentialsError(
                    "the token is no workspace admin's: it sees its owner's own time only; for a team's report use an admin's"
                )
            left = toggl.door.quota_left
        if left is not None:
            state = "ok" if left >= LOW else "note"
            found.append(
                Finding("quota", state, f"{left} requests left in this window; timeweave plan says what a run takes")
            )
        return f"workspace {workspace.get('name')}, the token is an admin's"

    yield _tried("toggl", look)
    yield from found


LOW = 20
"""Requests; fewer are not enough for a week of a small team."""


def _fibery(knobs: Knobs) -> str:
    path = Path(knobs.enrichment.config)
    found = check_config(
        path, Path("data/entities.json"), source=knobs.source, settings=knobs.fibery, as_of=knobs.as_of
    )
    more = f"; {len(found.unnamed)} more databases are used: timeweave check-config" if found.unnamed else ""
    return f"the schema can be read, {path} fits it{more}"
