"""A YAML file as nodes, so that each value knows its line."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import yaml

from timeweave.fibery import names


@dataclass(frozen=True)
class Key:
    """A key and the line it stands on."""

    text: str
    line: int


class Outline:
    """The nodes of one document; raises yaml.YAMLError where the text is none."""

    def __init__(self, text: str) -> None:
        self.faults: list[tuple[int, str]] = []
        """What is wrong, by line."""
        self._loader = yaml.SafeLoader(text)
        self._flattened: list[yaml.Node] = []
        self.root: yaml.Node | None = self._loader.get_single_node()

    def pairs(self, node: yaml.Node | None, otherwise: str) -> Iterator[tuple[Key, yaml.Node]]:
        """Keys with their lines; the same name twice, in any case, is a fault."""
        if not isinstance(node, yaml.MappingNode):
            if node is not None and otherwise:
                self.fault(node.start_mark.line + 1, otherwise)
            return
        self._report_doubles(node)
        # Merged keys come first, so that the ones written out win.
        try:
            self._loader.flatten_mapping(node)
        except yaml.YAMLError as error:
            self.fault(node.start_mark.line + 1, " ".join(str(error).split()))
        pairs = {names.key(key.text): (key, value) for key, value in self._keyed(node)}
        yield from pairs.values()

    def _report_doubles(self, node: yaml.MappingNode) -> None:
        if node in self._flattened:
            return
        self._flattened.append(node)
        seen: dict[str, int] = {}
        for key, _ in self._keyed(node):
            if names.key(key.text) in seen:
                self.fault(key.line, f"{key.text} is given twice, first on line {seen[names.key(key.text)]}")
            seen.setdefault(names.key(key.text), key.line)

    def _keyed(self, node: yaml.MappingNode) -> list[tuple[Key, yaml.Node]]:
        return [(Key(str(key.value), key.start_mark.line + 1), value) for key, value in node.value]

    def plain(self, node: yaml.Node) -> Any:
        """The value of a node; null where it is none that plain YAML has."""
        try:
            return self._loader.construct_object(node, deep=True)
        except (yaml.YAMLError, ValueError) as error:
            self.fault(node.start_mark.line + 1, " ".join(str(error).split()))
            return None

    def fault(self, line: int, said: str) -> None:
        """Note what is wrong on a line."""
        self.faults.append((line, said))
