"""The invented team that the sandbox's accounts belong to."""

from dataclasses import dataclass
from datetime import date
from functools import cache

WORKSPACE_ID = 7001001
ORGANIZATION_ID = 8001001
ACCOUNT = "heliotrope"
TOGGL_TOKEN = "sandbox-toggl-token-of-nobody-0001"  # noqa: S105 - opens nothing but the sandbox
LLM_KEY = "sandbox-model-key-of-nobody"
TOGGL_MEMBER_TOKEN = "sandbox-toggl-token-of-nobody-0002"  # noqa: S105 - a member's: sees their own time only
FIBERY_TOKEN = "5a4db0c5.0123456789abcdef0123456789abcdef012"  # noqa: S105 - opens nothing but the sandbox
FIBERY_LIMITED_TOKEN = "5a4db0c6.0123456789abcdef0123456789abcdef013"  # noqa: S105 - secured fields are closed to it


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

    def gone(self, as_of: date) -> bool:
        """Whether the accounts are deactivated on that day."""
        return self.left is not None and as_of > self.left


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
    Person(
        9100011, "Ruben Askeland", "ruben.askeland@heliotrope.example", "Europe/Oslo", "engineer", date(2025, 10, 9)
    ),
)

_GIVEN = (
    "Adela", "Bram", "Cosima", "Dario", "Elke", "Fintan", "Greta", "Hamid", "Ines", "Jorik", "Kaia",
    "Leandro", "Maren", "Nadir", "Odile", "Pavel", "Quilla", "Rasmus", "Sanna", "Teodor", "Ulla",
    "Viggo", "Wanda", "Xenia", "Yannick", "Zelda", "Amaru", "Bettina", "Corin", "Delphine", "Emrys",
    "Farida", "Gunnar", "Hesper",
)  # fmt: skip
_FAMILY = (
    "Abernook", "Brightvale", "Calloway", "Drosselhof", "Eskmere", "Fennimar", "Goldruth", "Harkenwell",
    "Islemont", "Jaskowe", "Kestrelin", "Lorvane", "Mossgard", "Nettlefor", "Orlanden", "Pellerine",
    "Quarrant", "Rookhaven", "Silvermar", "Thornby", "Underlys", "Vantreese", "Wexholm", "Yarrowin",
    "Zellmark", "Ashgrove", "Belmorin", "Cawdrell", "Dunmerrow", "Elderfen", "Foxhallow", "Greymantle",
    "Hollowick", "Ivarssen",
)  # fmt: skip


@cache
def team(size: int) -> tuple[Person, ...]:
    """The first `size` people: the eleven above, then as many more as asked, names and e-mails unique."""
    return PEOPLE[:size] + tuple(_recruit(number) for number in range(len(PEOPLE), size))


def _recruit(number: int) -> Person:
    round_, index = divmod(number, len(_GIVEN) * len(_FAMILY))
    given = _GIVEN[index % len(_GIVEN)]
    family = _FAMILY[(index // len(_GIVEN) + index) % len(_FAMILY)] + (f" {round_ + 1}" if round_ else "")
    model = PEOPLE[number % (len(PEOPLE) - 1)]
    email = f"{given}.{family}@heliotrope.example".lower().replace(" ", "")
    return Person(PEOPLE[0].user_id + number, f"{given} {family}", email, model.timezone, model.role)
