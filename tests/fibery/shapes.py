"""Schemas as Fibery sends them, for tests that need no server."""

import itertools

from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.database import Workspace
from timeweave.fibery.schema import parse_schema

ACME = FiberyAccount("live", "acme", "https://acme.fibery.io")
SYSTEM = {
    "fibery/id": "fibery/uuid",
    "fibery/public-id": "fibery/text",
    "fibery/creation-date": "fibery/date-time",
    "fibery/modification-date": "fibery/date-time",
}
_ids = itertools.count(1)


def field(name, type_, deleted=False, **meta):
    """A field; `many`, `title`, `formula`, `any_of` for the flags that count."""
    flags = {
        "many": "fibery/collection?",
        "title": "ui/title?",
        "formula": "formula/formula?",
        "lookup": "formula/lookup?",
        "any_of": "fibery/multi-relation",
    }
    return {
        "fibery/name": name,
        "fibery/type": type_,
        "fibery/id": f"f{next(_ids)}",
        "fibery/deleted?": deleted,
        "fibery/meta": {flags[key]: value for key, value in meta.items()},
    }


def type_(name, *fields, **meta):
    """A type with its fields."""
    return {
        "fibery/name": name,
        "fibery/id": f"t{next(_ids)}",
        "fibery/deleted?": meta.pop("deleted", False),
        "fibery/meta": {f"fibery/{key}?": value for key, value in meta.items()},
        "fibery/fields": list(fields),
    }


def database(name, *fields, title="Name"):
    """A database with the system fields and a title."""
    system = [field(one, kind) for one, kind in SYSTEM.items()]
    return type_(
        name, *system, field(f"{name.partition('/')[0]}/{title}", "fibery/text", title=True), *fields, domain=True
    )


def select(name, *more):
    """The options of a select."""
    return type_(
        name, field("fibery/id", "fibery/uuid"), field("enum/name", "fibery/text", title=True), *more, enum=True
    )


def state(name):
    """The options of a workflow."""
    return select(name, field("workflow/Final", "fibery/bool"), field("workflow/Type", "fibery/text"))


PARTS = (
    type_("fibery/text", primitive=True),
    type_("fibery/user", field("user/name", "fibery/text", title=True), field("user/email", "fibery/email"), domain=True, platform=True),
    type_("fibery/file", field("fibery/name", "fibery/text", title=True), platform=True),
    type_("comments/comment", field("fibery/id", "fibery/uuid"), platform=True),
)  # fmt: skip


def raw(*types):
    """The whole answer of the schema's address."""
    return {"fibery/id": "s", "fibery/version": 7, "fibery/meta": {}, "fibery/types": [*PARTS, *types]}


def workspace(*types):
    """The same, ready to be asked for databases."""
    return Workspace(parse_schema(raw(*types), ACME, 'W/"1"'))
