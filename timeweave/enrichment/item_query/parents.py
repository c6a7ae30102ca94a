"""The parents above an item, asked for as paths of the same query: Sub-task → Task → Feature → Epic."""

from dataclasses import dataclass
from functools import cached_property

from timeweave.enrichment.item_query.sub_item_lists import SubItemList, find_sub_item_lists
from timeweave.fibery.database import USER, Database, read_label
from timeweave.fibery.query import Column, Row, build_state_columns
from timeweave.fibery.schema import Field, TypeKind
from timeweave.runtime.name_comparison import fold, fold_separators

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
_LEVELS = {fold_separators(name): level for level, rung in enumerate(LADDER) for name in rung}
_MOST_STEPS = 4


@dataclass(frozen=True)
class ParentPath:
    """One possible parent, and the possible parents of that one."""

    relation: str
    """The label of the field that leads there."""
    path: tuple[str, ...]
    """Fields from the item to this parent."""
    database: Database
    alias: str
    """What the aliases of its columns begin with."""
    above: tuple["ParentPath", ...]

    @cached_property
    def lists(self) -> list[SubItemList]:
        """What is counted of this parent, if it is a feature."""
        return find_sub_item_lists(self.database)

    @cached_property
    def columns(self) -> dict[str, Column]:
        """What is asked of this parent and of those above it."""
        own = {
            f"{self.alias}public_id": Column([*self.path, "fibery/public-id"]),
            **build_state_columns(self.database, self.path, self.alias),
        }
        if self.database.title:
            own[f"{self.alias}name"] = Column([*self.path, self.database.title.name])
        for path in self.above:
            own |= path.columns
        return own


def follow_parents(paths: tuple[ParentPath, ...], row: Row) -> list[ParentPath]:
    """The parents that a row has, nearest first: of the possible ones at each step, the first that is set."""
    for path in paths:
        if row.get(f"{path.alias}public_id") is not None:
            return [path, *follow_parents(path.above, row)]
    return []


def find_parent_paths(
    database: Database, first: tuple[str, ...] = (), path: tuple[str, ...] = (), alias: str = "up"
) -> tuple[ParentPath, ...]:
    """The relations that lead upwards: those labelled `first`, then by rung of the ladder, the nearest first."""
    if len(path) >= _MOST_STEPS:
        return ()
    found = [field for text in first if (field := database.find_field(text)) and _find_target(database, field)]
    found += [field for field in _find_upwards(database) if field not in found]
    paths = []
    for number, field in enumerate(found):
        target = _find_target(database, field)
        if target is not None:
            here, prefix = (*path, field.name), f"{alias}{number}_"
            above = find_parent_paths(target, (), here, prefix)
            paths.append(ParentPath(read_label(field.name), here, target, prefix, above))
    return tuple(paths)


def _find_upwards(database: Database) -> list[Field]:
    own = _find_level(database)
    rungs = []
    for field in database.shape.fields:
        target = _find_target(database, field)
        if target is None or field.formula:
            continue
        level = _find_level(target)
        if fold(read_label(field.name)).startswith("parent"):
            rungs.append((-1, False, False, field.name, field))
        elif own is not None and level is not None and level > own:
            # A sub-task is part of its task before it is part of a bug.
            in_name = fold_separators(target.label) in fold_separators(database.label)
            named_so = fold(read_label(field.name)) == fold(target.label)
            rungs.append((level, not in_name, not named_so, field.name, field))
    return [field for *_, field in sorted(rungs, key=lambda rung: rung[:4])]


def _find_target(database: Database, field: Field) -> Database | None:
    """The database at the other end of a relation to one item."""
    if field.many or field.any_of or field.type == USER:
        return None
    target = database.workspace.get_type(field.type)
    return target if target is not None and target.shape.kind is TypeKind.DATABASE else None


def _find_level(database: Database) -> int | None:
    return _LEVELS.get(fold_separators(database.label))
