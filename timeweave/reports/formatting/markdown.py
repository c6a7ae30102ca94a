"""Markdown (GitHub's, which Fibery reads too): text from outside stays text, in a table cell as in a paragraph."""

import re
from pathlib import Path

from markupsafe import Markup

from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates

_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$]")
_LEADING = re.compile(r"^ ?(?:[#+\-=:]|\d{1,9}(?=[.)](?:\s|$)))")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_AUTOLINK = re.compile(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", re.I)


def escape(value: str) -> str:
    """`value` as one line of Markdown that shows exactly its clean text, wherever in a line it stands."""
    shown = _SPECIAL.sub(r"\\\g<0>", sanitize.clean_line(value))
    shown = _AUTOLINK.sub(r"\\\g<0>", _ENTITY.sub(r"\\&", shown))
    return _LEADING.sub(_escape_leading, shown)


def _escape_leading(found: re.Match[str]) -> str:
    # A number that begins a line would begin a list: the sign after it is what must not be read so.
    return f"{found[0]}\\" if found[0][-1].isdigit() else f"{found[0][:-1]}\\{found[0][-1]}"


def make_link(text: str, address: str | None) -> Markup:
    """A link where there is an address that may be followed, else the text alone."""
    target = sanitize.filter_url(address)
    shown = escape(sanitize.clean(text))
    if target and shown:
        shown = f"[{shown}]({target.replace('&', '&amp;')})"
    return Markup(shown)  # noqa: S704 - escaped above


def quote(text: str) -> Markup:
    """Paragraphs of prose as a block quotation."""
    lines = [escape(shown) for line in text.splitlines() if (shown := sanitize.clean(line))]
    return Markup("\n>\n".join(f"> {line}" for line in lines))  # noqa: S704 - escaped above


def load_templates(folder: Path) -> Templates:
    """The Markdown templates in `folder`."""
    return Templates(folder, escape, link=make_link, quote=quote)


def tidy(text: str) -> bytes:
    """Blank lines never more than one in a row, no blanks at line ends, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return (re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n").encode()
