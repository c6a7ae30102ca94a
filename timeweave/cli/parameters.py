"""What commands read of params.yaml; apart from them, since reading it strictly takes time that `--help` has not."""

from typing import Literal

from timeweave.enrichment.configuration.config_file import EnrichmentSettings
from timeweave.fibery.settings import FiberySettings
from timeweave.llm.settings import LlmSettings
from timeweave.runtime import params
from timeweave.runtime.params import Day
from timeweave.runtime.period import Period
from timeweave.toggl.settings import TogglSettings


class CheckParams(params.Section):
    """Which workspace, and which configuration."""

    source: Literal["demo", "live"]
    as_of: params.Day
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()


class PlanParams(params.Section):
    """What decides which entries there are."""

    source: Literal["demo", "live"]
    as_of: Day
    period: Period
    toggl: TogglSettings = TogglSettings()
    fibery: FiberySettings = FiberySettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    llm: LlmSettings = LlmSettings()


class ExportParams(params.Section):
    """Whose time, and when."""

    period: Period
    users: tuple[str, ...] = ()
