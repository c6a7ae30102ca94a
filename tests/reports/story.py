"""A small team with a known week: the answers to a manager's questions are in it, each once."""

from tests.reports import analyses
from tests.reports.analyses import HOUR, Log, Member, Scene, key
from timeweave.models.analysis import Analysis
from timeweave.models.enriched import Assignee, Completion, EnrichedEntity, EntityStatus, MatchedBy, Parent
from timeweave.models.states import Progress, State
from timeweave.models.summaries import ItemSummary, PersonSummary, Summaries
from timeweave.models.work_items import Feature, FeatureStatus
from timeweave.reports.report_data import ReportData

ADDRESS = "https://heliotrope.fibery.io"
ANOUK = Member(101, "Anouk Delisse", "anouk.delisse@heliotrope.example", "mobile", slug="anouk-delisse")
RUBEN = Member(102, "Ruben Askeland", "ruben@heliotrope.example", "mobile", slug="ruben")
PRIYA = Member(
    103, "Priya Raghunden", "priya@heliotrope.example", "web", slug="priya",
    absences={"2025-10-08": (8, "vacation"), "2025-10-09": (8, "vacation"), "2025-10-10": (0, "Founders’ Day")},
)  # fmt: skip
HANA = Member(104, "Hana Moriyabe", None, "web", slug="hana-moriyabe")
HANA_TOO = Member(105, "Hana Moriyabe", "hana.m@heliotrope.example", None, hours=None, slug="hana-m")
NOOR = Member(None, "Noor Vantongeren", "noor@heliotrope.example", "web", slug="noor")
MEMBERS = (ANOUK, RUBEN, PRIYA, HANA, HANA_TOO, NOOR)
TEAMS = {"mobile": "Mobile", "web": "Web"}

TASK, DONE_TASK, BUG = key("Scrum", "Task", "12"), key("Scrum", "Task", "13"), key("Scrum", "Bug", "7")
LOST, WAITING, CANCELLED = key("Scrum", "Task", "999"), key("Scrum", "Task", "15"), key("Scrum", "Task", "16")
STARTED_STATE = State(name="In Progress", type="Started", final=False)
DONE_STATE = State(name="Done", type="Finished", final=True)
FEATURE = Parent(
    relation="Feature", space="Product", database="Feature", public_id="5", name="Faster checkout",
    state=STARTED_STATE, url=f"{ADDRESS}/Product/Feature/5", progress=Completion(items=8, final=3, seconds=57 * HOUR),
)  # fmt: skip
FEATURE_KEY = "Product/Feature#5"
STALLED = Feature(
    key="Product/Feature#9", name="Offline mode", place="Product/Feature", public_id="9", url=None, state="Doing",
    progress=Progress.STARTED, completed_later=False, planned_start=None, planned_end=None, completed=None,
    overdue_days=0, status=FeatureStatus.STALLED, seconds=0, previous_seconds=20 * HOUR, whole_seconds=None,
    whole_source=None, whole_since=None, estimate_seconds=None, estimate_points=None, completion=None,
    forecast_seconds=None, items=[], people=[],
)  # fmt: skip


def entity(item, name, state=STARTED_STATE, **known):
    """An item that Fibery has."""
    given = {
        "found_as": f"{item.space}/{item.database}",
        "id": f"id-{item.public_id}",
        "url": f"{ADDRESS}/{item.space}/{item.database}/{item.public_id}",
    } | known
    return EnrichedEntity(
        space=item.space, database=item.database, public_id=item.public_id, status=EntityStatus.FOUND, name=name,
        state=state, **given,
    )  # fmt: skip


ENTITIES = {
    TASK: entity(
        TASK, "Checkout form", planned_start="2025-10-01", planned_end="2025-10-09", started="2025-10-02T08:00:00Z",
        estimate_seconds=12 * HOUR, parents=[FEATURE], assignees=[Assignee(name="Anouk Delisse")],
        description="The form **loses** what people typed, see [the notes](https://notes.example).",
        fields={"Sprint": "Sprint 41", "Story Points": 5, "Dates": {"start": "2025-10-01", "end": None}},
    ),
    DONE_TASK: entity(
        DONE_TASK, "Address validation", DONE_STATE, started="2025-10-06", completed="2025-10-09", parents=[FEATURE]
    ),
    BUG: entity(BUG, "Login loops", planned_end="2025-10-20"),
    WAITING: entity(WAITING, "Version 2 of the design", State(name="Backlog", type="Not started", final=False)),
    CANCELLED: entity(
        CANCELLED, "Dashboard tiles", State(name="Canceled", type="Finished", final=True), completed="2025-10-06"
    ),
    LOST: analyses.lost(LOST),
}  # fmt: skip
CATEGORIES = {
    "features": ("Features", (0.5, 0.7)), "bugs": ("Bugs", (0.1, 0.25)), "meetings": ("Meetings", None),
    "support": ("Support", None), "other": ("Uncategorized", None), "absence": ("Absence", None),
}  # fmt: skip
WEEK = ("2025-10-07", "2025-10-08", "2025-10-09", "2025-10-10", "2025-10-13")


def _logs():
    for n, day in enumerate(WEEK):
        yield Log(ANOUK, day, "09:00", 4 * HOUR + 61 * n, "Checkout form", TASK, "features", "Apollo", True)
        yield Log(ANOUK, day, "13:30", 3 * HOUR + 17, "Checkout form, review", DONE_TASK, "features", "Apollo", True)
        yield Log(ANOUK, day, "17:00", HOUR, "Stand-up", None, "meetings")
        if n not in (1, 4):
            yield Log(HANA, day, "08:30", 8 * HOUR, "Login loops", BUG, "bugs", "Borealis")
    for day in WEEK[:3]:
        yield Log(RUBEN, day, "10:00", 7 * HOUR + 7, "Customer calls", None, "support")
    yield Log(
        PRIYA, WEEK[0], "09:00", 8 * HOUR, "Version 2 of the design", WAITING, "features", "", False, MatchedBy.TITLE
    )
    yield Log(PRIYA, WEEK[4], "09:00", 6 * HOUR, "Dashboard tiles", CANCELLED, "features")
    yield Log(PRIYA, WEEK[4], "15:00", 2 * HOUR, "Ghost", LOST, "other")
    yield Log(HANA, WEEK[1], "08:00", 14 * HOUR + 720, "Login loops again", BUG, "bugs", "Borealis")
    yield Log(HANA, WEEK[4], "08:30", 8 * HOUR, "", None, "other")
    yield Log(HANA_TOO, WEEK[0], "09:00", 1111, "fix 7 [Scrum] [Bug]", None, "other")


LIKELY = [{"space": "Scrum", "database": "Bug", "public_id": "7", "name": "Login loops"}]
FINDINGS = (
    analyses.finding("missing_day", "problem", 16 * HOUR, ["102"], days=["2025-10-10", "2025-10-13"]),
    analyses.finding("missing_day", "problem", 40 * HOUR, [NOOR.key], days=list(WEEK)),
    analyses.finding("long_entry", "problem", 14 * HOUR + 720, ["104"], item=BUG, days=["2025-10-08"], entry_ids=[25]),
    analyses.finding("on_cancelled", "problem", 6 * HOUR, ["103"], item=CANCELLED, days=["2025-10-13"], completed="2025-10-06", state="Canceled"),
    analyses.finding("not_started", "warning", 8 * HOUR, ["103"], item=WAITING, days=["2025-10-07"], state="Backlog"),
    analyses.finding("overdue", "problem", 20 * HOUR + 610, ["101"], item=TASK, overdue_days=4, planned_end="2025-10-09", estimate_seconds=12 * HOUR),
    analyses.finding("estimate_exceeded", "problem", 17 * HOUR, ["101"], feature=FEATURE_KEY, whole_seconds=57 * HOUR, estimate_seconds=40 * HOUR),
    analyses.finding("stalled_feature", "problem", 20 * HOUR, feature="Product/Feature#9", previous_seconds=20 * HOUR),
    analyses.finding("not_found", "warning", 2 * HOUR, ["103"], item=LOST, days=["2025-10-13"], entry_ids=[24], title="Ghost", reason="Scrum/Task has no such item.", likely=[]),
    analyses.finding("no_description", "warning", 8 * HOUR, ["104"], days=["2025-10-13"], entry_ids=[26]),
    analyses.finding("near_miss", "warning", 1111, ["105"], days=["2025-10-07"], entry_ids=[27], text="fix 7 [Scrum] [Bug]", likely=LIKELY),
    analyses.finding("running_timer", "warning", 0, ["104"], days=["2025-10-13"], text="Login loops", start="2025-10-13T17:00:00+00:00"),
    analyses.finding("no_item", "warning", 21 * HOUR + 21, ["102"], days=list(WEEK[:3]), entry_ids=[19, 20, 21], text="Customer calls"),
)  # fmt: skip
PREVIOUS = {
    TASK: 12 * HOUR, BUG: 30 * HOUR, FEATURE_KEY: 30 * HOUR, "support": 3 * HOUR, "bugs": 30 * HOUR, "features": 80 * HOUR,
    "meetings": 5 * HOUR, "101": 41 * HOUR, "102": 40 * HOUR, "103": 40 * HOUR, "104": 39 * HOUR,
}  # fmt: skip
SCENE = Scene(
    members=MEMBERS, logs=tuple(_logs()), entities=ENTITIES, categories=CATEGORIES, teams=TEAMS, findings=FINDINGS,
    previous=PREVIOUS, running=1, feature_estimates={FEATURE_KEY: 40 * HOUR}, stalled=(STALLED,),
)  # fmt: skip
PROSE = Summaries(
    enabled=True,
    items=[ItemSummary(space="Scrum", database="Task", public_id="12", text="Built the *form*.")],
    people=[PersonSummary(user_id=101, text="A week of forms.")],
    team="A calm week.",
)


def analysis() -> Analysis:
    """The document."""
    return analyses.build(SCENE)


def report_data(document: Analysis | None = None, summaries: Summaries | None = None) -> ReportData:
    """Its data."""
    return ReportData(document or analysis(), summaries or Summaries())
