"""`toggl` of params.yaml."""

from typing import Annotated

from pydantic import Field

from timeweave.runtime.params import Section


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
    page_size: Annotated[int, Field(ge=1, le=10000)] = 50
