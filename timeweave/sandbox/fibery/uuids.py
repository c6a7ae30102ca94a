"""UUIDs that remember what they name, so that any entity or document is found without a list of all."""

import hashlib
import uuid

_NAMESPACE = uuid.UUID("6f1d1f0c-5a5e-5c1b-9a55-0d6f2b5f7a10")
_HEAD, _TAIL = 9, 7


def of_name(name: str) -> str:
    """The UUID of something known by its name: a type, a field, a relation."""
    return str(uuid.uuid5(_NAMESPACE, name))


def of_entity(kind: str, code: int, number: int, part: int = 0) -> str:
    """The UUID of an entity (part 0) or of a part of it, by its type's name and code."""
    head = uuid.uuid5(_NAMESPACE, f"{kind}:{number}:{part}").bytes[:_HEAD]
    payload = (code << 48 | part << 32 | number) ^ _mask(head)
    return str(uuid.UUID(bytes=head + payload.to_bytes(_TAIL, "big")))


def parse(text: object) -> tuple[int, int, int] | None:
    """Type code, number and part of a UUID; None for other text. The caller compares it with `of_entity`."""
    try:
        raw = uuid.UUID(str(text)).bytes
    except ValueError:
        return None
    payload = int.from_bytes(raw[_HEAD:], "big") ^ _mask(raw[:_HEAD])
    return payload >> 48, payload & 0xFFFFFFFF, payload >> 32 & 0xFFFF


def _mask(head: bytes) -> int:
    return int.from_bytes(hashlib.sha256(head[:6]).digest()[:_TAIL], "big")
