"""The Fibery workspace that the parameters name, the bundled sandbox or the real one: whose data it is, the addresses of its items, and the way to it."""

import re
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Annotated
from urllib.parse import quote, urlsplit

from pydantic import Field, field_validator

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.params import Section

if TYPE_CHECKING:
    from timeweave.fibery.client import FiberyClient

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


@contextmanager
def connect(source: str, settings: FiberySettings, as_of: date) -> "Iterator[FiberyClient]":
    """The workspace, open for questions."""
    # Imported here: most who read the parameters ask nothing.
    from timeweave.fibery.client import FiberyClient
    from timeweave.web import tokens
    from timeweave.web.limits import Pace

    with ExitStack() as stack:
        if source == "demo":
            from timeweave.sandbox.company import FIBERY_TOKEN
            from timeweave.sandbox.server import Sandbox

            url = stack.enter_context(Sandbox(as_of)).url
            client = FiberyClient(url, "fibery.url", FIBERY_TOKEN, Pace(FIBERY_TOKEN, None))
        else:
            base, setting = settings.url, "fibery.url"
            if base is None:
                base, setting = find_account(source, settings).base, "fibery.account"
            token = tokens.read_token("FIBERY_API_TOKEN")
            client = FiberyClient(base, setting, token, Pace(token, settings.requests_per_second))
        stack.callback(client.close)
        yield client


def find_account(source: str, settings: FiberySettings) -> FiberyAccount:
    """The account that the parameters name."""
    name = settings.account
    if source == "demo":
        from timeweave.sandbox.company import ACCOUNT

        name = ACCOUNT
    elif name is None and settings.url is None:
        raise ConfigurationError(
            "params.yaml: fibery.account is not set; it is the first word of your workspace's address, "
            "acme of acme.fibery.io"
        )
    elif name is None:
        return FiberyAccount(source, _read_account(str(settings.url)), str(settings.url).rstrip("/"))
    return FiberyAccount(source, name, f"https://{name}.fibery.io")


def _read_account(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    name, _, rest = host.partition(".")
    return name if rest == "fibery.io" else None
