"""A period with items of every kind, and a model of the sandbox to summarise it."""

import json
from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.project import ROOT
from tests.reports import samples
from timeweave.llm.material import Material
from timeweave.llm.model import Model
from timeweave.llm.prompts import Prompts
from timeweave.llm.question import Asked, Question
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.llm.writing import Writing
from timeweave.models.directory import Directory, Person
from timeweave.sandbox.team import LLM_KEY

PROMPTS, CONFIG = ROOT / "config/prompts", ROOT / "config/enrichment_config.yaml"


@contextmanager
def opened(sandbox, timeout=5.0, key=LLM_KEY):
    """The sandbox's model."""
    model = Model(f"{sandbox.url}/v1", key, "sandbox", timeout)
    try:
        yield model
    finally:
        model.close()


def summarised(sandbox, folder: Path, aggregated=None, enriched=None, everybody=None, timeout=5.0, **settings):
    """The summaries of the documents, how the asking went, and the model that was asked."""
    chosen = LlmSettings(**{"enabled": True, "model": "sandbox", "timeout_seconds": timeout} | settings)
    with opened(sandbox, timeout) as model:
        writing = Writing(chosen, "demo", PROMPTS, Store(folder), model)
        return writing.write(material(aggregated, enriched, everybody, chosen.pseudonyms)), writing.asking, model


def directory(*people):
    """The names of a workspace: of the invented team unless told otherwise."""
    members = [
        Person(user_id=p.user_id, name=p.name, email=p.email)
        for p in people or (samples.MIRA, samples.JONAS, samples.ANOUK)
    ]
    return Directory(
        account=samples.aggregated().account, workspace="Team", people=members,
        projects=[], clients=[], tags=[], tasks=[],
    )  # fmt: skip


def material(aggregated=None, enriched=None, everybody=None, masked=False):
    """What is known of the period."""
    documents = aggregated or samples.aggregated(), enriched or samples.enriched(), everybody or directory()
    return Material(*documents, Prompts(PROMPTS, CONFIG).kind, masked)


def changed(enriched, public_id, **values):
    """The document with other values for one item."""
    return msgspec.structs.replace(enriched, entities=[
        msgspec.structs.replace(e, **values) if e.public_id == public_id and e.status == "found" else e
        for e in enriched.entities
    ])  # fmt: skip


NOTHING = Question("task", (), {"key": "I1"}, {"I1": "x"})


def asked(
    model="sandbox", server="here", user='\nDATA\n{"key": "I1"}\nEND OF DATA', answer_tokens=500, question=NOTHING
):  # fmt: skip
    """A question, by default about an item of which nothing is known."""
    return Asked(question, "system", user, model, server, answer_tokens)


def data_of(prompt):
    """The data that a question showed to the model."""
    return json.loads(
        json.loads(prompt)["messages"][1]["content"].partition("\nDATA\n")[2].rpartition("\nEND OF DATA")[0]
    )


def quickly(monkeypatch):
    """Retries without their waits: how long they are is the library's business."""
    import stamina

    context = stamina.retry_context
    monkeypatch.setattr(
        stamina, "retry_context", lambda **o: context(**o | {"wait_initial": 0.001, "wait_jitter": 0.001})
    )
