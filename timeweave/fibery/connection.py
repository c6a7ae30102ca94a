"""Connects to the workspace that the parameters name: the bundled sandbox or the real Fibery."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date
from urllib.parse import urlsplit

from timeweave.fibery.client import FiberyClient
from timeweave.fibery.settings import FiberySettings
from timeweave.fibery.site import Site
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
                base, setting = find_site(source, settings).base, "fibery.account"
            token = tokens.read_token("FIBERY_API_TOKEN")
            client = FiberyClient(base, setting, token, Pace(token, settings.requests_per_second))
        stack.callback(client.close)
        yield client


def find_site(source: str, settings: FiberySettings) -> Site:
    """The workspace that the parameters name."""
    account = settings.account
    if source == "demo":
        from timeweave.sandbox.team import ACCOUNT

        account = ACCOUNT
    elif account is None and settings.url is None:
        raise ConfigurationError(
            "params.yaml: fibery.account is not set; it is the first word of your workspace's address, "
            "acme of acme.fibery.io"
        )
    elif account is None:
        return Site(source, _read_account(str(settings.url)), str(settings.url).rstrip("/"))
    return Site(source, account, f"https://{account}.fibery.io")


def _read_account(url: str) -> str | None:
    host = urlsplit(url).hostname or ""
    name, _, rest = host.partition(".")
    return name if rest == "fibery.io" else None
