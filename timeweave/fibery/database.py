"""Databases and fields by the names people see, whatever the API calls them."""

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from timeweave.fibery.schema import Field, SchemaDocument, Type, TypeKind
from timeweave.runtime.name_comparison import fold, fold_separators

DOCUMENT = "Collaboration~Documents/Document"
COMMENT = "comments/comment"
USER = "fibery/user"
_UNREADABLE = ("fibery/Button", "fibery/view", "fibery/entity-ref", "Collaboration~Documents/Reference")


class Database:
    """A type with fields, and the way to them by label."""

    def __init__(self, shape: Type, workspace: "Workspace") -> None:
        self.shape = shape
        self.name = shape.name
        """`Space/Database`, as the schema spells it."""
        self.space, _, self.label = shape.name.partition("/")
        self.workspace = workspace

    @cached_property
    def title(self) -> Field | None:
        """The field that names an entity."""
        return next((field for field in self.shape.fields if field.title), None)

    @cached_property
    def labels(self) -> list[str]:
        """The labels of all fields that can be read."""
        return sorted({read_label(field.name) for field in self.shape.fields if self.is_readable(field)})

    def get_field(self, name: str) -> Field | None:
        """The field that the API calls `name`."""
        return next((field for field in self.shape.fields if field.name == name), None)

    def find_fields(self, text: str) -> list[Field]:
        """The fields that a label may mean: one, none, or several where only the full name tells them apart."""
        found = self._by_name.get(fold(text)) or self._by_label.get(fold(text), [])
        if not found and fold(text) == "name" and self.title:
            found = [self.title]
        for narrower in (
            [field for field in found if read_label(field.name) == text],
            [field for field in found if field.name.startswith(f"{self.space}/")],
        ):
            if len(found) > 1 and narrower:
                found = narrower
        return found

    def find_field(self, text: str) -> Field | None:
        """The readable field that a label means, if it means exactly one."""
        found = self.find_fields(text)
        return found[0] if len(found) == 1 and self.is_readable(found[0]) else None

    def is_readable(self, field: Field) -> bool:
        """Whether a query may select the field at all."""
        if field.any_of or field.type.startswith(_UNREADABLE):
            return False
        if field.type in (DOCUMENT, COMMENT) or self.workspace.is_primitive(field.type):
            return True
        target = self.workspace.get_type(field.type)
        return target is not None and target.title is not None

    @cached_property
    def _by_name(self) -> dict[str, list[Field]]:
        return {fold(field.name): [field] for field in self.shape.fields}

    @cached_property
    def _by_label(self) -> dict[str, list[Field]]:
        found = defaultdict(list)
        for field in self.shape.fields:
            found[fold(read_label(field.name))].append(field)
        return found


class Workspace:
    """All types of a schema, found without regard to case."""

    def __init__(self, schema: SchemaDocument) -> None:
        self._types = {shape.name: Database(shape, self) for shape in schema.types}
        self._by_name: dict[tuple[str, str], Database] = {}
        self._by_link: dict[tuple[str, str], list[Database]] = defaultdict(list)
        self._by_label: dict[str, list[Database]] = defaultdict(list)
        for database in self.databases:
            self._by_name.setdefault((fold(database.space), fold(database.label)), database)
            self._by_link[fold_separators(database.space), fold_separators(database.label)].append(database)
            self._by_label[fold(database.label)].append(database)

    @property
    def databases(self) -> Iterator[Database]:
        """The databases that people work in, by name."""
        return (database for database in self._types.values() if database.shape.kind is TypeKind.DATABASE)

    @cached_property
    def spaces(self) -> dict[str, str]:
        """Spaces by the key of their name."""
        return {fold(database.space): database.space for database in self.databases}

    def get_type(self, name: str) -> Database | None:
        """The type that the API calls `name`, databases and others."""
        return self._types.get(name)

    def is_primitive(self, name: str) -> bool:
        """Whether values of the type are selected bare."""
        known = self._types.get(name)
        return known.shape.kind is TypeKind.PRIMITIVE if known else name.startswith("fibery/")

    def find_database(self, space: str, label: str) -> Database | None:
        """The database of these names, in any case; as a link writes them, if that means only one."""
        exact = self._types.get(f"{space}/{label}")
        if exact is not None and exact.shape.kind is TypeKind.DATABASE:
            return exact
        found = self._by_name.get((fold(space), fold(label)))
        loose = self._by_link.get((fold_separators(space), fold_separators(label)), [])
        return found or (loose[0] if len(loose) == 1 else None)

    def find_in_any_order(self, one: str, other: str) -> Database | None:
        """The same, whichever of the two is the space: tags are written in the wrong order often enough, and the schema can tell."""
        return self.find_database(one, other) or self.find_database(other, one)

    def find_by_label(self, label: str) -> list[Database]:
        """The databases of that name in any space."""
        return self._by_label.get(fold(label), [])


def read_label(name: str) -> str:
    """What people see of a field's name: `Scrum/Story Points` is Story Points, `workflow/state` is State."""
    space, _, rest = name.partition("/")
    text = (rest or space).strip()
    if space in ("fibery", "workflow", "assignments", "comments", "avatar"):
        return " ".join(word.capitalize() for word in text.rstrip("?").split("-"))
    return text
