"""Values as the shapes that they should have, wherever several threads meet a shape at once.

msgspec works out what a shape holds when it is first used. Two threads that do so at the same time read what the other one
has half written, and the process ends without a word (msgspec 0.22): so that is done here, by one at a time.
"""

import threading
from typing import Any, TypeVar

import msgspec

Shape = TypeVar("Shape")

_working_out = threading.Lock()
_known: set[Any] = set()


def convert(value: Any, shape: type[Shape]) -> Shape:
    """A value of JSON's types as `shape`; msgspec.ValidationError says what does not fit, and where."""
    _work_out(shape)
    return msgspec.convert(value, shape)


def decode(content: bytes | str, shape: type[Shape]) -> Shape:
    """JSON as `shape`; msgspec.DecodeError where it is none or does not fit, UnicodeDecodeError where it is no UTF-8."""
    _work_out(shape)
    return msgspec.json.decode(content, type=shape)


def _work_out(shape: Any) -> None:
    if shape not in _known:
        with _working_out:
            msgspec.json.Decoder(shape)
            _known.add(shape)
