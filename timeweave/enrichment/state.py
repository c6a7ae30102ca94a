"""Where a database keeps the state of its items: in a workflow, or in a plain select that it calls State."""

from timeweave.fibery.database import Database
from timeweave.fibery.query import Column
from timeweave.fibery.schema import Field


def state_field(database: Database) -> Field | None:
    """The workflow state, or the plain select that a database calls its State."""
    found = database.named("workflow/state") or database.field("State")
    target = database.workspace.type(found.type) if found else None
    return found if found and not found.many and target is not None and target.shape.kind == "select" else None


def state_columns(database: Database, path: tuple[str, ...], prefix: str) -> dict[str, Column]:
    """Name, type and finality of the state of whatever `path` leads to, as far as the schema has them."""
    field = state_field(database)
    target = database.workspace.type(field.type) if field else None
    if field is None or target is None or target.title is None:
        return {}
    parts = {"name": target.title.name, "type": "workflow/Type", "final": "workflow/Final"}
    return {
        f"{prefix}state_{part}": Column([*path, field.name, name]) for part, name in parts.items() if target.named(name)
    }
