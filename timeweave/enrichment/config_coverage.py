"""The configuration checked on its own, and what people log time on that it does not name."""

from collections import Counter
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import yaml

from timeweave.enrichment import config_file
from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.enrichment.database_resolution import Resolver
from timeweave.enrichment.schema_check import DatabaseEntries, describe_unknown_field, match_entries
from timeweave.fibery.connection import FiberySettings, connect, find_account
from timeweave.fibery.database import Database, Workspace
from timeweave.fibery.schema import fetch_schema, find_files, read_kept
from timeweave.models.entities import Entities
from timeweave.runtime import document
from timeweave.runtime.errors import ConfigurationError
from timeweave.web.client import TransientError

_SUGGESTED = ("Priority", "Severity", "Sprint", "Project", "Story Points", "Effort (pt)", "Estimate (D)", "Size")


@dataclass(frozen=True)
class ConfigCheck:
    """A configuration that fits its workspace, and what could be added to it."""

    path: Path
    entries: int
    has_default: bool
    unnamed: list[tuple[str, int]]
    """Databases that people log time on and no entry names, with how many items of each; most items first."""
    block: str
    """Lines to paste under `enrichment_activities:`; empty where nothing is missing."""
    fields: list[str]
    """The labels that it names, of whatever database."""
    databases: list[str]
    """All that the workspace has, as `Space/Database`."""

    @property
    def text(self) -> str:
        """The whole finding, for a terminal."""
        lines = [
            f"{self.path} fits the workspace: {self.entries} {'database' if self.entries == 1 else 'databases'} named"
        ]
        if self.unnamed:
            default = "`default` reads them" if self.has_default else "without a `default` they are not read"
            lines += ["", f"People log time on databases that it does not name ({default}):"]
            lines += [f"  {name}: {items} {'item' if items == 1 else 'items'}" for name, items in self.unnamed]
            lines += ["", f"To name them, paste under {config_file.ROOT}:", "", self.block.rstrip("\n")]
        return "\n".join(lines)


def check_config(config: Path, entities: Path, *, source: str, settings: FiberySettings, as_of: date) -> ConfigCheck:
    """Hold the configuration against the workspace's schema as it is now: one request, nothing written.

    Raises ConfigurationError with every fault and its line. Without the file `entities` nothing is said of time.
    """
    wanted = config_file.load(config)
    with connect(source, settings, as_of) as client:
        workspace = Workspace(fetch_schema(client, find_account(source, settings)))
    entries = match_entries(wanted, workspace)
    logged = document.read(entities, Entities) if entities.exists() else Entities(entities=[])
    unnamed = _count_unnamed(entries, logged)
    block = "".join(_write_entry(database) for database, _ in unnamed)
    named = [(database.name, items) for database, items in unnamed]
    fields = {label for entry in (*wanted.entries.values(), wanted.default) if entry for label in entry.fields}
    known = sorted(database.name for database in workspace.databases)
    return ConfigCheck(config, len(wanted.entries), wanted.default is not None, named, block, sorted(fields), known)


def check_fields(
    given: EnrichmentSettings, root: Path, source: str, settings: FiberySettings, as_of: date
) -> list[str]:
    """Hold the configuration against the schema before anything is fetched; warnings about fields that are not there.

    The schema that is kept from before will do where the configuration fits it; else, or without one, Fibery is asked
    once. Raises ConfigurationError with every fault and its line, of unknown fields too if `on_unknown_field` is fail.
    """
    wanted, account = config_file.load(Path(given.config), root), find_account(source, settings)
    files = find_files(account)
    kept = read_kept(files, account)
    if kept is not None:
        with suppress(ConfigurationError):
            if not match_entries(wanted, Workspace(kept)).unknown_fields:
                return []
    try:
        with connect(source, settings, as_of) as client:
            workspace = Workspace(fetch_schema(client, account, files))
    except TransientError as error:
        # Toggl's data is worth having meanwhile; the stage that needs Fibery stops if it is still away.
        return [f"{given.config} was not checked against Fibery: {error}"]
    refuse = given.on_unknown_field == "fail"
    unknown = match_entries(wanted, workspace, refuse_unknown_fields=refuse).unknown_fields
    return [f"{given.config}: {describe_unknown_field(one)}" for one in unknown]


def _count_unnamed(entries: DatabaseEntries, logged: Entities) -> list[tuple[Database, int]]:
    resolver = Resolver(entries)
    items = Counter(
        database
        for reference in logged.entities
        if (database := resolver.find_database(reference)) and database.name not in entries.named
    )
    return sorted(items.items(), key=lambda pair: (-pair[1], pair[0].name))


def _write_entry(database: Database) -> str:
    fields = [label for label in _SUGGESTED if database.find_field(label)]
    entry = {"activity": "default_enrich_entity", "max_concurrent": 5, "fields": fields}
    key, value = (
        yaml.safe_dump(part, default_flow_style=True, sort_keys=False, width=10_000, allow_unicode=True).strip()
        for part in ([database.name], entry)
    )
    return (
        f"  # {database.name} has {', '.join(database.labels)}\n  {key.removeprefix('[').removesuffix(']')}: {value}\n"
    )
