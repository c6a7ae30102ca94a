"""Writes the summaries of a period from the answers: code puts the names in."""

from collections.abc import Iterable, Mapping

from timeweave.llm.answer_validation import Answer, NoAnswer, select_sentences
from timeweave.llm.inputs import KEY, SummaryInput, SummaryKind
from timeweave.llm.prompts import Prompt
from timeweave.llm.settings import SANDBOX, LlmSettings
from timeweave.models.summaries import ItemSummary, MissingSummary, PersonSummary, Summaries
from timeweave.runtime.errors import TimeweaveError


def write_summaries(
    prompts: Iterable[Prompt], answers: Mapping[str, Answer | NoAnswer], settings: LlmSettings, source: str
) -> Summaries:
    """Of the answers by the hashes of their prompts; what could not be had is listed, or an error where it is required."""
    items, people, team, missing = [], [], None, []
    all_dropped = 0
    for prompt in prompts:
        given, answer = prompt.given, answers[prompt.hash]
        if isinstance(answer, NoAnswer):
            if settings.required:
                raise TimeweaveError(f"no summary of {_name(given)}: {answer}; llm.required asks for all of them")
            missing.append(MissingSummary(what=_name(given), reason=str(answer)))
            all_dropped += answer.dropped
            continue
        sentences, dropped = select_sentences(answer, given)
        all_dropped += dropped
        text = render_sentences(sentences, given.names)
        if given.kind is SummaryKind.ITEM:
            items += [ItemSummary(space=s, database=d, public_id=n, text=text) for s, d, n in given.subject]
        elif given.kind is SummaryKind.PERSON:
            people.append(PersonSummary(user_id=given.subject[0], text=text))
        else:
            team = text
    server = settings.find_server(source)
    return Summaries(
        enabled=True,
        model=server if server == SANDBOX else settings.model or "a language model",
        items=sorted(items, key=lambda one: (one.space or "", one.database or "", one.public_id)),
        people=people,
        team=team,
        dropped_sentences=all_dropped,
        missing=missing,
    )


def render_sentences(sentences: Iterable[str], names: Mapping[str, str]) -> str:
    """The sentences as a report prints them."""
    return KEY.sub(lambda key: names[key[1]], " ".join(sentences))


def _name(given: SummaryInput) -> str:
    """What a summary is of, in a report."""
    if given.kind is SummaryKind.TEAM:
        return "the team"
    return given.names["P1" if given.kind is SummaryKind.PERSON else "I1"]
