"""Gets answers to questions: those that were paid for before, then the rest from the model, within the limits."""

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from joblib import Parallel, delayed  # type: ignore[import-untyped]

from timeweave.llm.belief import Answer, NoAnswer, believed
from timeweave.llm.budget import LIMIT, Budget
from timeweave.llm.question import Asked
from timeweave.llm.reply import Unavailable
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.runtime.errors import CredentialsError

if TYPE_CHECKING:
    # The estimate must do without the extra that the model needs.
    from timeweave.llm.model import Model

TRIES = 3
"""For an answer that may have to be paid for."""
PATIENCE = 5
"""So many questions in a row that the server does not serve, and it is asked no more."""

Answers = dict[str, Answer | NoAnswer]


class Asking:
    """One run. Who gets an answer follows from the order of the questions, never from the timing of threads."""

    def __init__(self, settings: LlmSettings, store: Store, model: "Model | None") -> None:
        """Without a model nothing is asked."""
        self._store, self._model = store, model
        self._budget = Budget(settings.max_tokens_per_run)
        self._threads = Parallel(n_jobs=settings.max_concurrent, prefer="threads", return_as="generator")
        self._unserved = self._spent = 0
        self._silence: NoAnswer | None = None
        self._refused: CredentialsError | None = None
        self.reached: Callable[[int, int], None] = lambda done, total: None
        """Told how many of the questions at hand are done with, in their order."""
        self.kept = 0
        """Answers that were there from before."""
        self.planned_tokens = 0
        """By estimate, of the questions whose answers were not."""

    def answers(self, asked: Iterable[Asked], reserved: int) -> Answers:
        """By hash; none for what would go over the limit, of which `reserved` tokens are left for later questions."""
        within = self._budget.within(asked, reserved)
        tries = self._budget.tries(within.values(), reserved, TRIES)
        kept: Answers = {hash_: answer for hash_, one in within.items() if (answer := self._kept(one)) is not None}
        wanted = [one for hash_, one in within.items() if hash_ not in kept]
        self.kept += len(kept)
        self.planned_tokens += sum(one.tokens for one in wanted)
        return kept | (self._fetched(wanted, tries, self._model) if self._model else {})

    def _kept(self, asked: Asked) -> Answer | None:
        """An answer of before, unless nothing of it is believed by what is known now."""
        answer = self._store.get(asked.hash)
        return answer if answer and believed(asked.question, answer)[0] else None

    def _fetched(self, wanted: list[Asked], tries: int, model: "Model") -> Answers:
        found: Answers = {}
        before = model.repeated
        # A few first, so that a server that does not serve is noticed before many threads wait for it.
        for some in (wanted[:PATIENCE], wanted[PATIENCE:]):
            answers = self._threads(delayed(self._fetch)(one, tries, model) for one in some)
            for one, answer in zip(some, answers, strict=True):
                found[one.hash] = self._silence or answer
                self._notice(answer)
                self._spend(model.used[one.hash])
                self.reached(len(found), len(wanted))
            if self._refused:
                raise self._refused
        self._budget.counted += model.repeated - before
        return found

    def _notice(self, answer: Answer | NoAnswer) -> None:
        """Taken in the order of questions: what comes after the last that is waited for is not used, come what may."""
        self._unserved = self._unserved + 1 if isinstance(answer, Unavailable) else 0
        if self._unserved >= PATIENCE and isinstance(answer, Unavailable):
            self._silence = self._silence or answer

    def _spend(self, tokens: int) -> None:
        """Should a server count more than was estimated, the limit holds all the same."""
        self._spent += tokens
        if self._spent > self._budget.limit:
            self._silence = self._silence or NoAnswer(LIMIT)

    def _fetch(self, asked: Asked, tries: int, model: "Model") -> Answer | NoAnswer:
        if self._silence:
            return self._silence
        if self._refused:
            return NoAnswer(str(self._refused))
        try:
            answer = model.ask(asked, tries)
        except NoAnswer as trouble:
            return trouble
        except CredentialsError as refusal:
            # Raised once all threads are done: none may go on behind the back of whoever closes the model.
            self._refused = refusal
            return NoAnswer(str(refusal))
        self._store.put(asked.hash, answer)
        return answer
