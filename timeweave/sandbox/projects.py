"""The invented team's clients and projects: one list, seen as Toggl's projects and as Fibery's."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Client:
    """Somebody the team works for."""

    id: int
    name: str
    archived: bool = False


@dataclass(frozen=True)
class Project:
    """A project in both systems; `number` is its public id in Fibery, 0 for one that only Toggl knows."""

    id: int
    number: int
    name: str
    client: Client | None
    color: str
    billable: bool = True
    archived: bool = False
    weight: int = 0
    """How often new work falls to it."""


TIDEWATER = Client(6500101, "Tidewater Co-op")
COPPERLEAF = Client(6500102, "Copperleaf Ltd")
SALTMARSH = Client(6500103, "Saltmarsh GmbH & Söhne")
BRIGHTWATER = Client(6500104, "Brightwater", archived=True)
CLIENTS = (TIDEWATER, COPPERLEAF, SALTMARSH, BRIGHTWATER)

PROJECTS = (
    Project(201990101, 1, "Heliotrope - Internal", None, "#0b83d9", billable=False, weight=2),
    Project(201990102, 2, "Tidewater Portal", TIDEWATER, "#06a893", weight=6),
    Project(201990103, 3, "Copperleaf CRM", COPPERLEAF, "#d94182", weight=5),
    Project(201990104, 4, "Nightjar Mobile", COPPERLEAF, "#e36a00", weight=4),
    Project(201990105, 5, "Saltmarsh [EU]", SALTMARSH, "#2da608", weight=3),
    Project(201990106, 6, "Brightwater Legacy", BRIGHTWATER, "#525266", archived=True, weight=1),
    Project(201990107, 0, "Meetings", None, "#9e5bd9", billable=False),
)
INTERNAL, MEETINGS = PROJECTS[0], PROJECTS[-1]
BY_NUMBER = {project.number: project for project in PROJECTS if project.number}
DRAWN = tuple(project for project in PROJECTS for _ in range(project.weight))
HOURLY_RATE_IN_CENTS = 9200
CURRENCY = "EUR"

TAGS = (
    (17800101, "meeting"),
    (17800102, "deep work"),
    (17800103, "review"),
    (17800104, "on-call"),
    (17800105, "überstunden"),
)
TASKS = ((92800101, 201990102, "Discovery"), (92800102, 201990102, "Delivery"), (92800103, 201990103, "Support"))
