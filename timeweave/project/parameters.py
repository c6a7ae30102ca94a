"""params.yaml as a whole: read strictly, and edited so that comments and all else stay as they are."""

import io
from datetime import date
from pathlib import Path
from typing import Any, Literal

from timeweave.enrichment.config_file import EnrichmentSettings
from timeweave.fibery.connection import FiberySettings
from timeweave.llm.prompts import LlmSettings
from timeweave.matching.titles import MatchingSettings
from timeweave.reports.formatting.hours import ReportSettings
from timeweave.runtime import params
from timeweave.runtime.analysis_params import AnalysisSettings, name_files
from timeweave.runtime.errors import ConfigurationError
from timeweave.runtime.period import Period
from timeweave.toggl.connection import TogglSettings


class NotifySettings(params.Section):
    """`notify` of params.yaml."""

    when: tuple[Literal["completed", "failed", "cancelled"], ...] = ("completed", "failed")
    link: str | None = None
    """Where people find the reports; `{run}` in it becomes the run's id."""


class Parameters(params.Section):
    """All of params.yaml, so that a mistake anywhere is found before anything is fetched."""

    source: Literal["demo", "live"]
    as_of: params.Day
    period: Period
    users: tuple[str, ...] = ()
    toggl: TogglSettings = TogglSettings()
    analysis: AnalysisSettings = AnalysisSettings()
    fibery: FiberySettings = FiberySettings()
    matching: MatchingSettings = MatchingSettings()
    enrichment: EnrichmentSettings = EnrichmentSettings()
    llm: LlmSettings = LlmSettings()
    reports: ReportSettings = ReportSettings()
    notify: NotifySettings = NotifySettings()

    @property
    def account(self) -> str:
        """Which account it is about, by the number of Toggl's workspace; the demo has but one."""
        return str(self.toggl.workspace_id or "") if self.source == "live" else ""

    @property
    def whose(self) -> tuple[str, str, tuple[str, ...]]:
        """Source, account and people, as a run has them that is asked for without options."""
        return self.source, self.account, self.users

    def choose_look(self, today: date) -> date:
        """The day to look at the data where nobody names one: the demo has its own."""
        return self.as_of if self.source == "demo" else today

    def refuse_demo_files(self) -> None:
        """Refuse the demo's configuration for a real workspace."""
        params.refuse_demo_files(self.source, name_files(self.enrichment.config, self.analysis))


def load_parameters(path: Path) -> Parameters:
    """The project's parameters; ConfigurationError with every fault and its place."""
    return params.load(Parameters, path)


def flatten_parameters(given: Parameters) -> dict[str, Any]:
    """The values by dotted key (`period.start`), as they are written in params.yaml."""
    found: dict[str, Any] = {}
    for name, value in given.model_dump(mode="json").items():
        found |= {f"{name}.{key}": one for key, one in value.items()} if isinstance(value, dict) else {name: value}
    return found


def edit_parameters(text: str, values: dict[str, Any]) -> str:
    """`text` of a params.yaml with the values at dotted keys (`period.start`) replaced, or added where there is none."""
    from ruamel.yaml import YAML
    from ruamel.yaml.error import YAMLError

    yaml = YAML(typ="rt")
    yaml.preserve_quotes, yaml.width = True, 10_000
    yaml.representer.add_representer(type(None), _write_null)
    try:
        content = yaml.load(text)
    except YAMLError as error:
        raise ConfigurationError(f"params.yaml cannot be read: {' '.join(str(error).split())}") from None
    if not isinstance(content, dict):
        raise ConfigurationError("params.yaml holds no settings; take the one of the repository again")
    changed = False
    for key, value in values.items():
        *sections, name = key.split(".")
        place = content
        for section in sections:
            if not isinstance(place.setdefault(section, {}), dict):
                raise ConfigurationError(f"params.yaml: {section} holds no settings; write {name}: … below it")
            place = place[section]
        if name in place and place[name] == value:
            continue
        changed = True
        place[name] = _quote(value)
    if not changed:
        return text
    written = io.StringIO()
    yaml.dump(content, written)
    return written.getvalue()


def _quote(value: Any) -> Any:
    """Text in quotes, since DVC refuses bare dates, and readers differ in which bare words are more than words."""
    from ruamel.yaml.comments import CommentedSeq
    from ruamel.yaml.scalarstring import DoubleQuotedScalarString

    if isinstance(value, list):
        found = CommentedSeq(_quote(one) for one in value)
        found.fa.set_flow_style()
        return found
    return DoubleQuotedScalarString(value) if isinstance(value, str) else value


def _write_null(representer: Any, _: None) -> Any:
    """Nothing, as a word: an empty value beside a comment reads as if something had been forgotten."""
    return representer.represent_scalar("tag:yaml.org,2002:null", "null")
