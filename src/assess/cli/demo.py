"""`assess demo`: every shipped partnership, scored and reported."""

from __future__ import annotations

from pathlib import Path

import click

from assess.cli.options import DEFAULT_RUBRIC


@click.command(name="demo")
@click.option(
    "--output",
    "-o",
    "folder",
    default="build/demo",
    show_default=True,
    type=click.Path(file_okay=False, path_type=Path),
    metavar="FOLDER",
    help="Folder for the reports; made if need be.",
)
def command(folder: Path) -> None:
    """Score the shipped partnerships and write their reports.

    Writes an HTML and a PDF file for each, and prints what it wrote.
    """
    from assess.cli.options import load_results
    from assess.documents.shipped import shipped_ids
    from assess.documents.writing import made, write_whole
    from assess.reporting.edition import Edition
    from assess.reporting.numbers import whole
    from assess.reporting.render import to_bytes
    from assess.reporting.words import interval, rating
    from assess.scoring.score import DEFAULT_DRAWS, DEFAULT_SEED

    names = tuple(shipped_ids("partnerships"))
    for result in load_results(names, DEFAULT_RUBRIC, DEFAULT_DRAWS, DEFAULT_SEED):
        assessment, edition = result.assessment, Edition(documents=result.documents)
        name = assessment.partnership.id
        targets = [folder / f"{name}{suffix}" for suffix in (".html", ".pdf")]
        with made([folder]):
            write_whole({path: to_bytes(assessment, path.suffix, edition) for path in targets})
        overall, bands = assessment.overall, assessment.rubric.bands
        shown = "no score"
        if overall.score is not None and overall.low is not None and overall.high is not None:
            shown = f"score {whole(overall.score, bands)} ({interval(overall.low, overall.high, bands)})"
        click.echo(f"{name}: {rating(overall)}, {shown}; illustrative judgements")
        for path in targets:
            click.echo(f"  wrote {path}")
