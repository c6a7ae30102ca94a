"""The Fibery account as people reach it: whose data this is, and the addresses of its items."""

import re
from dataclasses import dataclass
from urllib.parse import quote

_NOT_IN_A_SLUG = re.compile(r"[^a-zA-Z0-9$\-_.+!*'(),]+")
_SLUG_LENGTH = 100
# What encodeURI leaves alone, but for ? and #, which would end the path.
_SAFE = "/;,:@&=+$-_.!~*'()"


@dataclass(frozen=True)
class FiberyAccount:
    """Whose data this is and where it is shown. The port of the bundled sandbox appears nowhere in it."""

    source: str
    name: str | None
    """The first word of its address; None where only the address of a server is known."""
    base: str
    """Address that links begin with, no slash at the end."""

    def link(self, database: str, title: str | None, public_id: str) -> str:
        """The item's page, as Fibery's own integrations write it: only the trailing public id counts."""
        slug = _NOT_IN_A_SLUG.sub(" ", title or "").strip().replace(" ", "_")[:_SLUG_LENGTH]
        last = f"{slug}-{public_id}" if slug else public_id
        return f"{self.base}/{quote(database.replace(' ', '_'), safe=_SAFE)}/{quote(last, safe=_SAFE)}"
