"""Which file of a past run is the report that somebody asks for."""

import difflib

import msgspec

from timeweave.reports.slug import slugs
from timeweave.runs.past import Past
from timeweave.runtime.errors import ConfigurationError

FIXED = {"team": "data/reports/team_summary.md", "toggl": "data/reports/toggl_summary.md"}


def path(past: Past, asked: str) -> str:
    """For `team`, `toggl`, or a person's e-mail, in any case."""
    if asked in FIXED:
        return FIXED[asked]
    people = _people(past)
    named = slugs([(user_id, email, name) for user_id, email, name in people])
    by_email = {email.casefold(): user_id for user_id, email, _ in people if email}
    if asked.casefold() not in by_email:
        near = difflib.get_close_matches(asked.casefold(), sorted(by_email), n=1, cutoff=0.4)
        hint = f"; did you mean {near[0]}?" if near else ""
        raise ConfigurationError(f"--report {asked!r}: write team, toggl or the e-mail of somebody in that run{hint}")
    return f"data/reports/individual/{named[by_email[asked.casefold()]]}.md"


class _Person(msgspec.Struct):
    user_id: int
    email: str | None
    name: str


class _People(msgspec.Struct):
    people: list[_Person]


def _people(past: Past) -> list[tuple[int, str | None, str]]:
    """Read without the rest, so that a document of another version can be read as well."""
    found = msgspec.json.decode(past.read("data/aggregated.json"), type=_People)
    return [(person.user_id, person.email, person.name) for person in found.people]
