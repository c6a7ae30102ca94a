"""An invented team's documents: what people logged, and what Fibery says of the items."""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from tests.analysis import documents
from tests.analysis.documents import Log, Scene
from timeweave.models import directory
from timeweave.models.aggregated import Aggregated, Finding, FindingKind
from timeweave.models.analysis import Analysis
from timeweave.models.enriched import (
    Assignee,
    Comment,
    Completion,
    EnrichedEntity,
    Parent,
)
from timeweave.models.entities import EntityKey
from timeweave.models.states import State
from timeweave.models.summaries import ItemSummary, PersonSummary, Summaries

TEMPLATES = Path(__file__).parents[2] / "config" / "templates"
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
    Finding(kind=FindingKind.NEAR_MISS, user_id=103, entry_id=10, text="fix 7 [Scrum] [Bug]"),
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
    given: dict[str, Any] = {
        "id": f"id-{space}-{database}-{public_id}",
        "url": f"{ADDRESS}/{space}/{database}/{public_id}",
    }
    if "status" in known:
        given = {"name": None, "state": None}
    return documents.item(EntityKey(space=space, database=database, public_id=public_id), **given | known)


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


def scene(
    entries: Sequence[Entry] = ENTRIES,
    entities: Sequence[EnrichedEntity] = ENTITIES,
    findings: Sequence[Finding] = FINDINGS,
    period: tuple[str, str] = ("2025-10-07", "2025-10-13"),
) -> Scene:
    """All that the documents of these entries are made from; each person's day begins at eight."""
    people = sorted({entry.person for entry in entries}, key=lambda person: person.user_id)
    return Scene(
        logs=list(_log(entries)), start=period[0], end=period[1], timezone="Europe/Lisbon", entities=entities, notes=findings,
        accounts=[documents.member(one.user_id, one.email, name=one.name) for one in people],
    )  # fmt: skip


def aggregated(entries: Sequence[Entry] = ENTRIES, **given: Any) -> Aggregated:
    """aggregated.json of these entries."""
    return scene(entries, **given).build_sources().aggregated


def analysis(
    entries: Sequence[Entry] = ENTRIES, entities: Sequence[EnrichedEntity] = ENTITIES, **given: Any
) -> Analysis:
    """analysis.json of these entries and items."""
    return scene(entries, entities, **given).analyze()


def list_people(*people: Person) -> directory.Directory:
    """The directory of a workspace with these people, by default the invented team."""
    return directory.Directory(
        account=documents.ACCOUNT, workspace="Heliotrope", projects=[], clients=[], tags=[], tasks=[],
        people=[directory.Person(user_id=one.user_id, name=one.name, email=one.email) for one in people or (MIRA, JONAS, ANOUK)],
    )  # fmt: skip


PROSE = Summaries(
    enabled=True,
    items=[ItemSummary(space="Scrum", database="Task", public_id="12", text="Built the *form*.")],
    people=[PersonSummary(user_id=101, text="A week of forms.")],
    team="A calm week.",
)


def _log(entries: Iterable[Entry]) -> Iterable[Log]:
    passed = Counter[tuple[int, str]]()
    for entry in entries:
        day = entry.person.user_id, entry.day
        start = datetime.fromisoformat(f"{entry.day}T08:00:00") + timedelta(seconds=passed[day])
        passed[day] += entry.seconds
        item = entry.item and EntityKey(space=entry.item[0], database=entry.item[1], public_id=entry.item[2])
        yield Log(
            start.isoformat(),
            entry.seconds,
            entry.text,
            entry.person.user_id,
            item,
            entry.project,
            billable=entry.billable,
        )
