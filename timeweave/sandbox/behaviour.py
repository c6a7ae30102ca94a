"""How the sandbox behaves, well or badly, on demand; everything reproducible."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

FAULTS = ("ok", "429", "500", "502", "503", "504", "reset", "cut")


@dataclass
class Behaviour:
    """May be changed while the sandbox runs; as it stands it is a well-behaved service without a rate limit."""

    latency: float = 0.0
    """Seconds before each answer; the longest, where `latency_seed` draws them at random."""
    latency_seed: str | None = None
    quota: int | None = 600
    """Toggl requests granted in a window; None sends no quota headers at all."""
    own_quota: int = 30
    """The same for requests that belong to no organization: `/me` and below."""
    quota_window: float = 3600.0
    clock_offset: float = 0.0
    """Seconds that the sandbox's clock is ahead of the machine's: lets a quota's window pass at once."""
    toggl_per_second: float | None = None
    """More requests a second than this get 429."""
    fibery_per_second: float | None = None
    script: list[str] = field(default_factory=list)
    """Faults for the next requests, one each, of FAULTS."""
    faults: tuple[str, ...] = ()
    """Kinds of faults that come at random, at `fault_rate`; the same request meets `most_in_a_row` of them at most."""
    fault_rate: float = 0.0
    fault_seed: str = "faults"
    most_in_a_row: int = 2
    only_service: str | None = None
    """toggl or fibery: faults hit this service alone."""
    page_cap: int = 50
    """The most rows of a detailed report's page, whatever is asked."""
    cursor: str = "all"
    """What a page says of the next: all three values, or the row number alone (row)."""
    running: str = "null"
    """How reports show a running timer: with `stop: null`, with no `stop` (absent), or not at all (omitted)."""
    totals_count_running: bool = False
    """Totals count a running timer up to now."""
    zone: str = "owner"
    """Whose clock cuts days in reports: each owner's or the caller's."""
    bare_rows: bool = False
    """Reports carry no names and e-mails, whatever is asked."""
    unknown_keys: bool = False
    trimmed_at: bool = False
    null_lists: bool = False  # where one is empty
    tasks_need_plan: bool = False
    duplicated_rows: bool = False
    """Each page begins with the last row of the page before."""
    repeated_cursor: bool = False
    empty_page: bool = False
    """The second page is empty and yet announces a third."""
    dropped_rows: int = 0
    """So many rows are missing from reports, though totals count them."""
    failing_command: int | None = None
    """In every array of commands the one at this place fails."""
    timeout_over: int | None = None
    """A query for more public ids than this ends in a time-out."""
    short_lists: int | None = None
    """Answers and collections are silently cut to this length."""
    null_collections: bool = False
    null_as_object: bool = False
    missing: frozenset[str] = frozenset()
    """Public ids that no query returns."""
    secured: frozenset[str] = frozenset()
    """Fields that the key may not read."""
    vanished: frozenset[str] = frozenset()
    """Databases that queries do not know though the schema has them."""
    llm: str = "good"
    """How the model answers: good, fenced (in Markdown), numbers, keys, names, links, uncited, obey, hostile (all of
    these), invalid, once (for the first time), shape, cut, empty, refusal, 429, quota, 404, html, redirect, stall."""
    llm_refuses: frozenset[str] = frozenset()
    """Options of a request that the model's server does not take."""
    llm_stall: float = 30.0  # seconds

    @property
    def empty_list(self) -> list[Any] | None:
        """What stands where a list of Toggl's is empty."""
        return None if self.null_lists else []

    def update(self, values: Mapping[str, Any]) -> None:
        """Set fields by name; raises ValueError for an unknown name, or an unknown fault, and changes nothing then."""
        if not isinstance(values, Mapping):
            raise ValueError("fields by name are needed")
        checks: list[tuple[str, Any, Sequence[str]]] = [("", values, sorted(vars(self)))]
        checks += [(f"{name}: ", values.get(name, ()), FAULTS) for name in ("script", "faults")]
        for where, names, known in checks:
            if unknown := sorted(set(names) - set(known)):
                raise ValueError(f"{where}unknown: {', '.join(unknown)}; known: {', '.join(known)}")
        for name, value in values.items():
            kind = type(getattr(self, name))
            setattr(self, name, kind(value) if kind in (tuple, frozenset, list) else value)
