"""Holds what a walk brought against Toggl's own total: mends what changed while it was read, explains what it cannot."""

from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime

from timeweave.runtime.errors import IncompleteData, TimeweaveError
from timeweave.runtime.period import DAY, span
from timeweave.toggl.client import PlanLacksFeature
from timeweave.toggl.kept_pages import KeptPages
from timeweave.toggl.paged_walk import StagedWalk
from timeweave.toggl.workspace_requests import Toggl
from timeweave.web.answers import UnusableAnswer
from timeweave.web.client import RequestRefused

CLOCKS_DIFFER = 10
"""Seconds between this machine's clock and Toggl's, at the most."""
ROUNDS = 3
"""How often entries that changed while the walk was under way are looked up before it is given up."""
MOST_LOOKED_UP = 1_000
"""Entries; where more differ, reading all of them again costs no more."""
MOST_USERS = 3
"""How many people's days are looked into: each costs some requests of a scarce quota."""


def verify(toggl: Toggl, walk: StagedWalk, say: Callable[[str], None]) -> None:
    """The walk adds up, or it is discarded and IncompleteData says by how much it does not.

    A sum may fit by chance: of a walk that was kept for a while the entries are compared, with the sums of each text.
    """
    may_correct, before = True, None
    for round_ in range(ROUNDS):
        if may_correct and (walk.walk.is_doubtful or round_):
            looked_up = correct(toggl, walk)
            may_correct = bool(looked_up)
            if looked_up == 0 and not round_:
                return
            if looked_up:
                say(f"entries that changed since the list was begun were looked up: {looked_up}")
        theirs = toggl.seconds(*walk.edges)
        difference = theirs - walk.pages.seconds
        if difference == 0 or _is_running(walk.pages, difference):
            return
        if not may_correct or difference == before:
            break
        before = difference
    where = _explain(toggl, walk)
    first, last = walk.edges
    ours = walk.pages.seconds
    walk.discard()
    raise IncompleteData(
        f"Toggl's own total for {first} to {last} is {theirs} s, its entries add up to {ours} s "
        f"({difference:+d} s){where}; these days will be asked for again, so run again"
    )


def correct(toggl: Toggl, walk: StagedWalk) -> int | None:
    """Look up the entries that Toggl's summary knows and the walk does not, or the other way round, or otherwise.

    How many these were; None where Toggl does not say which entries there are, or nearly all are others.
    """
    try:
        differing = _find_differing(toggl, walk)
        if differing is None or len(differing) > MOST_LOOKED_UP:
            return None
        gone = set(differing)
        for page in toggl.find_entries(differing, *walk.edges):
            walk.pages.add(page, None)
            gone -= {entry.id for entry in page}
    except (PlanLacksFeature, RequestRefused, UnusableAnswer):
        return None
    if gone:
        walk.pages.add([], None, gone)
    return len(differing)


def _find_differing(toggl: Toggl, walk: StagedWalk) -> set[int] | None:
    texts, known = toggl.seconds_by_text(*walk.edges), walk.pages.entries
    if texts is None:
        return None
    found = {id_ for ids, _ in texts for id_ in ids} ^ known.keys()
    for ids, seconds in texts:
        if sum(known[id_].seconds for id_ in ids if id_ in known) != seconds:
            found.update(ids)
    return found


def _is_running(pages: KeptPages, difference: int) -> bool:
    """Whether totals that count running timers up to now would differ by so many seconds.

    It is not known whether Toggl's do. Clocks may differ, and time passes between two questions.
    """
    now = datetime.now(UTC)
    begun = [datetime.fromisoformat(one.start) for one in pages.entries.values() if one.is_running]
    elapsed = sum((now - start).total_seconds() for start in begun)
    return bool(begun) and abs(difference - elapsed) <= CLOCKS_DIFFER * len(begun)


def _explain(toggl: Toggl, walk: StagedWalk) -> str:
    """Words to put behind the difference; empty if Toggl will not say more. Never hides the difference itself."""
    first, last = walk.edges
    sums: dict[tuple[int, date], int] = defaultdict(int)
    ours: dict[int, int] = defaultdict(int)
    for one in walk.pages.entries.values():
        sums[one.user_id, one.local_day] += one.seconds
        ours[one.user_id] += one.seconds
    try:
        theirs = toggl.seconds_by_user(first, last)
        differing = sorted(user for user in theirs.keys() | ours.keys() if theirs.get(user, 0) != ours.get(user, 0))
        parts = [
            f"user {user} {theirs.get(user, 0) - ours.get(user, 0):+d} s{_find_days(toggl, sums, user, first, last)}"
            for user in differing[:MOST_USERS]
        ]
    except TimeweaveError:
        return ""
    more = f" and {len(differing) - MOST_USERS} more people" if len(differing) > MOST_USERS else ""
    return f": {', '.join(parts)}{more}" if parts else ""


def _find_days(toggl: Toggl, sums: dict[tuple[int, date], int], user: int, first: date, last: date) -> str:
    """The days in [first, last] that differ for one person, found by halving."""
    found: list[date] = []
    open_ranges = [(first, last)]
    while open_ranges:
        start, end = open_ranges.pop()
        ours = sum(sums.get((user, day), 0) for day in span(start, end))
        if toggl.seconds(start, end, [user]) == ours:
            continue
        if start == end:
            found.append(start)
            continue
        middle = start + (end - start) // 2
        open_ranges += [(middle + DAY, end), (start, middle)]
    return f" on {', '.join(str(day) for day in sorted(found))}" if found else ""
