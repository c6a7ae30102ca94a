"""Reports read back: the tables that a reader of the rendered Markdown or HTML sees."""

import json
import re
from dataclasses import dataclass, field
from html.parser import HTMLParser

from markdown_it import MarkdownIt

VOID = {"meta", "link", "br", "hr", "img", "input", "col"}
MARKDOWN = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@dataclass
class Table:
    """A table as text; the last row is its total."""

    title: str
    caption: str = ""
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    anchors: list[str | None] = field(default_factory=list)
    """The id of each row."""

    def column(self, name: str) -> list[str]:
        return [row[self.head.index(name)] for row in self.rows]

    def parts_and_total(self, name: str) -> tuple[list[int], int]:
        """A column of hours in hundredths: all rows but the last, and the last."""
        *parts, total = (hundredths(cell) for cell in self.column(name))
        return parts, total


def hundredths(shown: str) -> int:
    """`1,234.50` as 123450."""
    whole, _, cents = shown.replace(",", "").partition(".")
    assert len(cents) == 2, shown
    return int(whole) * 100 + int(cents)


class _Reader(HTMLParser):
    """Tables, the text outside of scripts, and every element with its attributes."""

    def __init__(self) -> None:
        super().__init__()
        self.tables: list[Table] = []
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []
        self.open: list[str] = []
        self.titles: list[str] = [""]

    def handle_starttag(self, tag, attrs):
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)
        if tag == "table":
            self.tables.append(Table(self.titles[-1].strip()))
        if tag in ("h1", "h2", "h3"):
            self.titles.append("")
        if tag == "tr" and self.tables:
            self.tables[-1].rows.append([])
            self.tables[-1].anchors.append(dict(attrs).get("id"))
        if tag in ("td", "th"):
            self.tables[-1].rows[-1] += [""] * int(dict(attrs).get("colspan") or 1)
            self._cell = len(self.tables[-1].rows[-1]) - int(dict(attrs).get("colspan") or 1)

    def handle_endtag(self, tag):
        assert self.open.pop() == tag, tag
        if tag == "thead":
            self.tables[-1].head = self.tables[-1].rows.pop()
            self.tables[-1].anchors.pop()

    def handle_data(self, data):
        if {"script", "style"} & set(self.open):
            return
        self.text.append(data)
        if "caption" in self.open:
            self.tables[-1].caption += data
        elif {"td", "th"} & set(self.open):
            self.tables[-1].rows[-1][self._cell] += data
        elif {"h1", "h2", "h3"} & set(self.open):
            self.titles[-1] += data


@dataclass(frozen=True)
class Page:
    """What there is on a page."""

    tables: list[Table]
    elements: list[tuple[str, dict[str, str | None]]]
    text: str

    def table(self, title: str) -> Table:
        """The table under the heading that begins with `title`."""
        return next(table for table in self.tables if table.title.startswith(title))

    def outline(self) -> list[str]:
        """The names of all elements, in order."""
        return [name for name, _ in self.elements]


def page(html: str) -> Page:
    """The page, every element of which must be closed properly."""
    reader = _Reader()
    reader.feed(html)
    reader.close()
    assert reader.open == []
    tables = [
        Table(
            table.title,
            table.caption,
            [cell.strip() for cell in table.head],
            [[cell.strip() for cell in row] for row in table.rows],
            table.anchors,
        )
        for table in reader.tables
    ]
    return Page(tables, reader.elements, "".join(reader.text))


def markdown(text: str) -> Page:
    """The page that Markdown is rendered to, with HTML allowed, as on a lenient site."""
    return page(MARKDOWN.render(text).replace("<br />", "<br>").replace("<hr />", "<hr>"))


def read_anchor(index: dict, row: list) -> str:
    """The address of a row of the index: its own, else of its database and number."""
    return row[8] if len(row) > 8 else f"i-{index['databases'][row[3]][0]}-{row[1]}"


def read_parts(flat: list[int] | int, seconds: int) -> list[tuple[int, int]]:
    """Numbers of names with their seconds of a row's; the last one without any has what is left."""
    listed = [flat] if isinstance(flat, int) else list(flat)
    if len(listed) % 2:
        listed.append(seconds - sum(listed[1::2]))
    return list(zip(listed[::2], listed[1::2], strict=True))


def find_dead_links(source: str) -> set[str]:
    """Addresses within a page that neither the page has nor its script knows."""
    [packed] = re.findall(r'<script type="application/json" id="index">(.*?)</script>', source, re.S)
    index = json.loads(packed)
    known = {*re.findall(r' id="([^"]+)"', source), *(read_anchor(index, row) for row in index["rest"])}
    return set(re.findall(r' href="#([^"?]*)', source)) - known
