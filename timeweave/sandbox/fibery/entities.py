"""What a workspace holds: entities that find out their values when asked, and the lives of work items."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any, NamedTuple

from timeweave.sandbox.company import SEED, draw, first_day, fraction
from timeweave.sandbox.fibery.schema import NAMESPACE, PACES, Field, Type

_TAIL = 7
_STUCK, _VERY_LATE, _DELETED, _CANCELLED = 0.06, 0.12, 0.025, 0.04


class Timeline(NamedTuple):
    """Moments in UTC, planned days; `completed` is None for an item nobody finishes, `deleted` for most."""

    created: datetime
    planned_start: date
    planned_end: date
    started: datetime
    completed: datetime | None
    deleted: datetime | None
    cancelled: bool = False
    """Whether it was called off when it was completed."""


class Entity:
    """A row of a type; `given` values need not be found.

    An item of a database has the sprint that it was planned for: its past and future follow from that and its number.
    """

    def __init__(
        self, kind: Type, number: int, find_value: Callable[["Entity", Field], object], *,
        given: Mapping[str, object] | None = None, part: int = 0, sprint: int = 0, life: Mapping[str, Any] | None = None,
    ) -> None:  # fmt: skip
        self.type, self.number, self.sprint = kind, number, sprint
        self._part, self._find_value, self._key = part, find_value, (SEED, kind.name, number)
        self._values, self._life = dict(given or {}), life or {}

    @cached_property
    def id(self) -> str:
        return self.part_id(self._part)

    def part_id(self, part: int) -> str:
        """The UUID of the entity (0), or of a document, file or comment of it; `parse_id` reads what it names."""
        head = uuid.uuid5(NAMESPACE, f"{self.type.name}:{self.number}:{part}").bytes[:-_TAIL]
        payload = (self.type.code << 48 | part << 32 | self.number) ^ _mask(head)
        return str(uuid.UUID(bytes=head + payload.to_bytes(_TAIL, "big")))

    def get(self, name: str) -> Any:
        """The value of a field that the type has: a JSON scalar, an entity, a list of entities, or None."""
        if name not in self._values:
            self._values[name] = self._find_value(self, self.type.fields[name])
        return self._values[name]

    @cached_property
    def title(self) -> str:
        return str(self.get(next(one.name for one in self.type.fields.values() if one.meta.get("ui/title?"))))

    def draw(self, *parts: object) -> int:
        return draw(*self._key, *parts)

    def fraction(self, *parts: object) -> float:
        return fraction(*self._key, *parts)

    @cached_property
    def timeline(self) -> Timeline:
        """The life of an item of a database on the calendar, whatever the day it is looked at."""
        start, (offset, planned, slip) = first_day(self.sprint), PACES[self.type.database["pace"]]
        planned_start = _workday(start + self._days("offset", *offset))
        planned_end = _workday(planned_start + self._days("planned", *planned))
        began = max(planned_start + self._days("began", -1, 2), start)
        late = self._days("very late", 8, 24) if self.fraction("late") < _VERY_LATE else self._days("slip", *slip)
        ended = max(_workday(planned_end + late), began)
        deleted = not self.type.database["permanent"] and self.fraction("deleted") < _DELETED
        invented = Timeline(
            self._moment("created", start - self._days("created", 3, 20)), planned_start, planned_end,
            self._moment("started", began),
            None if self.fraction("stuck") < _STUCK else self._moment("completed", ended, hour=12),
            self._moment("deleted", start + self._days("deleted on", 2, 9)) if deleted else None,
            cancelled=self.fraction("cancelled") < _CANCELLED,
        )  # fmt: skip
        return invented._replace(**{name: _read_moment(name, told) for name, told in self._life.items()})

    def _days(self, name: str, lowest: int, highest: int) -> timedelta:
        return timedelta(days=lowest + self.draw(name) % (highest - lowest + 1))

    def _moment(self, name: str, day: date, hour: int = 7) -> datetime:
        seconds, milliseconds = self.draw(name, "second") % (5 * 3600), self.draw(name, "ms") % 1000
        return datetime.combine(day, time(hour), UTC) + timedelta(seconds=seconds, milliseconds=milliseconds)


def parse_id(text: str) -> tuple[int, int, int]:
    """Code of the type, number and part of a UUID: zeros of other text. The caller compares it with `part_id`."""
    try:
        raw = uuid.UUID(text).bytes
    except ValueError:
        return 0, 0, 0
    payload = int.from_bytes(raw[-_TAIL:], "big") ^ _mask(raw)
    return payload >> 48, payload & 0xFFFFFFFF, payload >> 32 & 0xFFFF


def instant(at: datetime) -> str:
    return at.strftime("%Y-%m-%dT%H:%M:%S.") + f"{at.microsecond // 1000:03d}Z"


def _read_moment(name: str, told: Any) -> Any:
    """A part of a life as a story tells it: a day, a moment in UTC, or another thing."""
    if not isinstance(told, str):
        return told
    return date.fromisoformat(told) if name.startswith("planned") else datetime.fromisoformat(told).replace(tzinfo=UTC)


def _workday(day: date) -> date:
    return day + timedelta(days=7 - day.weekday() if day.weekday() > 4 else 0)


def _mask(head: bytes) -> int:
    return int.from_bytes(hashlib.sha256(head[:6]).digest()[:_TAIL], "big")
