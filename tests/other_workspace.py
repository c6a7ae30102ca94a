"""A real workspace with other databases, fields and people than the demo's: the sandbox, with other words for everything.

Names are replaced in what is asked and in what is answered, so that nothing the demo's configuration says is right here.
"""

import re
from datetime import date

from timeweave.sandbox.http_server import Request, Response
from timeweave.sandbox.server import Sandbox

WORDS = {
    "Scrum": "Werkbank", "Task": "Zettel", "Bug": "Mangel", "Feature": "Merkmal", "Chore": "Pflege",
    "Product Management": "Wunschkiste", "Design": "Entwurf", "Estimate (H)": "Aufwand (H)",
    "Time spent (H)": "Hours really booked", "Priority": "Urgency", "Heliotrope": "Nordwind",
    "Castellane": "Zinnober", "Ferrowell": "Quendel", "Delisse": "Kornrade",
    "scrum": "werkbank", "[task]": "[zettel]", "[bug]": "[mangel]", "[feature]": "[merkmal]",
    "heliotrope": "nordwind", "castellane": "zinnober", "ferrowell": "quendel", "delisse": "kornrade",
}  # fmt: skip
"""The demo's words, and those of this workspace, which occur nowhere in the demo."""


def _pair(words: dict[str, str]) -> tuple[re.Pattern[str], dict[str, str]]:
    """All words in one pattern, longest first."""
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True)))), words


_THERE, _BACK = _pair(WORDS), _pair({new: old for old, new in WORDS.items()})


def translate(text: str, pair: tuple[re.Pattern[str], dict[str, str]] = _THERE) -> str:
    """The text in this workspace's words."""
    return pair[0].sub(lambda found: pair[1][found[0]], text)


class OtherWorkspace(Sandbox):
    """Its Toggl and Fibery as of a day."""

    def __init__(self, as_of: date) -> None:
        super().__init__(as_of)

    def _respond(self, request: Request) -> Response | None:
        body = translate(request.body.decode(), _BACK).encode()
        asked = Request(request.method, request.address, request.headers, body)
        answer = super()._respond(asked)
        if answer is not None:
            answer.body = translate(answer.body.decode()).encode()
        return answer
