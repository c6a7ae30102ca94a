"""data/toggl/ -> data/aggregated.json, data/history.json: who worked on what and how long, in the period and before it."""

from collections.abc import Iterable
from functools import partial
from pathlib import Path

import msgspec

from timeweave.aggregation.entry_groups import LONGEST_TEXT
from timeweave.aggregation.name_lookup import NameLookup
from timeweave.aggregation.period_sums import LoggedTime, sum_past, sum_time
from timeweave.aggregation.person_totals import sum_people, sum_person
from timeweave.models import aggregated as model
from timeweave.models import time_entry_days
from timeweave.models.aggregated import Aggregated, Finding, FindingKind, PersonTime
from timeweave.models.directory import Directory
from timeweave.models.history import History
from timeweave.runtime import document, params, script
from timeweave.runtime.analysis_params import AnalysisSettings
from timeweave.runtime.name_comparison import cut_text
from timeweave.runtime.period import Period


class Params(params.Section):
    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()
    analysis: AnalysisSettings = AnalysisSettings()


def main(archive: Path, directory: Path, out: Path, history: Path) -> None:
    given, known = params.load(Params), document.read(directory, Directory)
    names = NameLookup(known)
    time = sum_time(partial(time_entry_days.read, archive), given.period, given.analysis, given.as_of, names)
    document.write(out, aggregate(time, names, known, given))
    document.write(history, look_back(time, names, known, given))


def aggregate(time: LoggedTime, names: NameLookup, directory: Directory, given: Params) -> Aggregated:
    """The period of everyone whom `users` asks for, names spelled as everyone spells them, in history too."""
    spelling, by_person = time.find_spelling(names), time.groups.by_person
    chosen = sorted(names.choose(given.users, time.list_people()) & by_person.keys())
    people = [sum_person(user_id, list(by_person[user_id].values()), names, spelling) for user_id in chosen]
    return Aggregated(
        account=directory.account,
        as_of=given.as_of.isoformat(),
        period=model.Period(
            start=given.period.start.isoformat(), end=given.period.end.isoformat(), timezone=given.period.timezone
        ),
        totals=sum_people(people, sum(time.groups.running.get(user_id, 0) for user_id in chosen)),
        people=people,
        people_in_period=len(by_person) if given.users else msgspec.UNSET,
        warnings=list_warnings(people, time.groups.findings),
    )


def look_back(time: LoggedTime, names: NameLookup, directory: Directory, given: Params) -> History:
    """The time before of the same people, with the same spelling."""
    spelling = time.find_spelling(names)
    chosen = names.choose(given.users, time.list_people())
    return History(
        account=directory.account,
        as_of=given.as_of.isoformat(),
        timezone=given.period.timezone,
        periods=[sum_past(period, groups, chosen, names, spelling) for period, groups in time.compared],
        since=time.since.describe(given.period.end, chosen, spelling) if time.since else None,
    )


def list_warnings(people: Iterable[PersonTime], findings: Iterable[Finding]) -> list[Finding]:
    """The findings about the people shown, and who of them has no e-mail; then their name stands for a text."""
    shown = {person.user_id: person for person in people}
    listed = [finding for finding in findings if finding.user_id in shown]
    listed += [
        Finding(
            kind=FindingKind.NO_EMAIL, user_id=person.user_id, entry_id=None, text=cut_text(person.name, LONGEST_TEXT)
        )
        for person in shown.values()
        if person.email is None
    ]
    return sorted(listed, key=lambda finding: finding.sort_key)


if __name__ == "__main__":
    script.run(main)
