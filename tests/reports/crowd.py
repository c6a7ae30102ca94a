"""A team of any size with a plausible period, the same each time."""

import random
from datetime import date, timedelta

from tests.reports import analyses
from tests.reports.analyses import HOUR, Log, Member, Scene, Span, finding
from timeweave.models.analysis import Analysis
from timeweave.models.enriched import Completion, EnrichedEntity, EntityStatus, Parent
from timeweave.models.entities import EntityKey
from timeweave.models.findings import Finding
from timeweave.models.states import State
from timeweave.reports.report_data import ReportData

FIRST = (
    "Mira Jonas Anouk Tariq Priya Lucía Oskar Hana Declan Zofia Ruben Ines Bram Noor Silke Matteo Aiko Femi Wanjiru"
).split()
LAST = (
    "Castellane Ferrowell Delisse Benhollow Raghunden Marquenas Lindqvarn Moriyabe Kwiatowska Askeland Vantongeren "
    "Okonjaro Petrelli Sundqvel Harrowby Iturralde Nakamuro Obuyama Pellworm Quenneville Rostovane Szymkier Tollefsund "
    "Ulverstone Wexcombe Yarmolenka Zubizar"
).split()
VERBS = "Fix Redesign Document Migrate Simplify Test Measure Translate Retire".split()
THINGS = (
    "checkout form;address validation;login redirect;invoice export;search ranking;onboarding mail;audit log;"
    "currency rounding;retry queue;image upload;role editor;sandbox seed;webhook signature;empty states;settings page"
).split(";")
STATES = (
    State(name="Backlog", type="Not started", final=False),
    State(name="In Progress", type="Started", final=False),
    State(name="In Review", type="Started", final=False),
    State(name="Done", type="Finished", final=True),
)
CHORES = ("Weekly planning", "Daily standup", "Support rota", "Interview", "Reading", "checkout form redesign", "")
DATABASES = ("Task", "Sub-task", "Bug")
CATEGORIES = {
    "features": ("Features", (0.5, 0.7)), "bugs": ("Bugs", (0.1, 0.25)), "meetings": ("Meetings", None),
    "support": ("Support", None),
}  # fmt: skip
START = date(2025, 10, 6)
ADDRESS = "https://heliotrope.fibery.io"


def crowd(people: int, items: int, days: int = 7, entries_a_day: int = 4, seed: int = 41) -> Analysis:
    """The document of so many people and items over so many days."""
    chance = random.Random(seed)
    entities = dict(_entity(chance, n, items) for n in range(items))
    teams = {f"team-{n:02d}": f"Team {n + 1}" for n in range(max(1, people // 12))}
    members = [_member(n, list(teams)) for n in range(people)]
    keys = list(entities)
    each = -(-items // max(1, people))
    logs = [
        log
        for n, member in enumerate(members)
        for log in _logs(
            chance, member, [*keys[n * each : (n + 1) * each], *chance.sample(keys, min(items, 6))], days, entries_a_day
        )
    ]
    span = Span(START.isoformat(), (START + timedelta(days=days - 1)).isoformat())
    previous = {member.key: chance.randint(20, 45) * HOUR for member in members}
    scene = Scene(
        members=members, logs=logs, entities=entities, categories=CATEGORIES, teams=teams, previous=previous,
        findings=[*_findings(chance, logs, entities), *_missing(members, logs, span)], period=span,
    )  # fmt: skip
    return analyses.build(scene)


def crowd_data(people: int, items: int, days: int = 7) -> ReportData:
    """Its data."""
    return ReportData(crowd(people, items, days))


def _member(n: int, teams: list[str]) -> Member:
    name = f"{FIRST[n % len(FIRST)]} {LAST[n // len(FIRST) % len(LAST)]}"
    slug = f"{name.lower().replace(' ', '-').replace('í', 'i')}-{n}"
    return Member(9000 + n, name, f"{slug}@heliotrope.example", teams[n % len(teams)], slug=slug)


def _logs(chance: random.Random, member: Member, mine: list[EntityKey], days: int, entries_a_day: int) -> list[Log]:
    found = []
    for n in range(days):
        day = START + timedelta(days=n)
        if day.weekday() > 4 or chance.random() < 0.03:
            continue
        for at in range(entries_a_day):
            item = None if chance.random() < 0.18 else chance.choice(mine)
            category = "meetings" if item is None else "bugs" if item.database == "Bug" else "features"
            text = chance.choice(CHORES) if item is None else "work on it"
            seconds = 8 * HOUR // entries_a_day + chance.randint(-900, 900)
            begin = f"{8 + at * 8 // entries_a_day:02d}:{chance.randint(0, 5)}0"
            found.append(
                Log(
                    member,
                    day.isoformat(),
                    begin,
                    seconds,
                    text,
                    item,
                    category,
                    chance.choice(("Apollo", "Borealis", "")),
                    chance.random() < 0.6,
                )
            )
    return found


def _entity(chance: random.Random, n: int, items: int) -> tuple[EntityKey, EnrichedEntity]:
    key = EntityKey(space="Scrum", database=chance.choice(DATABASES), public_id=str(100 + n))
    if chance.random() < 0.02:
        return key, analyses.lost(key)
    state = chance.choice(STATES)
    started = START - timedelta(days=chance.randint(1, 20))
    feature = n % max(1, items // 10)
    return key, EnrichedEntity(
        space=key.space, database=key.database, public_id=key.public_id, status=EntityStatus.FOUND,
        found_as=f"Scrum/{key.database}", id=f"id-{n}", name=f"{chance.choice(VERBS)} {chance.choice(THINGS)} {n}",
        url=f"{ADDRESS}/Scrum/{key.database}/{n}", state=state,
        started=started.isoformat() if state.type != "Not started" else None,
        completed=(START + timedelta(days=3)).isoformat() if state.final else None,
        planned_start=started.isoformat(), planned_end=(START + timedelta(days=chance.randint(-4, 40))).isoformat(),
        description="Customers report that this takes **too long**; see the notes of the last review for numbers.",
        parents=[_feature(feature)] if n % 3 else [], fields={"Story Points": chance.randint(1, 8)},
        estimate_seconds=chance.choice((None, 8 * HOUR, 20 * HOUR)),
    )  # fmt: skip


def _feature(n: int) -> Parent:
    return Parent(
        relation="Feature", space="Product", database="Feature", public_id=str(n + 1),
        name=f"{THINGS[n % len(THINGS)].capitalize()} for everyone {n}", state=STATES[n % 4],
        url=f"{ADDRESS}/Product/Feature/{n + 1}", progress=Completion(items=7 + n % 9, final=n % 7, seconds=200_000),
    )  # fmt: skip


def _findings(chance: random.Random, logs: list[Log], entities: dict[EntityKey, EnrichedEntity]) -> list[Finding]:
    found = []
    for n, log in enumerate(logs):
        if chance.random() < 0.03:
            key, day, who = log.item, [log.day], [log.who.key]
            if key is None:
                found.append(
                    finding("no_item", "warning", log.seconds, who, days=day, entry_ids=[n + 1], text=log.text)
                )
            else:
                kind = "not_found" if entities[key].status is EntityStatus.NOT_FOUND else "before_start"
                found.append(finding(kind, "warning", log.seconds, who, item=key, days=day, entry_ids=[n + 1]))
    return found


def _missing(members: list[Member], logs: list[Log], span: Span) -> list[Finding]:
    logged = {(log.who.key, log.day) for log in logs}
    workdays = [day for day in span.days if date.fromisoformat(day).weekday() < 5]
    found = {member.key: [day for day in workdays if (member.key, day) not in logged] for member in members}
    return [
        finding("missing_day", "problem", 8 * HOUR * len(days), [who], days=days) for who, days in found.items() if days
    ]
