"""Traces of a reference where none could be read: what a person may want to correct in Toggl."""

import re

from timeweave.matching.tags import SEPARATORS

_TAG = r"\[ ?[^\[\] ][^\[\]]*\]"
_TAGS = re.compile(rf"{_TAG}[{SEPARATORS}]*{_TAG}")
_BROKEN_ID = re.compile(r"#(?: [0-9]|[^ #\[\]])[^ #\[\]]* ?\[")


def has_tags(plain: str) -> bool:
    """Whether two tags stand in a row; a single one may be anything, such as `[WIP]`."""
    return _TAGS.search(plain) is not None


def has_broken_id(plain: str) -> bool:
    """Whether something like `#12a` or `#-12` stands before a tag."""
    return _BROKEN_ID.search(plain) is not None
