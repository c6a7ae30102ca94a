"""What a run needs, looked at one by one; each check says what to do."""

import enum
from collections import defaultdict
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from timeweave.analysis import category_rules, team_file
from timeweave.archive.files import DAMAGED
from timeweave.archive.location import find_archive
from timeweave.enrichment.config_coverage import check_config
from timeweave.project.account_setup import ADMIN, UNTOLD, check_env_file
from timeweave.project.parameters import Parameters, load_parameters
from timeweave.project.project_paths import ProjectFolder
from timeweave.project.repair import Damage, find_damage
from timeweave.repository.dvc_configuration import has_remote
from timeweave.repository.git import Git
from timeweave.runs.manifest import Status
from timeweave.runs.register import Register
from timeweave.runs.stage_status import format_count
from timeweave.runtime.analysis_params import name_files
from timeweave.runtime.errors import CredentialsError, TimeweaveError, explain
from timeweave.toggl.connection import connect

NAMED = 3
"""Files that are named where many have the same fault."""
LOW = 20
"""Requests; fewer are not enough for a week of a small team."""


class State(enum.StrEnum):
    """How it stands with one thing."""

    ok = "ok"
    note = "note"
    """Worth knowing."""
    wrong = "wrong"


@dataclass(frozen=True)
class Check:
    """One thing looked at."""

    about: str
    state: State
    text: str
    exit_code: int = 0
    places: tuple[str, ...] = ()
    """All files and folders that `text` is about, of which it names a few."""


def check_project(project: ProjectFolder) -> Iterator[Check]:
    """Each check as soon as it is known; the services are asked a handful of requests."""
    yield _try("commit", lambda: Git(project.folder).head()[:10])
    yield _check_remote(project)
    yield _try("archive", _describe_archive)
    yield from _check_files(project)
    yield _try("runs", lambda: _describe_runs(project))
    yield (loaded := _try("params.yaml", lambda: load_parameters(project.params).source))
    if loaded.state is not State.ok:
        for about in ("config", "team", "categories", "secrets", "toggl", "fibery"):
            yield Check(about, State.note, "not looked at before params.yaml is in order")
        return
    given = load_parameters(project.params)
    yield _try("config", lambda: _describe_config(given))
    yield _try("team", lambda: _describe_team(Path(given.analysis.team)))
    yield _try("categories", lambda: _describe_categories(Path(given.analysis.categories)))
    yield _check_secrets(project, given)
    yield from _check_toggl(given)
    yield _try("fibery", lambda: _describe_fibery(given))


def _try(about: str, look: Callable[[], str]) -> Check:
    try:
        return Check(about, State.ok, look())
    except (OSError, TimeweaveError) as error:
        return _refuse(about, error)


def _refuse(about: str, error: OSError | TimeweaveError) -> Check:
    told = explain(error)
    return Check(about, State.wrong, str(told), told.exit_code)


def _check_remote(project: ProjectFolder) -> Check:
    try:
        known = has_remote(project.folder)
    except (OSError, TimeweaveError) as error:
        return _refuse("remote", error)
    if known:
        return Check("remote", State.ok, "a remote is configured; dvc push and dvc exp push save results")
    return Check("remote", State.note, "no remote: results are on this machine only; dvc remote add -d NAME URL")


def _describe_archive() -> str:
    files = find_archive()
    kept = files.names(DAMAGED)
    return f"at {files.address()}" + (
        f"; damaged files that were set aside are kept in {files.address(DAMAGED)}" if kept else ""
    )


def _check_files(project: ProjectFolder) -> Iterator[Check]:
    """All that can be mended; of each kind of damage how often, and where."""
    try:
        found = list(find_damage(project))
    except (OSError, TimeweaveError) as error:
        yield _refuse("files", error)
        return
    if not found:
        yield Check("files", State.ok, "archive, cache, outputs, workspaces and runs are whole")
    kinds: dict[tuple[str, str, bool, bool], list[Damage]] = defaultdict(list)
    for one in found:
        kinds[one.about, one.text.removeprefix(str(one.place)).strip(), one.is_fatal, one.is_mendable].append(one)
    for (about, fault, is_fatal, is_mendable), kind in kinds.items():
        remedy = "; `timeweave doctor --repair` repairs it" if is_mendable else ""
        places = tuple(str(one.place) for one in kind if one.place)
        text = kind[0].text + remedy
        if len(places) > 1:
            more = f" and {len(places) - NAMED} more" if len(places) > NAMED else ""
            text = f"each of {len(places)} {'folders' if about == 'workspaces' else 'files'} {fault}{remedy}: {', '.join(places[:NAMED])}{more}"
        yield Check(about, State.wrong if is_fatal else State.note, text, int(is_fatal), places)


def _describe_runs(project: ProjectFolder) -> str:
    at_work = [run for run in Register(project).list_runs() if run.status in (Status.queued, Status.in_progress)]
    if not at_work:
        return "none is running"
    return f"{format_count(len(at_work), 'run is', 'runs are')} in progress: {', '.join(run.id for run in at_work)}"


def _describe_config(given: Parameters) -> str:
    given.refuse_demo_files()
    files = name_files(given.enrichment.config, given.analysis).values()
    folders = sorted({str(Path(file).parent) for file in files})
    return f"source is {given.source}; its configuration is in {' and '.join(folders)}"


def _describe_team(path: Path) -> str:
    return f"{path} has {format_count(len(team_file.load(path).people), 'person', 'people')}"


def _describe_categories(path: Path) -> str:
    return f"{path} has {format_count(len(category_rules.load(path).rules), 'category', 'categories')}"


def _check_secrets(project: ProjectFolder, given: Parameters) -> Check:
    if given.source == "demo":
        return Check("secrets", State.ok, "the demo needs none")
    return _try("secrets", lambda: check_env_file(project.folder))


def _check_toggl(given: Parameters) -> Iterator[Check]:
    found: list[Check] = []

    def look() -> str:
        with connect(given.source, given.toggl, given.as_of, lambda _: None) as toggl:
            workspace = toggl.workspace()
            if given.toggl.everyone and not workspace.shows_everyone:
                raise CredentialsError(
                    "the token is not a workspace admin's: it sees its owner's own time only; for a team's report use an admin's, "
                    "for your own alone set toggl.everyone: false"
                )
            left = toggl.client.quota_left
        if left is not None:
            state = State.ok if left >= LOW else State.note
            found.append(
                Check("quota", state, f"{left} requests left in this window; timeweave plan says what a run takes")
            )
        own = "not an admin's and sees its owner's own time only, as toggl.everyone: false has it"
        return f"workspace {workspace.name}, the token is { {True: ADMIN, False: own, None: UNTOLD}[workspace.admin] }"

    yield _try("toggl", look)
    yield from found


def _describe_fibery(given: Parameters) -> str:
    path = Path(given.enrichment.config)
    found = check_config(
        path, Path("data/entities.json"), source=given.source, settings=given.fibery, as_of=given.as_of
    )
    more = f"; {len(found.unnamed)} more databases are used: timeweave check-config" if found.unnamed else ""
    return f"the schema can be read, {path} fits it{more}"
