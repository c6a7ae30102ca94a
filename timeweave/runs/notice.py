"""Tells people what became of a run: by apprise, to the addresses in the environment."""

import os
from collections.abc import Callable
from pathlib import Path
from typing import Literal

from timeweave.runs.manifest import Manifest
from timeweave.runs.view import counted
from timeweave.runtime import params
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

ADDRESSES = "TIMEWEAVE_NOTIFY_URLS"
"""Holds apprise URLs with blanks between: they carry secrets, so they are no parameter."""


class NotifySettings(params.Section):
    """`notify` of params.yaml."""

    when: tuple[Literal["completed", "failed", "cancelled"], ...] = ("completed", "failed")
    link: str | None = None
    """Where people find the reports; `{run}` in it becomes the run's id."""


class Params(params.Section):
    """What this reads of params.yaml."""

    notify: NotifySettings = NotifySettings()


def notify(run: Manifest, path: Path, say: Callable[[str], None]) -> None:
    """Send the notice of a run that is over; what goes wrong is said, and changes nothing about the run."""
    addresses = os.environ.get(ADDRESSES, "").split()
    if not addresses:
        return
    try:
        settings = params.load(Params, path).notify
        if run.status in settings.when:
            _send(addresses, run.status, title(run), body(run, settings.link))
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
            f"{float(numbers.get('hours') or 0):,.2f} hours by {_counted(run, 'people', 'person', 'people')}, "
            f"{share:.0f} % on {_counted(run, 'entities', 'work item', 'work items')}",
            f"{numbers.get('overdue') or 0:,} overdue, {numbers.get('not_found') or 0:,} not found in Fibery",
        ]
    return "\n".join([*lines, link.replace("{run}", run.id)] if link else lines)


def _counted(run: Manifest, name: str, one: str, more: str) -> str:
    return counted(int(run.numbers.get(name) or 0), one, more)


_KINDS = {"completed": "success", "cancelled": "warning"}
"""apprise's word for a status; all others are failures."""


def _send(addresses: list[str], status: str, first: str, text: str) -> None:
    """To each address by itself, so that one that fails is known and keeps nobody else from the notice."""
    try:
        import apprise
    except ImportError:
        raise ConfigurationError(f"{ADDRESSES} is set, but apprise is missing: pip install -e '.[notify]'") from None
    wrong = []
    for number, address in enumerate(addresses, start=1):
        sender = apprise.Apprise()
        if not sender.add(address):
            wrong.append(f"address {number} of {ADDRESSES} is none that apprise knows")
        elif not sender.notify(title=first, body=text, notify_type=_KINDS.get(status, "failure")):
            wrong.append(f"address {number} of {ADDRESSES} did not take the notice")
    if wrong:
        raise TimeweaveError("; ".join(wrong))
