"""Connects to the workspace that the parameters name: the bundled sandbox or the real Fibery."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from urllib.parse import urlsplit

from timeweave.fibery.account import FiberyAccount, FiberySettings
from timeweave.fibery.client import FiberyClient
from timeweave.runtime.errors import ConfigurationError
from timeweave.web import tokens
from timeweave.web.pace import Pace


@contextmanager
def connect(source: str, settings: FiberySettings, as_of: date) -> Iterator[FiberyClient]:
    """The workspace, open for questions."""
    with ExitStack() as stack:
        if source == "demo":
            from timeweave.sandbox.server import Sandbox
            from timeweave.sandbox.team import FIBERY_TOKEN

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
        from timeweave.sandbox.team import ACCOUNT

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
