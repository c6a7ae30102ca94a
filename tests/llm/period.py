"""A period with items of every kind, and a model of the sandbox to summarise it."""

from contextlib import contextmanager
from pathlib import Path

import msgspec

from tests.project import ROOT
from tests.reports import samples
from timeweave.llm.material import Material
from timeweave.llm.model import Model
from timeweave.llm.prompts import Prompts
from timeweave.llm.settings import LlmSettings
from timeweave.llm.store import Store
from timeweave.llm.writing import Writing
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


def summarised(sandbox, folder: Path, aggregated=None, enriched=None, timeout=5.0, **settings):
    """The summaries of the documents, and how the writing went."""
    chosen = LlmSettings(enabled=True, model="sandbox", timeout_seconds=timeout, **settings)
    time, items = aggregated or samples.aggregated(), enriched or samples.enriched()
    with opened(sandbox, timeout) as model:
        writing = Writing(chosen, PROMPTS, Store(folder), model)
        return writing.write(Material(time, items, Prompts(PROMPTS, CONFIG).kind, chosen.pseudonyms)), writing


def changed(enriched, public_id, **values):
    """The document with other values for one item."""
    return msgspec.structs.replace(enriched, entities=[
        msgspec.structs.replace(e, **values) if e.public_id == public_id and e.status == "found" else e
        for e in enriched.entities
    ])  # fmt: skip
