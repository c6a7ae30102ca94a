"""The invented team that the sandbox's accounts belong to."""

from dataclasses import dataclass
from datetime import date

WORKSPACE_ID = 7001001
ORGANIZATION_ID = 8001001
ACCOUNT = "heliotrope"
TOGGL_TOKEN = "sandbox-toggl-token-of-nobody-0001"  # noqa: S105 - opens nothing but the sandbox
FIBERY_TOKEN = "5a4db0c5.0123456789abcdef0123456789abcdef012"  # noqa: S105 - opens nothing but the sandbox


@dataclass(frozen=True)
class Person:
    """A member of the team: their Toggl user, their Fibery user, their working hours."""

    user_id: int
    name: str
    email: str
    timezone: str
    role: str
    """engineer, qa, designer, product or lead: decides which databases they log time on."""
    left: date | None = None
    """The last working day of a departed colleague: deactivated in both systems since."""


PEOPLE: tuple[Person, ...] = (
    Person(9100001, "Mira Castellane", "mira.castellane@heliotrope.example", "Europe/Lisbon", "lead"),
    Person(9100002, "Jonas Ferrowell", "jonas.ferrowell@heliotrope.example", "Europe/Berlin", "engineer"),
    Person(9100003, "Anouk Delisse", "anouk.delisse@heliotrope.example", "Europe/Paris", "engineer"),
    Person(9100004, "Tariq Benhollow", "tariq.benhollow@heliotrope.example", "Africa/Casablanca", "engineer"),
    Person(9100005, "Priya Raghunden", "priya.raghunden@heliotrope.example", "Asia/Kolkata", "engineer"),
    Person(9100006, "Lucía Marquenas", "lucia.marquenas@heliotrope.example", "America/Bogota", "qa"),
    Person(9100007, "Oskar Lindqvarn", "oskar.lindqvarn@heliotrope.example", "Europe/Stockholm", "designer"),
    Person(9100008, "Hana Moriyabe", "hana.moriyabe@heliotrope.example", "Asia/Tokyo", "engineer"),
    Person(9100009, "Declan O'Farrowe", "declan.ofarrowe@heliotrope.example", "America/New_York", "product"),
    Person(9100010, "Zofia Kwiatowska", "zofia.kwiatowska@heliotrope.example", "Europe/Warsaw", "qa"),
    # Left in the middle of the demo week: hours on its first days, deactivated after.
    Person(9100011, "Ruben Askeland", "ruben.askeland@heliotrope.example", "Europe/Oslo", "engineer", date(2025, 10, 9)),
)
