"""`enrichment_config.yaml`: which databases, read by which activity; every fault with its line."""

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from timeweave.enrichment import activities
from timeweave.runtime import yaml_nodes
from timeweave.runtime.name_comparison import fold, suggest
from timeweave.runtime.params import Label, Section, fill_in_list, fill_in_mapping
from timeweave.runtime.yaml_nodes import YamlNodes

ROOT = "enrichment_activities"
DEFAULT = "default"
_MOST_CONCURRENT = 100


class EnrichmentSettings(Section):
    """`enrichment` of params.yaml: which file, and whether what Fibery did not give, or does not have, stops the run."""

    config: str = "config/enrichment_config.yaml"
    on_error: Literal["fail", "skip"] = "fail"
    on_unknown_field: Literal["warn", "fail"] = "warn"


def _check_database(name: str) -> str:
    if "/" not in name.strip("/ ") and fold(name) != DEFAULT:
        raise ValueError(f'not a database; write "Space/Database", or {DEFAULT}')
    return name


def _check_activity(name: str) -> str:
    if name not in activities.list_names():
        raise ValueError(f"there is no activity {name!r}; {suggest(name, activities.list_names())}")
    return name


def _check_prompt(name: str) -> str:
    # A name and not a path: the file is looked for in one folder only.
    if not name.replace("_", "").replace("-", "").isalnum():
        raise ValueError(f"{name!r} is not the name of a file in config/prompts/; write it like task")
    return name


class _NumberField(Section):
    field: Label
    hours_per_day: Annotated[float, Field(strict=True, gt=0, le=24)] = 8
    """What a day counts, where the unit is days."""


class EstimateField(_NumberField):
    """The field of numbers that holds an item's estimate."""

    unit: Literal["hours", "days", "points"]


class SpentField(_NumberField):
    """The field of numbers that holds all time spent on an item."""

    unit: Literal["hours", "days"]


class Entry(Section):
    """What is asked of the items of a database, or of every database that is not named (`default`)."""

    activity: Annotated[str, AfterValidator(_check_activity)] = "default_enrich_entity"
    max_concurrent: Annotated[int, Field(strict=True, ge=1, le=_MOST_CONCURRENT)] = 5
    fields: Annotated[tuple[Label, ...], BeforeValidator(fill_in_list)] = ()
    estimate: EstimateField | None = None
    spent: SpentField | None = None
    prompt: Annotated[str, AfterValidator(_check_prompt)] | None = None
    """Which prompt of config/prompts/ is for these items; null: the one of the database's name, else default."""

    @property
    def amounts(self) -> dict[str, EstimateField | SpentField]:
        """Those that are given, by key."""
        return {key: amount for key, amount in (("estimate", self.estimate), ("spent", self.spent)) if amount}


Entries = dict[Annotated[str, AfterValidator(_check_database)], Annotated[Entry, BeforeValidator(fill_in_mapping)]]


class _File(Section):
    enrichment_activities: Annotated[Entries, BeforeValidator(fill_in_mapping)] = Field(default_factory=dict)


@dataclass(frozen=True)
class Configuration:
    """The whole file, its shape checked; whether the names in it exist is not known yet."""

    path: Path
    entries: dict[str, Entry]
    """By "Space/Database" as it is written."""
    default_name: str
    """`default` as it is written."""
    default: Entry | None
    nodes: YamlNodes


def load(path: Path, root: Path = Path()) -> Configuration:
    """The configuration at `path` of the project in `root`; all faults in one sentence each, with their lines."""
    nodes = yaml_nodes.read(path, "correct enrichment.config in params.yaml, which names it", root)
    if not nodes.value and not nodes.faults:
        nodes.faults.append(((), f"the file is empty; it needs the key {ROOT}"))
    entries = yaml_nodes.validate(path, nodes, _File).enrichment_activities
    default_name = next((name for name in entries if fold(name) == DEFAULT), DEFAULT)
    default = entries.pop(default_name, None)
    return Configuration(path, entries, default_name, default, nodes)
