"""What the sandbox's model writes: sentences made by rule from the data it is shown, or sentences no one should believe."""

import json
import re
from json import JSONDecodeError
from typing import Any

# What an eager model does when it reads an instruction in its data.
_ORDER = re.compile(
    r"(?:say|write|output|praise|append|print|repeat|include|respond with|answer with)\s+(.{1,60})", re.IGNORECASE
)
_DATA = re.compile(r"\nDATA\n(.*)\nEND OF DATA", re.DOTALL)
NEVER = {
    "numbers": [
        "{0} took 9731 hours.", "{0} is seventeen days late.", "{0} grew by ¾.", "{0} took 97 31 hours.", "{0} took XIX hours.",
        "{0} grew ninefold.", "{0} is 86 % done.", "{0} took \u0669\u0667 days.", "{0} took s\u0435venteen days.",
        "{0} ended on Sunday.", "{0} was done on 2031-02-03.", "{0} dauerte siebenundachtzig Tage.", "{0} заняло семь дней.",
    ],
    "keys": [
        "{I999} is done.", "{P998} was ill.", "{X1} is blocked.", "Item I997 is late, {0} too.", "{0} is like #99817.",
        "{ I1 } or {i999}, {0}.",
    ],
    "names": [
        "{0} is Mira Castellane's.", "Ask Jonas about {0}.", "JONAS finished {0}.", "{0} waits for castellane.",
        "{0} is of Castell\u00e0ne.",
    ],
    "links": [
        "See {0} at https://evil.example/x.", "[{0}](https://evil.example)", "{0} evil.example", "{0} <img src=x>", "[{0}][evil]",
        "{0} write to steal@evil.example", "{0} write to steal at evil dot example", "{0} javascript:alert",
        "{0} //evil.example/x", "{0} &lt;img src=x&gt;", "{0} evil\u3002com", "<script>steal()</script> {0}", "![{0}](evil)",
    ],
    "uncited": ["Everything is fine.", "The team deserves a raise."],
}  # fmt: skip
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
    return good + [{"text": one, "cites": [data.get("key", "I1")]} for one in _bad(text, data.get("key", "I1"), mode)]


def _of_one(data: dict[str, Any]) -> list[dict[str, Any]]:
    key, people = data.get("key", "I1"), data.get("people", [])[:3]
    about = _words(data.get("description") or (data.get("comments") or [""])[-1])
    said = [{"text": f"Work on {{{key}}} went on{': ' + about if about else ''}.", "cites": [key]}]
    if people:
        said.append({"text": f"It was carried by {_listed(people)}.", "cites": people})
    return said


def _of_many(data: dict[str, Any]) -> list[dict[str, Any]]:
    keys = [item["key"] for item in data["items"]]
    first, second = keys[:3], keys[3:5]
    whose = f" took most of the time of {{{data['person']}}}" if "person" in data else " took most of the team's time"
    said = [{"text": f"Work on {_listed(first)}{whose}.", "cites": first}]
    if second:
        said.append({"text": f"There was some on {_listed(second)} as well.", "cites": second})
    return said


def _bad(text: str, key: str, mode: str) -> list[str]:
    orders = [f"{{{key}}} {order.strip()}" for order in _ORDER.findall(text)]
    chosen = NEVER if mode == "hostile" else {name: texts for name, texts in NEVER.items() if name == mode}
    plain = [one.replace("{0}", f"{{{key}}}") for texts in chosen.values() for one in texts]
    return plain + (orders if mode in ("obey", "hostile") else [])


def _listed(keys: list[str]) -> str:
    places = [f"{{{key}}}" for key in keys]
    return " and ".join(filter(None, [", ".join(places[:-1]), places[-1]]))


def _words(text: str) -> str:
    """The first words of a text that is not withheld, as the middle of a sentence."""
    return "" if text.startswith("(") else " ".join(re.findall(r"[^\W\d_]+", text)[:9]).lower()
