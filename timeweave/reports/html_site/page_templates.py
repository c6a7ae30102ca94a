"""HTML pages that carry their own style and script and forbid everything else."""

import base64
import hashlib
from pathlib import Path

from markupsafe import Markup, escape

from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates
from timeweave.runtime.errors import ConfigurationError

STYLE, SCRIPT = "site/site.css", "site/site.js"


def load_page_templates(folder: Path) -> Templates:
    """The page templates in `folder`; `style`, `script` and `policy` belong together and are theirs to write."""
    style, script = _read_source(folder / STYLE, "</style"), _read_source(folder / SCRIPT, "</script")
    return Templates(
        folder,
        lambda text: str(escape(sanitize.clean_line(text))),
        style=Markup(style),  # noqa: S704 - files of the project, not text from outside
        script=Markup(script),  # noqa: S704
        policy=make_policy(style, script),
    )


def make_policy(style: str, script: str) -> str:
    """The content security policy under which exactly this style and this script work, and nothing is fetched."""
    return (
        f"default-src 'none'; style-src '{_hash(style)}'; script-src '{_hash(script)}'; "
        "img-src data:; base-uri 'none'; form-action 'none'"
    )


def _read_source(file: Path, end: str) -> str:
    try:
        source = file.read_text(encoding="utf-8").strip()
    except FileNotFoundError:
        raise ConfigurationError(f"{file} does not exist; restore it") from None
    except UnicodeDecodeError as error:
        raise ConfigurationError(f"{file} is not UTF-8: {error}") from None
    if end in source.lower():
        raise ConfigurationError(f"{file} contains {end}, which would end it inside the page; write it differently")
    return source


def _hash(source: str) -> str:
    return f"sha256-{base64.b64encode(hashlib.sha256(source.encode()).digest()).decode()}"
