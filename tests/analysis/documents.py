"""Documents of an invented period, built from what people logged, and the analysis that is made from them."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from timeweave.analysis.analysis import Analyzer, Sources
from timeweave.analysis.category_rules import Categories, Rule
from timeweave.analysis.team_file import TeamFile
from timeweave.models import directory, history
from timeweave.models.aggregated import (
    Activity,
    Aggregated,
    Description,
    EntityTime,
    Finding,
    FindingKind,
    LoggedEntry,
    Period,
    PersonTime,
    ProjectTime,
    Text,
    Totals,
)
from timeweave.models.analysis import Analysis
from timeweave.models.directory import Account, Directory
from timeweave.models.enriched import Enriched, EnrichedEntity, EntityStatus
from timeweave.models.entities import EntityKey
from timeweave.models.history import History
from timeweave.models.states import State
from timeweave.runtime import period
from timeweave.runtime.analysis_params import Thresholds

HOUR = 3600
ACCOUNT = Account(source="demo", url=None, workspace_id=1)
TASK = EntityKey(space="Scrum", database="Task", public_id="12")
OPEN = State(name="In Progress", type="Started", final=False)
WAITING = State(name="To Do", type="Not started", final=False)
DONE = State(name="Done", type="Finished", final=True)
CANCELLED = State(name="Cancelled", type="Finished", final=True)


@dataclass(frozen=True)
class Log:
    """Something that somebody logged, from `start` on, local time."""

    start: str = "2025-10-07T09:00:00"
    seconds: int = HOUR
    text: str = "Checkout form"
    who: int = 1
    item: EntityKey | None = None
    project: str | None = None
    client: str | None = None
    tags: tuple[str, ...] = ()
    billable: bool = False
    id: int = 0
    """0: the place in the scene's list."""


def item(key: EntityKey = TASK, **known: Any) -> EnrichedEntity:
    """A found item, unless told otherwise."""
    place = f"{key.space}/{key.database}"
    given: dict[str, Any] = {"status": EntityStatus.FOUND, "name": "Checkout form", "state": OPEN} | known
    given["status"] = EntityStatus(given["status"])
    if given["status"] is EntityStatus.FOUND:
        given = {"found_as": place, "id": f"{place}#{key.public_id}"} | given
    return EnrichedEntity(space=key.space, database=key.database, public_id=key.public_id, **given)


def member(user_id: int, email: str | None = "", *, active: bool = True, name: str = "") -> directory.Person:
    """An account of Toggl; by default `p1@b.example`, called Person 1."""
    shown = f"p{user_id}@b.example" if email == "" else email
    return directory.Person(user_id=user_id, name=name or f"Person {user_id}", email=shown, active=active)


@dataclass(frozen=True, kw_only=True)
class Scene:
    """All that an analysis is made from; Monday to Friday of a week unless told otherwise."""

    logs: Sequence[Log] = ()
    start: str = "2025-10-06"
    end: str = "2025-10-10"
    timezone: str = "UTC"
    as_of: str = "2025-10-14"
    accounts: Sequence[directory.Person] = (member(1),)
    team: dict[str, Any] = field(default_factory=dict)
    """As config/team.yaml is read."""
    categories: Sequence[dict[str, Any]] = ()
    entities: Sequence[EnrichedEntity] = ()
    ancestors: Sequence[EnrichedEntity] = ()
    enriched: dict[str, Any] = field(default_factory=dict)
    """More of enriched.json."""
    past: Sequence[Sequence[Log]] = ()
    """What was logged in the compared periods, newest first."""
    since: tuple[str, Sequence[Log]] | None = None
    """A day, and everything from it on but for the period's own."""
    notes: Sequence[Finding] = ()
    """Of the matching, and running timers."""
    thresholds: dict[str, Any] = field(default_factory=dict)
    users: Sequence[str] = ()
    verified: bool = True

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)

    def analyze(self) -> Analysis:
        return Analyzer(self.build_sources()).analyze()

    def build_sources(self) -> Sources:
        return Sources(
            aggregated=self._aggregate(),
            history=self._collect_history(),
            enriched=Enriched(
                as_of=self.as_of, account="heliotrope", entities=list(self.entities), ancestors=list(self.ancestors),
                **self.enriched,
            ),
            directory=Directory(
                account=ACCOUNT, workspace="Heliotrope", people=list(self.accounts), projects=[], clients=[], tags=[], tasks=[]
            ),
            team=TeamFile.model_validate(self.team),
            categories=Categories([Rule.model_validate(rule) for rule in self.categories]),
            period=period.Period(start=date.fromisoformat(self.start), end=date.fromisoformat(self.end), timezone=self.timezone),
            as_of=date.fromisoformat(self.as_of),
            users=self.users,
            thresholds=Thresholds.model_validate(self.thresholds),
            verified=self.verified,
        )  # fmt: skip

    def _aggregate(self) -> Aggregated:
        numbered = [(log.id or at, log) for at, log in enumerate(self.logs, 1)]
        people = [self._add_up(who, own) for who, own in sorted(group(numbered, lambda log: log.who).items())]
        matched = [log for log in self.logs if log.item]
        return Aggregated(
            account=ACCOUNT,
            as_of=self.as_of,
            period=Period(start=self.start, end=self.end, timezone=self.timezone),
            totals=Totals(
                seconds=total(self.logs), entries=len(self.logs), matched_seconds=total(matched),
                matched_entries=len(matched), unmatched_seconds=total(self.logs) - total(matched),
                unmatched_entries=len(self.logs) - len(matched),
                billable_seconds=total([log for log in self.logs if log.billable]), people=len(people),
                entities=len({log.item for log in matched}), running=sum(one.kind is FindingKind.RUNNING for one in self.notes),
            ),
            people=people,
            warnings=sorted(self.notes, key=lambda one: one.sort_key),
        )  # fmt: skip

    def _add_up(self, who: int, logs: Sequence[tuple[int, Log]]) -> PersonTime:
        account = self._find_account(who)
        seconds = total([log for _, log in logs])
        matched = total([log for _, log in logs if log.item])
        billable = total([log for _, log in logs if log.billable])
        return PersonTime(
            user_id=who, email=account.email, name=account.name, seconds=seconds, entries=len(logs), matched_seconds=matched,
            unmatched_seconds=seconds - matched, billable_seconds=billable, days=add_up(logs, lambda log: log.start[:10]),
            projects=[
                ProjectTime(name=name, seconds=total([log for _, log in own]), billable_seconds=0)
                for name, own in sorted(group(logs, lambda log: log.project).items(), key=lambda one: one[0] or "")
            ],
            entities=[self._add_up_item(key, own) for key, own in group(logs, lambda log: log.item).items() if key],
            activities=[
                Activity(
                    text=text, seconds=total([log for _, log in own]), entries=len(own), billable_seconds=0,
                    descriptions=self._describe(own),
                )
                for text, own in group([one for one in logs if not one[1].item], lambda log: log.text).items()
            ],
        )  # fmt: skip

    def _add_up_item(self, key: EntityKey, logs: Sequence[tuple[int, Log]]) -> EntityTime:
        return EntityTime(
            space=key.space, database=key.database, public_id=key.public_id, projects=[], seconds=total([log for _, log in logs]),
            entries=len(logs), billable_seconds=0, days=add_up(logs, lambda log: log.start[:10]),
            texts=[
                Text(text=text, seconds=total([log for _, log in own]), entries=len(own))
                for text, own in sorted(group(logs, lambda log: log.text).items())
            ],
            descriptions=self._describe(logs),
        )  # fmt: skip

    def _describe(self, logs: Sequence[tuple[int, Log]]) -> list[Description]:
        return [
            Description(
                text=text, project=project, client=client, tags=list(tags), billable=billable,
                seconds=total([log for _, log in own]),
                entries=[LoggedEntry(id=at, start=self.localize(log.start), seconds=log.seconds) for at, log in own],
            )
            for (text, project, client, tags, billable), own in group(logs, describe).items()
        ]  # fmt: skip

    def localize(self, start: str) -> str:
        """As aggregated.json writes it: local time with its offset."""
        return datetime.fromisoformat(start).replace(tzinfo=self.zone).isoformat(timespec="seconds")

    def _find_account(self, who: int) -> directory.Person:
        return next((one for one in self.accounts if one.user_id == who), member(who))

    def _collect_history(self) -> History:
        since = None
        if self.since:
            first, earlier = self.since
            rows = group([(0, log) for log in (*earlier, *self.logs)], lambda log: (log.item, log.text))
            since = history.Since(
                start=first, end=self.end, rows=[self._sum_since(*key, own) for key, own in rows.items()]
            )
        return History(
            account=ACCOUNT, as_of=self.as_of, timezone=self.timezone, since=since,
            periods=[self._sum_past(at, logs) for at, logs in enumerate(self.past, 1)],
        )  # fmt: skip

    def _sum_since(self, key: EntityKey | None, text: str, logs: Sequence[tuple[int, Log]]) -> history.SinceRow:
        space, database, public_id = (key.space, key.database, key.public_id) if key else (None, None, None)
        seconds = total([log for _, log in logs])
        return history.SinceRow(
            space=space, database=database, public_id=public_id, text=text, seconds=seconds, people={}
        )

    def _sum_past(self, back: int, logs: Sequence[Log]) -> history.PastPeriod:
        first, last = date.fromisoformat(self.start), date.fromisoformat(self.end)
        length = timedelta(days=back * ((last - first).days + 1))
        people = {log.who: self._find_account(log.who) for log in logs}
        return history.PastPeriod(
            start=str(first - length), end=str(last - length), seconds=total(logs),
            people=[
                history.PastPerson(user_id=who, email=one.email, name=one.name, seconds=total([log for log in logs if log.who == who]))
                for who, one in sorted(people.items())
            ],
            rows=[
                history.PastRow(
                    user_id=log.who, space=log.item and log.item.space, database=log.item and log.item.database,
                    public_id=log.item and log.item.public_id, text=log.text, project=log.project, client=log.client,
                    tags=list(log.tags), billable=log.billable, seconds=log.seconds, days={log.start[:10]: log.seconds},
                )
                for log in logs
            ],
        )  # fmt: skip


def describe(log: Log) -> tuple[Any, ...]:
    return log.text, log.project, log.client, log.tags, log.billable


def total(logs: Iterable[Log]) -> int:
    return sum(log.seconds for log in logs)


def group(logs: Iterable[tuple[int, Log]], key: Any) -> dict[Any, list[tuple[int, Log]]]:
    found: dict[Any, list[tuple[int, Log]]] = defaultdict(list)
    for at, log in logs:
        found[key(log)].append((at, log))
    return dict(found)


def add_up(logs: Iterable[tuple[int, Log]], key: Any) -> dict[Any, int]:
    return {name: total([log for _, log in own]) for name, own in sorted(group(logs, key).items())}


def full_time(*people: dict[str, Any] | int, **defaults: Any) -> dict[str, Any]:
    """A team of eight hours from Monday to Friday."""
    week = {"hours": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), 8)}
    listed = [{"email": f"p{one}@b.example"} if isinstance(one, int) else one for one in people or (1,)]
    return {"defaults": week | defaults, "people": listed}


def work(days: str = "06 07 08 09 10", hours: float = 8, **given: Any) -> list[Log]:
    """One entry on each of these days of October, from nine o'clock on."""
    return [Log(f"2025-10-{day}T09:00:00", round(hours * HOUR), **given) for day in days.split()]


def kinds(analysis: Analysis) -> list[str]:
    """Of all findings, in their order."""
    return [str(one.kind) for one in analysis.findings]


def find(analysis: Analysis, kind: str, about: EntityKey | None = None) -> Any:
    """The only finding of a kind, or the only one about an item."""
    [found] = [one for one in analysis.findings if one.kind == kind and (about is None or one.item == about)]
    return found
