"""What a run needs, looked at one by one; each finding says what to do."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeweave.enrichment.config_check import check_config
from timeweave.runs import secrets_file
from timeweave.runs.experiment import Experiments
from timeweave.runs.home import Home
from timeweave.runs.order import Params
from timeweave.runs.unsaved import is_unsaved
from timeweave.runtime import params
from timeweave.runtime.errors import CredentialsError, TimeweaveError
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
    given = _loaded(home)
    yield _secrets(home, given)
    yield from _toggl(given)
    yield _tried("fibery", lambda: _fibery(given))


def _loaded(home: Home) -> Params:
    return params.load(Params, home.params)


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


def _secrets(home: Home, given: Params) -> Finding:
    if given.source == "demo":
        return Finding("secrets", "ok", "the demo needs none")
    return _tried("secrets", lambda: secrets_file.checked(home.folder))


def _toggl(given: Params) -> Iterator[Finding]:
    found: list[Finding] = []

    def look() -> str:
        with connect(given.source, given.toggl, given.as_of, lambda _: None) as toggl:
            workspace = toggl.workspace()
            if not workspace.get("admin"):
                raise CredentialsError(
                    "the token is no workspace admin's: it sees its owner's own time only; for a team's report use an admin's"
                )
            left = toggl.client.quota_left
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


def _fibery(given: Params) -> str:
    path = Path(given.enrichment.config)
    found = check_config(
        path, Path("data/entities.json"), source=given.source, settings=given.fibery, as_of=given.as_of
    )
    more = f"; {len(found.unnamed)} more databases are used: timeweave check-config" if found.unnamed else ""
    return f"the schema can be read, {path} fits it{more}"
