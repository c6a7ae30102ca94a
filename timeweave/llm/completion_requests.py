"""Requests for completions: answers that were paid for before, then the rest from the model, within the limits.

Which prompts get an answer follows from their order, never from the timing of threads. Every prompt of the period counts
towards the limit, also one whose answer is kept from before: what a report has must not depend on what was asked when.
"""

from collections.abc import Callable, Iterable, Mapping
from typing import TYPE_CHECKING

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from timeweave.archive.files import Files, read_document, write_document
from timeweave.llm.answer_validation import Answer, Failure, NoAnswer, select_sentences
from timeweave.llm.inputs import KEY, SummaryInput, SummaryKind
from timeweave.llm.prompts import SANDBOX, LlmSettings, Prompt
from timeweave.models.summaries import ItemSummary, MissingSummary, PersonSummary, Summaries
from timeweave.runtime.errors import CredentialsError, TimeweaveError

if TYPE_CHECKING:
    # The estimate must do without the extra that the client needs.
    from timeweave.llm.client import ModelClient

TRIES = 3
"""For an answer that may have to be paid for."""
PATIENCE = 5
"""So many prompts in a row that the server does not serve, and it is asked no more."""
OVER_LIMIT = NoAnswer(Failure.OVER_LIMIT, "llm.max_tokens_per_run would have been passed")

LOSS = "The model is asked again, which costs what it cost before"

Answers = dict[str, Answer | NoAnswer]
"""By the hash of the prompt."""


class CompletionRequests:
    """Those of one run."""

    def __init__(self, prompts: Iterable[Prompt], settings: LlmSettings, files: Files) -> None:
        """What comes first in `prompts` has precedence; answers are kept in `files`."""
        self._files, self._limit, self._threads = files, settings.max_tokens_per_run, settings.max_concurrent
        self._answers: Answers = {}
        self._wanted: list[Prompt] = []
        self._counted = self._spent = self._unserved = 0
        self._stop: NoAnswer | None = None
        self.kept = 0
        """Answers that were there from before."""
        for prompt in {prompt.hash: prompt for prompt in prompts}.values():
            if self._counted + prompt.tokens > self._limit:
                self._answers[prompt.hash] = OVER_LIMIT
                continue
            self._counted += prompt.tokens
            if answer := self._read(prompt):
                self._answers[prompt.hash] = answer
                self.kept += 1
            else:
                self._wanted.append(prompt)

    @property
    def tokens(self) -> int:
        """By estimate, of the prompts that are left to send."""
        return sum(prompt.tokens for prompt in self._wanted)

    def send(self, client: "ModelClient", report: Callable[[int, int], None] = lambda done, total: None) -> Answers:
        """An answer, or why there is none, for each prompt; `report` is told how many of those to send are done with."""
        # How often each may be sent, should answers be unusable, without going over the limit.
        tries = min(TRIES, 1 + (self._limit - self._counted) // max(1, self.tokens))
        threads = Parallel(n_jobs=self._threads, prefer="threads", return_as="generator")
        # A few first, so that a server that does not serve is noticed before many threads wait for it.
        for first, last in ((0, PATIENCE), (PATIENCE, len(self._wanted))):
            some = self._wanted[first:last]
            answers = threads(delayed(self._complete)(prompt, tries, client) for prompt in some)
            for done, (prompt, answer) in enumerate(zip(some, answers, strict=True), first + 1):
                self._answers[prompt.hash] = self._stop or answer
                self._judge(answer, client.tokens[prompt.hash])
                report(done, len(self._wanted))
        if self._stop and self._stop.failure is Failure.WRONG_KEY:
            raise CredentialsError(str(self._stop))
        return self._answers

    def _judge(self, answer: Answer | NoAnswer, tokens: int) -> None:
        """Called in the order of prompts: what comes after the last that is waited for is not used, come what may."""
        self._spent += tokens
        failure = answer.failure if isinstance(answer, NoAnswer) else None
        unserved = failure in (Failure.TIMEOUT, Failure.BUSY, Failure.UNAVAILABLE)
        self._unserved = self._unserved + 1 if unserved else 0
        if isinstance(answer, NoAnswer) and (self._unserved >= PATIENCE or failure is Failure.WRONG_KEY):
            self._stop = self._stop or answer
        # Should a server count more than was estimated, the limit holds all the same.
        if self._spent > self._limit:
            self._stop = self._stop or OVER_LIMIT

    def _complete(self, prompt: Prompt, tries: int, client: "ModelClient") -> Answer | NoAnswer:
        if self._stop:
            return self._stop
        try:
            answer = client.complete(prompt, tries)
        except NoAnswer as trouble:
            return trouble
        write_document(self._files, f"{prompt.hash}.json", answer)
        return answer

    def _read(self, prompt: Prompt) -> Answer | None:
        """The answer of before; None where there is none, or no sentence of it is used by today's rules."""
        answer = read_document(self._files, f"{prompt.hash}.json", Answer, LOSS)
        return answer if answer and select_sentences(answer, prompt.given)[0] else None


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
