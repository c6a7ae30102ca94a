"""What a workspace holds: entities that find out their values when asked, and the lives of work items."""

import hashlib
import uuid
from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time, timedelta
from functools import cached_property
from typing import Any

from timeweave.sandbox.company import SEED, draw, first_day, fraction
from timeweave.sandbox.fibery.schema import NAMESPACE, PACES, Field, Type

_TAIL = 7
_STUCK, _VERY_LATE, _DELETED, _CANCELLED = 0.06, 0.12, 0.025, 0.04


class Timeline:
    """The life of an item of a database on the calendar, whatever the day it is looked at: moments in UTC, planned days.

    Each is worked out when it is asked for: of most items only whether they are there is ever asked.
    """

    def __init__(self, item: "Entity") -> None:
        self._item, self._start = item, first_day(item.sprint)
        self._offset, self._planned, self._slip = PACES[item.type.database["pace"]]

    @cached_property
    def created(self) -> datetime:
        return self._moment("created", self._start - self._days("created", 3, 20))

    @cached_property
    def planned_start(self) -> date:
        return _workday(self._start + self._days("offset", *self._offset))

    @cached_property
    def planned_end(self) -> date:
        return _workday(self.planned_start + self._days("planned", *self._planned))

    @cached_property
    def started(self) -> datetime:
        return self._moment("started", self._began)

    @cached_property
    def completed(self) -> datetime | None:
        """None for an item nobody finishes."""
        if self._item.fraction("stuck") < _STUCK:
            return None
        very_late = self._item.fraction("late") < _VERY_LATE
        late = self._days("very late", 8, 24) if very_late else self._days("slip", *self._slip)
        return self._moment("completed", max(_workday(self.planned_end + late), self._began), hour=12)

    @cached_property
    def deleted(self) -> datetime | None:
        """None for most."""
        if self._item.type.database["permanent"] or self._item.fraction("deleted") >= _DELETED:
            return None
        return self._moment("deleted", self._start + self._days("deleted on", 2, 9))

    @cached_property
    def cancelled(self) -> bool:
        """Whether it was called off when it was completed."""
        return self._item.fraction("cancelled") < _CANCELLED

    @cached_property
    def _began(self) -> date:
        return max(self.planned_start + self._days("began", -1, 2), self._start)

    def _days(self, name: str, lowest: int, highest: int) -> timedelta:
        return timedelta(days=lowest + self._item.draw(name) % (highest - lowest + 1))

    def _moment(self, name: str, day: date, hour: int = 7) -> datetime:
        draw = self._item.draw
        seconds, milliseconds = draw(name, "second") % (5 * 3600), draw(name, "ms") % 1000
        return datetime.combine(day, time(hour), UTC) + timedelta(seconds=seconds, milliseconds=milliseconds)


_LIFE = ("created", "planned_start", "planned_end", "started", "completed", "deleted", "cancelled")


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
        """The life of an item of a database: invented, but for what a story tells of it."""
        life = Timeline(self)
        if self._life:
            # What is told changes nothing else: all that is invented is worked out before it.
            invented = {name: getattr(life, name) for name in _LIFE}
            vars(life).update(invented | {name: _read_moment(name, told) for name, told in self._life.items()})
        return life


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
