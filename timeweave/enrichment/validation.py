"""The configuration held against the schema, before any item is asked for."""

from dataclasses import dataclass

from timeweave.enrichment import activities
from timeweave.enrichment.configuration import Configuration, Entry, Wanted
from timeweave.enrichment.plan import Plan
from timeweave.fibery import names
from timeweave.fibery.database import Database, Workspace
from timeweave.runtime.errors import ConfigurationError


@dataclass(frozen=True)
class Assignments:
    """Which entry each database goes by."""

    workspace: Workspace
    named: dict[str, Entry]
    """By the database's name in the schema."""
    default: Entry | None

    def entry(self, database: str) -> Entry | None:
        """The entry for a database, or `default`, or None: nothing is configured for it."""
        return self.named.get(database, self.default)

    def max_concurrent(self, database: str) -> int:
        """Requests for a database that may be under way at once; one where only another database leads to it."""
        entry = self.entry(database)
        return entry.max_concurrent if entry else 1

    def plan(self, database: Database) -> Plan:
        """What to ask of the items of a database that has an entry."""
        entry = self.entry(database.name)
        if entry is None:
            raise ConfigurationError(f"{database.name} is not in the configuration, which has no default either")
        # A label under `default` counts for those databases that have it.
        labels = tuple(wanted.label for wanted in entry.fields if database.field(wanted.label))
        return Plan(database, activities.find(entry.activity), labels)


def assign(configuration: Configuration, workspace: Workspace) -> Assignments:
    """Every entry with its database; all faults in one sentence each, with their lines and the nearest names."""
    faults: list[tuple[int, str]] = []
    named: dict[str, Entry] = {}
    for entry in configuration.entries:
        space, _, label = entry.key.partition("/")
        database = workspace.find(space, label)
        if database is None:
            known = [one.name for one in workspace.databases]
            faults.append((entry.line, f"Fibery has no database {entry.key}; {names.hint(entry.key, known)}"))
        elif database.name in named:
            line = named[database.name].line
            faults.append((entry.line, f"{entry.key} and the entry on line {line} are both {database.name}"))
        else:
            named[database.name] = entry
            faults += [fault for wanted in entry.fields if (fault := _fault(database, wanted))]
    if configuration.default:
        faults += [fault for wanted in configuration.default.fields if (fault := _nowhere(workspace, wanted))]
    if faults:
        raise ConfigurationError("; ".join(f"{configuration.path}, line {line}: {said}" for line, said in faults))
    return Assignments(workspace, named, configuration.default)


def _fault(database: Database, wanted: Wanted) -> tuple[int, str] | None:
    found = database.fields(wanted.label)
    if len(found) > 1:
        choices = " or ".join(sorted(field.name for field in found))
        return wanted.line, f"{database.name} has several fields {wanted.label}; write {choices}"
    if not found:
        return wanted.line, f"{database.name} has no field {wanted.label}; {names.hint(wanted.label, database.labels)}"
    if not database.readable(found[0]):
        return (
            wanted.line,
            f"{wanted.label} of {database.name} is nothing that can be read (a button, a view, a reference)",
        )
    return None


def _nowhere(workspace: Workspace, wanted: Wanted) -> tuple[int, str] | None:
    if any(database.field(wanted.label) for database in workspace.databases):
        return None
    labels = {label for database in workspace.databases for label in database.labels}
    return wanted.line, f"no database has a field {wanted.label}; {names.hint(wanted.label, labels)}"
