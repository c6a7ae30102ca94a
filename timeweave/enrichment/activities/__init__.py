"""Activities, one small module each, found by name: `enrich_x` is the function in `enrich_x.py`.

An activity is one function for one kind of item, with what it asks to be read for it.
"""

import importlib
import pkgutil
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, TypedDict

from timeweave.models.enriched import Assignee, Comment, Completion, EnrichedEntity, Parent
from timeweave.models.states import State
from timeweave.runtime.errors import ConfigurationError, TimeweaveError
from timeweave.runtime.name_comparison import fold, suggest


class Parts(TypedDict, total=False):
    """The parts of a record that an activity may set; what it leaves out stays as every item has it."""

    state: State | None
    started: str | None
    completed: str | None
    planned_start: str | None
    planned_end: str | None
    assignees: list[Assignee]
    description: str | None
    comments: list[Comment]
    parents: list[Parent]
    progress: Completion | None
    fields: dict[str, Any]


@dataclass(frozen=True)
class SubItem:
    """An item that belongs to another: a task of a feature."""

    database: str
    name: str | None
    final: bool
    """It is done."""
    hours: float | None
    """Time that Fibery has on record for it; null where its database keeps none."""
    cancelled: bool = False
    """It was given up; then it is not final."""


@dataclass(frozen=True)
class Item:
    """One found item, as an activity sees it."""

    record: EnrichedEntity
    """What every item has, already filled in."""
    items: list[SubItem]
    """What the collections named by `reads(items=...)` hold."""
    values: Mapping[str, Any]

    def get(self, label: str) -> Any:
        """The value of a field named by `reads`; null where it is empty or the database has no such field."""
        if fold(label) not in self.values:
            raise TimeweaveError(f"the activity asks for {label!r}, which its @reads(...) does not name; add it there")
        return self.values[fold(label)]


Function = Callable[[Item], Parts]
Path = str | tuple[str, str]
"""A collection's label, or a relation's label and a collection's label on the other side."""


@dataclass(frozen=True)
class Activity:
    """A function with what must be read for it. Labels that a database does not have are left out."""

    function: Function
    fields: tuple[str, ...] = ()
    items: tuple[Path, ...] = ()
    parents: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        """As the configuration names it."""
        return str(getattr(self.function, "__name__", "activity"))

    def __call__(self, item: Item) -> Parts:
        """The parts that the function sets, checked for parts that a record does not have."""
        parts = self.function(item)
        unknown = set(parts) - set(Parts.__annotations__)
        if unknown:
            raise TimeweaveError(
                f"{self.name} sets {', '.join(sorted(unknown))}, which a record does not have; "
                f"it has {', '.join(sorted(Parts.__annotations__))}"
            )
        return parts


def reads(*fields: str, items: tuple[Path, ...] = (), parents: tuple[str, ...] = ()) -> Callable[[Function], Activity]:
    """Say what a function reads.

    `fields`: labels whose values `item.get` gives. `items`: collections whose items are counted as its completion.
    `parents`: labels of relations that lead upwards, tried in this order before the ones that every item has.
    """
    return lambda function: Activity(function, fields, items, parents)


def list_names() -> list[str]:
    """The names that a configuration may use, sorted."""
    return sorted(module.name for module in pkgutil.iter_modules(__path__))


def find(name: str) -> Activity:
    """The activity of that name; a ConfigurationError where there is none."""
    if name not in list_names():
        raise ConfigurationError(f"there is no activity {name!r}; {suggest(name, list_names())}")
    function = getattr(importlib.import_module(f"{__name__}.{name}"), name, None)
    if isinstance(function, Activity):
        return function
    if callable(function):
        return Activity(function)
    raise ConfigurationError(f"{name}.py has no function {name}; an activity has the name of its module")
