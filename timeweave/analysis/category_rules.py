"""`categories.yaml`: ordered rules that say what kind of work it was; the first that matches wins."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import date
from functools import lru_cache
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field, model_validator

from timeweave.analysis.category import (
    UNCATEGORIZED,
    Category,
    Item,
    LoggedWork,
    check_pattern,
    compile_pattern,
    find_unknown,
    fold,
    fold_place,
    fold_value,
    name_database,
)
from timeweave.runtime import yaml_nodes
from timeweave.runtime.params import KeyPath, Label, Section, fill_in_list

_REMEMBERED = 1 << 16

Check = Callable[[LoggedWork], bool]


def _check_value(value: Any) -> str:
    if not isinstance(value, str | int | float | date):
        raise ValueError("give one value; others are alternatives, each in a mapping of its own below `any`")
    return fold_value(value)


def _check_key(key: str) -> str:
    # Keys are names in metrics.json, where a dot would be a level.
    if not key.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"{key!r} is not a key; write letters, digits, - and _ here, and what people read as `name`")
    if fold(key) == UNCATEGORIZED.key:
        raise ValueError(f"{key} is what no rule matches; choose another key")
    return key


def _check_target(target: Any) -> Any:
    if not (isinstance(target, list) and len(target) == 2 and all(type(share) in (int, float) for share in target)):
        raise ValueError("write the lowest and the highest share, as [0.5, 0.7]")
    if not 0 <= target[0] <= target[1] <= 1:
        raise ValueError(f"{target} is not a lowest and a highest share between 0 and 1; half of the time is 0.5")
    return tuple(target)


def _check_alternatives(value: Any) -> Any:
    if value in (None, []):
        raise ValueError("there is no alternative; list at least one, as [{tag: meeting}]")
    return value


class Conditions(Section):
    """What must hold, all of it together. Names are compared without regard to case and blanks."""

    database: Label | None = None
    """`Space/Database`, or a database of whatever space."""
    field: dict[str, Annotated[str, BeforeValidator(_check_value)]] | None = None
    """Values by label, of the item or of what lies above it."""
    ancestor: Label | None = None
    """A database that something above the item is of."""
    project: Label | None = None
    client: Label | None = None
    tag: Label | None = None
    text: Annotated[Label, AfterValidator(check_pattern)] | None = None
    """A pattern that is found anywhere in the description, in any case."""
    item: Literal["none"] | None = None

    @model_validator(mode="after")
    def _check_presence(self) -> "Conditions":
        names = [name for name in CONDITIONS if name in type(self).model_fields]
        if not any(getattr(self, name) for name in names):
            raise ValueError(f"nothing is asked for; give at least one of {', '.join(names)}")
        return self

    def build_check(self) -> Check:
        """Whether all of it holds; what is quickest to see is looked at first."""
        checks = list(self._list_checks())
        return checks[0] if len(checks) == 1 else lambda work: all(check(work) for check in checks)

    def _list_checks(self) -> Iterator[Check]:
        if self.item:
            yield lambda work: work.item is None
        if self.project:
            yield _compare(lambda work: (work.project,), self.project)
        if self.client:
            yield _compare(lambda work: (work.client,), self.client)
        if self.tag:
            yield _compare(lambda work: work.tags, self.tag)
        if self.database:
            yield _compare_item(lambda item: item.places, {fold_place(self.database)})
        if self.ancestor:
            yield _compare_item(lambda item: item.places_above, {fold_place(self.ancestor)})
        if self.field:
            yield _compare_item(lambda item: item.values, {(fold(label), value) for label, value in self.field.items()})
        if self.text:
            pattern = compile_pattern(self.text)
            yield lambda work: pattern.search(work.text) is not None


def _compare(read: Callable[[LoggedWork], Sequence[str | None]], name: str) -> Check:
    form = fold(name)
    return lambda work: any(fold(one) == form for one in read(work) if one)


def _compare_item(read: Callable[[Item], frozenset[Any]], wanted: set[Any]) -> Check:
    return lambda work: work.item is not None and wanted <= read(work.item)


class Rule(Conditions):
    """A category and what belongs to it."""

    key: Annotated[Label, AfterValidator(_check_key)]
    name: Label | None = None
    absence: Annotated[bool, Field(strict=True)] = False
    item_needed: Annotated[bool, Field(strict=True)] = True
    target: Annotated[tuple[float, float], BeforeValidator(_check_target)] | None = None
    any: Annotated[tuple[Conditions, ...], BeforeValidator(_check_alternatives)] = ()
    """Alternatives, of which one must hold besides the other conditions."""

    @property
    def category(self) -> Category:
        """What the report shows of it."""
        return Category(self.key, self.name or self.key, self.absence, self.item_needed, self.target)

    def _list_checks(self) -> Iterator[Check]:
        yield from super()._list_checks()
        if self.any:
            alternatives = [one.build_check() for one in self.any]
            yield lambda work: any(check(work) for check in alternatives)


CONDITIONS = (*Conditions.model_fields, "any")


class _File(Section):
    categories: Annotated[tuple[Rule, ...], BeforeValidator(fill_in_list)] = ()


class Categories:
    """The rules of the file in their order."""

    def __init__(self, rules: Sequence[Rule]) -> None:
        self.rules = rules
        self.listed = [rule.category for rule in rules] + [UNCATEGORIZED] * bool(rules)
        """All that there can be, in the order of the file; empty where databases are the categories."""
        every = [one for rule in rules for one in (rule, *rule.any)]
        self._labels = sorted({label for one in every for label in one.field or ()})
        self._checks = [(rule.category, rule.build_check()) for rule in rules]
        self.categorize: Callable[[LoggedWork], Category] = lru_cache(maxsize=_REMEMBERED)(self._categorize)
        """The category of what time was logged on."""

    def find_unread(self, fields: Iterable[str]) -> list[str]:
        """The fields that rules look at and that are not among these labels: such a rule never matches."""
        known = {fold(label) for label in fields}
        return [label for label in self._labels if fold(label) not in known]

    def _categorize(self, work: LoggedWork) -> Category:
        if not self.rules:
            return name_database(work)
        return next((category for category, matches in self._checks if matches(work)), UNCATEGORIZED)


def load(path: Path, databases: Sequence[str] | None = None) -> Categories:
    """The rules of the file, an empty one has none; ConfigurationError with every fault and its line.

    With the workspace's `databases`, as `Space/Database`, a rule about another one is a fault too: it would never match.
    """
    nodes = yaml_nodes.read(
        path,
        "create it (empty: the databases of Fibery are the categories), or correct analysis.categories in params.yaml",
    )
    rules = yaml_nodes.validate(path, nodes, _File).categories
    unknown = [] if databases is None else find_unknown(_list_databases(rules), databases)
    yaml_nodes.raise_faults(path, nodes, [*_find_doubles(rules), *unknown])
    return Categories(rules)


def _list_databases(rules: Sequence[Rule]) -> Iterator[tuple[KeyPath, str]]:
    """The databases that rules ask for, with their places in the file."""
    for at, rule in enumerate(rules):
        for place, one in [((), rule), *((("any", number), one) for number, one in enumerate(rule.any))]:
            asked = (("database", one.database), ("ancestor", one.ancestor))
            yield from ((("categories", at, *place, key), name) for key, name in asked if name)


def _find_doubles(rules: Sequence[Rule]) -> Iterator[tuple[KeyPath, str]]:
    keys = [fold(rule.key) for rule in rules]
    for at, key in enumerate(keys):
        if key in keys[:at]:
            said = f"the key {rules[at].key} is given twice; alternatives of one category go below `any`"
            yield ("categories", at), said
