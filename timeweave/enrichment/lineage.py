"""The chain of parents above an item, asked for as paths of the same query: Sub-task → Task → Feature → Epic."""

from dataclasses import dataclass
from functools import cached_property

from timeweave.enrichment.progress import ItemList, lists_of
from timeweave.enrichment.state import state_columns
from timeweave.fibery import names
from timeweave.fibery.database import USER, Database, label
from timeweave.fibery.query import Column, Row
from timeweave.fibery.schema import Field

LADDER = (
    ("feedback",),
    ("sub-task", "sub-bug", "hotfix"),
    ("task", "bug", "chore", "issue", "work version"),
    ("request", "story", "user story"),
    ("design feature",),
    ("feature",),
    ("epic", "design epic", "initiative"),
)
"""Databases from the smallest part of work to the largest, by the last part of their name."""
_LEVELS = {names.loose_key(name): level for level, rung in enumerate(LADDER) for name in rung}
_MOST_STEPS = 4


@dataclass(frozen=True)
class Step:
    """One possible parent, and the possible parents of that one."""

    relation: str
    """The label of the field that leads there."""
    path: tuple[str, ...]
    """Fields from the item to this parent."""
    database: Database
    alias: str
    """What the aliases of its columns begin with."""
    above: tuple["Step", ...]

    @cached_property
    def lists(self) -> list[ItemList]:
        """What is counted of this parent, if it is a feature."""
        return lists_of(self.database)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What is asked of this parent and of those above it."""
        own = {
            f"{self.alias}public_id": Column([*self.path, "fibery/public-id"]),
            **state_columns(self.database, self.path, self.alias),
        }
        if self.database.title:
            own[f"{self.alias}name"] = Column([*self.path, self.database.title.name])
        for step in self.above:
            own |= step.columns
        return own


def chain(steps: tuple[Step, ...], row: Row) -> list[Step]:
    """The parents that a row has, nearest first: of the possible ones at each step, the first that is set."""
    for step in steps:
        if row.get(f"{step.alias}public_id") is not None:
            return [step, *chain(step.above, row)]
    return []


def steps_above(
    database: Database, first: tuple[str, ...] = (), path: tuple[str, ...] = (), alias: str = "up"
) -> tuple[Step, ...]:
    """The relations that lead upwards: those labelled `first`, then by rung of the ladder, the nearest first."""
    if len(path) >= _MOST_STEPS:
        return ()
    found = [field for text in first if (field := database.field(text)) and _leads_to(database, field)]
    found += [field for field in _upwards(database) if field not in found]
    steps = []
    for number, field in enumerate(found):
        target = _leads_to(database, field)
        if target is not None:
            here, prefix = (*path, field.name), f"{alias}{number}_"
            steps.append(Step(label(field.name), here, target, prefix, steps_above(target, (), here, prefix)))
    return tuple(steps)


def _upwards(database: Database) -> list[Field]:
    own = _level(database)
    rungs = []
    for field in database.shape.fields:
        target = _leads_to(database, field)
        if target is None or field.formula:
            continue
        level = _level(target)
        if names.key(label(field.name)).startswith("parent"):
            rungs.append((-1, False, False, field.name, field))
        elif own is not None and level is not None and level > own:
            # A sub-task is part of its task before it is part of a bug.
            in_name = names.loose_key(target.label) in names.loose_key(database.label)
            named_so = names.key(label(field.name)) == names.key(target.label)
            rungs.append((level, not in_name, not named_so, field.name, field))
    return [field for *_, field in sorted(rungs, key=lambda rung: rung[:4])]


def _leads_to(database: Database, field: Field) -> Database | None:
    """The database at the other end of a relation to one item."""
    if field.many or field.any_of or field.type == USER:
        return None
    target = database.workspace.type(field.type)
    return target if target is not None and target.shape.kind == "database" else None


def _level(database: Database) -> int | None:
    return _LEVELS.get(names.loose_key(database.label))
