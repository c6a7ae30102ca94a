"""`fibery` of params.yaml."""

import re
from typing import Annotated

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
