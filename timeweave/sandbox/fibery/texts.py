"""What the invented team writes: titles, descriptions in Markdown, comments."""

from typing import TYPE_CHECKING

from timeweave.sandbox.chance import pick

if TYPE_CHECKING:
    from timeweave.sandbox.fibery.entities import Item

_VERBS = (
    "Add",
    "Fix",
    "Rework",
    "Split",
    "Document",
    "Speed up",
    "Migrate",
    "Validate",
    "Translate",
    "Remove",
    "Cache",
)
_FAULTS = ("Crash in", "Wrong total in", "Flicker of", "Slow answer of", "Lost filter in", "Wrong time zone in")
_THINGS = (
    "login redirect", "invoice export", "tide calendar", "contact import", "push notifications", "search index",
    "onboarding tour", "audit log", "price list", "harbour map", "password reset", "offline mode", "PDF preview",
    "billing webhook", "weekly digest", "role editor", "attachment upload", "dashboard tiles", "session time-out",
)  # fmt: skip
_ENDINGS = (
    "", "", "", "", " on small screens", " for guests", " after update", " [beta]", " – Überprüfung", " (phase 2)",
    " & clean-up", " of plan #3", " «черновик»",
)  # fmt: skip
_THEMES = (
    "Reliable billing",
    "Calm notifications",
    "Fast search",
    "Trusted imports",
    "A phone-first portal",
    "Open data",
)
_SENTENCES = (
    "Reported by two customers last month.", "The old behaviour stays behind a flag.", "See the design first.",
    "Numbers must add up to the cent.", "Keep the answer below 300 ms.", "Translations are ordered.",
)  # fmt: skip
_REMARKS = (
    "Looks good, one question about the empty state.", "Blocked by the API change, back on Thursday.",
    "Deployed to staging.", "Could not reproduce on Firefox.", "Split off the second half, see **sub-tasks**.",
    "Estimate was too low, added a day.",
)  # fmt: skip


def title(item: "Item") -> str:
    """A title in the manner of its database."""
    database, thing = item.database.name, pick(_THINGS, item.draw("thing"))
    ending = pick(_ENDINGS, item.draw("ending"))
    if database in ("Scrum/Bug", "Scrum/Sub-bug"):
        return f"{pick(_FAULTS, item.draw('fault'))} {thing}{ending}"
    if database in ("Scrum/Epic", "Design/Design Epic"):
        return f"{pick(_THEMES, item.draw('theme'))} {item.number}"
    if database in ("Scrum/Feature", "Product/Feature", "Design/Design Feature"):
        return f"{thing[0].upper()}{thing[1:]}{ending}"
    if database == "Product Management/Feedback":
        return f"“{thing[0].upper()}{thing[1:]} is confusing”"
    return f"{pick(_VERBS, item.draw('verb'))} {thing}{ending}"


def document(item: "Item", field: str) -> str:
    """The Markdown of a rich-text field, empty for some, with Fibery's own marks for callouts and mentions."""
    if item.fraction(field, "empty") < 0.15:
        return ""
    first, second = (pick(_SENTENCES, item.draw(field, n)) for n in (1, 2))
    text = f"{first}\n\n* {pick(_THINGS, item.draw(field, 'a'))}\n* {pick(_THINGS, item.draw(field, 'b'))}"
    if item.fraction(field, "callout") < 0.25:
        text += f"\n\n> [//]: # (callout;icon-type=emoji;icon=bulb;color=#fba32f)\n> {second}"
    if item.fraction(field, "mention") < 0.2:
        owner = item.workspace.user(item.owner)
        text += f"\n\nAsk [[#^{item.workspace.type_id('fibery/user')}/{owner.id}]] about **{first[:12].lower()}**."
    if item.fraction(field, "hostile") < 0.02:
        text += '\n\n<img src=x onerror="alert(1)"> {{ 7 * 7 }}'
    return text


def remark(item: "Item", number: int) -> str:
    """The Markdown of a comment."""
    return pick(_REMARKS, item.draw("remark", number))
