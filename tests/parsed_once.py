"""Files that each test has a copy of are read in full once by each worker of the tests: templates are compiled, YAML is parsed."""

import functools
import pickle
from collections.abc import Callable
from types import CodeType
from typing import Any

import jinja2
from jinja2.bccache import Bucket

_PROBE = "".join(map(chr, range(9, 128))) + "\n# a\n1. www.b https://c &amp; {% end %}"
"""What a format escapes is compiled into a template: what becomes of this tells formats apart."""


def parse_once(parse: Callable[..., Any]) -> Callable[..., Any]:
    """A parser that remembers what the texts were that it has read; whoever asks gets it as their own."""
    known: dict[str, bytes] = {}

    @functools.wraps(parse)
    def read(text: Any, *others: object) -> Any:
        if not isinstance(text, str):
            return parse(text, *others)
        if text not in known:
            known[text] = pickle.dumps(parse(text, *others))
        return pickle.loads(known[text])  # noqa: S301 - written above

    return read


class CompiledTemplates(jinja2.BytecodeCache):
    """What was compiled, by the template's name, text and format."""

    def __init__(self) -> None:
        self._codes: dict[str, CodeType] = {}

    def get_bucket(self, environment: jinja2.Environment, name: str, filename: str | None, source: str) -> Bucket:
        """The code of a template, which says of itself that it is the file's."""
        key = repr((name, source, environment.finalize and environment.finalize(_PROBE)))
        bucket = Bucket(environment, key, "")
        if key in self._codes:
            bucket.code = _name_file(self._codes[key], filename or "<template>")
        return bucket

    def set_bucket(self, bucket: Bucket) -> None:
        if bucket.code:
            self._codes[bucket.key] = bucket.code


def _name_file(code: CodeType, filename: str) -> CodeType:
    parts = tuple(_name_file(part, filename) if isinstance(part, CodeType) else part for part in code.co_consts)
    return code.replace(co_filename=filename, co_consts=parts)
