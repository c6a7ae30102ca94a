"""UUIDs that remember what they name, so that any entity or document is found without a list of all."""

import hashlib
import uuid

from timeweave.sandbox.fibery.shape import Type

_NAMESPACE = uuid.UUID("6f1d1f0c-5a5e-5c1b-9a55-0d6f2b5f7a10")
_HEAD, _TAIL = 9, 7
DOCUMENT, FILE, COMMENT = 1, 999, 1000
"""Parts of an entity that have ids of their own: its documents, files and comments count up from here."""


def named(name: str) -> str:
    """The UUID of something known by its name: a type, a field, a relation."""
    return str(uuid.uuid5(_NAMESPACE, name))


def of(kind: Type, number: int, part: int = 0) -> str:
    """The UUID of an entity (part 0) or of a part of it."""
    head = uuid.uuid5(_NAMESPACE, f"{kind.name}:{number}:{part}").bytes[:_HEAD]
    payload = (kind.code << 48 | part << 32 | number) ^ _mask(head)
    return str(uuid.UUID(bytes=head + payload.to_bytes(_TAIL, "big")))


def read(text: object) -> tuple[int, int, int] | None:
    """Type code, number and part of a UUID from here; None for any other text. The caller compares it with `of`."""
    try:
        raw = uuid.UUID(str(text)).bytes
    except ValueError:
        return None
    payload = int.from_bytes(raw[_HEAD:], "big") ^ _mask(raw[:_HEAD])
    return payload >> 48, payload & 0xFFFFFFFF, payload >> 32 & 0xFFFF


def _mask(head: bytes) -> int:
    return int.from_bytes(hashlib.sha256(head[:6]).digest()[:_TAIL], "big")
