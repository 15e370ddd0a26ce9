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
    from assess.cli.options import load_cases
    from assess.documents.errors import UsageError
    from assess.documents.shipped import shipped_ids
    from assess.documents.writing import write_whole
    from assess.reporting.numbers import whole
    from assess.reporting.render import to_bytes
    from assess.reporting.words import interval, rating
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score

    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise UsageError(f"{folder}: cannot be made: {error.strerror}; choose another -o") from None
    rubric = load_rubric(DEFAULT_RUBRIC)
    names = tuple(shipped_ids("partnerships"))
    for case in load_cases(names, rubric):
        result = score(case, rubric)
        targets = [folder / f"{case.id}{suffix}" for suffix in (".html", ".pdf")]
        write_whole({path: to_bytes(result, path.suffix) for path in targets})
        overall, bands = result.overall, result.rubric.bands
        shown = "no score"
        if overall.score is not None and overall.low is not None and overall.high is not None:
            shown = f"score {whole(overall.score, bands)} ({interval(overall.low, overall.high, bands)})"
        click.echo(f"{case.id}: {rating(overall)}, {shown}; illustrative judgements")
        for path in targets:
            click.echo(f"  wrote {path}")
