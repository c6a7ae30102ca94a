"""timeweave changes: what was added, edited and deleted in Toggl since the days were looked at before."""

import json
from pathlib import Path
from typing import Annotated

import msgspec
import typer

from timeweave.models.changes import Change, Changes, Logged
from timeweave.models.directory import Directory
from timeweave.runtime import document
from timeweave.runtime.errors import TimeweaveError


def changes(
    since: Annotated[str, typer.Option(help="Only what was seen on this day or later, YYYY-MM-DD.")] = "",
    as_json: Annotated[bool, typer.Option("--json", help="The same for machines.")] = False,
    folder: Annotated[Path, typer.Option(help="Where the archive is.")] = Path("data/toggl"),
) -> None:
    """Show late edits: entries added, edited or deleted in days that had been fetched before."""
    from timeweave.runs.request import parse_day
    from timeweave.runs.progress_view import format_count

    path = folder / "changes.json"
    if not path.exists():
        raise TimeweaveError(f"{path} does not exist yet; run the pipeline first: dvc repro")
    first = str(parse_day("--since", since)) if since else ""
    found = [change for change in document.read(path, Changes).changes if change.seen_as_of >= first]
    if as_json:
        typer.echo(json.dumps(msgspec.to_builtins(found), indent=1, ensure_ascii=False))
        return
    people = {person.user_id: person.name for person in document.read(folder / "directory.json", Directory).people}
    for change in found:
        typer.echo(_line(change, people.get(change.user_id, f"User {change.user_id}")))
    typer.echo(format_count(len(found), "change", "changes"), err=True)


def _line(change: Change, name: str) -> str:
    was, now = _shown(change.before), _shown(change.after)
    what = {"added": f"added {now}", "deleted": f"deleted {was}"}.get(change.kind, f"edited {was} → {now}")
    return f"{change.day}  {name}  {what}  (seen {change.seen_as_of}, before {change.previously_as_of})"


def _shown(logged: Logged | None) -> str:
    if logged is None:
        return ""
    hours, minutes = divmod(round(logged.seconds / 60), 60)
    text = " ".join("".join(c if c.isprintable() else " " for c in logged.description).split())
    return f"{hours}:{minutes:02} “{text[:60]}”"
