"""The configuration held against the schema of Fibery: which entry each database goes by, before any item is asked for."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import partial

from timeweave.enrichment import activities
from timeweave.enrichment.config_file import ROOT, Configuration, Entry
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.fibery.database import Database, Workspace
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.params import Place
from timeweave.runtime.spelling import fold, suggest
from timeweave.runtime.yaml_nodes import raise_faults


@dataclass(frozen=True)
class DatabaseEntries:
    """The entries by database."""

    workspace: Workspace
    named: dict[str, Entry]
    """By the database's name in the schema."""
    default: Entry | None

    def find_entry(self, database: str) -> Entry | None:
        """The entry for a database, or `default`, or None: nothing is configured for it."""
        return self.named.get(database, self.default)

    def find_limit(self, database: str) -> int:
        """Requests for a database that may be under way at once; one where only another database leads to it."""
        entry = self.find_entry(database)
        return entry.max_concurrent if entry else 1

    def choose_columns(self, database: Database) -> ItemColumns:
        """What to ask of the items of a database that has an entry."""
        entry = self.find_entry(database.name)
        if entry is None:
            raise ConfigurationError(f"{database.name} is not in the configuration, which has no default either")
        # A label under `default` counts for those databases that have it.
        labels = tuple(label for label in entry.fields if database.find_field(label))
        return ItemColumns(database, activities.find(entry.activity), labels)


def match_entries(configuration: Configuration, workspace: Workspace) -> DatabaseEntries:
    """Every entry with its database; all faults in one sentence each, with their lines and the nearest names."""
    faults: list[tuple[Place, str]] = []
    assigned: dict[str, str] = {}
    for name, entry in configuration.entries.items():
        place = (ROOT, name)
        space, _, label = name.partition("/")
        database = workspace.find_database(space, label)
        if database is None:
            known = [one.name for one in workspace.databases]
            faults.append((place, f"Fibery has no database {name}; {suggest(name, known)}"))
        elif database.name in assigned:
            line = configuration.nodes.find_line((ROOT, assigned[database.name]))
            faults.append((place, f"{name} and the entry on line {line} are both {database.name}"))
        else:
            assigned[database.name] = name
            faults += _check_labels(name, entry, partial(_check_label, database))
    if configuration.default:
        databases = list(workspace.databases)
        faults += _check_labels(configuration.default_name, configuration.default, partial(_check_anywhere, databases))
    raise_faults(configuration.path, configuration.nodes, faults)
    named = {database: configuration.entries[name] for database, name in assigned.items()}
    return DatabaseEntries(workspace, named, configuration.default)


def _check_labels(name: str, entry: Entry, check: Callable[[str], str | None]) -> Iterator[tuple[Place, str]]:
    """The faults of the labels that an entry gives; `check` says what is wrong with one."""
    for at, label in enumerate(entry.fields):
        is_double = fold(label) in map(fold, entry.fields[:at])
        fault = f"{name}: {label} is listed twice" if is_double else check(label)
        if fault:
            yield (ROOT, name, "fields", at), fault


def _check_label(database: Database, label: str) -> str | None:
    found = database.find_fields(label)
    if len(found) > 1:
        choices = " or ".join(sorted(field.name for field in found))
        return f"{database.name} has several fields {label}; write {choices}"
    if not found:
        return f"{database.name} has no field {label}; {suggest(label, database.labels)}"
    if not database.is_readable(found[0]):
        return f"{label} of {database.name} cannot be read: it is a button, a view or a reference"
    return None


def _check_anywhere(databases: list[Database], label: str) -> str | None:
    if any(database.find_field(label) for database in databases):
        return None
    labels = {label for database in databases for label in database.labels}
    return f"no database has a field {label}; {suggest(label, labels)}"
