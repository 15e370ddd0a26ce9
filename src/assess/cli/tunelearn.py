"""`assess tune learn`: weights from precedents with known outcomes."""

from __future__ import annotations

import math
import re
from pathlib import Path
from typing import TYPE_CHECKING, Any, get_args

import click

from assess.cli.options import output_option, progress, rubric_option
from assess.documents.fields import PATTERN_ADVICE, SLUG, VERSION, PartialDate, PartnershipType

if TYPE_CHECKING:
    from assess.rubric.models import Rubric
    from assess.tuning.learning import Learned
    from assess.tuning.precedents import Precedents

KINDS = ("labels", "classes", "pairs", "ranking")


@click.command(name="learn")
@click.option(
    "--precedents",
    "table",
    required=True,
    type=click.Path(path_type=Path),
    metavar="TABLE",
    help="CSV or Parquet: a row per past case, a column per criterion id, and the outcome.",
)
@click.option("--outcome", required=True, metavar="COLUMN", help="What happened; higher is better.")
@click.option("--group", metavar="COLUMN", help="Rows that belong together; kept together everywhere.")
@click.option("--time", "time", metavar="COLUMN", help="When each case began; adds a check forward in time.")
@click.option(
    "--kind",
    type=click.Choice(KINDS),
    default="labels",
    show_default=True,
    help="labels: 0 or 1; classes: ordered numbers; pairs: preferred in its group; ranking: places, 1 the best.",
)
@click.option(
    "--prior",
    type=click.FloatRange(min=0),
    default=10.0,
    show_default=True,
    metavar="NUMBER",
    help="Strength of the pull to the current weights; 0 is none.",
)
@click.option(
    "--type",
    "partnership_type",
    type=click.Choice(get_args(PartnershipType)),
    help="The type whose weights are meant; needed where the table holds several.",
)
@rubric_option
@click.option(
    "--resamples", default=400, show_default=True, type=click.IntRange(50, 10_000), help="Resamples for the intervals."
)
@click.option("--seed", default=0, show_default=True, type=click.IntRange(min=0), help="Seed of folds and resamples.")
@click.option("--by", metavar="TEXT", help="Who learned the weights, for the new version.")
@click.option("--on", metavar="DATE", help="When, likewise.")
@click.option("--id", "identifier", metavar="ID", help="Id of the new version; made from the rubric's unless given.")
@click.option("--title", metavar="TEXT", help="Title of the new version.")
@click.option("--version", "version", default="1.0.0", show_default=True, metavar="X.Y.Z", help="Its version.")
@output_option(".yaml for the new rubric version, .md for what was found. Repeatable.")
def command(
    table: Path,
    outcome: str,
    group: str | None,
    time: str | None,
    kind: Any,
    prior: float,
    partnership_type: PartnershipType | None,
    rubric_ref: str,
    resamples: int,
    seed: int,
    by: str | None,
    on: str | None,
    identifier: str | None,
    title: str | None,
    version: str,
    outputs: tuple[Path, ...],
) -> None:
    """Learn weights from precedents with known outcomes.

    Prints the weights with intervals beside the current ones, how well they tell outcomes that they have not seen,
    and plainly whether the data can move the weights at all. -o saves a new rubric version that records all of it.
    """
    _needs("pandas", "sklearn", "scipy")
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.learning import learned_sections
    from assess.reporting.markdown import sections_markdown
    from assess.rubric.loading import load_rubric
    from assess.tuning.learning import learn
    from assess.tuning.precedents import read_precedents, read_table

    strange = [str(path) for path in outputs if path.suffix.lower() not in (".yaml", ".yml", ".md")]
    if strange:
        raise UsageError(f"{', '.join(strange)}: the suffix must be .yaml or .md")
    for name, text, pattern in (("--id", identifier, SLUG), ("--version", version, VERSION)):
        if text is not None and not re.match(pattern, text):
            raise UsageError(f"{name} {text}: {PATTERN_ADVICE[pattern]}")
    _check_date(on)
    for name, text in (("--by", by), ("--title", title)):
        if text is not None and not text.strip():
            raise UsageError(f"{name} is empty; write a text, or leave it out")
    if not math.isfinite(prior):
        raise UsageError(f"--prior {prior}: give a finite number, such as 10")
    rubric = load_rubric(rubric_ref)
    frame = read_table(table)
    precedents = read_precedents(
        frame, rubric, outcome, kind=kind, group=group, time=time, partnership_type=partnership_type
    )
    with progress("resampling", resamples) as step:
        found = learn(precedents, prior, seed=seed, resamples=resamples, step=step)
    text = f"# Weights from {table.name}\n\n{sections_markdown(learned_sections(found, rubric))}"
    contents = {}
    for path in outputs:
        if path.suffix.lower() == ".md":
            contents[path] = text.encode()
        else:
            said = {"by": by, "on": on, "id": identifier, "title": title, "version": version}
            contents[path] = _version(found, precedents, rubric, table, outcome, path, said).encode()
    if not outputs:
        click.echo(text, nl=False)
        return
    write_whole(contents)
    click.echo(found.statement)
    for path in outputs:
        click.echo(f"wrote {path}", err=True)


def _needs(*modules: str) -> None:
    """Raise `UsageError` where an optional package is missing."""
    from importlib.util import find_spec

    from assess.documents.errors import UsageError

    if any(find_spec(module) is None for module in modules):
        raise UsageError("learning needs pandas and scikit-learn; install assess-partnerships[tune]")


def _check_date(on: str | None) -> None:
    """Raise `UsageError` for a date that the version could not hold, before the long part of the work."""
    from pydantic import TypeAdapter, ValidationError

    from assess.documents.errors import UsageError

    if on is None:
        return
    try:
        TypeAdapter(PartialDate).validate_python(on)
    except ValidationError as error:
        raise UsageError(f"--on {on}: {error.errors()[0]['msg'].removeprefix('Value error, ')}") from None


def _version(
    found: Learned,
    precedents: Precedents,
    rubric: Rubric,
    table: Path,
    outcome: str,
    path: Path,
    said: dict[str, str | None],
) -> str:
    """Return the YAML of the new version."""
    import hashlib

    from assess.tuning.learning import node_weightings
    from assess.tuning.version import new_version

    kind = precedents.compiled.type
    return new_version(
        rubric,
        node_weightings(found, precedents.compiled),
        id=said["id"] or f"{rubric.id}-learned",
        title=said["title"] or f"{rubric.title}, learned from {table.name}",
        version=said["version"] or "1.0.0",
        method="learned",
        by=said["by"],
        on=said["on"],
        source=table.name,
        source_sha256=hashlib.sha256(table.read_bytes()).hexdigest(),
        note=f"Outcome: column {outcome} ({found.kind}). {found.statement}",
        types=() if kind is None else (kind,),
        folder=path.parent,
    )
