"""The invented team that the sandbox's accounts belong to: the people of team.json, and more of their kind."""

import json
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

WORKSPACE_ID = 7001001
ORGANIZATION_ID = 8001001
ACCOUNT = "heliotrope"
TOGGL_TOKEN = "sandbox-toggl-token-of-nobody-0001"  # noqa: S105 - opens nothing but the sandbox
TOGGL_MEMBER_TOKEN = "sandbox-toggl-token-of-nobody-0002"  # noqa: S105 - a member's: sees their own time only
FIBERY_TOKEN = "5a4db0c5.0123456789abcdef0123456789abcdef012"  # noqa: S105 - opens nothing but the sandbox
FIBERY_LIMITED_TOKEN = "5a4db0c6.0123456789abcdef0123456789abcdef013"  # noqa: S105 - secured fields are closed to it
LLM_KEY = "sandbox-model-key-of-nobody"


@dataclass(frozen=True)
class Person:
    """A member of the team: their Toggl user, their Fibery user, their time zone."""

    user_id: int
    name: str
    email: str
    timezone: str
    role: str
    """engineer, qa, designer, product or lead: decides which databases they log time on."""
    left: date | None = None
    """The last working day of a departed colleague: deactivated in both systems since."""

    def has_left(self, as_of: date) -> bool:
        """Whether the accounts are deactivated on that day."""
        return self.left is not None and as_of > self.left

    @property
    def is_admin(self) -> bool:
        """Whether they administer both systems."""
        return self.role == "lead"


_INVENTED = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
PEOPLE = tuple(
    Person(**one | {"left": date.fromisoformat(one["left"])} if "left" in one else one) for one in _INVENTED["people"]
)


@cache
def team(size: int) -> tuple[Person, ...]:
    """The first `size` people: those of team.json, then as many more as asked, names and e-mails unique."""
    return PEOPLE[:size] + tuple(_recruit(number) for number in range(len(PEOPLE), size))


def _recruit(number: int) -> Person:
    given_names, family_names = _INVENTED["given_names"], _INVENTED["family_names"]
    round_, index = divmod(number, len(given_names) * len(family_names))
    given = given_names[index % len(given_names)]
    family = family_names[(index // len(given_names) + index) % len(family_names)]
    family += f" {round_ + 1}" if round_ else ""
    model = PEOPLE[number % (len(PEOPLE) - 1)]
    email = f"{given}.{family}@heliotrope.example".lower().replace(" ", "")
    return Person(PEOPLE[0].user_id + number, f"{given} {family}", email, model.timezone, model.role)
