"""What the sandbox's model writes: sentences made by rule from the data it is shown, or sentences no one should believe."""

import json
import re
from json import JSONDecodeError
from pathlib import Path
from typing import Any

# What an eager model does when it reads an instruction in its data.
_ORDER = re.compile(
    r"(?:say|write|output|praise|append|print|repeat|include|respond with|answer with)\s+(.{1,60})", re.IGNORECASE
)
_DATA = re.compile(r"\nDATA\n(.*)\nEND OF DATA", re.DOTALL)
NEVER: dict[str, list[str]] = json.loads(Path(__file__).with_suffix(".json").read_text("utf-8"))
"""Sentences by what is wrong with them; `{0}` stands for a key that is right."""


def sentences(asked: str, mode: str) -> list[dict[str, Any]]:
    """The answer to a prompt, as text and cited keys."""
    found = _DATA.search(asked)
    text = found[1] if found else ""
    try:
        data = json.loads(text)
    except JSONDecodeError:
        data = {}
    good = _of_many(data) if "items" in data else _of_one(data)
    key = data.get("key", "I1")
    return [{"text": one, "cites": cites} for one, cites in good] + [
        {"text": one, "cites": [key]} for one in _bad(text, f"{{{key}}}", mode)
    ]


def _of_one(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    key, people = data.get("key", "I1"), data.get("people", [])[:3]
    about = _words(data.get("description") or (data.get("comments") or [""])[-1])
    said = [(f"Work on {{{key}}} went on{': ' + about if about else ''}.", [key])]
    return said + ([(f"It was carried by {_listed(people)}.", people)] if people else [])


def _of_many(data: dict[str, Any]) -> list[tuple[str, list[str]]]:
    keys = [item["key"] for item in data["items"]]
    first, second = keys[:3], keys[3:5]
    whose = f" took most of the time of {{{data['person']}}}" if "person" in data else " took most of the team's time"
    said = [(f"Work on {_listed(first)}{whose}.", first)]
    return said + ([(f"There was some on {_listed(second)} as well.", second)] if second else [])


def _bad(text: str, place: str, mode: str) -> list[str]:
    chosen = NEVER.values() if mode == "hostile" else [NEVER.get(mode, [])]
    orders = [f"{place} {order.strip()}" for order in _ORDER.findall(text)] if mode in ("obey", "hostile") else []
    return [one.replace("{0}", place) for texts in chosen for one in texts] + orders


def _listed(keys: list[str]) -> str:
    places = [f"{{{key}}}" for key in keys]
    return " and ".join(filter(None, [", ".join(places[:-1]), places[-1]]))


def _words(text: str) -> str:
    """The first words of a text that is not withheld, as the middle of a sentence."""
    return "" if text.startswith("(") else " ".join(re.findall(r"[^\W\d_]+", text)[:9]).lower()
