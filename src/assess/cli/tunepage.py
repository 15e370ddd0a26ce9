"""`assess tune page`: a page to try weights on, as one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import all_of, load_cases, rubric_option

if TYPE_CHECKING:
    from assess.rubric.models import Rubric


@click.command(name="page")
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@rubric_option
@click.option(
    "--preset",
    "-p",
    "presets",
    multiple=True,
    metavar="RUBRIC",
    help="A rubric whose weights the page offers. Repeatable. The shipped relatives of the rubric unless given.",
)
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    required=True,
    help="The page, a file that ends in .html.",
)
def command(cases: tuple[str, ...], rubric_ref: str, presets: tuple[str, ...], output: Path) -> None:
    """Write a page on which to move weights and see scores, ratings and ranks follow.

    The page is one file that needs no network. What is found on it can be shared as an address or downloaded as a new
    version of the rubric.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.tunepage import to_page
    from assess.rubric.loading import load_rubric
    from assess.tuning.version import reference

    if output.suffix.lower() not in (".html", ".htm"):
        raise UsageError(f"{output}: the suffix must be .html")
    rubric = load_rubric(rubric_ref)
    loaded = load_cases(cases, rubric)
    offered = all_of(presets, load_rubric) if presets else _versions(rubric)
    page = to_page(loaded, rubric, offered, reference=reference(rubric, output.parent))
    write_whole({output: page.encode()})
    click.echo(f"wrote {output}", err=True)


def _versions(rubric: Rubric) -> list[Rubric]:
    """Return the shipped relatives of a rubric: its versions; or, of a version, the parent and its other versions."""
    from assess.documents.shipped import shipped_ids
    from assess.rubric.loading import load_rubric

    head = rubric.extends.rubric if rubric.extends else rubric.id
    found = [load_rubric(name) for name in shipped_ids("rubrics")]
    return [
        other
        for other in found
        if other.id != rubric.id and head in (other.id, other.extends.rubric if other.extends else None)
    ]
