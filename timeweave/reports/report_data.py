"""The documents of a period, and what every report of it says in the same way."""

import re
import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from zoneinfo import ZoneInfo

import msgspec

from timeweave.models.aggregated import Aggregated, PersonTime
from timeweave.models.enriched import Enriched
from timeweave.models.summaries import Summaries
from timeweave.reports import work_items
from timeweave.reports.formatting import dates, sanitize
from timeweave.reports.formatting.dates import Bucket, Day
from timeweave.reports.similar_items import SimilarItems

NAME = 80
"""Characters of a person's name that are shown."""


@dataclass(frozen=True)
class ReportPerson:
    """A person as reports name them."""

    user_id: int
    name: str
    email: str | None
    slug: str
    toggl_url: str
    """Their entries of the period in Toggl's detailed report."""


@dataclass(frozen=True)
class ReportData:
    """The documents and what follows from them for all reports."""

    aggregated: Aggregated
    enriched: Enriched
    summaries: Summaries

    @cached_property
    def start(self) -> date:
        return date.fromisoformat(self.aggregated.period.start)

    @cached_property
    def end(self) -> date:
        return date.fromisoformat(self.aggregated.period.end)

    @cached_property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.aggregated.period.timezone)

    @cached_property
    def as_of(self) -> Day:
        return Day(date.fromisoformat(self.aggregated.as_of))

    @cached_property
    def span(self) -> str:
        return dates.format_span(self.start, self.end)

    @cached_property
    def chosen_people(self) -> str | None:
        """Whose time it is, where `users` asked for some people only: the one name, or `3 of 11 people`."""
        everyone = self.aggregated.people_in_period
        if everyone is msgspec.UNSET:
            return None
        if len(self.people) == 1:
            return next(iter(self.people.values())).name
        return f"{len(self.people)} of {everyone} people"

    @cached_property
    def buckets(self) -> list[Bucket]:
        logged = {day for person in self.aggregated.people for day in person.days}
        return dates.split_into_buckets(self.start, self.end, logged)

    @cached_property
    def items(self) -> list[work_items.WorkItem]:
        """Everybody's items."""
        return work_items.join_items(self.aggregated.people, self.enriched)

    @cached_property
    def similar_items(self) -> SimilarItems:
        """Everybody's items, to be found by a text that is similar."""
        return SimilarItems(self.items)

    @cached_property
    def item_summaries(self) -> dict[work_items.Key, str]:
        """What was done on an item, by reference, where a summary was written."""
        return {(item.space, item.database, item.public_id): item.text for item in self.summaries.items}

    @cached_property
    def people(self) -> dict[int, ReportPerson]:
        """By user id."""
        people = self.aggregated.people
        slugs = assign_slugs((person.user_id, person.email, person.name) for person in people)
        return {person.user_id: self._name_person(person, slugs[person.user_id]) for person in people}

    @cached_property
    def toggl_url(self) -> str:
        """Everybody's entries of the period in Toggl's detailed report."""
        workspace = self.aggregated.account.workspace_id
        return f"https://track.toggl.com/reports/detailed/{workspace}/from/{self.start}/to/{self.end}"

    def _name_person(self, person: PersonTime, slug: str) -> ReportPerson:
        email = sanitize.shorten(person.email, NAME) if person.email else None
        name = sanitize.shorten(person.name, NAME) or email or f"User {person.user_id}"
        return ReportPerson(person.user_id, name, email, slug, f"{self.toggl_url}/users/{person.user_id}")


LONGEST = 60
_RESERVED = {"con", "prn", "aux", "nul", "index", *(f"{port}{n}" for port in ("com", "lpt") for n in range(10))}
# Letters that no decomposition takes apart, Cyrillic and Greek as international passports spell them.
_SPELLED = str.maketrans(
    {
        "ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ħ": "h", "ŋ": "n",
        "а": "a", "б": "b", "в": "v", "г": "g", "ґ": "g", "д": "d", "ђ": "d", "е": "e", "є": "ie", "ж": "zh", "з": "z",
        "и": "i", "і": "i", "ј": "j", "к": "k", "л": "l", "љ": "lj", "м": "m", "н": "n", "њ": "nj", "о": "o", "п": "p",
        "р": "r", "с": "s", "т": "t", "ћ": "c", "у": "u", "ф": "f", "х": "kh", "ц": "ts", "ч": "ch", "џ": "dz",
        "ш": "sh", "щ": "shch", "ъ": "ie", "ы": "y", "ь": "", "э": "e", "ю": "iu", "я": "ia",
        "α": "a", "β": "v", "γ": "g", "δ": "d", "ε": "e", "ζ": "z", "η": "i", "θ": "th", "ι": "i", "κ": "k", "λ": "l",
        "μ": "m", "ν": "n", "ξ": "x", "ο": "o", "π": "p", "ρ": "r", "σ": "s", "ς": "s", "τ": "t", "υ": "y", "φ": "f",
        "χ": "ch", "ψ": "ps", "ω": "o",
    }
)  # fmt: skip


def assign_slugs(people: Iterable[tuple[int, str | None, str]]) -> dict[int, str]:
    """A slug by user id for people given as (user id, e-mail, name).

    It is the e-mail's local part, else the name. Where two are the same, the lower user id (the account that was
    there first) keeps it and the other adds its own user id: a newcomer never renames a colleague's report.
    """
    found: dict[int, str] = {}
    taken: set[str] = set()
    for user_id, email, name in sorted(people, key=lambda person: person[0]):
        slug = _find_base(email, name)
        if not slug or slug in taken:
            # `_` is in no base, so that this can be nobody else's.
            slug = f"{slug or 'user'}_{user_id}"
        taken.add(slug)
        found[user_id] = slug
    return found


def _find_base(email: str | None, name: str) -> str:
    for source in ((email or "").partition("@")[0], name):
        spelled = transliterate(source)
        if spelled and spelled not in _RESERVED:
            return spelled
    return ""


def transliterate(source: str) -> str:
    """ASCII lower case words joined by `-`; empty where no letter or digit can be spelled."""
    # Once before and once after: decomposing takes apart й, which is a letter of its own; casefolding makes ß ss.
    lowered = source[: 10 * LONGEST].lower().replace("й", "i").replace("ё", "e").replace("ї", "i")
    decomposed = unicodedata.normalize("NFKD", lowered.translate(_SPELLED)).lower().translate(_SPELLED)
    kept = "".join(char for char in decomposed if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", kept).strip("-")[:LONGEST].rstrip("-")
