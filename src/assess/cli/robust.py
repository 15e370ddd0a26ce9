"""`assess robust`: how far a rating can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_cases, output_option, progress, scoring_options

if TYPE_CHECKING:
    from assess.partnership.models import Partnership
    from assess.rubric.models import Rubric


@click.command(name="robust")
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@scoring_options
@click.option("--target", metavar="RATING", help="The rating to reach; the next better one unless given.")
@click.option(
    "--concentration",
    type=click.FloatRange(min=0, min_open=True),
    metavar="NUMBER",
    help="Draw weights around the declared ones, the closer the larger; evenly over all weights unless given.",
)
@output_option("A file for one case: .json for the analysis, .md for its text. Repeatable.")
def command(
    cases: tuple[str, ...],
    rubric_ref: str,
    draws: int,
    seed: int,
    target: str | None,
    concentration: float | None,
    outputs: tuple[Path, ...],
) -> None:
    """Say how far a rating can be trusted.

    Draws inputs and weights, varies them one by one, finds the weights at which the rating turns, and what the next
    better rating would take. 'assess report CASE --robust' puts the same into a report. Shares are shares of draws.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.markdown import sections_markdown
    from assess.reporting.trust import sections_of
    from assess.robustness.robustness import robustness
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score

    strange = [str(path) for path in outputs if path.suffix.lower() not in (".json", ".md")]
    if strange:
        raise UsageError(f"{', '.join(strange)}: the suffix must be .json or .md")
    if outputs and len(cases) > 1:
        raise UsageError(f"{outputs[0]} is one file for {len(cases)} cases; run them one by one")
    rubric = load_rubric(rubric_ref)
    loaded = load_cases(cases, rubric)
    texts, contents = [], {}
    with progress("analysing", len(loaded), least=1) as step:
        for case in loaded:
            result = score(case, rubric, draws=draws, seed=seed)
            found = robustness(case, rubric, result, draws=draws, seed=seed, target=target, concentration=concentration)
            text = f"# {case.title}\n\n{sections_markdown(sections_of(found, result))}"
            texts.append(text)
            for path in outputs:
                contents[path] = (found.to_json() if path.suffix.lower() == ".json" else text).encode()
            step()
    if not outputs:
        if len(loaded) > 1:
            texts.insert(0, _ranked(loaded, rubric, draws, seed, concentration))
        click.echo("\n".join(texts), nl=False)
        return
    write_whole(contents)
    for path in outputs:
        click.echo(f"wrote {path}", err=True)


def _ranked(cases: list[Partnership], rubric: Rubric, draws: int, seed: int, concentration: float | None) -> str:
    """Return the ranks of several cases as text, or why they are not ranked."""
    from assess.documents.errors import UsageError
    from assess.reporting.markdown import sections_markdown
    from assess.reporting.trust import ranks_section
    from assess.robustness.ranks import ranks
    from assess.scoring.prepared import prepare

    try:
        found = ranks([prepare(case, rubric) for case in cases], draws=draws, seed=seed, concentration=concentration)
    except UsageError as error:
        return f"{error}\n"
    return sections_markdown([ranks_section(found)])
