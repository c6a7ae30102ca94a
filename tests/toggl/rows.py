"""Rows of a detailed report for tests that need no server."""

from datetime import datetime

from timeweave.toggl.answers import Entry, read_entries


def row(id_, start, seconds=3600, **keys):
    """A row as Toggl sends it; running where `seconds` is negative."""
    stop = (
        None
        if seconds < 0
        else datetime.fromtimestamp(datetime.fromisoformat(start).timestamp() + seconds).astimezone()
    )
    time = {
        "id": id_,
        "seconds": seconds,
        "start": start,
        "stop": stop and stop.isoformat(),
        "at": "2025-10-14T08:00:00+00:00",
    }
    return {
        "user_id": 1,
        "username": "Mira Castellane",
        "project_id": None,
        "task_id": None,
        "billable": False,
        "description": "Plan",
        "tag_ids": [],
        "row_number": 1,
        "time_entries": [time],
    } | keys


def entry(*args, **keys) -> Entry:
    """The one entry of such a row."""
    [found] = read_entries([row(*args, **keys)], "Toggl's answer")
    return found
