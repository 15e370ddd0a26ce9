"""`assess report`: the report as files."""

from __future__ import annotations

from pathlib import Path

import click

from assess.cli.options import load_assessment, output_option, scoring_options


@click.command(name="report")
@click.argument("case", metavar="CASE")
@scoring_options
@output_option("Where to write; the suffix (.html, .pdf, .md, .json) says the form. Repeatable. Default: CASE-ID.html")
def command(case: str, rubric_ref: str, draws: int, seed: int, outputs: tuple[Path, ...]) -> None:
    """Write the report of a partnership as HTML, PDF, Markdown or JSON.

    CASE may also be an Assessment that an earlier run wrote as JSON; it is then rendered as it stands.
    """
    from assess.documents.writing import write_whole
    from assess.reporting.render import check_suffix, to_bytes

    for path in outputs:
        check_suffix(path.suffix.lower())
    assessment = load_assessment(case, rubric_ref, draws, seed)
    targets = outputs or (Path(f"{assessment.partnership.id}.html"),)
    write_whole({path: to_bytes(assessment, path.suffix.lower()) for path in targets})
    for path in targets:
        click.echo(f"wrote {path}")
