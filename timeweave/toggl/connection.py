"""Connects to the workspace that the parameters name: the bundled sandbox or the real Toggl."""

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import date, timedelta
from typing import TYPE_CHECKING, Annotated, Literal

from pydantic import Field

from timeweave.models.directory import Account
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.params import Section

if TYPE_CHECKING:
    from timeweave.toggl.workspace_requests import Toggl


class TogglSettings(Section):
    """Which workspace, how fast, and from when on a day is never asked for again."""

    url: str = "https://api.track.toggl.com"
    workspace_id: int | None = None
    requests_per_second: Annotated[float, Field(gt=0, le=1000)] = 1
    settle_days: Annotated[int, Field(ge=0)] = 14
    """A day fetched at least this many days after it is settled."""
    quota_wait_minutes: Annotated[int, Field(ge=0)] = 0
    """Wait this long at most for a spent quota to be renewed; 0 stops instead."""
    everyone: bool = True
    """Refuse a token that sees its owner's own time only: days fetched with it would look complete for ever."""
    verify_totals: bool = True
    page_size: Annotated[int, Field(ge=1, le=10000)] | Literal["auto"] = "auto"
    """Rows asked for in one page; `auto`: the most that Toggl takes."""
    grouped: bool = False
    """Have Toggl merge entries of one person, project and text into one row: fewer pages, where it does."""


def account(source: str, settings: TogglSettings) -> Account:
    """Whose data the parameters ask for; another account's is never mixed with it."""
    if source == "demo":
        from timeweave.sandbox.company import WORKSPACE_ID

        return Account(source=source, url=None, workspace_id=settings.workspace_id or WORKSPACE_ID)
    if settings.workspace_id is None:
        raise ConfigurationError(
            "params.yaml: toggl.workspace_id is not set; it is the number in the address of your workspace's "
            "settings page in Toggl"
        )
    return Account(source=source, url=settings.url.rstrip("/"), workspace_id=settings.workspace_id)


def refuse_future(as_of: date, today: date, place: str) -> None:
    """A real account cannot be looked at on a day to come. One day more than `today`: clocks and time zones differ."""
    if as_of > today + timedelta(days=1):
        raise ConfigurationError(
            f"{place} {as_of} is in the future: days would be taken for final before people have corrected them; "
            f"write {today} or an earlier day"
        )


@contextmanager
def connect(source: str, settings: TogglSettings, as_of: date, say: Callable[[str], None]) -> Iterator["Toggl"]:
    """The workspace, open for questions."""
    # Imported here: a fetch that finds nothing missing has no use for a client.
    from timeweave.toggl.client import TogglClient
    from timeweave.toggl.workspace_requests import Toggl
    from timeweave.web import tokens
    from timeweave.web.limits import Pace

    workspace_id = account(source, settings).workspace_id
    wait = settings.quota_wait_minutes * 60
    with ExitStack() as stack:
        if source == "demo":
            from timeweave.sandbox.company import TOGGL_TOKEN
            from timeweave.sandbox.server import Sandbox

            url = stack.enter_context(Sandbox(as_of)).url
            client = TogglClient(url, TOGGL_TOKEN, Pace(TOGGL_TOKEN, None), wait, say)
        else:
            token = tokens.read_token("TOGGL_API_TOKEN")
            client = TogglClient(settings.url, token, Pace(token, settings.requests_per_second), wait, say)
        stack.callback(client.close)
        yield Toggl(client, workspace_id)
