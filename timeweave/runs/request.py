"""What a run is asked for, checked before anything is started."""

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

from timeweave.project.parameters import Parameters, load_parameters
from timeweave.runs.manifest import Location, Manifest, Request, Status
from timeweave.runs.register import Register
from timeweave.runs.run_folder import check_run_id
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.name_comparison import find_nearest
from timeweave.runtime.period import parse_period
from timeweave.toggl.connection import account, refuse_future
from timeweave.toggl.fetch import read_archive


@dataclass(frozen=True, kw_only=True)
class RunOptions:
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
class RunRequest:
    """A run that can be started."""

    id: str
    parameters: Request
    edits: dict[str, Any]
    """What params.yaml must say, by dotted key."""
    base: Manifest | None = None
    """The run whose Toggl data is taken."""
    refresh: str = ""
    """The service that is asked again though nothing has changed."""


def make_request(register: Register, options: RunOptions, today: date, suggested_id: str) -> RunRequest:
    """The request that options mean. `today` is what as_of becomes where neither says otherwise; the demo has its own."""
    given = load_parameters(register.project.params)
    given.refuse_demo_files()
    as_of = choose_look(given, options.as_of, today)
    base = _find_base(register, options, given)
    first, last = _choose_period(options, given, as_of, base)
    zone = base.parameters.timezone if base else given.period.timezone
    users = _choose_users(options, given, base.parameters.users if base else list(given.users))
    asked = Request(
        source=given.source, account=given.account, as_of=str(as_of), start=str(first), end=str(last),
        timezone=zone, users=users,
    )  # fmt: skip
    id_ = options.as_run or _choose_id(register, "" if base else options.run_id, suggested_id)
    return RunRequest(id_, asked, list_edits(asked), base, options.refresh)


def list_edits(asked: Request) -> dict[str, Any]:
    """What params.yaml must say, by dotted key, whatever it says when the run begins."""
    return {
        "source": asked.source, "as_of": asked.as_of, "period.start": asked.start, "period.end": asked.end,
        "period.timezone": asked.timezone, "users": list(asked.users),
    }  # fmt: skip


def choose_look(given: Parameters, written: str, today: date) -> date:
    """The day that the data is looked at: `--as-of` as written, else the demo's own day, else today.

    Nobody has looked at real data on a day that is still to come: days would pass for settled that are not.
    """
    if not written:
        return given.choose_look(today)
    as_of = parse_day("--as-of", written)
    if given.source == "live":
        refuse_future(as_of, today, "--as-of")
    return as_of


def choose_span(period: str, first: str, last: str, as_of: date) -> tuple[date, date]:
    """The days that `--period`, or `--from` and `--to`, mean; one of the two must be given."""
    if period and (first or last):
        raise ConfigurationError("--period and --from/--to say the same thing; write one of them")
    if period:
        return parse_period(period, as_of)
    if not (first and last):
        given, missing = ("--from", "--to") if first else ("--to", "--from")
        raise ConfigurationError(
            f"{given} needs {missing}; write both days"
            if first or last
            else "the period is missing: write --period last-month, or --from and --to"
        )
    start, end = parse_day("--from", first), parse_day("--to", last)
    if end < start:
        raise ConfigurationError(f"--to {end} is before --from {start}; swap them")
    return start, end


def parse_day(option: str, text: str) -> date:
    """An option's value as a day of the calendar."""
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise ConfigurationError(f"{option} {text!r} is not a day of the calendar; write it as 2025-10-07") from None


def _find_base(register: Register, options: RunOptions, given: Parameters) -> Manifest | None:
    if options.start_from == "toggl":
        return None
    if not options.run_id:
        raise ConfigurationError(
            "--start-from fibery takes a past run's Toggl data: name it with --run-id (timeweave list-runs)"
        )
    if options.refresh == "toggl":
        raise ConfigurationError("--refresh toggl contradicts --start-from fibery, which asks Toggl for nothing")
    base = register.find(options.run_id)
    if not base.experiment:
        raise ConfigurationError(f"{base.id} is {base.status} and has no result to start from")
    theirs, ours = base.parameters, (given.source, given.account)
    if (theirs.source, theirs.account) != ours:
        raise ConfigurationError(
            f"{base.id} is of another account ({theirs.source} {theirs.account}), params.yaml says {' '.join(ours)}"
        )
    return base


def _choose_period(options: RunOptions, given: Parameters, as_of: date, base: Manifest | None) -> tuple[date, date]:
    named = options.period or options.start_date or options.end_date
    if base and named:
        raise ConfigurationError(f"the period is that of {base.id}; leave out --period, --from and --to")
    if base:
        return date.fromisoformat(base.parameters.start), date.fromisoformat(base.parameters.end)
    if named:
        first, last = choose_span(options.period, options.start_date, options.end_date, as_of)
    else:
        first, last = given.period.start, given.period.end
    if first > as_of + timedelta(days=1):
        raise ConfigurationError(f"the period begins on {first}, after the day it is looked at ({as_of}); see --as-of")
    return first, last


def _choose_users(options: RunOptions, given: Parameters, otherwise: list[str]) -> list[str]:
    if options.users is None:
        return otherwise
    users = [user.strip() for user in options.users.split(",") if user.strip()]
    if not users:
        raise ConfigurationError("--users names nobody; write e-mails with commas between, or all for everyone")
    if [user.casefold() for user in users] == ["all"]:
        return []
    known = _list_emails(given)
    folded = {email.casefold() for email in known}
    for user in users:
        if known and user.casefold() not in folded:
            near = find_nearest(user, known, most=1)
            hint = f"did you mean {near[0]}?" if near else "a run without --users learns of new people"
            raise ConfigurationError(f"--users: {user} is the e-mail of nobody in this workspace; {hint}")
    return users


def _choose_id(register: Register, wanted: str, suggested: str) -> str:
    taken = {path.name for path in register.project.runs.glob("*")} | set(register.experiments.list_experiments())
    if wanted:
        check_run_id(wanted)
        if wanted in taken and not _may_begin_again(register, wanted):
            raise ConfigurationError(f"there is a run {wanted} already; see: timeweave show-run {wanted}")
        if wanted not in taken and register.read_period(wanted):
            raise ConfigurationError(f"{wanted} names a period; give the run another --run-id, such as run_{wanted}")
        return wanted
    id_, number = suggested, 2
    while id_ in taken:
        id_, number = f"{suggested}-{number}", number + 1
    return id_


def _may_begin_again(register: Register, run: str) -> bool:
    """A run on Temporal that failed or was cancelled goes on where it was saved."""
    if not (register.project.runs / run).exists():
        return False
    found = register.find(run)
    return found.where is Location.temporal and found.status in (Status.failed, Status.cancelled)


def _list_emails(given: Parameters) -> list[str]:
    """Of everybody whom the archive knows by name; empty where it knows nobody yet."""
    names = read_archive(account(given.source, given.toggl), lambda _: None).read_names()
    if names is None:
        return []
    emails = {person.email for person in names.lists.people} | {person.email for person in names.departed}
    return sorted(email for email in emails if email)
