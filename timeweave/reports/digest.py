"""The e-mail edition: the first screen of the team's page, as HTML that mail programs understand and as plain text."""

import re
from dataclasses import dataclass
from pathlib import Path

from markupsafe import escape

from timeweave.reports.formatting import sanitize
from timeweave.reports.formatting.templates import Templates


@dataclass(frozen=True)
class MailTemplates:
    """The same content in two forms."""

    html: Templates
    plain: Templates


def load_mail_templates(folder: Path) -> MailTemplates:
    """The templates in `folder`, each of which escapes for its own form."""
    return MailTemplates(
        html=Templates(folder, lambda text: str(escape(_unlink(text)))),
        plain=Templates(folder, _unlink),
    )


def _unlink(text: str) -> str:
    """One line of clean text; mail programs make links of addresses, so that what people wrote shows none."""
    return re.sub(r"(?<=[a-z]):(?=//)|(?<=\bwww)\.", "\\g<0>\u200b", sanitize.clean_line(text), flags=re.IGNORECASE)
