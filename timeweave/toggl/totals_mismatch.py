"""Where a difference between Toggl's totals and its entries lies: whose it is and on which days."""

from collections import defaultdict
from datetime import date

from timeweave.runtime.errors import TimeweaveError
from timeweave.toggl.day_files import DAY, span
from timeweave.toggl.staging import Walk
from timeweave.toggl.walk import PageReader
from timeweave.toggl.workspace import Toggl

MOST_USERS = 3
"""How many people's days are looked into: each costs some requests of a scarce quota."""


def explain_mismatch(toggl: Toggl, reader: PageReader, walk: Walk) -> str:
    """Words to put behind the difference; empty if Toggl will not say more. Never hides the difference itself."""
    first, last = walk.first - DAY, walk.last + DAY
    try:
        theirs = toggl.seconds_by_user(first, last)
        ours: dict[int, int] = defaultdict(int)
        for (user, _), seconds in reader.seconds_by_user_and_day.items():
            ours[user] += seconds
        differing = sorted(user for user in theirs.keys() | ours.keys() if theirs.get(user, 0) != ours.get(user, 0))
        parts = [
            f"user {user} {theirs.get(user, 0) - ours.get(user, 0):+d} s{_days(toggl, reader, user, first, last)}"
            for user in differing[:MOST_USERS]
        ]
    except TimeweaveError:
        return ""
    more = f" and {len(differing) - MOST_USERS} more people" if len(differing) > MOST_USERS else ""
    return f": {', '.join(parts)}{more}" if parts else ""


def _days(toggl: Toggl, reader: PageReader, user: int, first: date, last: date) -> str:
    """The days in [first, last] that differ for one person, found by halving."""
    found: list[date] = []
    open_ranges = [(first, last)]
    while open_ranges:
        start, end = open_ranges.pop()
        ours = sum(reader.seconds_by_user_and_day.get((user, day), 0) for day in span(start, end))
        if toggl.seconds(start, end, [user]) == ours:
            continue
        if start == end:
            found.append(start)
            continue
        middle = start + (end - start) // 2
        open_ranges += [(middle + DAY, end), (start, middle)]
    return f" on {', '.join(str(day) for day in sorted(found))}" if found else ""
