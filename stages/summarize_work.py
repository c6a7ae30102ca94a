"""data/analysis.json, data/toggl/directory.json -> data/summaries.json: prose for the reports, where a model is asked.

Answers are kept in the archive, so that none is paid for twice.
"""

from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from timeweave.llm.prompts import LlmSettings
from timeweave.models.analysis import Analysis
from timeweave.models.directory import Directory
from timeweave.models.summaries import Summaries
from timeweave.runtime import document, params, script

if TYPE_CHECKING:
    from timeweave.runtime.progress import Progress


class Data(NamedTuple):
    """The period, and everybody who has a name."""

    analysis: Analysis
    people: Directory


class Params(params.Section):
    """What this stage takes from params.yaml."""

    llm: LlmSettings = LlmSettings()


def main(analysis: Path, directory: Path, prompts: Path, config: Path, out: Path) -> None:
    given = params.load(Params)
    data = Data(document.read(analysis, Analysis), document.read(directory, Directory))
    document.write(out, summarize(given.llm, data, prompts, config) if given.llm.enabled else Summaries())


def summarize(settings: LlmSettings, data: Data, folder: Path, config: Path) -> Summaries:
    """All summaries of the period, asked for where the archive has no answer from before."""
    # Imported here: without a model none of this is needed, nor need it be installed.
    from timeweave.archive.location import find_archive
    from timeweave.llm.client import connect
    from timeweave.llm.completion_requests import CompletionRequests, write_summaries
    from timeweave.llm.inputs import PeriodInputs
    from timeweave.llm.prompts import Prompts
    from timeweave.runtime.progress import Progress

    source, as_of = data.analysis.account.source, date.fromisoformat(data.analysis.as_of)
    inputs = PeriodInputs(*data, settings.pseudonyms).describe()
    prompts = list(map(Prompts(folder, config, settings, source).fill, inputs))
    requests = CompletionRequests(prompts, settings, find_archive().below("llm"))
    with Progress("summarize_work") as progress, connect(source, settings, as_of) as client:
        answers = requests.send(client, lambda done, total: progress.advance(done, total, "answers", client.requests))
        summaries = write_summaries(prompts, answers, settings, source)
        tokens = client.tokens.total()
        cost = tokens * settings.price_per_million_tokens / 1_000_000
        say(progress, summaries, f"{requests.kept} answers kept from before", client.requests, tokens, cost)
    return summaries


def say(progress: "Progress", summaries: Summaries, kept: str, requests: int, tokens: int, cost: float) -> None:
    """What came and what it took, for a person."""
    count = len(summaries.items) + len(summaries.people) + (summaries.team is not None)
    used = f"{requests} requests, {tokens} tokens" + (f", about {cost:.2f} in cost" if cost else "")
    progress(
        f"{count} summaries, {kept}, {used}; "
        f"{summaries.dropped_sentences} sentences dropped, {len(summaries.missing)} summaries missing"
    )
    for reason in sorted({missing.reason for missing in summaries.missing}):
        progress(f"missing because {reason}; once that is mended: dvc repro -f -s summarize_work, then dvc repro")
    progress.count(count, "summaries", requests)


if __name__ == "__main__":
    script.run(main)
