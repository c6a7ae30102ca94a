"""timeweave changes: what was added, edited, deleted and moved in Toggl since the days were looked at before."""

import functools
import json
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from timeweave.runtime.errors import TimeweaveError

if TYPE_CHECKING:
    from timeweave.toggl.changes import Change, EntrySnapshot


def changes(
    since: Annotated[
        str, typer.Option(help="Only changes that were noticed on this day or later, such as 2025-10-07.")
    ] = "",
    as_json: Annotated[bool, typer.Option("--json", help="Print JSON.")] = False,
) -> None:
    """Show late changes: entries that were added, edited, deleted or moved in days that had already been fetched."""
    import msgspec

    from timeweave.project.parameters import load_parameters
    from timeweave.runs.request import parse_day
    from timeweave.runs.stage_status import format_count
    from timeweave.toggl.changes import read
    from timeweave.toggl.connection import account
    from timeweave.toggl.fetch import read_archive

    first = str(parse_day("--since", since)) if since else ""
    given = load_parameters(Path("params.yaml"))
    archive = read_archive(account(given.source, given.toggl), functools.partial(typer.echo, err=True))
    names = archive.read_names()
    if names is None:
        raise TimeweaveError("nothing was fetched from this account yet; run the pipeline first: dvc repro")
    found = [change for change in read(archive.files).changes if change.seen_as_of >= first]
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False))
        return
    people = {one.user_id: one.name for one in names.departed}
    people |= {person.user_id: person.name for person in names.lists.people}
    for change in found:
        typer.echo(_line(change, people.get(change.user_id) or f"User {change.user_id}"))
    typer.echo(format_count(len(found), "change", "changes"), err=True)


def _line(change: "Change", name: str) -> str:
    was, now = _shown(change.before), _shown(change.after)
    what = {
        "added": f"added {now}",
        "deleted": f"deleted {was}",
        "edited": f"edited {was} → {now}",
        "moved": f"moved to {change.moved_to} {was}" + (f" → {now}" if now and now != was else ""),
    }[change.kind]
    return f"{change.day}  {name}  {what}  (seen {change.seen_as_of}, before {change.previously_as_of})"


def _shown(logged: "EntrySnapshot | None") -> str:
    if logged is None:
        return ""
    hours, minutes = divmod(round(logged.seconds / 60), 60)
    text = " ".join("".join(c if c.isprintable() else " " for c in logged.description).split())
    return f"{hours}:{minutes:02} “{text[:60]}”"
