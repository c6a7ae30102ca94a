"""Markdown (GitHub's, which Fibery reads too): text from outside stays text, in a table cell as in a paragraph."""

import re
from pathlib import Path

from markupsafe import Markup

from timeweave.reports import plain
from timeweave.reports.templates import Templates

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$]")
_LEADING = re.compile(r"^ ?(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_AUTOLINK = re.compile(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", re.I)


def escape(value: str) -> str:
    """`value` as one line of Markdown that shows exactly its clean text, wherever in a line it stands."""
    shown = _SPECIAL.sub(r"\\\g<0>", plain.line(value))
    shown = _AUTOLINK.sub(r"\\\g<0>", _ENTITY.sub(r"\\&", shown))
    return _LEADING.sub(_led, shown)


def _led(found: re.Match[str]) -> str:
    # A number that begins a line would begin a list: the sign after it is what must not be read so.
    return f"{found[0]}\\" if found[0][-1].isdigit() else f"{found[0][:-1]}\\{found[0][-1]}"


def link(text: str, address: str | None) -> Markup:
    """A link where there is an address that may be followed, else the text alone."""
    target = plain.url(address)
    shown = escape(plain.clean(text))
    if target and shown:
        shown = f"[{shown}]({target.replace('&', '&amp;')})"
    return Markup(shown)  # noqa: S704 - escaped above


def quote(text: str) -> Markup:
    """Paragraphs of prose as a block quotation."""
    lines = [escape(shown) for line in text.splitlines() if (shown := plain.clean(line))]
    return Markup("\n>\n".join(f"> {line}" for line in lines))  # noqa: S704 - escaped above


def templates(folder: Path) -> Templates:
    """The Markdown templates in `folder`."""
    return Templates(folder, escape, link=link, quote=quote)


def tidy(text: str) -> bytes:
    """Blank lines never more than one in a row, no blanks at line ends, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return (re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n").encode()
