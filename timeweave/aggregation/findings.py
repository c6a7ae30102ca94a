"""What a person should look at, from how a description was read."""

from timeweave.matching.match import Match
from timeweave.models.aggregated import Finding, FindingKind, PersonTime

LONGEST_TEXT = 200

UNREMARKABLE = frozenset({"combined_tag", "doubled_brackets", "link", "nested_tags", "several_ids"})
"""Flags of the matching that leave no doubt about which item was meant."""


def kinds_of(match: Match) -> tuple[str, ...]:
    """The kinds of finding that every entry with this description is, sorted."""
    kinds: set[str] = {flag for flag in match.flags if flag not in UNREMARKABLE}
    if match.reference is None and not match.text:
        kinds.add("no_description")
    return tuple(sorted(kinds))


def no_email(person: PersonTime) -> Finding:
    """That `users` cannot name this person; their name stands for a text."""
    return Finding(kind=FindingKind.NO_EMAIL, user_id=person.user_id, entry_id=None, text=brief(person.name))


def brief(text: str) -> str:
    """At most `LONGEST_TEXT` characters, the last one an ellipsis where something was cut."""
    return text if len(text) <= LONGEST_TEXT else text[: LONGEST_TEXT - 1] + "…"


def order(finding: Finding) -> tuple[str, int, int]:
    """By kind, user and entry."""
    return finding.kind, finding.user_id, finding.entry_id or 0
