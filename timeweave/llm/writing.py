"""Writes the summaries of a period: items first, then people, then the team, each from what was written before."""

from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from timeweave.errors import TimeweaveError
from timeweave.llm.belief import Answer, NoAnswer, believed, rendered
from timeweave.llm.material import Key, Material
from timeweave.llm.question import Asked, Question
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.models.summaries import ItemSummary, Missing, PersonSummary, Summaries
from timeweave.reports.templates import Templates

if TYPE_CHECKING:
    # The estimate must do without the extra that the model needs.
    from timeweave.llm.model import Model

LIMIT = "llm.max_tokens_per_run would have been passed"


@dataclass
class Writing:
    """One run over one period."""

    settings: LlmSettings
    prompts: Path
    store: Store
    model: "Model | None"
    """None only estimates: nothing is asked."""
    planned_tokens: int = 0
    """By estimate, of all questions whose answers were not kept from before."""
    kept: int = 0
    """Answers that were there from before."""
    dropped: int = 0
    missing: list[Missing] = field(default_factory=list)

    def write(self, material: Material) -> Summaries:
        """All summaries; what could not be had is listed under `missing`, or stops the run where it is required."""
        written: dict[Key, str] = {}
        said = [(question, text) for question, text in self._answers(material.items()) if text is not None]
        items = sorted(((one, text) for question, text in said for one in question.subject), key=_place)
        written.update(items)
        people = [(q.subject[0], text) for q, text in self._answers(material.people(written)) if text is not None]
        team_question = material.team(written)
        team = [text for _, text in self._answers([team_question] if team_question else [])]
        return Summaries(
            enabled=True,
            model=self.settings.model,
            items=[ItemSummary(space=s, database=d, public_id=p, text=text) for (s, d, p), text in items],
            people=[PersonSummary(user_id=user_id, text=text) for user_id, text in people],
            team=team[0] if team else None,
            dropped_sentences=self.dropped,
            missing=self.missing,
        )

    def _answers(self, questions: Iterable[Question]) -> list[tuple[Any, str | None]]:
        """Each question with its text; None where there is none. The order is that of the questions."""
        asked = [self._asked(question) for question in questions]
        answers = [self.store.get(one.hash) for one in asked]
        self.kept += sum(answer is not None for answer in answers)
        wanted = [one for one, answer in zip(asked, answers, strict=True) if answer is None and self._affordable(one)]
        fetched: dict[str, Answer | NoAnswer] = {}
        if self.model is not None:
            threads = Parallel(n_jobs=self.settings.max_concurrent, prefer="threads")
            got = threads(delayed(self._fetch)(one) for one in wanted)
            fetched = {one.hash: answer for one, answer in zip(wanted, got, strict=True)}
        return [
            (one.question, self._text(one, answer or fetched.get(one.hash)))
            for one, answer in zip(asked, answers, strict=True)
        ]

    def _asked(self, question: Question) -> Asked:
        templates = Templates(self.prompts, str)
        kind = question.kind if (self.prompts / f"{question.kind}.j2").exists() else "default"
        return Asked(
            question, str(templates.render("system.j2")), str(templates.render(f"{kind}.j2", data=question.block)),
            self.settings.model or "",
        )  # fmt: skip

    def _affordable(self, asked: Asked) -> bool:
        """Whether it still fits the limit; counted by estimate and in order, so that threads change nothing."""
        if self.planned_tokens + asked.tokens > self.settings.max_tokens_per_run:
            return False
        self.planned_tokens += asked.tokens
        return True

    def _fetch(self, asked: Asked) -> Answer | NoAnswer:
        assert self.model is not None  # noqa: S101 - `_answers` sees to it
        try:
            answer = self.model.ask(asked)
        except NoAnswer as trouble:
            return trouble
        self.store.put(asked.hash, answer)
        return answer

    def _text(self, asked: Asked, answer: Answer | NoAnswer | None) -> str | None:
        question = asked.question
        if isinstance(answer, Answer):
            sentences, dropped = believed(question, answer)
            self.dropped += dropped
            if sentences:
                return rendered(sentences, question.names)
            reason = "no sentence of the answer could be believed"
        else:
            reason = LIMIT if answer is None else str(answer)
        if self.settings.required and self.model is not None:
            raise TimeweaveError(f"no summary of {_name(question)}: {reason}; llm.required asks for all of them")
        self.missing.append(Missing(what=_name(question), reason=reason))
        return None


def _name(question: Question) -> str:
    """What a summary is of, in a report."""
    if question.kind == "team":
        return "the team"
    return question.names["P1" if question.kind == "person" else "I1"]


def _place(pair: tuple[Key, str]) -> list[str]:
    return [part or "" for part in pair[0]]
