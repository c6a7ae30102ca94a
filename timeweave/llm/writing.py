"""Writes the summaries of a period: items first, then people, then the team, each from what was written before."""

from collections.abc import Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from timeweave.llm.asking import Asking
from timeweave.llm.belief import NOTHING_BELIEVED, Answer, NoAnswer, believed, rendered
from timeweave.llm.budget import LIMIT
from timeweave.llm.material import LONGEST_REMARK, Material, Written
from timeweave.llm.question import Asked, Question
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.models.summaries import ItemSummary, Missing, PersonSummary, Summaries
from timeweave.reports.formatting.templates import Templates
from timeweave.runtime.errors import TimeweaveError

if TYPE_CHECKING:
    from timeweave.llm.model import Model


class Writing:
    """One run over one period; without a model it only estimates: nothing is asked."""

    def __init__(
        self, settings: LlmSettings, source: str, prompts: Path, store: Store, model: "Model | None" = None
    ) -> None:
        """`source` is where the data is from, demo or live."""
        self._settings, self._source = settings, source
        self._server = settings.server(source)
        self._prompts, self._templates = prompts, Templates(prompts, str)
        self._estimate_only = model is None
        self.asking = Asking(settings, store, model)
        self.dropped = 0
        self.missing: list[Missing] = []

    def write(self, material: Material) -> Summaries:
        """All summaries; what could not be had is listed under `missing`, or stops the run where it is required."""
        items = list(material.items())
        # What people and team will be asked is not known yet: it is taken to be as long as can be.
        longest: Written = {key: ["." * LONGEST_REMARK] for question in items for key in question.subject}
        for_team = self._tokens(_team(material, longest))
        said = self._answers(items, for_team + self._tokens(material.people(longest)))
        written = {key: sentences for question, sentences in said for key in question.subject}
        people = self._answers(material.people(written), for_team)
        team = self._answers(_team(material, written), 0)
        texts = [
            ItemSummary(space=space, database=database, public_id=number, text=rendered(sentences, question.names))
            for question, sentences in said for space, database, number in question.subject
        ]  # fmt: skip
        return Summaries(
            enabled=True,
            model=self._settings.written_by(self._source),
            items=sorted(texts, key=lambda one: (one.space or "", one.database or "", one.public_id)),
            people=[PersonSummary(user_id=q.subject[0], text=rendered(what, q.names)) for q, what in people],
            team=rendered(team[0][1], team[0][0].names) if team else None,
            dropped_sentences=self.dropped,
            missing=self.missing,
        )

    def _tokens(self, questions: Iterable[Question]) -> int:
        return sum(self._asked(question).tokens for question in questions)

    def _answers(self, questions: Iterable[Question], reserved: int) -> list[tuple[Question, list[str]]]:
        """The questions that were answered, in their order, with the sentences that are believed."""
        asked = [self._asked(question) for question in questions]
        answers = self.asking.answers(asked, reserved)
        said = [(one.question, self._believed(one.question, answers.get(one.hash))) for one in asked]
        return [(question, sentences) for question, sentences in said if sentences]

    def _asked(self, question: Question) -> Asked:
        kind = question.kind if (self._prompts / f"{question.kind}.j2").exists() else "default"
        return Asked(
            question,
            str(self._templates.render("system.j2")),
            str(self._templates.render(f"{kind}.j2", data=question.block)),
            self._settings.model or "",
            self._server,
            self._settings.max_answer_tokens,
        )

    def _believed(self, question: Question, answer: Answer | NoAnswer | None) -> list[str]:
        if isinstance(answer, Answer):
            sentences, dropped = believed(question, answer)
            self.dropped += dropped
            if sentences:
                return sentences
            reason = NOTHING_BELIEVED
        else:
            self.dropped += answer.dropped if answer else 0
            reason = str(answer) if answer else LIMIT
        if self._settings.required and not self._estimate_only:
            raise TimeweaveError(f"no summary of {_name(question)}: {reason}; llm.required asks for all of them")
        self.missing.append(Missing(what=_name(question), reason=reason))
        return []


def _team(material: Material, written: Written) -> list[Question]:
    """At most one question."""
    question = material.team(written)
    return [question] if question else []


def _name(question: Question) -> str:
    """What a summary is of, in a report."""
    if question.kind == "team":
        return "the team"
    return question.names["P1" if question.kind == "person" else "I1"]
