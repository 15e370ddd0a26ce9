"""`assess score`: the result in the terminal, or as JSON, CSV or Markdown."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_cases, output_option, scoring_options

if TYPE_CHECKING:
    from assess.scoring.assessment import Assessment

FORMATS = ("table", "json", "csv", "md")


@click.command(name="score")
@click.argument("cases", nargs=-1, required=True, metavar="CASE...")
@scoring_options
@click.option(
    "--format",
    "-f",
    "form",
    type=click.Choice(FORMATS),
    default="table",
    show_default=True,
    help="What to print.",
)
@output_option("Write to FILE instead; the suffix (.json, .csv, .md, .txt) says the form. Repeatable.")
@click.option(
    "--fail-under",
    type=click.FloatRange(0, 100),
    metavar="SCORE",
    help="Exit 1 if an overall score is lower, or missing.",
)
@click.option("--fail-on-red-line", is_flag=True, help="Exit 1 if a red line is tripped.")
def command(
    cases: tuple[str, ...],
    rubric_ref: str,
    draws: int,
    seed: int,
    form: str,
    outputs: tuple[Path, ...],
    fail_under: float | None,
    fail_on_red_line: bool,
) -> None:
    """Score partnerships and print the result.

    Scores run from 0 (worst) to 100 (best); they are not probabilities.
    """
    from assess.cli import scoretext
    from assess.documents.errors import UsageError
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score

    forms = {".json": "json", ".csv": "csv", ".md": "md", ".txt": "table"}
    unknown = [str(path) for path in outputs if path.suffix.lower() not in forms]
    if unknown:
        raise UsageError(f"{', '.join(unknown)}: the suffix must be one of {', '.join(forms)}")
    rubric = load_rubric(rubric_ref)
    results = [score(case, rubric, draws=draws, seed=seed) for case in load_cases(cases, rubric)]
    if outputs:
        from assess.documents.writing import write_whole

        write_whole({path: scoretext.text(results, forms[path.suffix.lower()]).encode() for path in outputs})
        for path in outputs:
            click.echo(f"wrote {path}", err=True)
    elif form == "table" and sys.stdout.isatty():
        from assess.cli import scorescreen

        scorescreen.show(results)
    else:
        click.echo(scoretext.text(results, form), nl=False)
    if _fails(results, fail_under, fail_on_red_line):
        sys.exit(1)


def _fails(results: list[Assessment], under: float | None, on_red_line: bool) -> bool:
    """Say on stderr which conditions are met, and return whether any is."""
    failed = False
    for result in results:
        score = result.overall.score
        if under is not None and (score is None or score < under):
            found = "no score" if score is None else f"score {score:.2f}"
            click.echo(f"{result.partnership.id}: {found}, asked for at least {under:g}", err=True)
            failed = True
        tripped = [line.id for line in result.red_lines if line.status == "tripped"]
        if on_red_line and tripped:
            click.echo(f"{result.partnership.id}: red line tripped: {', '.join(tripped)}", err=True)
            failed = True
    return failed
