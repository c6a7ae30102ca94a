"""The Fibery account as people reach it: whose data this is, and the addresses of its items."""

import re
from dataclasses import dataclass
from typing import Annotated
from urllib.parse import quote

from pydantic import Field, field_validator

from timeweave.runtime.params import Section

_ACCOUNT = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?")


class FiberySettings(Section):
    """Which workspace, how fast, and how many items in one question."""

    url: str | None = None
    """Address of the API; null: `https://{account}.fibery.io`."""
    account: str | None = None
    requests_per_second: Annotated[float, Field(gt=0, le=1000)] = 3
    batch_size: Annotated[int, Field(ge=1, le=1000)] = 200
    """Items asked for in one request; Fibery advises at most 1000."""

    @field_validator("account")
    @classmethod
    def _check_account(cls, name: str | None) -> str | None:
        if name is not None and not _ACCOUNT.fullmatch(name):
            raise ValueError(
                f"{name!r} is not an account; write only the first word of its address, acme of acme.fibery.io"
            )
        return name


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
