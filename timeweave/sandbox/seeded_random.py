"""Repeatable randomness: every draw is a function of its arguments alone, the same in every process."""

from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")
SEED = "heliotrope"
"""What the invented world follows from."""


def draw(*parts: object) -> int:
    """One whole number below 2**64."""
    return int.from_bytes(blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest(), "big")


def fraction(*parts: object) -> float:
    """One number in [0, 1)."""
    return draw(*parts) / 2**64


def pick(options: Sequence[T], *parts: object) -> T:
    """One of several."""
    return options[draw(*parts) % len(options)]
