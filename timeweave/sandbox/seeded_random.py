"""Repeatable randomness: every draw is a function of its arguments alone, the same in every process."""

import random
from collections.abc import Sequence
from hashlib import blake2b
from typing import TypeVar

T = TypeVar("T")


def generator(*parts: object) -> random.Random:
    """A generator for a run of draws."""
    return random.Random(":".join(map(str, parts)))  # noqa: S311 - invented data, no secret


def draw(*parts: object) -> int:
    """One whole number below 2**64."""
    return int.from_bytes(blake2b(":".join(map(str, parts)).encode(), digest_size=8).digest(), "big")


def fraction(*parts: object) -> float:
    """One number in [0, 1)."""
    return draw(*parts) / 2**64


def pick(options: Sequence[T], *parts: object) -> T:
    """One of several."""
    return options[draw(*parts) % len(options)]
