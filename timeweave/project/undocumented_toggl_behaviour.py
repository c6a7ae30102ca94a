"""Asks the real Toggl what nobody documents and this client depends on: reading only, a handful of requests."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

from timeweave.project.parameters import Parameters
from timeweave.runtime.errors import QuotaExhausted, TimeweaveError
from timeweave.runtime.period import DAY
from timeweave.toggl.answers import Entry, read_entries
from timeweave.toggl.learned_limits import MOST_ROWS, SAFE_ROWS, SHORTEST_SPAN
from timeweave.toggl.workspace_requests import LONGEST, Toggl, question
from timeweave.web.answers import Response
from timeweave.web.client import RequestRefused, TransientError

MOST_REQUESTS = 8
UNSEEN = "could not be seen"


@dataclass(frozen=True)
class Finding:
    """The answer to one question."""

    about: str
    found: str
    """What the service does, or that it could not be seen."""
    client: str
    """What this client does."""


class TogglProbe:
    """Questions about the entries of the last weeks."""

    def __init__(self, toggl: Toggl, given: Parameters, facts: dict[str, object]) -> None:
        """`facts`: what is found that the client goes by, as `ApiFacts` names it, is added there."""
        self._toggl, self._facts = toggl, facts
        self._first, self._last = given.as_of - SHORTEST_SPAN * DAY, given.as_of

    def ask(self) -> Iterator[Finding]:
        """The findings; later questions need the answers to earlier ones."""
        questions: dict[str, tuple[Callable[[], str], str]] = {
            "rows of a page": (self._ask_page_size, "asks for the most that is taken, and believes the answer"),
            "an empty list": (self._ask_empty_list, "takes null and [] for one"),
            "days of a question": (self._ask_span, "asks for as many at once as are taken, and for more in parts"),
            "grouped rows": (self._ask_grouped, "takes every entry of a row, and asks for groups only where toggl.grouped is true"),
            "the quota": (self._read_quota, "stops with exit code 4 where it is spent, or waits for toggl.quota_wait_minutes"),
            "running timers": (self._ask_running, "counts them as 0 s until they are stopped, and takes totals with and without"),
            "whose clock cuts days": (self._ask_zone, "asks for a day more on both sides, and cuts days itself"),
        }  # fmt: skip
        for about, (ask, client) in questions.items():
            try:
                yield Finding(f"toggl: {about}", ask(), client)
            except QuotaExhausted:
                yield Finding("toggl: the quota", f"it is spent; refused with {self._toggl.client.quota_refusal}", questions["the quota"][1])  # fmt: skip
                return
            except TimeweaveError as error:
                yield Finding(f"toggl: {about}", f"{UNSEEN}: {error}", client)

    @cached_property
    def _entries(self) -> list[Entry]:
        refused = bool(self._facts.get("refuses_large_pages"))
        answer = self._report(page_size=SAFE_ROWS if refused else MOST_ROWS)
        self._facts["page_rows"] = None if refused else answer.find_number("x-page-size")
        return read_entries(answer.body or [], answer.place)

    def _ask_page_size(self) -> str:
        try:
            came = len(self._entries)
        except RequestRefused as refusal:
            self._facts["refuses_large_pages"] = True
            return f"{SAFE_ROWS} asked for, {len(self._entries)} came; {MOST_ROWS} are refused: {refusal}"
        said = self._facts["page_rows"]
        told = f"it says that a page holds {said}" if said else "it does not say how many a page holds"
        return f"{MOST_ROWS} asked for, {came} came; {told}"

    def _ask_empty_list(self) -> str:
        body = self._report(time_entry_ids=[1]).body
        return "null" if body is None else "[]" if body == [] else "not empty: a filter by ids is not obeyed"

    def _ask_span(self) -> str:
        said = ""
        for days in (LONGEST + 2, 93):
            try:
                self._report(first=str(self._last - (days - 1) * DAY), page_size=1)
            except RequestRefused as refusal:
                said = f"; {days} are refused: {refusal}"
                continue
            self._facts["longest_span"] = days if said else None
            return f"{days} are taken{said}"
        return said.removeprefix("; ")

    def _ask_grouped(self) -> str:
        answer = self._report(grouped=True, page_size=SAFE_ROWS)
        entries, following = read_entries(answer.body or [], answer.place), answer.find_number("x-next-row-number")
        counted = "" if following is None else f"; the next page begins with row {following}"
        return f"{len(answer.body or [])} rows hold {len(entries)} entries{counted}"

    def _read_quota(self) -> str:
        left = self._toggl.client.quota_left
        return "headers do not say it" if left is None else f"headers say it: {left} left; a refusal {UNSEEN}"

    def _ask_running(self) -> str:
        current = self._call("GET", "/api/v9/me/time_entries/current").body
        id_ = current.get("id") if isinstance(current, dict) else None
        if not isinstance(id_, int):
            return f"{UNSEEN}: no timer of yours runs"
        shown = self._report(time_entry_ids=[id_], last=str(self._last + DAY)).body
        return "reports show them" if shown else "reports leave them out, or it began before these weeks"

    def _ask_zone(self) -> str:
        try:
            zone = ZoneInfo(str(self._call("GET", "/api/v9/me").read(dict).get("timezone")))
        except (LookupError, ValueError):
            return f"{UNSEEN}: your profile has no time zone"
        apart = [one for one in self._entries if one.start.astimezone(zone).date() != one.local_start.date()]
        if not apart:
            return f"{UNSEEN}: no entry lies on another day in {zone}, where you are, than where its owner is"
        day = str(apart[-1].local_start.date())
        return (
            "each owner's" if self._report(time_entry_ids=[apart[-1].id], first=day, last=day).body else "the asker's"
        )

    def _report(self, first: str = "", last: str = "", **more: object) -> Response:
        body = question(self._first, self._last) | {"order_by": "date", "order_dir": "ASC"} | more
        body |= {"start_date": first or body["start_date"], "end_date": last or body["end_date"]}
        return self._call("POST", f"/reports/api/v3/workspace/{self._toggl.workspace_id}/search/time_entries", body)

    def _call(self, method: str, path: str, body: object = None) -> Response:
        if self._toggl.client.requests >= MOST_REQUESTS:
            raise TransientError(
                "the requests for it were needed for other questions; what was found is kept, probe again"
            )
        return self._toggl.client.call(method, path, body=body)
