"""data/toggl/ -> data/aggregated.json: who worked on what and how long in the period, in seconds that add up."""

from collections.abc import Iterable
from pathlib import Path

from timeweave.aggregation.findings import no_email, order
from timeweave.aggregation.ledger import Ledger
from timeweave.aggregation.local_days import LocalDays
from timeweave.aggregation.names import Names
from timeweave.aggregation.people import person_time
from timeweave.aggregation.totals import totals
from timeweave.aggregation.vocabulary import Vocabulary
from timeweave.models import aggregated as model
from timeweave.models.aggregated import Aggregated, Finding, PersonTime
from timeweave.models.directory import Directory
from timeweave.runtime import document, params, script
from timeweave.runtime.period import Period
from timeweave.toggl import days


class Params(params.Section):
    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()


def main(archive: Path, directory: Path, out: Path) -> None:
    given = params.load(Params)
    known = document.read(directory, Directory)
    names = Names(known)
    ledger = Ledger(names)
    for utc_day in given.period.utc_days:
        local_days = LocalDays(utc_day, given.period.zone, given.period.start, given.period.end)
        ledger.post(days.read(archive, utc_day), local_days)
    document.write(out, aggregate(ledger, names, known, given))


def aggregate(ledger: Ledger, names: Names, directory: Directory, given: Params) -> Aggregated:
    """The document of everyone whom `users` asks for, names spelled as everyone of the period spells them."""
    vocabulary = Vocabulary((line for book in ledger.books.values() for line in book.values()), names)
    chosen = sorted(names.choose(given.users, ledger.books))
    people = [person_time(user_id, list(ledger.books[user_id].values()), names, vocabulary) for user_id in chosen]
    return Aggregated(
        account=directory.account,
        as_of=given.as_of.isoformat(),
        period=model.Period(
            start=given.period.start.isoformat(), end=given.period.end.isoformat(), timezone=given.period.timezone
        ),
        totals=totals(people, sum(ledger.running.get(user_id, 0) for user_id in chosen)),
        people=people,
        warnings=warnings(people, ledger.findings),
    )


def warnings(people: Iterable[PersonTime], findings: Iterable[Finding]) -> list[Finding]:
    """The findings about the people shown, and who of them has no e-mail."""
    shown = {person.user_id: person for person in people}
    listed = [finding for finding in findings if finding.user_id in shown]
    listed += [no_email(person) for person in shown.values() if person.email is None]
    return sorted(listed, key=order)


if __name__ == "__main__":
    script.run(main)
