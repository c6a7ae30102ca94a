"""What pydantic finds wrong in a file, as sentences for the person who wrote it."""

from datetime import date
from typing import Annotated, Any, get_args, get_origin

from pydantic import BaseModel, ValidationError
from pydantic_core import ErrorDetails

from timeweave.runtime.spelling import suggest

_SHAPES = {"dict_type": "mapping", "model_type": "mapping", "list_type": "list", "tuple_type": "list"}

Place = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


def describe_faults(shape: type[BaseModel], error: ValidationError) -> list[tuple[Place, str]]:
    """Each fault as its place and a sentence; an unknown key names the known ones that it may mean."""
    return [(fault["loc"], _describe(shape, fault)) for fault in error.errors(include_url=False)]


def _describe(shape: type[BaseModel], fault: ErrorDetails) -> str:
    # pydantic adds [key] where it is the key of a mapping, not its value, that is wrong.
    place = ".".join(str(part) for part in fault["loc"] if part != "[key]")
    if fault["type"] == "extra_forbidden":
        return f"{place} is not known; {suggest(str(fault['loc'][-1]), _list_keys(shape, fault['loc'][:-1]))}"
    if fault["type"] == "missing":
        return f"{place} is missing"
    if fault["type"] == "value_error":
        return f"{place}: {fault['msg'].removeprefix('Value error, ')}"
    given = f", not {fault['input']!r}" if isinstance(fault["input"], str | int | float | date | None) else ""
    if wanted := _SHAPES.get(fault["type"]):
        keys = f" with {', '.join(_list_keys(shape, fault['loc']))}" if fault["type"] == "model_type" else ""
        return f"{place or 'the file'} should be a {wanted}{keys}{given}"
    hint = "; write it in quotes" if fault["type"] == "string_type" and given else ""
    return f"{place}: {fault['msg']}{given}{hint}"


def _list_keys(shape: Any, place: Place) -> list[str]:
    """The keys known at `place`, following sections and mappings of sections."""
    for part in place:
        is_mapping = get_origin(shape) is dict
        shape = get_args(shape)[1] if is_mapping else shape.model_fields[part].annotation
        shape = get_args(shape)[0] if get_origin(shape) is Annotated else shape
    return list(shape.model_fields)
