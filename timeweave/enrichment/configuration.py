"""`config/enrichment_config.yaml`: which databases, read by which activity; every fault with its place in the file."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import yaml

from timeweave.enrichment import activities
from timeweave.enrichment.outline import Key, Outline
from timeweave.fibery import names
from timeweave.runtime.errors import ConfigurationError

ROOT = "enrichment_activities"
DEFAULT = "default"
_KEYS = ("activity", "fields", "max_concurrent", "prompt")
_MOST_CONCURRENT = 100


@dataclass(frozen=True)
class Wanted:
    """A label under `fields`, and the line it stands on."""

    label: str
    line: int


@dataclass(frozen=True)
class Entry:
    """What is asked of the items of a database, or of every database not named (`default`)."""

    key: str
    line: int
    activity: str = "default_enrich_entity"
    max_concurrent: int = 5
    fields: tuple[Wanted, ...] = ()
    prompt: str | None = None
    """Which prompt of config/prompts/ is for these items; null: the one of the database's name, else default."""


@dataclass(frozen=True)
class Configuration:
    """The whole file, its shape checked; the names in it are not yet known to exist."""

    path: Path
    entries: tuple[Entry, ...]
    default: Entry | None


def load(path: Path) -> Configuration:
    """The configuration at `path`; all faults in one sentence each, with their lines."""
    try:
        outline = Outline(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} does not exist; enrichment.config names it in params.yaml") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigurationError(f"{path} is no YAML: {' '.join(str(error).split())}") from None
    entries = list(_Reading(outline).entries(outline.root))
    if outline.faults:
        raise ConfigurationError("; ".join(f"{path}, line {line}: {said}" for line, said in outline.faults))
    default = next((entry for entry in entries if names.key(entry.key) == DEFAULT), None)
    return Configuration(path, tuple(entry for entry in entries if entry is not default), default)


class _Reading:
    """Walks the nodes, so that a fault has a line."""

    def __init__(self, outline: Outline) -> None:
        self.outline = outline

    def entries(self, root: yaml.Node | None) -> Iterator[Entry]:
        top = dict(self.outline.pairs(root, f"the file is a mapping with the key {ROOT}"))
        for key, node in top.items():
            if key.text != ROOT:
                self.outline.fault(key.line, f"{key.text} is not known; {names.hint(key.text, [ROOT])}")
            elif isinstance(node, yaml.MappingNode):
                for name, entry in self.outline.pairs(node, ""):
                    yield self._entry(name, entry)
            elif self.outline.plain(node) is not None:
                self.outline.fault(key.line, f'{ROOT} is a mapping from "Space/Database" to what is asked of it')
        if not top and not self.outline.faults:
            self.outline.fault(1, f"the file is empty; it needs the key {ROOT}")

    def _entry(self, name: Key, node: yaml.Node) -> Entry:
        if "/" not in name.text.strip("/ ") and names.key(name.text) != DEFAULT:
            self.outline.fault(name.line, f'{name.text!r} is no database; write "Space/Database", or {DEFAULT}')
        if not isinstance(node, yaml.MappingNode):
            if self.outline.plain(node) is not None:
                self.outline.fault(
                    name.line, f"{name.text}: {self.outline.plain(node)!r} is no mapping with {', '.join(_KEYS)}"
                )
            return Entry(name.text, name.line)
        given: dict[str, Any] = {}
        for key, value in self.outline.pairs(node, ""):
            if key.text == "activity":
                given["activity"] = self._activity(name.text, key.line, self.outline.plain(value))
            elif key.text == "max_concurrent":
                given["max_concurrent"] = self._bound(name.text, key.line, self.outline.plain(value))
            elif key.text == "prompt":
                given["prompt"] = self._prompt(name.text, key.line, self.outline.plain(value))
            elif key.text == "fields":
                given["fields"] = tuple(self._labels(name.text, key.line, value))
            else:
                self.outline.fault(key.line, f"{name.text}: {key.text} is not known; {names.hint(key.text, _KEYS)}")
        return Entry(name.text, name.line, **given)

    def _activity(self, name: str, line: int, value: Any) -> str:
        known = activities.known()
        if value not in known:
            near = names.nearest(str(value), known)
            meant = f"did you mean {near[0]}? " if near else ""
            self.outline.fault(line, f"{name}: there is no activity {value!r}; {meant}known are {', '.join(known)}")
        return str(value)

    def _bound(self, name: str, line: int, value: Any) -> int:
        if isinstance(value, bool) or not isinstance(value, int) or not 1 <= value <= _MOST_CONCURRENT:
            self.outline.fault(
                line, f"{name}: max_concurrent is a whole number from 1 to {_MOST_CONCURRENT}, and not {value!r}"
            )
            return 1
        return value

    def _prompt(self, name: str, line: int, value: Any) -> str | None:
        # A name and no path: the file is looked for in one folder only.
        if not isinstance(value, str) or not value.replace("_", "").replace("-", "").isalnum():
            self.outline.fault(
                line, f"{name}: prompt is the name of a file in config/prompts/, like task; not {value!r}"
            )
            return None
        return value

    def _labels(self, name: str, line: int, node: yaml.Node) -> Iterator[Wanted]:
        if not isinstance(node, yaml.SequenceNode):
            if self.outline.plain(node) is not None:
                self.outline.fault(line, f"{name}: fields is a list of labels, like [Priority, Sprint]")
            return
        seen: set[str] = set()
        for one in node.value:
            value, at = self.outline.plain(one), one.start_mark.line + 1
            if not isinstance(value, str) or not value.strip():
                self.outline.fault(at, f"{name}: {value!r} is no label; write it in quotes")
            elif names.key(value) in seen:
                self.outline.fault(at, f"{name}: {value} is listed twice")
            else:
                seen.add(names.key(value))
                yield Wanted(value.strip(), at)
