"""Documents of an invented team, built from entries so that every sum in them holds."""

from collections import defaultdict
from collections.abc import Callable, Hashable, Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any, TypeVar

from timeweave.models.aggregated import (
    Activity,
    Aggregated,
    EntityTime,
    Finding,
    FindingKind,
    Period,
    PersonTime,
    ProjectTime,
    Text,
    Totals,
)
from timeweave.models.directory import Account
from timeweave.models.enriched import (
    Assignee,
    Comment,
    Completion,
    Enriched,
    EnrichedEntity,
    EntityStatus,
    Parent,
)
from timeweave.models.states import State
from timeweave.models.summaries import ItemSummary, PersonSummary, Summaries

TEMPLATES = Path(__file__).parents[2] / "config" / "templates"
Group = TypeVar("Group", bound=Hashable)
Reference = tuple[str | None, str | None, str]


@dataclass(frozen=True)
class Person:
    """Whose time it is."""

    user_id: int
    name: str
    email: str | None


@dataclass(frozen=True)
class Entry:
    """One stretch of time; `item` is the reference that its description names, if it does."""

    person: Person
    day: str
    seconds: int
    text: str = ""
    item: Reference | None = None
    project: str | None = None
    billable: bool = False


MIRA = Person(101, "Mira Castellane", "mira.castellane@heliotrope.example")
JONAS = Person(102, "Jonas Ferrowell", "jonas.ferrowell@heliotrope.example")
ANOUK = Person(103, "Anouk Delisse", None)
TASK = ("Scrum", "Task", "12")
SUBTASK = ("Scrum", "Sub-task", "31")
BUG = ("Scrum", "Bug", "7")
LOST = ("Scrum", "Task", "999")
STRANGE = ("Garden", "Tree", "3")

ENTRIES = (
    Entry(MIRA, "2025-10-07", 10_801, "Checkout form", TASK, "Apollo", True),
    Entry(MIRA, "2025-10-08", 7_219, "Checkout form, review", TASK, "Apollo", True),
    Entry(MIRA, "2025-10-08", 3_700, "Weekly planning", None, None),
    Entry(MIRA, "2025-10-09", 1_801, "", None, None),
    Entry(JONAS, "2025-10-07", 14_399, "Address validation", SUBTASK, "Apollo", True),
    Entry(JONAS, "2025-10-09", 12_345, "Login loops", BUG, "Borealis"),
    Entry(JONAS, "2025-10-10", 5_432, "Ghost", LOST, "Borealis"),
    Entry(JONAS, "2025-10-10", 1_111, "checkout form redesign", None, "Apollo"),
    Entry(ANOUK, "2025-10-10", 8_642, "Old oak", STRANGE, None),
    Entry(ANOUK, "2025-10-13", 6_543, "fix 7 [Scrum] [Bug]", None, None),
)
FINDINGS = (
    Finding(kind=FindingKind.NEAR_MISS, user_id=103, entry_id=9, text="fix 7 [Scrum] [Bug]"),
    Finding(kind=FindingKind.NO_DESCRIPTION, user_id=101, entry_id=4, text=""),
    Finding(kind=FindingKind.NO_EMAIL, user_id=103, entry_id=None, text="Anouk Delisse"),
    Finding(kind=FindingKind.RUNNING, user_id=102, entry_id=77, text="Login loops #7 [Scrum] [Bug]"),
    Finding(kind=FindingKind.SPLIT_ID, user_id=101, entry_id=2, text="Checkout form #1 2 [Scrum] [Task]"),
)
ADDRESS = "https://heliotrope.fibery.io"
FEATURE = Parent(
    relation="Feature",
    space="Product",
    database="Feature",
    public_id="5",
    name="Faster checkout",
    state=State(name="Doing", type="Started", final=False),
    url=f"{ADDRESS}/Product/Feature/Faster-checkout-5",
    progress=Completion(items=8, final=3, seconds=360_000),
)
EPIC = Parent(relation="Epic", space="Product", database="Epic", public_id="2", name="Growth", url=None)


def entity(reference: Reference, **known: Any) -> EnrichedEntity:
    """A found item, unless told otherwise."""
    space, database, public_id = reference
    given: dict[str, Any] = {"found_as": f"{space}/{database}", **known}
    given["status"] = EntityStatus(known.get("status", "found"))
    if given["status"] is EntityStatus.FOUND:
        given.setdefault("id", f"id-{space}-{database}-{public_id}")
        given.setdefault("url", f"{ADDRESS}/{space}/{database}/{public_id}")
    else:
        given["found_as"] = None
    return EnrichedEntity(space=space, database=database, public_id=public_id, **given)


ENTITIES = (
    entity(
        TASK,
        name="Checkout form",
        state=State(name="In Progress", type="Started", final=False),
        planned_start="2025-10-01",
        planned_end="2025-10-10",
        started="2025-10-02T08:00:00Z",
        overdue=True,
        assignees=[Assignee(name="Mira Castellane")],
        description="## Why\n\nThe form **loses** what people typed, see [the notes](https://notes.example).",
        comments=[Comment(at="2025-10-08T09:00:00Z", author="Jonas Ferrowell", text="Looks good")],
        parents=[FEATURE, EPIC],
        fields={"Dates": {"start": "2025-10-01", "end": None}, "Sprint": "Sprint 41", "Story Points": 5, "Tags": []},
    ),
    entity(
        SUBTASK,
        name="Address validation",
        state=State(name="Done", type="Finished", final=True),
        planned_end="2025-10-07",
        started="2025-10-06",
        completed="2025-10-09",
        parents=[
            Parent(relation="Task", space="Scrum", database="Task", public_id="12", name="Checkout form"),
            FEATURE,
            EPIC,
        ],
    ),
    entity(BUG, name="Login loops", state=State(name="Open", type="Not started", final=False)),
    entity(LOST, status="not_found", reason="Scrum/Task has no item 999."),
    entity(STRANGE, status="unknown_database", reason="Fibery has no database Garden/Tree."),
)


def aggregated(
    entries: Sequence[Entry] = ENTRIES,
    findings: Sequence[Finding] = FINDINGS,
    period: tuple[str, str] = ("2025-10-07", "2025-10-13"),
    people: Iterable[Person] = (),
) -> Aggregated:
    """The document of these entries; `people` are in it even without any."""
    everyone = {entry.person for entry in entries} | set(people)
    timed = [person_time(person, [e for e in entries if e.person == person]) for person in everyone]
    matched = [entry for entry in entries if entry.item]
    return Aggregated(
        account=Account(source="demo", url=None, workspace_id=7001001),
        as_of="2025-10-14",
        period=Period(start=period[0], end=period[1], timezone="Europe/Lisbon"),
        totals=Totals(
            seconds=seconds(entries),
            entries=len(entries),
            matched_seconds=seconds(matched),
            matched_entries=len(matched),
            unmatched_seconds=seconds(entries) - seconds(matched),
            unmatched_entries=len(entries) - len(matched),
            billable_seconds=seconds([entry for entry in entries if entry.billable]),
            people=len(timed),
            entities=len({entry.item for entry in matched}),
            running=sum(finding.kind is FindingKind.RUNNING for finding in findings),
        ),
        people=sorted(timed, key=lambda person: person.user_id),
        warnings=sorted(findings, key=lambda finding: (finding.kind, finding.user_id, finding.entry_id or 0)),
    )


def enriched(entities: Sequence[EnrichedEntity] = ENTITIES) -> Enriched:
    """The document of these items."""
    return Enriched(as_of="2025-10-14", account="heliotrope", entities=list(entities))


PROSE = Summaries(
    enabled=True,
    items=[ItemSummary(space="Scrum", database="Task", public_id="12", text="Built the *form*.")],
    people=[PersonSummary(user_id=101, text="A week of forms.")],
    team="A calm week.",
)


def seconds(entries: Iterable[Entry]) -> int:
    return sum(entry.seconds for entry in entries)


def person_time(person: Person, entries: Sequence[Entry]) -> PersonTime:
    """The person's part of the document."""
    matched = [entry for entry in entries if entry.item]
    return PersonTime(
        user_id=person.user_id,
        email=person.email,
        name=person.name,
        seconds=seconds(entries),
        entries=len(entries),
        matched_seconds=seconds(matched),
        unmatched_seconds=seconds(entries) - seconds(matched),
        billable_seconds=_billable(entries),
        days={day: seconds(part) for day, part in grouped(entries, lambda entry: entry.day).items()},
        projects=[
            ProjectTime(name=name, seconds=seconds(part), billable_seconds=_billable(part))
            for name, part in grouped(entries, lambda entry: entry.project).items()
        ],
        entities=[
            _entity_time(item, part) for item, part in grouped(matched, lambda entry: entry.item).items() if item
        ],
        activities=[
            Activity(text=text, seconds=seconds(part), entries=len(part), billable_seconds=_billable(part))
            for text, part in grouped([e for e in entries if not e.item], lambda entry: entry.text).items()
        ],
    )


def _entity_time(item: Reference, entries: Sequence[Entry]) -> EntityTime:
    return EntityTime(
        space=item[0],
        database=item[1],
        public_id=item[2],
        projects=sorted({entry.project for entry in entries if entry.project}),
        seconds=seconds(entries),
        entries=len(entries),
        billable_seconds=_billable(entries),
        days={day: seconds(part) for day, part in grouped(entries, lambda entry: entry.day).items()},
        texts=[
            Text(text=text, seconds=seconds(part), entries=len(part))
            for text, part in grouped(entries, lambda entry: entry.text).items()
        ],
    )


def grouped(entries: Iterable[Entry], key: Callable[[Entry], Group]) -> dict[Group, list[Entry]]:
    """The entries by `key`, sorted by it, none first."""
    found: dict[Group, list[Entry]] = defaultdict(list)
    for entry in entries:
        found[key(entry)].append(entry)
    return dict(sorted(found.items(), key=lambda item: (item[0] is not None, str(item[0]))))


def _billable(entries: Iterable[Entry]) -> int:
    return seconds(entry for entry in entries if entry.billable)


def renamed(person: Person, name: str) -> Person:
    """The same person under another name."""
    return replace(person, name=name)
