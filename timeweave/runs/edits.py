"""Changes of values in a YAML file that leave every comment, blank and quote around them as they are."""

import json
import re
from typing import Any

import yaml

from timeweave.runtime.errors import ConfigurationError


def edited(text: str, values: dict[str, Any]) -> str:
    """`text` with the values at dotted keys (`period.start`) replaced; a key that is not there is added to its section."""
    for key, value in values.items():
        text = _with(text, key, _written(value))
    return text


_ODD = re.compile("[\x7f-\x9f\u2028\u2029\ufeff\ufffe\uffff]")
"""What JSON writes as it is but YAML takes for a line's end or refuses."""


def _written(value: Any) -> str:
    return _ODD.sub(lambda odd: f"\\u{ord(odd[0]):04x}", json.dumps(value, ensure_ascii=False))


def _with(text: str, key: str, written: str) -> str:
    node: yaml.Node | None = yaml.compose(text, Loader=yaml.SafeLoader)
    section, _, name = key.rpartition(".")
    if section:
        found = _value(node, section)
        if found is None:
            return f"{text.rstrip()}\n\n{section}:\n  {name}: {written}\n"
        node = found
    for known, value in node.value if isinstance(node, yaml.MappingNode) else ():
        if known.value == name:
            return _replaced(text, known, value, written)
    if not isinstance(node, yaml.MappingNode) or not node.value:
        raise ConfigurationError(f"params.yaml: {section or 'the file'} is no mapping; write {key}: {written} there")
    at, column = node.value[0][0].start_mark.index, node.value[0][0].start_mark.column
    between = ", " if node.flow_style else "\n" + " " * column
    return f"{text[:at]}{name}: {written}{between}{text[at:]}"


def _value(node: yaml.Node | None, name: str) -> yaml.Node | None:
    if not isinstance(node, yaml.MappingNode):
        return None
    return next((value for key, value in node.value if key.value == name), None)


def _end(node: yaml.Node) -> int:
    """Where the last letter of a value is: a block's own mark is where the next key begins, comments between included."""
    if isinstance(node, yaml.CollectionNode) and not node.flow_style and node.value:
        last = node.value[-1]
        return _end(last[1] if isinstance(last, tuple) else last)
    return int(node.end_mark.index)


def _replaced(text: str, key: yaml.Node, value: yaml.Node, written: str) -> str:
    start, end = value.start_mark.index, _end(value)
    if value.start_mark.line == key.start_mark.line:
        return f"{text[:start]}{'' if text[start - 1].isspace() else ' '}{written}{text[end:]}"
    head = text[key.end_mark.index : start]
    comment = head.partition("#")[2].partition("\n")[0].strip()
    return f"{text[: key.end_mark.index]}: {written}{f' # {comment}' if comment else ''}{text[end:]}"
