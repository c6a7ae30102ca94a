"""The configuration held against the schema of Fibery: which entry each database goes by, before any item is asked for."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from functools import partial

from rapidfuzz import fuzz
from rapidfuzz.distance import OSA
from rapidfuzz.utils import default_process

from timeweave.enrichment import activities
from timeweave.enrichment.config_file import DEFAULT, ROOT, Configuration, Entry
from timeweave.enrichment.item_query.amounts import is_number
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.fibery.database import Database, Workspace, read_label
from timeweave.models.enriched import UnknownField
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.name_comparison import fold, suggest
from timeweave.runtime.params import KeyPath
from timeweave.runtime.yaml_nodes import raise_faults

Check = Callable[[str], str | None]
"""Says what is wrong with a label."""
_SHORTEST_MISSPELT = 4
_SAME_WORD = 80
"""Percent of rapidfuzz's ratio from which a word is another one misspelt."""
_MOST_WORDS = 0.6
"""The share of the words of two labels, in common, above which the one may be meant by the other."""


@dataclass(frozen=True)
class DatabaseEntries:
    """The entries by database."""

    workspace: Workspace
    named: dict[str, Entry]
    """By the database's name in the schema."""
    default: Entry | None
    unknown_fields: list[UnknownField] = field(default_factory=list)
    """What entries ask for that their databases do not have, in the order of the file; nothing is asked for it."""

    @property
    def labels(self) -> list[str]:
        """Every label that is asked for anywhere."""
        entries = [*self.named.values(), *([self.default] if self.default else [])]
        return sorted({label for entry in entries for label in entry.fields})

    def find_entry(self, database: str) -> Entry | None:
        """The entry for a database, or `default`, or None: nothing is configured for it."""
        return self.named.get(database, self.default)

    def find_limit(self, database: str) -> int:
        """Requests for a database that may be under way at once; one where only another database leads to it."""
        entry = self.find_entry(database)
        return entry.max_concurrent if entry else 1

    def choose_columns(self, database: Database, *, with_texts: bool = True) -> ItemColumns:
        """What to ask of the items of a database that has an entry, with their rich texts and comments or without."""
        entry = self.find_entry(database.name)
        if entry is None:
            raise ConfigurationError(f"{database.name} is not in the configuration, which has no default either")
        # A label counts for those databases that have it: of an entry's own, the others are in `unknown_fields`.
        labels = tuple(label for label in entry.fields if database.find_field(label))
        activity = activities.find(entry.activity)
        return ItemColumns(database, activity, labels, entry.amounts, with_texts=with_texts)


def match_entries(
    configuration: Configuration, workspace: Workspace, *, refuse_unknown_fields: bool = True
) -> DatabaseEntries:
    """Every entry with its database; all faults in one sentence each, with their lines and the nearest names."""
    faults: list[tuple[KeyPath, str]] = []
    unknown: list[tuple[KeyPath, UnknownField]] = []
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
            check = partial(_check_label, database)
            faults += [*_check_labels(name, entry, check), *_check_amounts(name, entry, [database], check)]
            unknown += _find_unknown(name, database.name, entry, [database])
    if configuration.default:
        name, entry, databases = configuration.default_name, configuration.default, list(workspace.databases)
        faults += [*_check_labels(name, entry, _pass), *_check_amounts(name, entry, databases, _pass)]
        unknown += _find_unknown(name, DEFAULT, entry, databases)
    if refuse_unknown_fields:
        faults += [(place, describe_unknown_field(one)) for place, one in unknown]
    raise_faults(configuration.path, configuration.nodes, faults)
    named = {database: configuration.entries[name] for database, name in assigned.items()}
    return DatabaseEntries(workspace, named, configuration.default, [one for _, one in unknown])


def describe_unknown_field(unknown: UnknownField) -> str:
    """A sentence for a person."""
    hint = f"; did you mean {unknown.suggestion}?" if unknown.suggestion else ""
    holder = "no database" if unknown.database == DEFAULT else unknown.database
    return f"{holder} has {'a' if unknown.database == DEFAULT else 'no'} field {unknown.field}{hint}"


def _find_unknown(
    name: str, called: str, entry: Entry, databases: list[Database]
) -> Iterator[tuple[KeyPath, UnknownField]]:
    """The labels of an entry that none of its databases has."""
    asked: list[tuple[KeyPath, str]] = [(("fields", at), label) for at, label in enumerate(entry.fields)]
    asked += [((key, "field"), one.field) for key, one in entry.amounts.items() if one.field not in entry.fields]
    for place, label in asked:
        if not any(database.find_fields(label) for database in databases):
            labels = {one for database in databases for one in database.labels}
            suggestion = suggest_label(label, labels)
            yield (ROOT, name, *place), UnknownField(database=called, field=label, suggestion=suggestion)


def suggest_label(label: str, labels: Iterable[str]) -> str | None:
    """The label that was probably meant: by words in common, each perhaps misspelt; None where that is no better than a guess.

    Letters alone would suggest Start Date for Due Date.
    """
    measured = ((measure_words(label, other), other) for other in labels)
    best = min(((-share, other) for share, other in measured if share), default=None)
    return best[1] if best else None


def measure_words(label: str, other: str) -> float:
    """How much of the words of both is in common, up to 1; 0 where it is too little to mean the one by the other."""
    words, others = default_process(label).split(), default_process(other).split()
    common = sum(max((_measure_word(word, one) for one in others), default=0) for word in words)
    share = 2 * common / 100 / (len(words) + len(others)) if words and others else 0
    return share if share > _MOST_WORDS else 0


def _measure_word(word: str, other: str) -> float:
    is_slip = min(len(word), len(other)) >= _SHORTEST_MISSPELT and OSA.distance(word, other) == 1
    return max(_SAME_WORD if is_slip else 0, fuzz.ratio(word, other, score_cutoff=_SAME_WORD))


def _check_labels(name: str, entry: Entry, check: Check) -> Iterator[tuple[KeyPath, str]]:
    """The faults of the labels that an entry gives; `check` says what is wrong with one."""
    for at, label in enumerate(entry.fields):
        is_double = fold(label) in map(fold, entry.fields[:at])
        fault = f"{name}: {label} is listed twice" if is_double else check(label)
        if fault:
            yield (ROOT, name, "fields", at), fault


def _check_amounts(name: str, entry: Entry, databases: list[Database], check: Check) -> Iterator[tuple[KeyPath, str]]:
    """The faults of `estimate` and `spent`, which name a field of numbers; a field that is not there is no fault yet."""
    for key, amount in entry.amounts.items():
        fault = check(amount.field)
        found = [field for database in databases for field in database.find_fields(amount.field)]
        if not fault and found and not any(map(is_number, found)):
            fields = (field for database in databases for field in database.shape.fields)
            numbers = {read_label(field.name) for field in fields if is_number(field)}
            fault = f"{name}: {amount.field} is not a field of numbers; {suggest(amount.field, numbers)}"
        if fault:
            yield (ROOT, name, key, "field"), fault


def _pass(label: str) -> None:
    """Under `default` a label is checked in no database of its own."""


def _check_label(database: Database, label: str) -> str | None:
    found = database.find_fields(label)
    if len(found) > 1:
        choices = " or ".join(sorted(field.name for field in found))
        return f"{database.name} has several fields {label}; write {choices}"
    if found and not database.is_readable(found[0]):
        return f"{label} of {database.name} cannot be read: it is a button, a view or a reference"
    return None
