"""The sandbox's Fibery, asked as the stage asks it."""

from contextlib import contextmanager
from datetime import date
from functools import cache
from pathlib import Path

import pytest

from timeweave.enrichment import config_file
from timeweave.enrichment.enrichment import Enrichment
from timeweave.enrichment.schema_check import match_entries
from timeweave.fibery.client import FiberyClient
from timeweave.fibery.connection import FiberyAccount
from timeweave.fibery.database import Workspace
from timeweave.fibery.schema import fetch_schema
from timeweave.models.entities import Entities, EntityKey
from timeweave.sandbox.company import ACCOUNT, FIBERY_TOKEN
from timeweave.sandbox.server import Sandbox
from timeweave.web.limits import Pace

AS_OF = date(2025, 10, 14)
DEMO_ACCOUNT = FiberyAccount("demo", ACCOUNT, f"https://{ACCOUNT}.fibery.io")
SHIPPED = Path(__file__).parents[2] / "config" / "demo" / "enrichment_config.yaml"


def key(space, database, public_id):
    """A reference."""
    return EntityKey(space=space, database=database, public_id=str(public_id))


load_shipped = cache(config_file.load)
"""A configuration file is read once; the shipped one by nearly every test."""


class Client:
    """Runs of the enrichment against one server."""

    def __init__(self, url, token=FIBERY_TOKEN):
        self.client = FiberyClient(url, "fibery.url", token, Pace(token, None))
        self.workspace = Workspace(fetch_schema(self.client, DEMO_ACCOUNT))

    def enrichment(self, config=SHIPPED, batch_size=200, threads=None):
        """A run that is ready to start; `threads` takes the place of every limit."""
        entries = match_entries(load_shipped(config) if config == SHIPPED else config_file.load(config), self.workspace)
        found = Enrichment(self.client, entries, DEMO_ACCOUNT, AS_OF, batch_size)
        if threads:
            found.limit.__init__(dict.fromkeys(found.limit.limits, threads))
        return found

    def run(self, *references, **options):
        """The rows of the document, by reference."""
        outcome = self.enrichment(**options).run(Entities(entities=list(references)))
        return {(one.space, one.database, one.public_id): one for one in outcome.document.entities}


@contextmanager
def connected(sandbox, token=FIBERY_TOKEN):
    """A client of a running sandbox."""
    client = Client(sandbox.url, token)
    try:
        yield client
    finally:
        client.client.close()


@pytest.fixture(scope="session")
def sandbox():
    with Sandbox(AS_OF) as running:
        yield running


@pytest.fixture
def client(sandbox):
    with connected(sandbox) as found:
        yield found
