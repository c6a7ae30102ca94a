"""`params.yaml`: what varies from run to run, read strictly; a wrong value is a sentence that says where and how."""

import datetime
from pathlib import Path
from typing import Annotated, Any, TypeVar

import yaml
from pydantic import BaseModel, BeforeValidator, ConfigDict, ValidationError

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.spelling import suggest
from timeweave.runtime.validation import describe_faults

SECTIONS = ("source", "as_of", "period", "users", "toggl", "fibery", "enrichment", "llm", "notify")
HOW_TO_WRITE_A_DAY = 'write the day as "2025-10-07", in quotes'


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


def load(shape: type[Shape], path: Path = Path("params.yaml")) -> Shape:
    """The sections that `shape` names; the others are left unread, so that they cannot stop this stage."""
    try:
        content = yaml.safe_load(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} is not in this folder; run from the project's folder") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigurationError(f"{path} is not valid YAML: {' '.join(str(error).split())}") from None
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
