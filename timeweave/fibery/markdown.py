"""Fibery's Markdown without the marks that only Fibery understands."""

import re

_CALLOUT = re.compile(r"^(?:[ \t]*>[ \t]*)?\[//\]: # \([a-z-]+(?:;[^)\n]*)?\)[ \t]*$\n?", re.MULTILINE)
_MENTION = re.compile(r"\[\[(?P<text>[^\[\]\n]*?)#\^[\w-]{1,64}/[\w-]{1,64}\]\](?P<after> ?)")


def cleaned(text: str) -> str:
    """The text with callout marks gone and mentions reduced to what they show; `\\n` line ends, no blank edges."""
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    text = _CALLOUT.sub("", text)
    return _MENTION.sub(_shown, text).strip()


def _shown(mention: re.Match[str]) -> str:
    text = mention["text"].strip()
    return text + mention["after"] if text else ""
