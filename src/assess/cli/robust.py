"""`assess robust`: how far a rating can be trusted."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_cases, output_option, progress, scoring_options

if TYPE_CHECKING:
    from assess.partnership.models import Partnership
    from assess.robustness.drawing import Drawing, Inputs
    from assess.robustness.robustness import Robustness
    from assess.rubric.models import Rubric
    from assess.scoring.assessment import Assessment

FORMS = (".json", ".md", ".html", ".pdf")


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
@click.option(
    "--inputs",
    type=click.Choice(("triangular", "pert", "uniform", "discrete")),
    default="triangular",
    show_default=True,
    help="How inputs are drawn over their ranges; discrete draws whole levels and checklist items.",
)
@click.option(
    "--where",
    "conditions",
    multiple=True,
    metavar="CONDITION",
    help="Only weights that agree, such as 'stability >= interoperability' or 'exit at least 20%'. Repeatable.",
)
@output_option(
    "A file for one case: .json for the analysis, .md for its text, .html or .pdf for the whole report. Repeatable."
)
def command(
    cases: tuple[str, ...],
    rubric_ref: str,
    draws: int,
    seed: int,
    target: str | None,
    concentration: float | None,
    inputs: Inputs,
    conditions: tuple[str, ...],
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
    from assess.robustness.drawing import Drawing
    from assess.robustness.robustness import robustness
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score
    from assess.tuning.conditions import conditions_of

    strange = [str(path) for path in outputs if path.suffix.lower() not in FORMS]
    if strange:
        raise UsageError(f"{', '.join(strange)}: the suffix must be {', '.join(FORMS[:-1])} or {FORMS[-1]}")
    if outputs and len(cases) > 1:
        raise UsageError(
            f"{outputs[0]} is one file for {len(cases)} cases; run them one by one, or 'assess report --robust' "
            "with a folder"
        )
    rubric = load_rubric(rubric_ref)
    loaded = load_cases(cases, rubric)
    how = Drawing(inputs=inputs, concentration=concentration, conditions=conditions_of(rubric, conditions))
    texts, contents = [], {}
    with progress("analysing", len(loaded), least=1) as step:
        for case in loaded:
            result = score(case, rubric, draws=draws, seed=seed)
            found = robustness(case, rubric, result, draws=draws, seed=seed, target=target, how=how)
            text = f"# {case.title}\n\n{sections_markdown(sections_of(found, result))}"
            texts.append(text)
            for path in outputs:
                contents[path] = _content(path.suffix.lower(), case, rubric, result, found, text)
            step()
    if not outputs:
        if len(loaded) > 1:
            texts.insert(0, _ranked(loaded, rubric, draws, seed, how))
        click.echo("\n".join(texts), nl=False)
        return
    write_whole(contents)
    for path in outputs:
        click.echo(f"wrote {path}", err=True)


def _content(suffix: str, case: Partnership, rubric: Rubric, result: Assessment, found: Robustness, text: str) -> bytes:
    if suffix == ".json":
        return found.to_json().encode()
    if suffix == ".md":
        return text.encode()
    from assess.cli.options import documents_of
    from assess.reporting.edition import Edition
    from assess.reporting.render import to_bytes

    return to_bytes(result, suffix, Edition(robustness=found, documents=documents_of(case, rubric)))


def _ranked(cases: list[Partnership], rubric: Rubric, draws: int, seed: int, how: Drawing) -> str:
    """Return the ranks of several cases as text, or why they are not ranked, profile by profile."""
    from assess.reporting.markdown import sections_markdown
    from assess.reporting.trust import ranks_section
    from assess.robustness.ranks import ranks_by_profile
    from assess.scoring.prepared import prepare

    titles = {pillar.id: pillar.title for pillar in rubric.all_pillars()}
    titles |= {criterion.id: criterion.title for criterion in rubric.all_criteria()}
    found = ranks_by_profile([prepare(case, rubric) for case in cases], draws=draws, seed=seed, how=how)
    return "\n".join(
        f"{ranked}\n" if isinstance(ranked, str) else sections_markdown([ranks_section(ranked, titles)])
        for _, ranked in found
    )
