"""The period and the time before it: days are read once, and counted wherever they belong."""

from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from datetime import date
from typing import NamedTuple

from timeweave.aggregation.entry_groups import EntryGroup, EntryGroups, PeriodGroups, remember_matches
from timeweave.aggregation.item_totals import SinceTotals
from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.name_lookup import CommonSpelling, NameLookup
from timeweave.aggregation.person_totals import Traits, read_traits, split, sum_days, sum_seconds
from timeweave.models.entities import NO_ITEM_FIRST, EntityKey
from timeweave.models.history import PastPeriod, PastPerson, PastRow
from timeweave.models.time_entry_days import Row
from timeweave.runtime.analysis_params import AnalysisSettings
from timeweave.runtime.period import DAY, Period

ReadDay = Callable[[date], list[Row]]


class LoggedTime(NamedTuple):
    """All that was logged, by what it is wanted for."""

    groups: PeriodGroups
    compared: list[tuple[Period, EntryGroups]]
    """Newest first."""
    since: SinceTotals | None

    def list_groups(self) -> Iterator[EntryGroup]:
        """The groups of all periods, of everyone."""
        for groups in (self.groups, *(groups for _, groups in self.compared)):
            for own in groups.by_person.values():
                yield from own.values()

    def list_people(self) -> set[int]:
        """Everyone who logged any of it."""
        people = set(self.groups.by_person).union(*(groups.by_person for _, groups in self.compared))
        return people | self.since.list_people() if self.since else people

    def find_spelling(self, names: NameLookup) -> CommonSpelling:
        """One for all of it."""
        return CommonSpelling(self.list_groups(), names, self.since.list_spellings() if self.since else ())


def sum_time(read: ReadDay, period: Period, analysis: AnalysisSettings, as_of: date, names: NameLookup) -> LoggedTime:
    """What is older than the compared periods comes last: of it only those texts count that are known by then."""
    match, days = remember_matches(), analysis.list_utc_days(period, as_of)
    compared = [(one, EntryGroups(names.learn, match)) for one in analysis.list_compared(period, as_of)]
    time = LoggedTime(PeriodGroups(names.learn, match), compared, None)
    _add_days(read, days, [*compared, (period, time.groups)])
    first = analysis.find_since(period)
    if first is None:
        return time
    since = SinceTotals(first, match, {group.match.text for group in time.list_groups() if not group.match.reference})
    for groups in (time.groups, *(groups for _, groups in compared)):
        since.add_groups(groups)
    begin = compared[-1][0].start if compared else period.start
    if first < begin:
        _add_days(read, days, [(Period(start=first, end=begin - DAY, timezone=period.timezone), since)])
    return time._replace(since=since)


def _add_days(read: ReadDay, days: list[date], sums: Sequence[tuple[Period, EntryGroups | SinceTotals]]) -> None:
    """In the order of days, so that of several names for one id the newest counts."""
    covered = [(set(period.utc_days), period, one) for period, one in sums]
    for utc_day in days:
        wanted = [(period, one) for theirs, period, one in covered if utc_day in theirs]
        rows = read(utc_day) if wanted else []
        for period, one in wanted:
            one.add(rows, LocalDays(utc_day, period.zone, period.start, period.end))


def sum_past(
    period: Period, groups: EntryGroups, chosen: Collection[int], names: NameLookup, spelling: CommonSpelling
) -> PastPeriod:
    """A compared period as far as it is the time of the people chosen; nobody is listed for a running timer alone."""
    shown = {user_id: list(own.values()) for user_id, own in sorted(groups.by_person.items()) if user_id in chosen}
    people = [
        PastPerson(
            user_id=user_id, email=names.find_email(user_id), name=names.find_person(user_id), seconds=sum_seconds(own)
        )
        for user_id, own in shown.items()
    ]
    return PastPeriod(
        start=period.start.isoformat(),
        end=period.end.isoformat(),
        seconds=sum(person.seconds for person in people),
        people=people,
        rows=[row for user_id, own in shown.items() for row in _list_rows(user_id, own, names, spelling)],
    )


def _list_rows(
    user_id: int, groups: Iterable[EntryGroup], names: NameLookup, spelling: CommonSpelling
) -> Iterator[PastRow]:
    def read_key(group: EntryGroup) -> tuple[EntityKey | None, Traits]:
        reference = group.match.reference
        item = spelling.find_item(reference) if reference else None
        return item, read_traits(group, names, spelling)

    parts = split(groups, read_key)
    for item, traits in sorted(parts, key=lambda key: (key[0].sort_key if key[0] else NO_ITEM_FIRST, key[1].sort_key)):
        part = parts[item, traits]
        yield PastRow(
            user_id=user_id,
            space=item.space if item else None,
            database=item.database if item else None,
            public_id=item.public_id if item else None,
            **traits.fields,
            seconds=sum_seconds(part),
            days=sum_days(part),
        )
