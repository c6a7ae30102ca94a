"""What a run would fetch from Toggl, before it does."""

from datetime import date

from timeweave.runs.estimate import Estimate, estimate
from timeweave.runs.home import Home
from timeweave.runs.order import Order
from timeweave.runtime import params
from timeweave.runtime.period import Period
from timeweave.toggl.settings import TogglSettings


class Params(params.Section):
    """Which workspace."""

    source: str
    toggl: TogglSettings = TogglSettings()


def told(found: Estimate) -> list[str]:
    """An estimate for a person."""
    lines = [f"fetch      {first} to {last} (UTC days)" for first, last in found.ranges]
    if not found.ranges:
        lines.append("fetch      nothing: every day of the period is in the archive")
    if found.entries is not None:
        lines.append(f"entries    {found.entries:,}, those of the days around included")
    most = "more, Toggl does not say how many entries there are" if found.most is None else f"at most {found.most:,}"
    lines.append(f"requests   at least {found.least:,}, {most}" if found.most != 0 else "requests   none")
    if found.quota_left is not None:
        lines.append(f"quota      {found.quota_left:,} left in this window")
        if found.most is not None and found.most > found.quota_left:
            lines.append("           not enough for all: what is fetched is kept, and a later run goes on there")
    return lines


def forecast(home: Home, order: Order) -> str:
    """What an order would do and ask; nothing is written, and the run is not kept."""
    asked = order.parameters
    lines = [f"period     {asked.start} to {asked.end} ({asked.timezone}), as of {asked.as_of}"]
    lines.append(f"users      {', '.join(asked.users) or 'everyone'}")
    lines += [f"params     {key} becomes {value!r}" for key, value in order.edits.items()]
    if order.base:
        return "\n".join([*lines, f"fetch      nothing from Toggl: the data of {order.base.id} as it was"])
    if order.refresh == "toggl":
        lines.append("fetch      every day of the period anew, whatever the archive holds")
        return "\n".join(lines)
    given = params.load(Params, home.params)
    period = Period(start=date.fromisoformat(asked.start), end=date.fromisoformat(asked.end), timezone=asked.timezone)
    as_of = date.fromisoformat(asked.as_of)
    return "\n".join([*lines, *told(estimate(given.source, given.toggl, as_of, period.utc_days))])
