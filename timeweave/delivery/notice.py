"""Tells people what became of a run: by apprise, to the addresses in the environment."""

import os
from collections.abc import Callable

from timeweave.analysis.metrics import describe_findings, describe_items
from timeweave.project.parameters import NotifySettings
from timeweave.runs.manifest import Manifest
from timeweave.runs.stage_status import format_count
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.redaction import NOTICES, redact

_KINDS = {"completed": "success", "cancelled": "warning"}
"""apprise's word for a status; all others are failures."""


def notify(run: Manifest, settings: NotifySettings, say: Callable[[str], None]) -> None:
    """Send the notice; what goes wrong with it is said, and changes nothing about the run."""
    try:
        if run.status in settings.when:
            title = f"Timeweave: {run.parameters.start} to {run.parameters.end} {run.status}"
            _send(run.status, title, format_text(run, settings.link))
    except TimeweaveError as error:
        say(f"notify: {error}")


def format_text(run: Manifest, link: str | None) -> str:
    """Headline numbers, or the reason; and the link."""
    if run.error:
        stage = f"{run.error.stage}: " if run.error.stage else ""
        lines = [f"{run.id} {run.status}, exit code {run.error.exit_code}", redact(f"{stage}{run.error.sentence}")]
    else:
        numbers = run.numbers
        share = 100 * float(numbers.get("matched_share") or 0)
        lines = [
            f"{run.id} {run.status}",
            f"{float(numbers.get('hours') or 0):,.2f} hours by {_count(run, 'people', 'person', 'people')}, "
            f"{share:.0f} % on work items",
            describe_items(numbers),
        ]
        if findings := describe_findings(numbers):
            lines.append(f"{findings} to look at")
    return "\n".join([*lines, link.replace("{run}", run.id)] if link else lines)


def _count(run: Manifest, name: str, one: str, more: str) -> str:
    return format_count(int(run.numbers.get(name) or 0), one, more)


def _send(status: str, title: str, text: str) -> None:
    """To each address by itself, so that one that fails is known and keeps nobody else from the notice."""
    addresses = os.environ.get(NOTICES, "").split()
    if not addresses:
        return
    try:
        import apprise
    except ImportError:
        raise ConfigurationError(f"{NOTICES} is set, but apprise is missing: pip install -e '.[notify]'") from None
    wrong = []
    for number, address in enumerate(addresses, start=1):
        sender = apprise.Apprise()
        if not sender.add(address):
            wrong.append(
                f"address {number} of {NOTICES} is not one that apprise knows; write it as apprise's documentation says"
            )
        elif not sender.notify(title=title, body=text, notify_type=_KINDS.get(status, "failure")):
            wrong.append(f"address {number} of {NOTICES} did not take the notice")
    if wrong:
        raise TimeweaveError("; ".join(wrong))
