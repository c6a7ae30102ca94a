"""Sends notices by apprise to the addresses in the environment."""

import os
from typing import Literal

from timeweave.runtime import params
from timeweave.runtime.errors import ConfigurationError, TimeweaveError

ADDRESSES = "TIMEWEAVE_NOTIFY_URLS"
"""Holds apprise URLs with blanks between: they carry secrets, so they are no parameter."""
_KINDS = {"completed": "success", "cancelled": "warning"}
"""apprise's word for a status; all others are failures."""


class NotifySettings(params.Section):
    """`notify` of params.yaml."""

    when: tuple[Literal["completed", "failed", "cancelled"], ...] = ("completed", "failed")
    link: str | None = None
    """Where people find the reports; `{run}` in it becomes the run's id."""


def send_notice(status: str, title: str, text: str) -> None:
    """To each address by itself, so that one that fails is known and keeps nobody else from the notice."""
    addresses = os.environ.get(ADDRESSES, "").split()
    if not addresses:
        return
    try:
        import apprise
    except ImportError:
        raise ConfigurationError(f"{ADDRESSES} is set, but apprise is missing: pip install -e '.[notify]'") from None
    wrong = []
    for number, address in enumerate(addresses, start=1):
        sender = apprise.Apprise()
        if not sender.add(address):
            wrong.append(f"address {number} of {ADDRESSES} is none that apprise knows")
        elif not sender.notify(title=title, body=text, notify_type=_KINDS.get(status, "failure")):
            wrong.append(f"address {number} of {ADDRESSES} did not take the notice")
    if wrong:
        raise TimeweaveError("; ".join(wrong))
