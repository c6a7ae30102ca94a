"""The kinds of fields that databases are declared with, each with the way its value is found."""

from collections.abc import Callable
from datetime import date, datetime, timedelta
from decimal import Decimal
from typing import TYPE_CHECKING, cast

from timeweave.sandbox.fibery import attachments, texts
from timeweave.sandbox.fibery.shape import Field, Option, Value
from timeweave.sandbox.fibery.timeline import instant

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Entity, Item

DOCUMENT = "Collaboration~Documents/Document"
_TITLE = {"ui/title?": True, "ui/object-editor-order": 0}
_FORMULA = {"fibery/readonly?": True, "formula/formula?": True}


def of_item(value: "Callable[[Item], object]") -> Value:
    """A value that needs the item alone."""
    return lambda entity, _field: value(cast("Item", entity))


def title(name: str) -> Field:
    """The title people type."""
    return Field(name, "fibery/text", of_item(texts.title), meta=_TITLE)


def formula_title(name: str, value: "Callable[[Item], str]") -> Field:
    """A title that Fibery puts together."""
    return Field(name, "fibery/text", of_item(value), meta={**_TITLE, **_FORMULA})


def formula(name: str, kind: str, value: "Callable[[Item], object]") -> Field:
    """A read-only value that Fibery works out."""
    return Field(name, kind, of_item(value), meta=_FORMULA)


def text(name: str, value: "Callable[[Item], object]" = lambda item: None) -> Field:
    """A line of plain text."""
    return Field(name, "fibery/text", of_item(value))


def whole(name: str, low: int, high: int, empty: float = 0.2) -> Field:
    """A whole number, sometimes not filled in."""
    return Field(name, "fibery/int", lambda e, f: _filled(e, f, empty, lambda: low + e.draw(f.name) % (high - low + 1)))


def decimal(name: str, step: str, most: int, empty: float = 0.15, secured: bool = False) -> Field:
    """A decimal, which the API writes as a string."""

    def value(entity: "Entity", field: Field) -> object:
        return _filled(entity, field, empty, lambda: str(Decimal(step) * (1 + entity.draw(field.name) % most)))

    return Field(name, "fibery/decimal", value, meta={"fibery/secured?": True} if secured else {})


def boolean(name: str, share: float) -> Field:
    """A tick box."""
    return Field(name, "fibery/bool", lambda entity, field: entity.fraction(field.name) < share)


def document(name: str) -> Field:
    """Rich text, kept as a document of its own."""
    meta = {"fibery/entity-component?": True}
    return Field(
        name, DOCUMENT, lambda entity, field: attachments.rich_text(cast("Item", entity), field.name), meta=meta
    )


def planned(name: str, moment: str, empty: float = 0.05) -> Field:
    """A date that is set from the start: planned_start or planned_end of the timeline."""
    return Field(name, "fibery/date", lambda e, f: _filled(e, f, empty, lambda: str(_moment(e, moment))))


def happened(name: str, moment: str, kind: str = "fibery/date-time") -> Field:
    """A moment that is unknown until it has come: started or completed of the timeline."""

    def value(entity: "Entity", _field: Field) -> object:
        at = _moment(entity, moment)
        if at is None or at > cast("Item", entity).now:
            return None
        return instant(at) if kind == "fibery/date-time" else str(at.date())

    return Field(name, kind, value)


def date_range(name: str, first: "Callable[[Item], date]", days: int) -> Field:
    """A stretch of days, its end not included."""
    return Field(
        name, "fibery/date-range", of_item(lambda i: {"start": str(first(i)), "end": str(first(i) + timedelta(days))})
    )


def choice(name: str, *options: str, many: bool = False, empty: float = 0.1) -> Field:
    """A select: one option, or several."""

    def value(entity: "Entity", field: Field) -> object:
        count = len(field.options)
        if many:
            return [
                entity.workspace.option(field.type, n)
                for n in range(1, count + 1)
                if entity.draw(field.name, n) % 3 == 0
            ]
        return _filled(
            entity, field, empty, lambda: entity.workspace.option(field.type, 1 + entity.draw(field.name) % count)
        )

    return Field(name, "", value, many, options=tuple(map(Option, options)))


def parent(name: str, target: str, back: str, span: int | None, empty: float = 0.08, unless: str = "") -> Field:
    """A relation to one entity of another database, picked among those of the last `span` sprints."""
    meta = {"missing": empty, "unless": unless}

    def value(entity: "Entity", field: Field) -> object:
        found = entity.workspace.linked(cast("Item", entity), field)
        return found if found is not None and found.exists else None

    return Field(name, target, value, meta={"sandbox/link": meta}, back=back, span=span)


def lookup(name: str, target: str, *path: str, many: bool = False) -> Field:
    """A read-only field that follows relations."""

    def value(entity: "Entity", _field: Field) -> object:
        found: object = entity
        for step in path:
            found = cast("Entity", found).get(step) if found is not None else ([] if many else None)
        return found

    return Field(name, target, value, many, meta={**_FORMULA, "formula/lookup?": True})


def _moment(entity: "Entity", name: str) -> datetime | None:
    return cast("datetime | None", getattr(cast("Item", entity).timeline, name))


def _filled(entity: "Entity", field: Field, empty: float, value: Callable[[], object]) -> object:
    return None if entity.fraction(field.name, "empty") < empty else value()
