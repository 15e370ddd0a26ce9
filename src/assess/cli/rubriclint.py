"""`assess rubric lint`: weak spots of a rubric that no single field shows."""

from __future__ import annotations

import sys

import click


@click.command(name="lint")
@click.argument("reference", metavar="RUBRIC")
@click.option("--fail-on-finding", is_flag=True, help="Exit with code 1 when there is any finding.")
def command(reference: str, fail_on_finding: bool) -> None:
    """Look for weak spots of a rubric: they are no errors, and a reviewer will ask about each.

    Weights without a source, anchors that say the same, criteria on which no shipped case differs, weights far from
    what they move, and changes under an old version.
    """
    from assess.documents.errors import DocumentError
    from assess.documents.shipped import shipped_ids
    from assess.partnership.loading import load_partnership
    from assess.rubric.lint import structural_findings
    from assess.rubric.loading import load_rubric
    from assess.scoring.binding import fits
    from assess.tuning.lint import case_findings

    rubric = load_rubric(reference)
    cases = []
    for name in shipped_ids("partnerships"):
        try:
            cases.append(load_partnership(name, checks=[fits(rubric)]))
        except DocumentError:
            continue  # a case of another kind of rubric shows nothing about this one
    found = [*structural_findings(rubric), *case_findings(rubric, cases)]
    if found and rubric.source:
        click.echo(str(rubric.source.error(found)))
    noun = "finding" if len(found) == 1 else "findings"
    click.echo(f"{reference}: {len(found) or 'no'} {noun}; shipped cases it can score: {len(cases)}")
    if found and fail_on_finding:
        sys.exit(1)
