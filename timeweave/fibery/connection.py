"""Connects to the workspace that the parameters name: the bundled sandbox or the real Fibery."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from datetime import date

from timeweave.fibery.client import FiberyClient
from timeweave.fibery.settings import FiberySettings
from timeweave.fibery.site import site
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
                base, setting = site(source, settings).base, "fibery.account"
            token = tokens.read_token("FIBERY_API_TOKEN")
            client = FiberyClient(base, setting, token, Pace(token, settings.requests_per_second))
        stack.callback(client.close)
        yield client
