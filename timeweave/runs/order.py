"""What a run is asked for, checked before anything is started."""

import difflib
import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Literal

from timeweave.enrichment.configuration.config_file import EnrichmentSettings
from timeweave.fibery.settings import FiberySettings
from timeweave.llm.settings import LlmSettings
from timeweave.models.directory import Directory
from timeweave.runs import span
from timeweave.runs.home import Home
from timeweave.runs.manifest import Manifest, Parameters
from timeweave.runs.notice import NotifySettings
from timeweave.runs.register import Register
from timeweave.runtime import document, params
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.period import Period
from timeweave.toggl.connection import refuse_future
from timeweave.toggl.settings import TogglSettings

ID = re.compile(r"[A-Za-z0-9][A-Za-z0-9_.-]{0,99}")


class Params(params.Section):
    """All of params.yaml, so that a mistake anywhere is found before anything is fetched."""

    source: Literal["demo", "live"]
    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()
    toggl: TogglSettings = TogglSettings()
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    llm: LlmSettings = LlmSettings()
    notify: NotifySettings = NotifySettings()


@dataclass(frozen=True, kw_only=True)
class Wish:
    """The options as they were written."""

    start_date: str = ""
    end_date: str = ""
    period: str = ""
    users: str | None = None
    """None: as in params.yaml, or as the run had them that is started from."""
    as_of: str = ""
    start_from: str = "toggl"
    run_id: str = ""
    refresh: str = ""
    as_run: str = ""
    """The id that was given to a detached run when it was asked for."""


@dataclass(frozen=True)
class Order:
    """A run that can be started."""

    id: str
    parameters: Parameters
    edits: dict[str, Any]
    """What must be different in params.yaml, by dotted key."""
    base: Manifest | None
    """The run whose Toggl data is taken."""
    refresh: str


def order(home: Home, register: Register, wish: Wish, today: date, suggested_id: str) -> Order:
    """The order that a wish means. `today` is what as_of becomes where neither says otherwise; the demo has its own."""
    given = params.load(Params, home.params)
    as_of = day_looked_at(home, wish.as_of, today)
    base = _base(register, wish, given.source)
    first, last = _span(wish, given, as_of, base)
    users = _users(wish, base.parameters.users if base else list(given.users), given.source, home)
    wanted = {
        "as_of": str(as_of), "period.start": str(first), "period.end": str(last),
        "users": users,
    }  # fmt: skip
    held = {
        "as_of": str(given.as_of), "period.start": str(given.period.start), "period.end": str(given.period.end),
        "users": list(given.users),
    }  # fmt: skip
    zone = given.period.timezone
    if base:
        wanted["period.timezone"], held["period.timezone"] = zone, zone = base.parameters.timezone, zone
    return Order(
        id=wish.as_run or _free_id(register, wish if not base else None, suggested_id),
        parameters=Parameters(
            source=given.source, as_of=str(as_of), start=str(first), end=str(last),
            timezone=str(wanted.get("period.timezone", zone)), users=users,
        ),
        edits={key: value for key, value in wanted.items() if value != held[key]},
        base=base,
        refresh=wish.refresh,
    )  # fmt: skip


def day_looked_at(home: Home, written: str, today: date) -> date:
    """What `--as-of` means: as written, else the demo's own day, else today.

    Nobody has looked at real data on a day that is still to come: days would pass for settled that are not.
    """
    given = params.load(Params, home.params)
    if not written:
        return given.as_of if given.source == "demo" else today
    as_of = day("--as-of", written)
    if given.source == "live":
        refuse_future(as_of, today, "--as-of")
    return as_of


def ordered(first: tuple[str, str], last: tuple[str, str]) -> tuple[date, date]:
    """Two options as days, the first not after the last."""
    start, end = day(*first), day(*last)
    if end < start:
        raise ConfigurationError(f"{last[0]} {end} is before {first[0]} {start}; swap them")
    return start, end


def _base(register: Register, wish: Wish, source: str) -> Manifest | None:
    if wish.start_from == "toggl":
        return None
    if not wish.run_id:
        raise ConfigurationError(
            "--start-from fibery takes a past run's Toggl data: name it with --run-id (timeweave list-runs)"
        )
    if wish.refresh == "toggl":
        raise ConfigurationError("--refresh toggl contradicts --start-from fibery, which asks Toggl for nothing")
    base = register.find(wish.run_id)
    if not base.experiment:
        raise ConfigurationError(f"{base.id} is {base.status} and has no result to start from")
    if base.parameters.source != source:
        raise ConfigurationError(f"{base.id} is of the {base.parameters.source} accounts, params.yaml says {source}")
    return base


def _span(wish: Wish, given: Params, as_of: date, base: Manifest | None) -> tuple[date, date]:
    if wish.period and (wish.start_date or wish.end_date):
        raise ConfigurationError("--period and --start-date/--end-date say the same thing; write one of them")
    if base and (wish.period or wish.start_date or wish.end_date):
        raise ConfigurationError(f"the period is that of {base.id}; leave --period, --start-date and --end-date away")
    if base:
        return date.fromisoformat(base.parameters.start), date.fromisoformat(base.parameters.end)
    if wish.period:
        first, last = span.named(wish.period, as_of)
    elif bool(wish.start_date) != bool(wish.end_date):
        raise ConfigurationError("--start-date and --end-date go together; write both")
    elif wish.start_date:
        first, last = day("--start-date", wish.start_date), day("--end-date", wish.end_date)
    else:
        first, last = given.period.start, given.period.end
    if last < first:
        raise ConfigurationError(f"the end {last} is before the start {first}; swap them")
    if first > as_of + timedelta(days=1):
        raise ConfigurationError(f"the period begins on {first}, after the day it is looked at ({as_of}); see --as-of")
    return first, last


def _users(wish: Wish, otherwise: list[str], source: str, home: Home) -> list[str]:
    if wish.users is None:
        return otherwise
    users = [user.strip() for user in wish.users.split(",") if user.strip()]
    if not users:
        raise ConfigurationError("--users names nobody; write e-mails with commas between, or all for everyone")
    if [user.casefold() for user in users] == ["all"]:
        return []
    path = home.data / "toggl" / "directory.json"
    directory = document.read(path, Directory) if path.exists() else None
    if directory is None or directory.account.source != source:
        return users
    known = sorted(person.email for person in directory.people if person.email)
    folded = {email.casefold() for email in known}
    for user in users:
        if user.casefold() not in folded:
            near = difflib.get_close_matches(user, known, n=1, cutoff=0.5)
            hint = f"did you mean {near[0]}?" if near else "a run without --users learns of new people"
            raise ConfigurationError(f"--users: {user} is the e-mail of nobody in this workspace; {hint}")
    return users


def _free_id(register: Register, wish: Wish | None, suggested: str) -> str:
    taken = {path.name for path in register.home.runs.glob("*")} | set(register.experiments.all())
    if wish and wish.run_id:
        if not ID.fullmatch(wish.run_id) or wish.run_id.endswith((".", ".lock")) or ".." in wish.run_id:
            raise ConfigurationError(f"--run-id {wish.run_id!r}: letters, digits, dots, dashes and underscores only")
        if wish.run_id in taken and not _may_begin_again(register, wish.run_id):
            raise ConfigurationError(f"there is a run {wish.run_id} already; see: timeweave show-run {wish.run_id}")
        return wish.run_id
    id_, number = suggested, 2
    while id_ in taken:
        id_, number = f"{suggested}-{number}", number + 1
    return id_


def _may_begin_again(register: Register, run: str) -> bool:
    """A run on Temporal that failed or was cancelled goes on where it was saved."""
    known = {path.name for path in register.home.runs.glob("*")}
    if run not in known:
        return False
    found = register.find(run)
    return found.where == "temporal" and found.status in ("failed", "cancelled")


def day(option: str, text: str) -> date:
    """An option's value as a day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{option} {text!r} is no day of the calendar; write it as 2025-10-07") from None
