"""Options and steps that several commands share."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar

import click

if TYPE_CHECKING:
    from assess.partnership.models import Partnership
    from assess.rubric.models import Rubric
    from assess.scoring.assessment import Assessment

Function = TypeVar("Function", bound=Callable[..., Any])
Loaded = TypeVar("Loaded")

DEFAULT_RUBRIC = "partnership-default"

rubric_option = click.option(
    "--rubric",
    "-r",
    "rubric_ref",
    default=DEFAULT_RUBRIC,
    show_default=True,
    metavar="RUBRIC",
    help="Shipped id or path of the rubric.",
)


def scoring_options(function: Function) -> Function:
    """Add the options that decide a score: the rubric, the number of draws and the seed."""
    from assess.scoring.score import DEFAULT_DRAWS, DEFAULT_SEED

    function = click.option(
        "--seed",
        default=DEFAULT_SEED,
        show_default=True,
        type=click.IntRange(min=0),
        help="Seed of the draws.",
    )(function)
    function = click.option(
        "--draws",
        default=DEFAULT_DRAWS,
        show_default=True,
        type=click.IntRange(100, 100_000),
        help="Draws for the intervals.",
    )(function)
    return rubric_option(function)


def output_option(help_text: str) -> Callable[[Function], Function]:
    """Return the repeatable -o option with a help text of its own."""
    return click.option(
        "--output",
        "-o",
        "outputs",
        multiple=True,
        type=click.Path(path_type=Path),
        metavar="FILE",
        help=help_text,
    )


def load_case(reference: str, rubric: Rubric) -> Partnership:
    """Load a partnership together with the checks that it fits a rubric, so that one run reports everything."""
    from assess.partnership.loading import load_partnership
    from assess.scoring.binding import fits

    return load_partnership(reference, checks=[fits(rubric)])


def load_cases(references: tuple[str, ...], rubric: Rubric) -> list[Partnership]:
    """Load several partnerships; all their errors are raised together."""
    return all_of(references, lambda reference: load_case(reference, rubric))


def all_of(references: tuple[str, ...], load: Callable[[str], Loaded]) -> list[Loaded]:
    """Return what each reference leads to; the errors of all of them are raised together."""
    from assess.documents.errors import AssessError

    loaded, errors = [], []
    for reference in references:
        try:
            loaded.append(load(reference))
        except AssessError as error:
            errors.append(str(error))
    if errors:
        raise AssessError("\n".join(errors))
    return loaded


@dataclass(frozen=True)
class Result:
    """An Assessment, with the documents it was made from by file name."""

    assessment: Assessment
    documents: Mapping[str, bytes]
    inputs: tuple[Partnership, Rubric] | None = None
    """What it was scored from; None where it was read back."""


def load_results(references: tuple[str, ...], rubric_ref: str, draws: int, seed: int) -> list[Result]:
    """Return the Assessments of cases: scored now, or read back from JSON or PDF files that earlier runs wrote."""
    from assess.reporting.reading import READABLE, read_result

    made = {reference for reference in references if Path(reference).suffix.lower() in READABLE}
    if made.issuperset(references):
        return all_of(references, lambda reference: Result(*read_result(Path(reference))))
    from assess.rubric.loading import load_rubric
    from assess.scoring.score import score

    rubric = load_rubric(rubric_ref)

    def result(reference: str) -> Result:
        if reference in made:
            return Result(*read_result(Path(reference)))
        case = load_case(reference, rubric)
        return Result(score(case, rubric, draws=draws, seed=seed), documents_of(case, rubric), (case, rubric))

    return all_of(references, result)


def documents_of(case: Partnership, rubric: Rubric) -> dict[str, bytes]:
    """Return the files behind an Assessment by name: the case, the rubric, and the rubrics it extends."""
    documents = {f"{case.id}.yaml": case.source.raw()} if case.source else {}
    for each in (rubric, *rubric.lineage()):
        if each.source:
            name = f"{each.id}.yaml"
            documents[f"{each.id}-{each.version}.yaml" if name in documents else name] = each.source.raw()
    return documents


@contextmanager
def progress(what: str, steps: int, least: int = 3) -> Iterator[Callable[[], None]]:
    """Yield a function to call after each step; on a terminal it shows how far a longer piece of work has come.

    least: fewer steps than this are too quick to be worth a bar.
    """
    if steps < least or not sys.stderr.isatty():
        yield lambda: None
        return
    with click.progressbar(length=steps, label=what, file=sys.stderr) as bar:
        yield lambda: bar.update(1)
