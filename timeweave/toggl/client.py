"""The client to Toggl: what its refusals and headers mean, and how much of the hourly quota is left."""

import base64
import re
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import msgspec

from timeweave.runtime.errors import (
    ConfigurationError,
    CredentialsError,
    IncompleteData,
    QuotaExhausted,
    TimeweaveError,
)
from timeweave.runtime.redaction import remember
from timeweave.web.answers import Response
from timeweave.web.client import ApiClient, TransientError
from timeweave.web.limits import Pace

QUOTA_WINDOW = 3600
"""Seconds that a quota is granted for (Toggl's support page on API limits)."""
LONGEST_QUOTA_WINDOW = 24 * 3600
"""More seconds than this until a new quota are not believed."""


class PlanLacksFeature(TimeweaveError):
    """402 without a spent quota: the workspace's plan does not include what was asked."""


class QuotaSpent(QuotaExhausted):
    """402 with nothing left of the quota."""

    def __init__(self, seconds: float) -> None:
        until = (datetime.now(UTC) + timedelta(seconds=seconds)).strftime("%H:%M UTC")
        minutes = max(1, round(seconds / 60))
        super().__init__(
            f"Toggl's quota of requests is spent; what was fetched is kept: run again after {until} "
            f"(in {minutes} min), or let toggl.quota_wait_minutes cover that",
            seconds,
        )
        self.seconds: float = seconds


class Cursor(msgspec.Struct, frozen=True, omit_defaults=True):
    """Where a page begins, as the page before announced it: its first row by number, id and start."""

    row: int
    id: int | None = None
    timestamp: int | None = None

    @property
    def question(self) -> dict[str, int]:
        """What to send: all three values, or the row number alone; id and row give empty pages."""
        if self.id is None or self.timestamp is None:
            return {"first_row_number": self.row}
        return {"first_id": self.id, "first_row_number": self.row, "first_timestamp": self.timestamp}


def find_cursor(answer: Response) -> Cursor | None:
    """None after the last page. Raises IncompleteData for one that leads nowhere."""
    names = {"id": "x-next-id", "row": "x-next-row-number", "timestamp": "x-next-timestamp"}
    sent = {key: answer.find_number(name) for key, name in names.items() if answer.headers.get(name)}
    if not sent:
        return None
    row = sent.get("row")
    if row is None or None in sent.values():
        told = ", ".join(names[key] for key in sent)
        raise IncompleteData(f"{answer.place} announces more rows but not where they begin ({told}); run again later")
    return Cursor(row, sent.get("id"), sent.get("timestamp"))


class TogglClient(ApiClient):
    """Toggl API v9 and Reports API v3 with one token (basic authentication with the word `api_token`)."""

    service = "Toggl"
    token_name = "TOGGL_API_TOKEN"  # noqa: S105 - the name of a variable

    def __init__(self, url: str, token: str, pace: Pace, quota_wait: float, say: Callable[[str], None]) -> None:
        super().__init__(url, "toggl.url", "Basic " + base64.b64encode(f"{token}:api_token".encode()).decode(), pace)
        remember(token)
        self._quota_wait = quota_wait
        self.say = say
        self.quota_left: int | None = None
        """What the last answer said is left of the quota; None where it said nothing."""
        self.quota_refusal = ""
        """In which words, and as what, a spent quota was refused."""
        self._has_answered = False

    def call(self, *args: Any, **options: Any) -> Response:
        """As `ApiClient.call`; a spent quota is waited for where the settings allow it."""
        while True:
            try:
                answer = super().call(*args, **options)
            except QuotaSpent as spent:
                if spent.seconds > self._quota_wait:
                    raise
                self.say(f"Toggl's quota is spent; going on in {spent.seconds / 60:.0f} min")
                # One second more: the header counts whole seconds.
                time.sleep(spent.seconds + 1)
                continue
            return answer

    def find_error(self, answer: Response) -> TimeweaveError | None:
        """402 has two meanings, told apart by what is left of the quota; 403 may be the token or the workspace."""
        left = answer.find_number("x-toggl-quota-remaining")
        if left is not None:
            self.quota_left = left
        if answer.status == 402:
            return self._payment(answer)
        if answer.status in (401, 403):
            return CredentialsError(
                f"Toggl answered {answer.status}: {answer.text}; check TOGGL_API_TOKEN and toggl.workspace_id "
                f"(a team's report needs the token of an admin of the workspace)"
            )
        found = super().find_error(answer)
        if answer.is_json and answer.status == 200:
            self._has_answered = True
        if self._has_answered and answer.status == 200 and isinstance(found, ConfigurationError):
            # The address was right a moment ago: this is a page of something in between, as with a 502.
            return TransientError(f"Toggl answered with something that is not JSON: {answer.text}; try again later")
        return found

    def _payment(self, answer: Response) -> TimeweaveError:
        spoken = re.search(r"reset in ([0-9]{1,9})\b", answer.text)
        spent = self.quota_left is not None and self.quota_left <= 0 and "x-toggl-quota-remaining" in answer.headers
        if spent or spoken or "hourly limit" in answer.text:
            self.quota_refusal = f"{answer.headers.get('content-type', 'no content type')}: {answer.text}"
            stated = answer.find_number("x-toggl-quota-resets-in")
            if stated is None and spoken:
                stated = int(spoken.group(1))
            believed = stated is not None and 0 <= stated <= LONGEST_QUOTA_WINDOW
            return QuotaSpent(float(stated) if stated is not None and believed else QUOTA_WINDOW)
        return PlanLacksFeature(f"Toggl answered 402: {answer.text}; the workspace's plan does not include this")
