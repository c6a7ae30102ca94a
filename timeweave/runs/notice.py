"""Tells people what became of a run: by apprise, to the addresses in the environment."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from timeweave import params
from timeweave.errors import ConfigurationError, TimeweaveError
from timeweave.runs.manifest import Manifest

ADDRESSES = "TIMEWEAVE_NOTIFY_URLS"
"""Holds apprise URLs with blanks between: they carry secrets, so they are no parameter."""


class NotifySettings(params.Section):
    """`notify` of params.yaml."""

    when: tuple[Literal["completed", "failed", "cancelled"], ...] = ("completed", "failed")
    link: str | None = None
    """Where people find the reports; `{run}` in it becomes the run's id."""


class Knobs(params.Section):
    """What this reads of params.yaml."""

    notify: NotifySettings = NotifySettings()


def notify(run: Manifest, path: Path, say: Callable[[str], None]) -> None:
    """Send the notice of a run that is over; what goes wrong is said, and changes nothing about the run."""
    addresses = os.environ.get(ADDRESSES, "").split()
    if not addresses:
        return
    try:
        settings = params.load(Knobs, path).notify
        if run.status in settings.when:
            _send(addresses, title(run), body(run, settings.link))
    except TimeweaveError as error:
        say(f"notify: {error}")


def title(run: Manifest) -> str:
    """The first line."""
    return f"Timeweave: {run.parameters.start} to {run.parameters.end} {run.status}"


def body(run: Manifest, link: str | None) -> str:
    """Headline numbers, or the reason; and the link."""
    if run.error:
        stage = f"{run.error.stage}: " if run.error.stage else ""
        lines = [f"{run.id} {run.status}, exit code {run.error.exit_code}", f"{stage}{run.error.sentence}"]
    else:
        numbers = run.numbers
        share = 100 * float(numbers.get("matched_share") or 0)
        lines = [
            f"{run.id} {run.status}",
            f"{numbers.get('hours')} hours by {numbers.get('people')} people, {share:.0f} % on {numbers.get('entities')} work items",
            f"{numbers.get('overdue')} overdue, {numbers.get('not_found')} not found in Fibery",
        ]
    return "\n".join([*lines, link.replace("{run}", run.id)] if link else lines)


def _send(addresses: list[str], first: str, text: str) -> None:
    try:
        import apprise
    except ImportError:
        raise ConfigurationError(f"{ADDRESSES} is set, but apprise is missing: pip install -e '.[notify]'") from None
    sender = apprise.Apprise()
    for number, address in enumerate(addresses, start=1):
        if not sender.add(address):
            raise ConfigurationError(f"address {number} of {ADDRESSES} is none that apprise knows")
    if not sender.notify(title=first, body=text):
        raise TimeweaveError(f"not every address of {ADDRESSES} took the notice")
