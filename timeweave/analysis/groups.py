"""All time by category, team, project, database and state: each adds up to the whole."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping, Sequence

import msgspec

from timeweave.analysis.category import Category
from timeweave.analysis.expectation import sum_known
from timeweave.analysis.team_file import TeamFile
from timeweave.analysis.work_rows import WorkRow, divide, name_item, sum_by, sum_seconds
from timeweave.models.analysis import Breakdowns, CategoryTime, ItemChange, Part, PastTotals, TeamWork
from timeweave.models.entities import EntityKey
from timeweave.models.person_work import PersonWork, Sums
from timeweave.runtime.name_comparison import fold

Rows = Sequence[WorkRow]


def add_up(people: Iterable[PersonWork]) -> Sums:
    """Everything of these people together."""
    everyone = list(people)
    expected = sum_known(person.expected_seconds for person in everyone)
    # Of those only of whom something is expected: others would make a team of two look like one that does too much.
    worked = sum_known(person.expected_worked_seconds for person in everyone)
    billable = sum_known(person.expected_billable_seconds for person in everyone)
    return Sums(
        seconds=sum(person.seconds for person in everyone),
        worked_seconds=sum(person.worked_seconds for person in everyone),
        absent_seconds=sum(person.absent_seconds for person in everyone),
        expected_seconds=expected,
        expected_worked_seconds=worked,
        billable_seconds=sum(person.billable_seconds for person in everyone),
        coverage=divide(worked or 0, expected),
        expected_billable_seconds=billable,
        utilization=divide(billable or 0, expected),
        previous_seconds=sum_known(person.previous_seconds for person in everyone),
        previous_worked_seconds=sum_known(person.previous_worked_seconds for person in everyone),
        previous_expected_seconds=sum_known(person.previous_expected_seconds for person in everyone),
    )


def add_past(sums: Sums, past: PastTotals | None) -> Sums:
    """The whole with the period before as it was, people included who have no row any more."""
    if past is None:
        return sums
    return msgspec.structs.replace(
        sums,
        previous_seconds=past.seconds,
        previous_worked_seconds=past.worked_seconds,
        previous_expected_seconds=past.expected_seconds,
    )


def build_teams(file: TeamFile, people: Sequence[PersonWork]) -> list[TeamWork]:
    """Each team of the file with those below it, by key."""
    by_address = {fold(person.email): person.key for person in people if person.email and not person.account_of}
    named = {name: person.names for person in file.people for name in person.names}
    found = []
    for key, team in sorted(file.teams.items()):
        inside = [one for one in people if one.team and key in (one.team, *file.list_parents(one.team))]
        found.append(
            TeamWork(
                **msgspec.structs.asdict(add_up(inside)),
                key=key,
                name=team.name or key,
                lead=_find_lead(team.lead, named, by_address) if team.lead else None,
                parent=team.parent,
                people=[person.key for person in inside],
                categories=_merge(person.categories for person in inside),
            )
        )
    return found


def _find_lead(written: str, named: Mapping[str, Sequence[str]], by_address: Mapping[str, str]) -> str:
    """The key of the person whose address or alias it is; where they have no row, what is written."""
    names = named.get(fold(written), [fold(written)])
    return next((by_address[name] for name in names if name in by_address), written)


def _merge(parts: Iterable[Mapping[str, int]]) -> dict[str, int]:
    merged: dict[str, int] = defaultdict(int)
    for part in parts:
        for name, seconds in part.items():
            merged[name] += seconds
    return dict(sorted(merged.items()))


def build_categories(rows: Rows, previous: Rows | None, known: Iterable[Category]) -> list[CategoryTime]:
    """Every category of the file and every other one with time, most time first."""
    by_key = {category.key: category for category in known}
    by_key |= {row.category.key: row.category for row in (*rows, *(previous or ()))}
    whole, before_whole = sum_seconds(rows), sum_seconds(previous or ())
    seconds = sum_by(rows, _get_category)
    before = None if previous is None else sum_by(previous, _get_category)
    gained, lost = _find_changes(rows, previous)
    people: dict[str, set[int]] = defaultdict(set)
    for row in rows:
        people[row.category.key].add(row.user_id)
    found = [
        CategoryTime(
            key=key,
            name=category.name,
            absence=category.absence,
            item_needed=category.item_needed,
            seconds=seconds.get(key, 0),
            share=divide(seconds.get(key, 0), whole) or 0.0,
            target=list(category.target) if category.target else None,
            previous_seconds=None if before is None else before.get(key, 0),
            previous_share=None if before is None else divide(before.get(key, 0), before_whole) or 0.0,
            most_gained=gained.get(key),
            most_lost=lost.get(key),
            people=len(people[key]),
        )
        for key, category in by_key.items()
    ]
    return sorted(found, key=lambda one: (-one.seconds, one.name, one.key))


def _find_changes(rows: Rows, previous: Rows | None) -> tuple[dict[str, ItemChange], dict[str, ItemChange]]:
    """By category the item that gained most, and the one that lost most."""
    changes: dict[tuple[str, EntityKey], int] = defaultdict(int)
    wordings: dict[EntityKey, list[WorkRow]] = defaultdict(list)
    for sign, own in ((1, rows), (-1, previous or ())):
        for row in own:
            if row.key is not None and previous is not None:
                changes[row.category.key, row.key] += sign * row.seconds
                wordings[row.key].append(row)
    found: tuple[dict[str, ItemChange], dict[str, ItemChange]] = ({}, {})
    for (category, item), seconds in sorted(changes.items(), key=lambda one: (-abs(one[1]), one[0][1].sort_key)):
        if seconds:
            title = name_item(wordings[item])
            found[seconds < 0].setdefault(category, ItemChange(item=item, title=title, seconds=seconds))
    return found


def _get_category(row: WorkRow) -> str:
    return row.category.key


def build_breakdowns(rows: Rows, previous: Rows | None) -> Breakdowns:
    """All time cut in other ways."""
    return Breakdowns(
        projects=_cut(rows, previous, lambda row: row.project or ""),
        databases=_cut(rows, previous, _get_place),
        states=_cut(rows, previous, _get_state),
    )


def _cut(rows: Rows, previous: Rows | None, name: Callable[[WorkRow], str]) -> list[Part]:
    seconds, billable = sum_by(rows, name), sum_by((row for row in rows if row.billable), name)
    before = None if previous is None else sum_by(previous, name)
    names = seconds.keys() | (before or {}).keys()
    found = [
        Part(
            name=one,
            seconds=seconds.get(one, 0),
            billable_seconds=billable.get(one, 0),
            previous_seconds=None if before is None else before.get(one, 0),
        )
        for one in names
    ]
    return sorted(found, key=lambda part: (-part.seconds, part.name))


def _get_place(row: WorkRow) -> str:
    entity = row.target.entity
    if entity is None:
        return ""
    return entity.found_as or "/".join(part for part in (entity.space, entity.database) if part)


def _get_state(row: WorkRow) -> str:
    entity = row.target.entity
    return entity.state.name if entity and entity.state else ""
