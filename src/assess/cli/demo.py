"""`assess demo`: every shipped partnership, scored and reported."""

from __future__ import annotations

from pathlib import Path

import click

from assess.cli.options import DEFAULT_RUBRIC

FORMS = (".html", ".pdf")


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
    from assess.reporting.render import to_bytes_together
    from assess.reporting.words import interval, rating
    from assess.scoring.score import DEFAULT_DRAWS, DEFAULT_SEED

    names = tuple(shipped_ids("partnerships"))
    results = load_results(names, DEFAULT_RUBRIC, DEFAULT_DRAWS, DEFAULT_SEED)
    targets = [
        (result, folder / f"{result.assessment.partnership.id}{suffix}") for result in results for suffix in FORMS
    ]
    editions = {id(result): Edition(documents=result.documents) for result in results}
    jobs = [(result.assessment, path.suffix, editions[id(result)]) for result, path in targets]
    with made([folder]):
        write_whole({path: content for (_, path), content in zip(targets, to_bytes_together(jobs), strict=True)})
    for result in results:
        overall, bands = result.assessment.overall, result.assessment.rubric.bands
        shown = "no score"
        if overall.score is not None and overall.low is not None and overall.high is not None:
            shown = f"score {whole(overall.score, bands)} ({interval(overall.low, overall.high, bands)})"
        click.echo(f"{result.assessment.partnership.id}: {rating(overall)}, {shown}; illustrative judgements")
        for path in (path for owner, path in targets if owner is result):
            click.echo(f"  wrote {path}")
