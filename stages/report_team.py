"""data/analysis.json, data/summaries.json -> data/reports/team_summary.md, team_digest.html, team_digest.txt: the team."""

from pathlib import Path

from timeweave.reports import report_data
from timeweave.reports.formatting.templates import load_templates, tidy
from timeweave.reports.sections.sentences import Sentences
from timeweave.reports.team_report import build_team_report, load_mail_templates
from timeweave.runtime import document, script

MOST_ROWS = 150
"""Items in the Markdown table; the others stand in the people's own reports."""


def main(analysis: Path, summaries: Path, templates: Path, summary: Path, digest: Path, plain_digest: Path) -> None:
    data = report_data.load(analysis, summaries)
    words = load_templates(templates)
    report = build_team_report(data, Sentences(data, words), MOST_ROWS)
    document.write_bytes(summary, tidy(words.render("team_summary.md.j2", report_data=data, report=report)))
    mail = load_mail_templates(templates)
    document.write_bytes(digest, tidy(mail.html.render("team_digest.html.j2", report_data=data, report=report)))
    document.write_bytes(plain_digest, tidy(mail.plain.render("team_digest.txt.j2", report_data=data, report=report)))


if __name__ == "__main__":
    script.run(main)
