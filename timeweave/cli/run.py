"""timeweave run: one period from Toggl to reports, as a DVC experiment that can be listed and shown later."""

import datetime
import os
from typing import Annotated, Literal

import typer

from timeweave import params
from timeweave.enrichment.settings import EnrichmentSettings
from timeweave.errors import ConfigurationError
from timeweave.fibery.settings import FiberySettings
from timeweave.llm.settings import LlmSettings
from timeweave.params import Day
from timeweave.period import Period
from timeweave.toggl.settings import TogglSettings


class Knobs(params.Section):
    """The whole of params.yaml, so that a mistake anywhere is found before anything is fetched."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    users: tuple[str, ...] = ()
    toggl: TogglSettings = TogglSettings()
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    llm: LlmSettings = LlmSettings()


def run(
    start_date: Annotated[str | None, typer.Option(help="First day, like 2025-10-07.")] = None,
    end_date: Annotated[str | None, typer.Option(help="Last day, included.")] = None,
    period: Annotated[str | None, typer.Option(help="last-week, this-week, last-month, 2026-W47, 2026-11.")] = None,
    users: Annotated[str | None, typer.Option(help="E-mails with commas between; everyone if left out.")] = None,
    as_of: Annotated[str | None, typer.Option(help="The day the data is looked at; today if left out.")] = None,
    run_id: Annotated[str | None, typer.Option(help="A name for the run; run_DATE-TIME if left out.")] = None,
    no_wait: Annotated[bool, typer.Option("--no-wait", help="Stop at once if another run is at work.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Say what would run, and run nothing.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="Print the manifest, and nothing else.")] = False,
) -> None:
    """Run the pipeline for a period as an experiment of its own, and say where its reports are."""
    from timeweave.runs import calendar, lock, starting

    knobs = params.load(Knobs)
    today = datetime.datetime.now(knobs.period.zone).date()
    looked_at = _day("--as-of", as_of) or (knobs.as_of if knobs.source == "demo" else today)
    first, last = _period(period, start_date, end_date, knobs.period, looked_at)
    name = calendar.checked_id(run_id) if run_id else calendar.run_id(datetime.datetime.now(datetime.UTC))
    chosen = users.split(",") if users else list(knobs.users)
    settings = starting.settings(first, last, looked_at, chosen)

    def say(sentence: str) -> None:
        if not as_json:
            typer.echo(sentence, err=True)

    starting.check(name, chosen)
    if dry_run:
        typer.echo("\n".join(f"{place}: {value}" for place, value in settings.items()))
        return
    with lock.alone(not no_wait, say):
        manifest = starting.start(name, settings, os.getpid(), say)
    if as_json:
        typer.echo(starting.as_json(manifest))
    elif manifest.error:
        typer.echo(f"timeweave: {manifest.error}", err=True)
    else:
        typer.echo("\n".join(manifest.reports))
    raise typer.Exit(manifest.exit_code or 0)


def _period(
    word: str | None, start: str | None, end: str | None, given: Period, today: datetime.date
) -> tuple[datetime.date, datetime.date]:
    from timeweave.runs import calendar

    if word and (start or end):
        raise ConfigurationError("--period and --start-date or --end-date say the same; leave one of them out")
    if word:
        return calendar.period(word, today)
    first, last = _day("--start-date", start) or given.start, _day("--end-date", end) or given.end
    if (start is None) != (end is None):
        raise ConfigurationError("--start-date and --end-date go together; write both")
    if last < first:
        raise ConfigurationError(f"--end-date {last} is before --start-date {first}; swap them")
    return first, last


def _day(option: str, text: str | None) -> datetime.date | None:
    try:
        return datetime.date.fromisoformat(text) if text else None
    except ValueError:
        raise ConfigurationError(f"{option} {text!r} is no day; write it as 2025-10-07") from None
