"""Every reference with what became of it: resolved, read in batches, turned into records; and what its texts mean."""

from collections import defaultdict
from dataclasses import dataclass, field
from datetime import date

from timeweave.enrichment.database_resolution import Resolution, Resolver
from timeweave.enrichment.item_query import rich_text
from timeweave.enrichment.item_query.columns import ItemColumns
from timeweave.enrichment.item_query.item_reader import ItemReader, describe_refused, read_items
from timeweave.enrichment.item_query.query_batches import QuerySender
from timeweave.enrichment.item_query.rich_text import RichTexts
from timeweave.enrichment.record_builder import Gaps, RecordBuilder, build_missing
from timeweave.enrichment.related_items import HolderLists, list_ancestors, read_ancestors
from timeweave.enrichment.schema_check import DatabaseEntries
from timeweave.enrichment.text_matching import TextMatcher
from timeweave.fibery.answers import LONGEST_DOCUMENT
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.database import USER
from timeweave.fibery.query import Row
from timeweave.models.enriched import Enriched, EnrichedEntity, EntityStatus, Part
from timeweave.models.entities import Entities, EntityKey
from timeweave.runtime.errors import IncompleteData
from timeweave.web.limits import ConcurrencyLimit

_SHOWN_FAILURES = 20
_REMEDY = "run again, or set enrichment.on_error to skip and see in the reports what is missing"


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
        self._gaps = Gaps()

    def run(self, references: Entities) -> Outcome:
        """A record for every reference and for every item that a text means, and what each text means."""
        resolver = Resolver(self._entries)
        texts_mean = TextMatcher(self._sender, resolver, self._gaps).match(references)
        further = texts_mean.list_items() - set(references.entities)
        keys = [*references.entities, *sorted(further, key=lambda key: key.sort_key)]
        meant = {key: resolver.resolve(key) for key in keys}
        readers = self._read(meant)
        items = [(self._columns[name], reader) for name, reader in readers.items()]
        ancestors = read_ancestors(self._sender, self._entries, items)
        holders = HolderLists(self._sender, [*items, *ancestors])
        users = self._entries.workspace.get_type(USER)
        texts = rich_text.fetch(
            self._sender.client, self.limit, self._list_secrets(readers), users.shape.id if users else ""
        )
        builder = RecordBuilder(self._account, self._as_of, texts, holders.rows)
        records = []
        for key in keys:
            if key.is_complete:
                records.append(self._build(key, meant[key], readers, texts, holders, builder))
            else:
                records.append(build_missing(key, *texts_mean.judge(key, meant[key])))
        above = [self._build_read(*one, texts, holders, builder) for one in list_ancestors(ancestors)]
        document = Enriched(
            as_of=str(self._as_of),
            account=self._account.name,
            entities=records,
            ancestors=above,
            matches=texts_mean.rows,
            asked_fields=self._entries.labels,
            unknown_fields=self._entries.unknown_fields,
            unanswered=self._gaps.describe(),
        )
        read = [*readers.values(), *(reader for _, reader in ancestors), *holders.readers]
        remarks = list(dict.fromkeys(said for reader in read for said in describe_refused(reader)))
        remarks += [f"{name}: texts longer than {LONGEST_DOCUMENT:,} characters are cut" for name in sorted(texts.cut)]
        return Outcome(document, [*texts_mean.remarks, *remarks])

    def _read(self, meant: dict[EntityKey, Resolution]) -> dict[str, ItemReader]:
        wanted: dict[str, set[str]] = defaultdict(set)
        for reference, resolution in meant.items():
            if resolution.database is not None:
                wanted[resolution.database.name].add(reference.public_id)
                if resolution.database.name not in self._columns:
                    self._columns[resolution.database.name] = self._entries.choose_columns(resolution.database)
        readers = {name: ItemReader(name, self._columns[name].by_alias, wanted[name]) for name in sorted(wanted)}
        read_items(self._sender, list(readers.values()))
        return readers

    def _list_secrets(self, readers: dict[str, ItemReader]) -> list[tuple[str, str]]:
        return [
            (name, secret)
            for name, reader in readers.items()
            for _, row in sorted(reader.rows.items())
            for secret in (*_list_own_secrets(self._columns[name], row), *_list_comment_secrets(row))
        ]

    def _build(
        self, reference: EntityKey, meant: Resolution, readers: dict[str, ItemReader], texts: RichTexts,
        holders: HolderLists, builder: RecordBuilder,
    ) -> EnrichedEntity:  # fmt: skip
        if meant.database is None:
            return build_missing(reference, meant.status, meant.reason)
        name = meant.database.name
        return self._build_read(reference, self._columns[name], readers[name], texts, holders, builder)

    def _build_read(
        self, reference: EntityKey, columns: ItemColumns, reader: ItemReader, texts: RichTexts, holders: HolderLists,
        builder: RecordBuilder,
    ) -> EnrichedEntity:  # fmt: skip
        name, public_id = columns.database.name, reference.public_id
        if public_id in reader.failed:
            self._gaps.add(name, "{} items", reader.failed[public_id], public_id)
            return build_missing(reference, EntityStatus.FAILED, reader.failed[public_id])
        if public_id not in reader.rows:
            reason = (
                f"{name} has no #{public_id} that this token can see: deleted, archived, another number, or no access"
            )
            return build_missing(reference, EntityStatus.NOT_FOUND, reason)
        row = reader.rows[public_id]
        missing = {
            **_find_lost_lists(reader, public_id),
            **_find_lost_texts(columns, row, texts),
            **dict(holders.find_lost(columns, row)),
        }
        for part, why in missing.items():
            self._gaps.add(name, f"{part} of {{}} items", why, public_id)
        return builder.build(reference, columns, row, sorted(missing))


def _find_lost_lists(reader: ItemReader, public_id: str) -> dict[Part, str]:
    return {_find_part(alias): why for alias, why in reader.lost.get(public_id, {}).items()}


def _find_part(alias: str) -> Part:
    if alias == "comments":
        return Part.COMMENTS
    return Part.PROGRESS if alias.startswith("items") else Part.FIELDS


def _find_lost_texts(columns: ItemColumns, row: Row, texts: RichTexts) -> dict[Part, str]:
    secrets = [(Part.TEXTS, one) for one in _list_own_secrets(columns, row)]
    secrets += [(Part.COMMENTS, one) for one in _list_comment_secrets(row)]
    return {part: texts.lost[secret] for part, secret in secrets if secret in texts.lost}


def _list_own_secrets(columns: ItemColumns, row: Row) -> list[str]:
    return [secret for alias, column in columns.by_alias.items() if column.is_document and (secret := row.get(alias))]


def _list_comment_secrets(row: Row) -> list[str]:
    return [secret for one in row.get("comments") or [] if (secret := one.get("secret"))]


def raise_failures(document: Enriched) -> None:
    """One error that names what Fibery failed to give; items that are not there are findings, not failures."""
    failed = [entity for entity in document.entities if entity.status is EntityStatus.FAILED]
    if failed:
        shown = "; ".join(f"{_format_reference(entity)} ({entity.reason})" for entity in failed[:_SHOWN_FAILURES])
        more = f"; and {len(failed) - _SHOWN_FAILURES} more" if len(failed) > _SHOWN_FAILURES else ""
        raise IncompleteData(
            f"{len(failed)} of {len(document.entities)} references could not be read: {shown}{more}; {_REMEDY}"
        )
    if document.unanswered:
        raise IncompleteData(f"Fibery did not give all it was asked for: {'; '.join(document.unanswered)}; {_REMEDY}")


def _format_reference(entity: EnrichedEntity) -> str:
    place = "/".join(part for part in (entity.space, entity.database) if part)
    return f"{place} #{entity.public_id}".strip()
