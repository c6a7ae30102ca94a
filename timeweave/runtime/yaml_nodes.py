"""The value of a YAML file with the lines that its parts stand on, so that whatever is wrong can be found."""

from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

import yaml
from pydantic import ValidationError

from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.name_comparison import fold
from timeweave.runtime.params import KeyPath, Shape, describe_faults, explain_yaml

_DEEPEST = 6
"""Keys and indexes down to which lines are known; what lies deeper has the line of what it lies in."""
_PLAIN_TAGS = (yaml.Loader.DEFAULT_MAPPING_TAG, yaml.Loader.DEFAULT_SEQUENCE_TAG)


class YamlNodes:
    """One document; raises yaml.YAMLError where the text is not YAML."""

    def __init__(self, text: str) -> None:
        self.faults: list[tuple[KeyPath, str]] = []
        """Keys given twice and values that plain YAML does not have, by place."""
        self._lines: dict[KeyPath, int] = {(): 1}
        self._merged: set[yaml.Node] = set()
        self._loader = yaml.SafeLoader(text)
        self.value: Any = self._build(self._loader.get_single_node(), ())
        """Mappings, lists and scalars; null where a value is a fault."""

    def find_line(self, place: KeyPath) -> int:
        """The line of a key or a list's item, else of what it lies in."""
        place = self.settle(place)
        while place not in self._lines:
            place = place[:-1]
        return self._lines[place]

    def settle(self, place: KeyPath) -> KeyPath:
        """The place as the file has it, where one value stands for a list of one, or a scalar for a mapping."""
        settled, value = list[str | int](), self.value
        for part in place:
            if isinstance(value, dict) and isinstance(part, str):
                settled, value = [*settled, part], value.get(part)
            elif isinstance(value, list) and isinstance(part, int):
                settled, value = [*settled, part], value[part]
        return tuple(settled)

    def _build(self, node: yaml.Node | None, place: KeyPath) -> Any:
        is_plain = node is not None and node.tag in _PLAIN_TAGS and len(place) < _DEEPEST
        if is_plain and isinstance(node, yaml.MappingNode):
            return {key: self._build(value, (*place, key)) for key, value in self._read_pairs(node, place)}
        if is_plain and isinstance(node, yaml.SequenceNode):
            self._lines |= {(*place, at): item.start_mark.line + 1 for at, item in enumerate(node.value)}
            return [self._build(item, (*place, at)) for at, item in enumerate(node.value)]
        try:
            return None if node is None else self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            self._note(place, error)
            return None

    def _read_pairs(self, node: yaml.MappingNode, place: KeyPath) -> Iterator[tuple[str, yaml.Node]]:
        """Keys and values, those of merged mappings first, so that the ones written out win."""
        if node not in self._merged:
            self._merged.add(node)
            self._find_doubles(node, place)
            try:
                self._loader.flatten_mapping(node)
            except yaml.YAMLError as error:
                self._note(place, error)
        for key, value in node.value:
            self._lines[(*place, str(key.value))] = key.start_mark.line + 1
            yield str(key.value), value

    def _find_doubles(self, node: yaml.MappingNode, place: KeyPath) -> None:
        """The same name twice, in any case, is a fault."""
        first: dict[str, int] = {}
        for key, _ in node.value:
            name, line = str(key.value), key.start_mark.line + 1
            if fold(name) in first:
                self.faults.append(((*place, name), f"{name} is given twice, first on line {first[fold(name)]}"))
            first.setdefault(fold(name), line)

    def _note(self, place: KeyPath, error: Exception) -> None:
        self.faults.append((place, " ".join(str(error).split())))


def read(path: Path, remedy: str, root: Path = Path()) -> YamlNodes:
    """The file at `path` of the project in `root`; ConfigurationError where there is none, which says the remedy, and where it is not YAML."""
    try:
        return YamlNodes((root / path).read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigurationError(f"{path} does not exist; {remedy}") from None
    except (yaml.YAMLError, UnicodeDecodeError, ValueError) as error:
        raise ConfigurationError(f"{path} is not valid YAML: {explain_yaml(error)}") from None


def validate(path: Path, nodes: YamlNodes, shape: type[Shape]) -> Shape:
    """The file as `shape`, an empty one as a mapping without keys; ConfigurationError with every fault and its line."""
    faults: list[tuple[KeyPath, str]] = []
    try:
        found = shape.model_validate({} if nodes.value is None else nodes.value)
    except ValidationError as error:
        known = {place for place, _ in nodes.faults}
        faults = [_name(nodes, *fault) for fault in describe_faults(shape, error) if fault[0] not in known]
    raise_faults(path, nodes, [*nodes.faults, *faults])
    return found


def raise_faults(path: Path, nodes: YamlNodes, faults: Iterable[tuple[KeyPath, str]]) -> None:
    """One error that says of each fault where it is; nothing where there is none."""
    said = [
        f"{path}, line {nodes.find_line(place)}: {sentence.removeprefix(f'{place[0]}.') if place else sentence}"
        for place, sentence in faults
    ]
    if said:
        raise ConfigurationError("; ".join(said))


def _name(nodes: YamlNodes, place: KeyPath, sentence: str) -> tuple[KeyPath, str]:
    """The fault with the keys that are in the file; which item of a list it is the line says."""
    given = ".".join(str(part) for part in place if part != "[key]")
    keys = ".".join(part for part in nodes.settle(place) if isinstance(part, str) and part != "[key]")
    return place, keys + sentence.removeprefix(given)
