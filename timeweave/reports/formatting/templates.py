"""Jinja templates that cannot forget to escape, whose errors name the file and the line; and what they escape for Markdown."""

import re
from collections.abc import Callable, Iterable
from functools import lru_cache
from pathlib import Path
from traceback import extract_tb
from typing import Any

import jinja2
from jinja2 import nodes
from jinja2.compiler import CodeGenerator
from markupsafe import Markup

from timeweave.reports.formatting import sanitize
from timeweave.runtime.errors import ConfigurationError

Escape = Callable[[str], str]
_REMEMBERED = 1 << 15
"""Texts of which the escaped form is kept."""


class _Code(CodeGenerator):
    """Escapes the parts of `a ~ b` before they are joined: Jinja would escape them for HTML, whatever the format."""

    def visit_Concat(self, node: nodes.Concat, frame: Any) -> None:  # noqa: N802 - Jinja's name
        self.write("Markup('').join((")
        for part in node.nodes:
            self.write("environment.finalize(")
            self.visit(part, frame)
            self.write("), ")
        self.write("))")

    def _output_child_pre(self, node: nodes.Expr, frame: Any, finalize: Any) -> None:
        """What is printed went through `finalize`, which escaped it; Jinja would do it again."""
        self.write(f"({finalize.src or ''}")


class _Environment(jinja2.Environment):
    code_generator_class = _Code


class Templates:
    """The templates of one folder, for one format."""

    def __init__(self, folder: Path, escape: Escape, **words: Any) -> None:
        """`escape` makes outside text safe for the format; `words` are functions every template may call."""
        self.folder = folder
        shown = _make_finalizer(escape)
        self._environment = _Environment(
            loader=jinja2.FileSystemLoader(folder, encoding="utf-8"),
            autoescape=True,
            undefined=jinja2.StrictUndefined,
            finalize=shown,
            trim_blocks=True,
            lstrip_blocks=True,
            keep_trailing_newline=True,
            auto_reload=False,
        )
        self._environment.globals = dict(words)
        self._environment.filters["join"] = _make_join(shown)

    def render(self, name: str, **content: Any) -> str:
        """The template `name` with `content`; a fault in it is a sentence with its file and line."""
        try:
            return self._environment.get_template(name).render(**content)
        except jinja2.TemplateSyntaxError as error:
            place = f"{self.folder / (error.name or name)}, line {error.lineno}"
            raise ConfigurationError(f"{place}: {error.message}") from None
        except jinja2.TemplateNotFound as error:
            raise ConfigurationError(f"{self.folder} has no template {error.name}; restore it") from None
        except UnicodeDecodeError as error:
            raise ConfigurationError(f"{self.folder / name} or a template it uses is not UTF-8: {error}") from None
        except Exception as error:
            raise self._explain(error) from error

    def read(self, name: str, variable: str) -> Any:
        """What the template `name` sets `variable` to: words that code puts together."""
        try:
            return getattr(self._environment.get_template(name).module, variable)
        except AttributeError:
            raise ConfigurationError(f"{self.folder / name} sets no {variable}; restore it") from None
        except jinja2.TemplateSyntaxError as error:
            raise ConfigurationError(f"{self.folder / name}, line {error.lineno}: {error.message}") from None
        except jinja2.TemplateNotFound as error:
            raise ConfigurationError(f"{self.folder} has no template {error.name}; restore it") from None

    def _explain(self, error: Exception) -> Exception:
        """The sentence for an error that a template's own line made; any other error is a bug and stays itself."""
        engine = Path(jinja2.__file__).parent
        for place in reversed(extract_tb(error.__traceback__)):
            file = Path(place.filename)
            if file.is_relative_to(self.folder):
                return ConfigurationError(f"{file}, line {place.lineno}: {error}")
            if not isinstance(error, jinja2.TemplateRuntimeError) and not file.is_relative_to(engine):
                break
        return error


def _make_finalizer(escape: Escape) -> Callable[[Any], Markup]:
    # The same names, hours and titles come again and again.
    @lru_cache(_REMEMBERED)
    def shield(text: str) -> Markup:
        return Markup(escape(text))  # noqa: S704 - this is where text becomes safe

    def finalize(value: Any) -> Markup:
        if isinstance(value, Markup):
            return value
        # `None` is never meant to be read; a template that prints it has forgotten the missing value.
        if value is None:
            raise jinja2.TemplateRuntimeError("a value that is missing here (none) is printed; test it with `if`")
        return shield(str(value))

    return finalize


def _make_join(shown: Callable[[Any], Markup]) -> Callable[..., Markup]:
    def join(values: Iterable[Any], between: str = "", attribute: str | None = None) -> Markup:
        parts = values if attribute is None else (getattr(value, attribute) for value in values)
        return Markup(between).join(shown(part) for part in parts)  # noqa: S704 - `between` is the template's

    return join


_SPECIAL = re.compile(r"[\\`*_\[\]<>|~$]")
_LEADING = re.compile(r"^ ?(?:[#\-=:]|\+(?=\s|$)|\d{1,9}(?=[.)](?:\s|$)))")
_ENTITY = re.compile(r"&(?=#?\w{1,40};)")
_AUTOLINK = re.compile(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", re.I)


def escape(value: str) -> str:
    """`value` as one line of Markdown that shows exactly its clean text, wherever in a line it stands."""
    return _LEADING.sub(_escape_leading, _escape_inside(value))


def _escape_inside(value: str) -> str:
    shown = _SPECIAL.sub(r"\\\g<0>", sanitize.clean_line(value))
    return _AUTOLINK.sub(r"\\\g<0>", _ENTITY.sub(r"\\&", shown))


def _escape_leading(found: re.Match[str]) -> str:
    # A number that begins a line would begin a list: the sign after it is what must not be read so.
    return f"{found[0]}\\" if found[0][-1].isdigit() else f"{found[0][:-1]}\\{found[0][-1]}"


def go_on(text: str) -> Markup:
    """The same of text that never begins a line."""
    return Markup(_escape_inside(text))  # noqa: S704 - escaped


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
    return Templates(folder, escape, link=make_link, quote=quote, go_on=go_on)


def tidy(text: str) -> bytes:
    """Blank lines never more than one in a row, no blanks at line ends, one newline at the end."""
    lines = "\n".join(line.rstrip() for line in text.splitlines())
    return (re.sub(r"\n{3,}", "\n\n", lines).strip("\n") + "\n").encode()
