"""Text from Toggl and Fibery as a model may see it: in brief, without names where those are hidden, no instruction."""

from collections.abc import Callable, Iterator

from timeweave.llm.question import PLACE
from timeweave.llm.suspicion import WITHHELD, is_instruction
from timeweave.models.aggregated import Aggregated
from timeweave.models.directory import Directory
from timeweave.models.enriched import Enriched
from timeweave.reports.formatting import sanitize

BEYOND = 300
"""Characters past the end of what is shown that are read all the same: an instruction or a name may be cut there."""
LONGEST_PART = 64
"""Of a name or an address: half of one may be left where reading ends."""
Known = tuple[str | None, str | None, int | None]


class Reading:
    """The texts of one question. `withheld` collects those that read like instructions."""

    def __init__(self, hide: Callable[[str], str]) -> None:
        self._hide = hide
        self.withheld: list[str] = []

    def shown(self, text: str | None, longest: int) -> str:
        """At most so many characters of a text; braces become round, so that it cannot pass for a key."""
        return self._checked((text or "").replace("{", "(").replace("}", ")"), longest)

    def written(self, text: str, longest: int) -> str:
        """The same for sentences that were written before, whose keys stay; none of those is cut in two."""
        whole = self._checked(text, longest)
        head, brace, rest = whole.rpartition("{")
        return whole if not brace or PLACE.match(brace + rest) else head.rstrip()

    def _checked(self, text: str, longest: int) -> str:
        lines = [line for one in text[: 4 * longest + BEYOND].splitlines() if (line := sanitize.clean(one))]
        whole = "\n".join(lines)
        read = whole[: longest + BEYOND]
        if is_instruction(read):
            self.withheld.append(read)
            return WITHHELD
        hidden = self._hide(" ".join(read.split()))
        ended = len(read) == len(whole) and len(text) <= 4 * longest + BEYOND
        return hidden[:longest] if ended else hidden[:-LONGEST_PART][:longest]


def everybody(aggregated: Aggregated, enriched: Enriched, directory: Directory) -> Iterator[Known]:
    """Name, e-mail and user id of all whose name may stand in a text: also of those whom no report is about."""
    for person in aggregated.people:
        yield person.name, person.email, person.user_id
    for member in directory.people:
        yield member.name, member.email, member.user_id
    for entity in enriched.entities:
        for assignee in entity.assignees:
            yield assignee.name, assignee.email, None
        for comment in entity.comments:
            yield comment.author, None, None
