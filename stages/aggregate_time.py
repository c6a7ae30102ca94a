"""data/toggl/ -> data/aggregated.json: who worked on what and how long in the period, in seconds that add up."""

from collections.abc import Iterable
from pathlib import Path

import msgspec

from timeweave.aggregation.entry_groups import EntryGroups, shorten
from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.name_lookup import CommonSpelling, NameLookup
from timeweave.aggregation.person_totals import sum_people, sum_person
from timeweave.models import aggregated as model
from timeweave.models import time_entry_days
from timeweave.models.aggregated import Aggregated, Finding, FindingKind, PersonTime
from timeweave.models.directory import Directory
from timeweave.runtime import document, params, script
from timeweave.runtime.period import Period


class Params(params.Section):
    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()


def main(archive: Path, directory: Path, out: Path) -> None:
    given = params.load(Params)
    known = document.read(directory, Directory)
    names = NameLookup(known)
    groups = EntryGroups(names.learn)
    for utc_day in given.period.utc_days:
        local_days = LocalDays(utc_day, given.period.zone, given.period.start, given.period.end)
        groups.add(time_entry_days.read(archive, utc_day), local_days.find)
    document.write(out, aggregate(groups, names, known, given))


def aggregate(groups: EntryGroups, names: NameLookup, directory: Directory, given: Params) -> Aggregated:
    """The document of everyone whom `users` asks for, names spelled as everyone of the period spells them."""
    spelling = CommonSpelling((group for own in groups.by_person.values() for group in own.values()), names)
    chosen = sorted(names.choose(given.users, groups.by_person))
    people = [sum_person(user_id, list(groups.by_person[user_id].values()), names, spelling) for user_id in chosen]
    return Aggregated(
        account=directory.account,
        as_of=given.as_of.isoformat(),
        period=model.Period(
            start=given.period.start.isoformat(), end=given.period.end.isoformat(), timezone=given.period.timezone
        ),
        totals=sum_people(people, sum(groups.running.get(user_id, 0) for user_id in chosen)),
        people=people,
        people_in_period=len(groups.by_person) if given.users else msgspec.UNSET,
        warnings=list_warnings(people, groups.findings),
    )


def list_warnings(people: Iterable[PersonTime], findings: Iterable[Finding]) -> list[Finding]:
    """The findings about the people shown, and who of them has no e-mail; then their name stands for a text."""
    shown = {person.user_id: person for person in people}
    listed = [finding for finding in findings if finding.user_id in shown]
    listed += [
        Finding(kind=FindingKind.NO_EMAIL, user_id=person.user_id, entry_id=None, text=shorten(person.name))
        for person in shown.values()
        if person.email is None
    ]
    return sorted(listed, key=lambda finding: finding.sort_key)


if __name__ == "__main__":
    script.run(main)
