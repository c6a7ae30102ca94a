"""`enrichment` of params.yaml."""

from typing import Literal

from timeweave.runtime.params import Section


class EnrichmentSettings(Section):
    """Which configuration, and whether an item that Fibery refused stops the run."""

    config: str = "config/enrichment_config.yaml"
    on_error: Literal["fail", "skip"] = "fail"
