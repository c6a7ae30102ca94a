"""Every reference with what became of it: resolved, read in batches, turned into records."""

from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from timeweave.enrichment.ancestors import Readings, build_ancestors, read_ancestors
from timeweave.enrichment.item_query import rich_text
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader, describe_refused, read_items
from timeweave.enrichment.item_query.parents import follow_parents
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.item_query.rich_text import RichTexts
from timeweave.enrichment.item_query.sub_item_lists import ListHolders, SubItemList, build_list_columns
from timeweave.enrichment.record_builder import RecordBuilder, build_missing
from timeweave.enrichment.resolution import Resolution, Resolver, choose_candidates
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.fibery.answers import LONGEST_DOCUMENT
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.query import IDENTITY, Column, Row
from timeweave.models.enriched import Enriched, EnrichedEntity, EntityStatus
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime.errors import IncompleteData
from timeweave.web.limits import ConcurrencyLimit

_SHOWN_FAILURES = 20


@dataclass
class Outcome:
    """The document, and what a person should hear besides."""

    document: Enriched
    remarks: list[str] = field(default_factory=list)


class Enrichment:
    """One run over the references of a period."""

    def __init__(
        self, client: FiberyClient, entries: DatabaseEntries, account: FiberyAccount, as_of: date, batch_size: int
    ) -> None:
        self._entries, self._account, self._as_of = entries, account, as_of
        names = [database.name for database in entries.workspace.databases]
        self.limit = ConcurrencyLimit({name: entries.find_limit(name) for name in names})
        self._sender = QuerySender(client, self.limit, batch_size)
        self._columns: dict[str, ItemColumns] = {}

    def run(self, references: Entities) -> Outcome:
        """A record for every reference, in its order."""
        resolver = Resolver(self._entries)
        meant = {reference: resolver.resolve(reference) for reference in references.entities}
        found = choose_candidates(self._sender, meant)
        readers = self._read(found)
        items = [(self._columns[name], reader) for name, reader in readers.items()]
        above = read_ancestors(self._sender, self._entries, items)
        holders, further = _read_list_holders(self._sender, [*items, *above])
        texts = rich_text.fetch(self._sender.client, self.limit, self._list_secrets(readers))
        builder = RecordBuilder(self._account, self._as_of, texts, holders)
        records = [self._build(one, found[one], readers, texts, builder) for one in references.entities]
        document = Enriched(
            as_of=str(self._as_of),
            account=self._account.name,
            entities=records,
            ancestors=build_ancestors(builder, above),
        )
        read = [*readers.values(), *(reader for _, reader in above), *further]
        remarks = list(dict.fromkeys(said for reader in read for said in describe_refused(reader)))
        remarks += [f"{name}: texts longer than {LONGEST_DOCUMENT:,} characters are cut" for name in sorted(texts.cut)]
        return Outcome(document, remarks)

    def _read(self, found: dict[EntityKey, Resolution]) -> dict[str, ItemReader]:
        wanted: dict[str, set[str]] = defaultdict(set)
        for reference, meant in found.items():
            if meant.database is not None:
                wanted[meant.database.name].add(reference.public_id)
                if meant.database.name not in self._columns:
                    self._columns[meant.database.name] = self._entries.choose_columns(meant.database)
        readers = {name: ItemReader(name, self._columns[name].by_alias, wanted[name]) for name in sorted(wanted)}
        read_items(self._sender, list(readers.values()))
        return readers

    def _list_secrets(self, readers: dict[str, ItemReader]) -> list[tuple[str, str]]:
        return [
            (name, secret)
            for name, reader in readers.items()
            for _, row in sorted(reader.rows.items())
            for secret in _list_secrets(self._columns[name], row)
        ]

    def _build(
        self, reference: EntityKey, meant: Resolution, readers: dict[str, ItemReader], texts: RichTexts,
        builder: RecordBuilder,
    ) -> EnrichedEntity:  # fmt: skip
        if meant.database is None:
            return build_missing(reference, meant.status, meant.reason)
        name, public_id = meant.database.name, reference.public_id
        reader, columns = readers[name], self._columns[name]
        if public_id in reader.failed:
            return build_missing(reference, EntityStatus.FAILED, reader.failed[public_id])
        if public_id not in reader.rows:
            reason = (
                f"{name} has no #{public_id} that this token can see: deleted, archived, another number, or no access"
            )
            return build_missing(reference, EntityStatus.NOT_FOUND, reason)
        row = reader.rows[public_id]
        lost = [texts.lost[secret] for secret in _list_secrets(columns, row) if secret in texts.lost]
        if lost:
            return build_missing(reference, EntityStatus.FAILED, f"its texts did not come: {lost[0]}")
        return builder.build(reference, columns, row)


def _list_secrets(columns: ItemColumns, row: Row) -> list[str]:
    found = [row.get(alias) for alias, column in columns.by_alias.items() if column.is_document]
    found += [one.get("secret") for one in row.get("comments") or []]
    return [secret for secret in found if secret]


def raise_failures(document: Enriched) -> None:
    """One error that names what Fibery failed to give (`failed`); the other statuses are findings, not failures."""
    failed = [entity for entity in document.entities if entity.status is EntityStatus.FAILED]
    if failed:
        shown = "; ".join(f"{_format_reference(entity)} ({entity.reason})" for entity in failed[:_SHOWN_FAILURES])
        more = f"; and {len(failed) - _SHOWN_FAILURES} more" if len(failed) > _SHOWN_FAILURES else ""
        raise IncompleteData(
            f"{len(failed)} of {len(document.entities)} references could not be read: {shown}{more}; "
            "run again, or set enrichment.on_error to skip and see them in the reports"
        )


def _format_reference(entity: EnrichedEntity) -> str:
    place = "/".join(part for part in (entity.space, entity.database) if part)
    return f"{place} #{entity.public_id}".strip()


def _read_list_holders(sender: QuerySender, readings: Readings) -> tuple[ListHolders, list[ItemReader]]:
    """Every row that has lists, those that were read anyway included, and the readers that the others took."""
    known = {(one.database, public_id): row for _, one in readings for public_id, row in one.rows.items()}
    asked: dict[str, dict[str, Column]] = defaultdict(lambda: dict(IDENTITY))
    wanted: dict[str, set[str]] = defaultdict(set)
    for listed, public_id in _find_holders(readings):
        name = listed.holder.name
        if listed.alias not in known.get((name, public_id), {}):
            wanted[name].add(public_id)
            asked[name] |= build_list_columns([listed], listed.holder)
    further = [ItemReader(name, asked[name], ids) for name, ids in sorted(wanted.items())]
    read_items(sender, further)
    more = {(one.database, public_id): row for one in further for public_id, row in one.rows.items()}
    return {key: known.get(key, {}) | more.get(key, {}) for key in known.keys() | more.keys()}, further


def _find_holders(readings: Readings) -> Iterator[tuple[SubItemList, str]]:
    """Lists of items other than those read, with the items' public ids: of parents, and of what a relation names."""
    for columns, reader in readings:
        for row in reader.rows.values():
            for listed in columns.lists:
                if listed.via is not None and row.get(listed.via):
                    yield listed, str(row[listed.via])
            for parent in follow_parents(columns.parents, row):
                for listed in parent.lists:
                    yield listed, str(row[f"{parent.alias}public_id"])
