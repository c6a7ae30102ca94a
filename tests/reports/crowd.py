"""A team of any size with a plausible week, the same each time."""

import random
from datetime import date, timedelta

from tests.reports import samples
from tests.reports.samples import Entry, Person, Reference
from timeweave.models.aggregated import Aggregated, Finding, FindingKind
from timeweave.models.enriched import Completion, Enriched, EnrichedEntity, Parent, State
from timeweave.reports.report_data import ReportData

FIRST = [
    "Mira",
    "Jonas",
    "Anouk",
    "Tariq",
    "Priya",
    "Lucía",
    "Oskar",
    "Hana",
    "Declan",
    "Zofia",
    "Ruben",
    "Ines",
    "Bram",
    "Noor",
    "Silke",
    "Matteo",
    "Aiko",
    "Femi",
]
LAST = [
    "Castellane",
    "Ferrowell",
    "Delisse",
    "Benhollow",
    "Raghunden",
    "Marquenas",
    "Lindqvarn",
    "Moriyabe",
    "Kwiatowska",
    "Askeland",
    "Vantongeren",
]
VERBS = ["Fix", "Redesign", "Document", "Migrate", "Simplify", "Test", "Measure", "Translate", "Retire"]
THINGS = [
    "checkout form",
    "address validation",
    "login redirect",
    "invoice export",
    "search ranking",
    "onboarding mail",
    "audit log",
    "currency rounding",
    "retry queue",
    "image upload",
    "role editor",
    "sandbox seed",
    "webhook signature",
    "empty states",
    "settings page",
]
STATES = (
    State(name="Backlog", type="Not started", final=False),
    State(name="In Progress", type="Started", final=False),
    State(name="In Review", type="Started", final=False),
    State(name="Done", type="Finished", final=True),
)
CHORES = ("Weekly planning", "Daily standup", "Support rota", "Interview", "Reading", "checkout form redesign", "")
DATABASES = (("Scrum", "Task"), ("Scrum", "Sub-task"), ("Scrum", "Bug"), ("Product", "Feature"))
START = date(2025, 10, 7)


def crowd(people: int, items: int, days: int = 7, seed: int = 41) -> tuple[Aggregated, Enriched]:
    """The documents of so many people and items over so many days."""
    chance = random.Random(seed)
    references: list[Reference] = [(*chance.choice(DATABASES), str(100 + n)) for n in range(items)]
    members = [_person(n) for n in range(people)]
    entries = [entry for person in members for entry in _week(chance, person, references, days)]
    used = sorted({entry.item for entry in entries if entry.item}, key=str)
    findings = [
        Finding(
            kind=FindingKind.NEAR_MISS, user_id=members[0].user_id, entry_id=1, text="login redirect 12 [Scrum] [Task]"
        ),
        Finding(
            kind=FindingKind.RUNNING, user_id=members[-1].user_id, entry_id=2, text="Audit log #104 [Scrum] [Task]"
        ),
        Finding(kind=FindingKind.PARTIAL_TAGS, user_id=members[-1].user_id, entry_id=3, text="Audit log #104 [Scrum]"),
    ]
    end = START + timedelta(days=days - 1)
    aggregated = samples.aggregated(entries, findings, (START.isoformat(), end.isoformat()), members)
    return aggregated, samples.enriched([_entity(chance, reference) for reference in used])


def crowd_data(people: int, items: int, days: int = 7) -> ReportData:
    """Their data."""
    return samples.report_data(*crowd(people, items, days))


def _person(n: int) -> Person:
    name = f"{FIRST[n % len(FIRST)]} {LAST[n % len(LAST)]}"
    return Person(9000 + n, name, f"{name.lower().replace(' ', '.')}@heliotrope.example")


def _week(chance: random.Random, person: Person, references: list[Reference], days: int) -> list[Entry]:
    mine = chance.sample(references, min(len(references), 6))
    found = []
    for n in range(days):
        day = START + timedelta(days=n)
        if day.weekday() > 4 and chance.random() < 0.9:
            continue
        for _ in range(chance.randint(2, 5)):
            seconds = chance.randint(900, 12_000)
            chore = chance.random() < 0.18
            found.append(
                Entry(
                    person,
                    day.isoformat(),
                    seconds,
                    chance.choice(CHORES) if chore else "work",
                    None if chore else chance.choice(mine),
                    chance.choice(("Apollo", "Borealis", "Cassini", None)),
                    chance.random() < 0.6,
                )
            )
    return found


def _entity(chance: random.Random, reference: Reference) -> EnrichedEntity:
    if chance.random() < 0.05:
        return samples.entity(reference, status="not_found", reason=f"{reference[0]}/{reference[1]} has no such item.")
    state = chance.choice(STATES)
    started = START - timedelta(days=chance.randint(1, 20))
    planned = START + timedelta(days=chance.randint(-4, 14))
    feature = int(reference[2]) % 9
    return samples.entity(
        reference,
        name=f"{chance.choice(VERBS)} {chance.choice(THINGS)}",
        state=state,
        started=started.isoformat() if state.type != "Not started" else None,
        completed=(START + timedelta(days=3)).isoformat() if state.final else None,
        planned_start=started.isoformat(),
        planned_end=planned.isoformat(),
        overdue=planned < date(2025, 10, 14) and not state.final and chance.random() < 0.6,
        description="Customers report that this takes **too long**; see the notes of the last review for numbers.",
        parents=[_feature(feature)] if reference[1] != "Feature" and feature < 7 else [],
        progress=Completion(items=9, final=4, seconds=90_000) if reference[1] == "Feature" else None,
        fields={"Story Points": chance.randint(1, 8), "Sprint": "Sprint 41"},
    )


def _feature(n: int) -> Parent:
    return Parent(
        relation="Feature",
        space="Product",
        database="Feature",
        public_id=str(n + 1),
        name=f"{THINGS[n].capitalize()} for everyone",
        state=STATES[n % 4],
        url=f"{samples.ADDRESS}/Product/Feature/{n + 1}",
        progress=Completion(items=7 + n, final=min(7 + n, 2 * n), seconds=200_000 + 5_000 * n),
    )
