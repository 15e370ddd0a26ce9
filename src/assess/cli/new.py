"""`assess new`: a template that asks the right questions."""

from __future__ import annotations

from pathlib import Path
from typing import get_args

import click

from assess.cli.options import rubric_option
from assess.documents.fields import PartnershipType, Stage


@click.command(name="new")
@click.argument("case", metavar="CASE")
@click.option(
    "--type",
    "kind",
    type=click.Choice(get_args(PartnershipType)),
    required=True,
    help="Type of partnership; decides which criteria apply.",
)
@click.option(
    "--stage",
    type=click.Choice(get_args(Stage)),
    default="idea",
    show_default=True,
    help="How far it has come.",
)
@rubric_option
@click.option(
    "--output",
    "-o",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="Where to write; default CASE.yaml. Never overwrites.",
)
def command(case: str, kind: PartnershipType, stage: Stage, rubric_ref: str, output: Path | None) -> None:
    """Write a commented template for a new partnership.

    CASE is the id of the new partnership: small letters, digits and hyphens. Every criterion that applies stands in
    the template with its question and anchors.
    """
    from assess.cli.template import partnership_template
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.rubric.loading import load_rubric

    target = output or Path(f"{case}.yaml")
    if target.exists():
        raise UsageError(f"{target}: exists already; name another file with -o, or remove it")
    write_whole({target: partnership_template(case, kind, stage, load_rubric(rubric_ref)).encode()})
    click.echo(f"wrote {target}; fill it in, then run: assess check {target}")
