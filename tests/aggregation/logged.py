"""Logged time as the archive keeps it, written into a folder that the stage can run in."""

import contextlib
import importlib.util
import json
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

from timeweave.models.aggregated import Aggregated
from timeweave.models.history import History
from timeweave.runtime import document

STAGE = Path(__file__).parents[2] / "stages" / "aggregate_time.py"
spec = importlib.util.spec_from_file_location("aggregate_time", STAGE)
stage = importlib.util.module_from_spec(spec)
spec.loader.exec_module(stage)

ACCOUNT = {"source": "demo", "url": None, "workspace_id": 1}
MEMBERS = {
    1: ("Ada Quill", "Ada@team.example"),
    2: ("Bo Marlow", None),
    3_000_000_000: ("Cy Tarn", "cy@team.example"),
}
STRANGERS = {8: {"username": "Dee", "email": "dee@team.example"}, 9: {"username": "Ed"}, 5_000_000_000: {}}
PROJECTS = {50: "Apollo", 51: "apollo", 4_000_000_000: "Zeus"}
ROW_PROJECTS = {60: "Hermes", 61: None}
CLIENTS = {50: "Northwind", 51: "Contoso"}
"""By project; that of the rows is another one's, or of a project that the directory does not know."""
ROW_CLIENTS = {51: "not this client", 60: "Globex"}
TAGS = {3: "urgent", 4: "Remote"}


def entry(
    id, user, start, seconds=3600, description="lunch", project=None, billable=False, running=None, offset=0, tags=(3,)
):
    """A row of the archive. `running`: None, or the stop of a timer that runs: null, or a stop without meaning."""
    local = start.astimezone(timezone(timedelta(minutes=offset)))
    text = local.isoformat() if offset else local.isoformat().replace("+00:00", "Z")
    stop = (local + timedelta(seconds=seconds)).isoformat() if running in (None, "stop") else None
    if running in ("stop", "negative"):
        seconds = -int(start.timestamp())
    time = {"id": id, "seconds": seconds, "start": text, "stop": stop, "at": "2025-10-14T00:00:00+00:00"}
    row = {"user_id": user, "project_id": project, "billable": billable, "description": description}
    row |= {"tag_ids": list(tags), "tag_names": [TAGS.get(tag, "from the row") for tag in tags]}
    row |= STRANGERS.get(user, {"username": "not this name", "email": "not@this.example"})
    if project in ROW_PROJECTS:
        row["project_name"] = ROW_PROJECTS[project]
    if project in ROW_CLIENTS:
        row["client_name"] = ROW_CLIENTS[project]
    return row | {"time_entries": [time]}


def archive(folder, rows, first, last):
    """Day files for the UTC days first..last; the rows of other days have no file."""
    days = folder / "days"
    days.mkdir(parents=True)
    rows = sorted(rows, key=lambda row: (instant(row), row["time_entries"][0]["id"]))
    for n in range((last - first).days + 1):
        day = first + timedelta(days=n)
        on_day = [row for row in rows if instant(row).astimezone(UTC).date() == day]
        content = {"day": str(day), "rows": on_day, "schema": 1}
        (days / f"{day}.json").write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    people = [{"user_id": id, "name": name, "email": email} for id, (name, email) in MEMBERS.items()]
    clients = [{"id": 700 + id, "name": name} for id, name in CLIENTS.items()]
    projects = [
        {"id": id, "name": name, "client_id": 700 + id if id in CLIENTS else None} for id, name in PROJECTS.items()
    ]
    tags = [{"id": id, "name": name} for id, name in TAGS.items()]
    directory = {"account": ACCOUNT, "workspace": "Team", "people": people}
    directory |= {"projects": projects, "clients": clients, "tags": tags, "tasks": []}
    (folder / "directory.json").write_text(json.dumps(directory), encoding="utf-8")


def instant(row):
    return datetime.fromisoformat(row["time_entries"][0]["start"])


def params(folder, start, end, zone="UTC", users=(), compare=0, since=None, as_of="2025-10-14"):
    period = {"start": str(start), "end": str(end), "timezone": zone}
    analysis = {"compare_periods": compare, "since": since and str(since)}
    content = {"as_of": str(as_of), "period": period, "users": list(users), "analysis": analysis}
    (folder / "params.yaml").write_text(json.dumps(content), encoding="utf-8")


def aggregated(folder):
    """Run the stage in the folder and read back what it wrote of the period."""
    with contextlib.chdir(folder):
        stage.main(Path("days"), Path("directory.json"), Path("aggregated.json"), Path("history.json"))
    return document.read(folder / "aggregated.json", Aggregated)


def history(folder):
    """The same of the time before."""
    aggregated(folder)
    return document.read(folder / "history.json", History)
