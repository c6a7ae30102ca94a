"""A period with items of every kind, and the sandbox's model to summarise it."""

import json
from pathlib import Path

import msgspec

from tests.project import ROOT
from tests.reports import samples
from timeweave.archive.files import LocalFiles
from timeweave.llm.completion_requests import CompletionRequests, write_summaries
from timeweave.llm.inputs import PeriodInputs, SummaryInput, SummaryKind
from timeweave.llm.person_names import PersonNames
from timeweave.llm.prompts import LlmSettings, Prompt, Prompts
from timeweave.sandbox.company import LLM_KEY

ANALYSIS = samples.analysis()
PROMPTS, CONFIG = ROOT / "config/prompts", ROOT / "config/demo/enrichment_config.yaml"


def open_model(sandbox, timeout=5.0, key=LLM_KEY):
    """A client of the sandbox's model; its library takes half a second of every process that imports it."""
    from timeweave.llm.client import open_client

    return open_client(f"{sandbox.url}/v1", key, choose(timeout_seconds=timeout))


def choose(**settings):
    """The parameters, a model switched on."""
    return LlmSettings(**{"enabled": True, "model": "sandbox"} | settings)


def summarize(sandbox, folder: Path, analysis=None, everybody=None, **settings):
    """The summaries of the period, the requests for them, and the client that was asked."""
    chosen = choose(**settings)
    prompts = fill_prompts(analysis, everybody, chosen)
    requests = CompletionRequests(prompts, chosen, LocalFiles(folder))
    with open_model(sandbox, chosen.timeout_seconds) as client:
        answers = requests.send(client)
    return write_summaries(prompts, answers, chosen, "demo"), requests, client


def fill_prompts(analysis=None, everybody=None, settings=None):
    """The prompts of a period."""
    settings = settings or choose()
    fill = Prompts(PROMPTS, CONFIG, settings, "demo").fill
    return [fill(given) for given in describe(analysis, everybody, settings.pseudonyms)]


def describe(analysis=None, everybody=None, pseudonyms=False):
    """The inputs of a period."""
    return list(PeriodInputs(analysis or ANALYSIS, everybody or samples.list_people(), pseudonyms).describe())


def change(public_id, **values):
    """The period with other values for one item."""
    entities = [
        msgspec.structs.replace(one, **values) if one.public_id == public_id and one.status == "found" else one
        for one in samples.ENTITIES
    ]
    return samples.analysis(entities=entities)


def make_input(data=None, names=None, people=(), kind=SummaryKind.ITEM):
    """An input, by default about an item of which nothing is known."""
    return SummaryInput(kind, (), data or {"key": "I1"}, names or {"I1": "x"}, PersonNames(people))


def make_prompt(mark="", given=None):
    """A prompt, another one for each mark."""
    given = given or make_input()
    return Prompt(given, "system", f"{mark}\nDATA\n{given.block}\nEND OF DATA", f"hash{mark}", 700)


def make_crowd(count):
    """A period of so many items of one person."""
    entities = [samples.entity(("Scrum", "Task", str(n)), name=f"Task {n}") for n in range(1, count + 1)]
    entries = [samples.Entry(samples.MIRA, "2025-10-07", 60, "x", ("Scrum", "Task", e.public_id)) for e in entities]
    return samples.analysis(entries, entities)


def read_data(body):
    """The data that a request showed to the model."""
    return json.loads(
        json.loads(body)["messages"][1]["content"].partition("\nDATA\n")[2].rpartition("\nEND OF DATA")[0]
    )
