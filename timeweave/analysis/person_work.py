"""Each person's period: time by item, activity and day, beside what was expected of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import msgspec

from timeweave.analysis.expectation import (
    Expectations,
    ExpectedDay,
    Span,
    expect,
    measure_due,
    plan_days,
    sum_known,
)
from timeweave.analysis.roster import Member
from timeweave.analysis.work_rows import WorkRow, divide, sum_billable, sum_by, sum_by_day, sum_seconds, sum_worked
from timeweave.models.aggregated import LoggedEntry
from timeweave.models.enriched import EntityStatus
from timeweave.models.person_work import PersonActivity, PersonDay, PersonItem, PersonWork, Sums


@dataclass(frozen=True)
class PersonContext:
    """What people are looked at by."""

    period: Span
    before: Span | None
    """The period before; None where nothing is compared."""
    expectations: Expectations
    running: Mapping[int, int]
    slugs: Mapping[str, str]
    """By key."""


def build_person(member: Member, context: PersonContext) -> PersonWork:
    """The whole period of an account, or of somebody without one."""
    rows, last = context.period.list_rows(member.user_id), context.period.days[-1]
    days = _build_days(member, rows, context)
    return PersonWork(
        **msgspec.structs.asdict(_add_up(member, rows, days, context)),
        key=member.key,
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        slug=context.slugs[member.key],
        team=member.person.find_team(last) if member.person else None,
        status=member.status,
        account_of=member.main_key,
        entries=sum(len(row.entries) for row in rows),
        running=context.running.get(member.user_id or 0, 0),
        item_seconds=sum_seconds(row for row in rows if row.key is not None),
        days=days,
        categories=sum_by(rows, lambda row: row.category.key),
        projects=_sum_projects(rows),
        items=_build_items(rows),
        activities=_build_activities(rows),
    )


def _add_up(member: Member, rows: list[WorkRow], days: Mapping[str, PersonDay], context: PersonContext) -> Sums:
    expected = sum_known(day.expected for day in days.values())
    worked = billable = None
    if expected is not None:
        worked, billable = measure_due(member, context.period, context.expectations)
    before = context.before
    previous = None if before is None else before.list_rows(member.user_id)
    return Sums(
        seconds=sum_seconds(rows),
        worked_seconds=sum(day.worked for day in days.values()),
        absent_seconds=sum(day.absent for day in days.values()),
        expected_seconds=expected,
        expected_worked_seconds=worked,
        billable_seconds=sum_billable(rows),
        coverage=divide(worked or 0, expected),
        expected_billable_seconds=billable,
        utilization=divide(billable or 0, expected),
        utilization_target=context.expectations.find_utilization_target(member.expected_as, context.period.days[-1]),
        previous_seconds=None if previous is None else sum_seconds(previous),
        previous_worked_seconds=None if previous is None else sum_worked(previous),
        previous_expected_seconds=None if before is None else expect(member, before, context.expectations),
    )


def _build_days(member: Member, rows: list[WorkRow], context: PersonContext) -> dict[str, PersonDay]:
    logged, worked = sum_by_day(rows), _sum_worked_by_day(rows)
    joint = _sum_worked_by_day(context.period.list_joint(member))
    plan = plan_days(member, context.period, context.expectations)
    return {
        day: _build_day(planned, logged.get(day, 0), worked.get(day, 0), joint.get(day, 0))
        for day, planned in plan.items()
    }


def _sum_worked_by_day(rows: Iterable[WorkRow]) -> dict[str, int]:
    return sum_by_day(row for row in rows if not row.category.absence)


def _build_day(planned: ExpectedDay, logged: int, worked: int, joint: int) -> PersonDay:
    return PersonDay(
        seconds=logged,
        worked=worked,
        worked_elsewhere=joint - worked,
        expected=planned.expected,
        absent=planned.absent,
        kind=planned.kind,
        reason=planned.reason,
    )


def _build_items(rows: Iterable[WorkRow]) -> list[PersonItem]:
    """Most time first; an item that was named in two ways, or is of two categories, has a row for each."""
    alike: dict[tuple[object, ...], list[WorkRow]] = defaultdict(list)
    for row in rows:
        if row.key is not None:
            alike[row.key, row.target.matched_by, row.category.key].append(row)
    found = [_build_item(own) for own in alike.values()]
    return sorted(found, key=lambda one: (-one.seconds, *one.key.sort_key, one.category, one.matched_by or ""))


def _build_item(rows: list[WorkRow]) -> PersonItem:
    first = rows[0]
    key, entity = first.key, first.target.entity
    assert key is not None  # noqa: S101 - they are grouped by it
    texts = sorted({row.text for row in rows})
    places = {text: at for at, text in enumerate(texts)}
    worded = sorted(
        ((entry, row.text) for row in rows for entry in row.entries), key=lambda one: (one[0].start, one[0].id)
    )
    return PersonItem(
        space=key.space,
        database=key.database,
        public_id=key.public_id,
        status=entity.status if entity else EntityStatus.UNRESOLVED,
        matched_by=first.target.matched_by,
        category=first.category.key,
        seconds=sum_seconds(rows),
        billable_seconds=sum_billable(rows),
        entries=[entry for entry, _ in worded],
        texts=texts,
        entry_texts=[places[text] for _, text in worded],
        projects=_sum_projects(rows),
    )


def _build_activities(rows: Iterable[WorkRow]) -> list[PersonActivity]:
    alike: dict[tuple[str, str], list[WorkRow]] = defaultdict(list)
    for row in rows:
        if row.key is None:
            alike[row.text, row.category.key].append(row)
    found = [
        PersonActivity(
            text=text,
            category=category,
            seconds=sum_seconds(own),
            billable_seconds=sum_billable(own),
            entries=_list_entries(own),
            projects=_sum_projects(own),
        )
        for (text, category), own in alike.items()
    ]
    return sorted(found, key=lambda one: (-one.seconds, one.text, one.category))


def _sum_projects(rows: Iterable[WorkRow]) -> dict[str, int]:
    return sum_by(rows, lambda row: row.project or "")


def _list_entries(rows: Iterable[WorkRow]) -> list[LoggedEntry]:
    return sorted((entry for row in rows for entry in row.entries), key=lambda entry: (entry.start, entry.id))
