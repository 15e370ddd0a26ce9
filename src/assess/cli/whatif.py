"""`assess whatif`: a partnership as amended, or what a rating would take."""

from __future__ import annotations

import click

from assess.cli.options import load_case, scoring_options


@click.command(name="whatif")
@click.argument("case", metavar="CASE")
@scoring_options
@click.option(
    "--set",
    "changes",
    multiple=True,
    metavar="CHANGE",
    help="criterion=3, criterion/PARTY=3, criterion.number=40, criterion.item=yes or red_line=clear. Repeatable.",
)
@click.option("--target", metavar="RATING", help="Find the cheapest sets of changes that reach this rating.")
@click.option("--top", default=3, show_default=True, type=click.IntRange(1, 10), help="How many sets at most.")
def command(
    case: str, rubric_ref: str, draws: int, seed: int, changes: tuple[str, ...], target: str | None, top: int
) -> None:
    """Score a partnership as amended, or find what a rating takes.

    Nothing that is assumed counts as evidence, and a package is no forecast.
    """
    from assess.documents.errors import UsageError
    from assess.reporting.links import places_of
    from assess.reporting.markdown import sections_markdown
    from assess.reporting.trust import amended_section, packages_section
    from assess.robustness.packages import packages
    from assess.robustness.whatif import amend, parse_changes
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score

    if not changes and target is None:
        raise UsageError("say what to change with --set, or which rating to reach with --target")
    rubric = load_rubric(rubric_ref)
    drafted = load_case(case, rubric)
    before = score(drafted, rubric, draws=draws, seed=seed)
    places, sections = places_of(before), []
    if changes:
        after = score(amend(drafted, parse_changes(changes, rubric)), rubric, draws=draws, seed=seed)
        sections.append(amended_section(before, after, changes, places))
    if target is not None:
        found = packages(before, drafted, rubric, target, top)
        sections.append(packages_section(found, rubric.bands, places))
    click.echo(f"# {drafted.title}\n\n{sections_markdown(sections)}", nl=False)
