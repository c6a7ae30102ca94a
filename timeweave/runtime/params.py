"""`params.yaml`: what varies from run to run, read strictly; whatever is wrong is a sentence that says where and how."""

import datetime
import os
from pathlib import Path
from types import UnionType
from typing import Annotated, Any, TypeVar, get_args, get_origin

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, StringConstraints, ValidationError
from pydantic_core import ErrorDetails

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.name_comparison import suggest

SECTIONS = (
    "source", "as_of", "period", "users", "toggl", "analysis", "fibery", "matching", "enrichment", "llm", "reports",
    "notify",
)  # fmt: skip
DEMO_FOLDER = Path("config/demo")
"""Of the files that describe the demo's invented company."""
HOW_TO_WRITE_A_DAY = 'write the day as "2025-10-07"'
_SHAPES = {"dict_type": "mapping", "model_type": "mapping", "list_type": "list", "tuple_type": "list"}

KeyPath = tuple[str | int, ...]
"""The keys and indexes that lead to a value."""


class Section(BaseModel):
    """A part of `params.yaml`: unknown keys are refused, values are not bent into another type."""

    model_config = ConfigDict(extra="forbid", frozen=True)


Shape = TypeVar("Shape", bound=Section)


def _parse_day(value: Any) -> datetime.date:
    """A day written as 2025-10-07 or 20251007, quoted or not."""
    if isinstance(value, datetime.date) and not isinstance(value, datetime.datetime):
        return value
    text = str(value)
    if isinstance(value, str | int) and len(text) in (8, 10) and text.replace("-", "").isdecimal():
        try:
            return datetime.date.fromisoformat(text)
        except ValueError as error:
            raise ValueError(f"{text} is not a day of the calendar ({error}); {HOW_TO_WRITE_A_DAY}") from None
    raise ValueError(f"{text!r} is not a day; {HOW_TO_WRITE_A_DAY}")


Day = Annotated[datetime.date, BeforeValidator(_parse_day)]
Label = Annotated[str, StringConstraints(strict=True, strip_whitespace=True, min_length=1)]


def fill_in_mapping(value: Any) -> Any:
    """A key without a value stands for a mapping without keys."""
    return {} if value is None else value


def fill_in_list(value: Any) -> Any:
    """A key without a value stands for an empty list."""
    return () if value is None else value


def load(shape: type[Shape], path: Path = Path("params.yaml")) -> Shape:
    """The sections that `shape` names; the others are left unread, so that they cannot stop this stage."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is not in this folder; run from the project's folder") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigurationError(f"{path} is not valid YAML: {explain_yaml(error)}") from None
    if not isinstance(content, dict):
        raise ConfigurationError(f"{path} is empty or not a mapping; it needs the sections {', '.join(SECTIONS)}")
    for key in content:
        if key not in SECTIONS:
            raise ConfigurationError(f"{path}: {key} is not known; {suggest(str(key), SECTIONS)}")
    try:
        return shape.model_validate({key: content[key] for key in shape.model_fields if key in content})
    except ValidationError as error:
        faults = "; ".join(sentence for _, sentence in describe_faults(shape, error))
        raise ConfigurationError(f"{path}: {faults}") from None


def explain_yaml(error: Exception) -> str:
    """Where YAML breaks off, what was found there and what to look at."""
    mark = getattr(error, "problem_mark", None)
    if mark is None:
        return f"{' '.join(str(error).split())}; save it as UTF-8 and put dates in quotes"
    problem = " ".join(str(getattr(error, "problem", "")).split())
    return (
        f"line {mark.line + 1}, column {mark.column + 1}: {problem}; check colons, quotes and indentation up to there"
    )


def refuse_demo_files(source: str, files: dict[str, str]) -> None:
    """Refuse a real workspace with the demo's configuration before anything is asked; `files`: paths by their key in params.yaml."""
    theirs = [f"{key}: {path}" for key, path in files.items() if source == "live" and _is_of_demo(path)]
    if theirs:
        raise ConfigurationError(
            f"params.yaml: source is live, but these files describe the demo's invented company: {', '.join(theirs)}; "
            "run timeweave init, which writes files for your workspace, or name the files of config/ there"
        )


def _is_of_demo(path: str) -> bool:
    return DEMO_FOLDER in Path(os.path.normpath(path)).parents


def describe_faults(shape: type[BaseModel], error: ValidationError) -> list[tuple[KeyPath, str]]:
    """What pydantic found wrong, each fault as its place and a sentence; an unknown key names the ones that it may mean."""
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
    given = f", not {fault['input']!r}" if isinstance(fault["input"], str | int | float | datetime.date | None) else ""
    if wanted := _SHAPES.get(fault["type"]):
        keys = f" with {', '.join(_list_keys(shape, fault['loc']))}" if fault["type"] == "model_type" else ""
        return f"{place or 'the file'} should be a {wanted}{keys}{given}"
    hint = "; write it in quotes" if fault["type"] == "string_type" and given else ""
    said = fault["msg"].removeprefix("Input ")
    return f"{place}{' ' if said.startswith('should ') else ': '}{said}{given}{hint}"


def _list_keys(shape: Any, place: KeyPath) -> list[str]:
    """The keys known at `place`, as they are written, following sections, mappings and lists of sections."""
    for part in place:
        if get_origin(shape) in (dict, tuple):
            shape = get_args(shape)[get_origin(shape) is dict]
        else:
            shape = next(one.annotation for name, one in shape.model_fields.items() if part in (name, one.alias))
        shape = get_args(shape)[0] if get_origin(shape) in (Annotated, UnionType) else shape
    return [one.alias or name for name, one in shape.model_fields.items()]
