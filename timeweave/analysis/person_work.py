"""Each person's period: time by item, activity and day, beside what was expected of them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from timeweave.analysis.expectation import Expectations, ExpectedDay
from timeweave.analysis.roster import Member
from timeweave.analysis.sums import divide, sum_billable, sum_by, sum_seconds
from timeweave.analysis.work_rows import WorkRow
from timeweave.models.aggregated import LoggedEntry
from timeweave.models.analysis import PersonActivity, PersonDay, PersonItem, PersonWork
from timeweave.models.enriched import EntityStatus


@dataclass(frozen=True)
class PersonContext:
    """What people are looked at by."""

    days: Sequence[date]
    """Of the period."""
    expectations: Expectations
    rows: Mapping[int, list[WorkRow]]
    """By user id."""
    previous: Mapping[int, list[WorkRow]] | None
    """Of the period before; None where nothing is compared."""
    previous_days: Sequence[date]
    running: Mapping[int, int]
    slugs: Mapping[str, str]
    """By key."""

    def list_rows(self, user_id: int | None) -> list[WorkRow]:
        """The rows of an account."""
        return [] if user_id is None else self.rows.get(user_id, [])


def build_person(member: Member, context: PersonContext) -> PersonWork:
    """The whole period of an account, or of somebody without one."""
    rows = context.list_rows(member.user_id)
    plan = plan_days(member, context)
    logged = sum_by_day(rows)
    absent = sum_by_day(row for row in rows if row.category.absence)
    days = {day: _build_day(plan[day], logged.get(day, 0), absent.get(day, 0)) for day in plan}
    joint = [row for account in member.accounts or (member.user_id,) for row in context.list_rows(account)]
    expected = _sum_expected(plan)
    worked = sum(row.seconds for row in joint if not row.category.absence)
    previous = None if context.previous is None else context.previous.get(member.user_id or 0, [])
    return PersonWork(
        key=member.key,
        user_id=member.user_id,
        name=member.name,
        email=member.email,
        slug=context.slugs[member.key],
        team=member.person.find_team(context.days[-1]) if member.person else None,
        status=member.status,
        seconds=sum_seconds(rows),
        entries=sum(len(row.entries) for row in rows),
        running=context.running.get(member.user_id or 0, 0),
        worked_seconds=sum(day.worked for day in days.values()),
        absent_seconds=sum(day.absent for day in days.values()),
        expected_seconds=expected,
        billable_seconds=sum_billable(rows),
        item_seconds=sum_seconds(row for row in rows if row.key is not None),
        coverage=divide(worked, expected),
        utilization=divide(sum_billable(joint), expected),
        utilization_target=context.expectations.find_utilization_target(member.expected_as, context.days[-1]),
        previous_seconds=None if previous is None else sum_seconds(previous),
        previous_worked_seconds=None if previous is None else sum_worked(previous),
        previous_expected_seconds=None if previous is None else expect(member, context.previous_days, context),
        days=days,
        categories=sum_by(rows, lambda row: row.category.key),
        projects=sum_by(rows, lambda row: row.project or ""),
        items=_build_items(rows),
        activities=_build_activities(rows),
    )


def plan_days(member: Member, context: PersonContext) -> dict[str, ExpectedDay]:
    """What is expected on each day of the period; logged absence counts like a planned one."""
    accounts = member.accounts or (member.user_id,)
    absent = sum_by_day(row for account in accounts for row in context.list_rows(account) if row.category.absence)
    found = {}
    for day in context.days:
        planned = context.expectations.find_day(member.expected_as, day)
        found[day.isoformat()] = planned.add_logged_absence(absent.get(day.isoformat(), 0))
    return found


def expect(member: Member, days: Iterable[date], context: PersonContext) -> int | None:
    """What was expected on other days, by the plan alone."""
    return _sum_expected({str(day): context.expectations.find_day(member.expected_as, day) for day in days})


def sum_by_day(rows: Iterable[WorkRow]) -> dict[str, int]:
    """Seconds by the local day on which entries start."""
    days: dict[str, int] = defaultdict(int)
    for row in rows:
        for entry in row.entries:
            days[entry.start[:10]] += entry.seconds
    return days


def sum_worked(rows: Iterable[WorkRow]) -> int:
    """Time that is no absence."""
    return sum(row.seconds for row in rows if not row.category.absence)


def _sum_expected(plan: Mapping[str, ExpectedDay]) -> int | None:
    known = [day.expected for day in plan.values() if day.expected is not None]
    return sum(known) if known else None


def _build_day(planned: ExpectedDay, logged: int, logged_absent: int) -> PersonDay:
    return PersonDay(
        seconds=logged,
        worked=logged - logged_absent,
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
    return sorted(
        found,
        key=lambda one: (
            -one.seconds,
            one.space or "",
            one.database or "",
            int(one.public_id),
            one.category,
            one.matched_by or "",
        ),
    )


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
        )
        for (text, category), own in alike.items()
    ]
    return sorted(found, key=lambda one: (-one.seconds, one.text, one.category))


def _list_entries(rows: Iterable[WorkRow]) -> list[LoggedEntry]:
    return sorted((entry for row in rows for entry in row.entries), key=lambda entry: (entry.start, entry.id))
