"""A kind of work, and what of logged time says which kind it is."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property, lru_cache
from typing import Any
from unicodedata import normalize

import re2

from timeweave.runtime import name_comparison
from timeweave.runtime.params import KeyPath

DATABASE = "database:"
"""What the keys of databases begin with: they are the categories where config/categories.yaml has none."""

fold = lru_cache(maxsize=4096)(name_comparison.fold)
"""As there; few names come again and again."""


@dataclass(frozen=True)
class Category:
    """A kind of work."""

    key: str
    name: str
    absence: bool = False
    """Its time is absence, not work."""
    item_needed: bool = True
    """Time in it that is on no work item is worth a finding."""
    target: tuple[float, float] | None = None
    """The lowest and the highest share of time that is wanted."""


UNCATEGORIZED = Category("uncategorized", "Uncategorized")
NO_ITEM = Category("no_item", "No work item")


@dataclass(frozen=True, eq=False)
class Item:
    """What rules look at in a work item, or in what lies above it. Build each once: what is worked out of it is kept."""

    space: str | None
    database: str | None
    """Both as the schema spells them, else as the reference does."""
    fields: Mapping[str, Any] = field(default_factory=dict)
    """As in enriched.json, by label."""
    ancestors: tuple["Item", ...] = ()

    @cached_property
    def places(self) -> frozenset[str]:
        """The names that a rule may give to its database: with the space, and without."""
        database = fold(self.database or "")
        return frozenset({database, f"{fold(self.space or '')}/{database}"} if database else ())

    @cached_property
    def places_above(self) -> frozenset[str]:
        """The same of all ancestors."""
        return frozenset[str]().union(*(one.places for one in self.ancestors))

    @cached_property
    def values(self) -> frozenset[tuple[str, str]]:
        """Label and value of each field, those of the ancestors too; a field that holds several values has each of them."""
        lists = ((fold(label), value if isinstance(value, list) else [value]) for label, value in self.fields.items())
        pairs = ((label, one) for label, values in lists for one in values if isinstance(one, str | int | float))
        return frozenset((label, fold_value(one)) for label, one in pairs).union(
            *(one.values for one in self.ancestors)
        )


@dataclass(frozen=True, slots=True)
class LoggedWork:
    """Something that time was logged on, as far as rules look at it."""

    item: Item | None
    """None: an activity that names no work item."""
    project: str | None = None
    client: str | None = None
    tags: tuple[str, ...] = ()
    text: str = ""
    """The description, its reference to an item included or not."""


def fold_place(name: str) -> str:
    """`Space/Database`, or a database, in the form in which spellings are compared."""
    return "/".join(fold(part) for part in name.split("/", 1))


def fold_value(value: Any) -> str:
    """A field's value in the form in which it is compared: 5 and 5.0 are one, and so are yes and true."""
    if isinstance(value, bool):
        return str(value).lower()
    return str(int(value)) if isinstance(value, float) and value.is_integer() else fold(str(value))


def compile_pattern(pattern: str) -> Any:
    """The pattern for RE2, which takes time linear in the text, whatever the pattern."""
    options = re2.Options()
    options.case_sensitive, options.never_capture, options.log_errors = False, True, False
    try:
        return re2.compile(normalize("NFC", pattern), options)
    except re2.error as error:
        raise ValueError(
            f"{pattern!r} is not a pattern of RE2: {error.args[0].decode()}; put \\ before a character that is meant literally"
        ) from None


def check_pattern(pattern: str) -> str:
    """The same pattern; ValueError says what is wrong with it."""
    compile_pattern(pattern)
    return pattern


def find_unknown(asked: Iterable[tuple[KeyPath, str]], known: Sequence[str]) -> Iterator[tuple[KeyPath, str]]:
    """A sentence for each database asked for, by its place, that is not among the known ones, `Space/Database` each."""
    parts = (name.partition("/") for name in known)
    places = frozenset[str]().union(*(Item(space, database).places for space, _, database in parts))
    for place, name in asked:
        if fold_place(name) not in places:
            yield place, f"Fibery has no database {name}; {name_comparison.suggest(name, known)}"


def name_database(work: LoggedWork) -> Category:
    """The category of work where the databases are the categories."""
    if work.item is None:
        return NO_ITEM
    name = "/".join(filter(None, (work.item.space, work.item.database)))
    return Category(DATABASE + name, name) if work.item.database else UNCATEGORIZED
