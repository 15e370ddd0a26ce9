"""`assess report`: the report as files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import Result, load_results, output_option, progress, scoring_options

if TYPE_CHECKING:
    from assess.reporting.edition import Edition
    from assess.robustness.ranks import Ranks
    from assess.robustness.robustness import Robustness

FORMATS = ("html", "pdf", "md", "csv", "json")


@click.command(name="report")
@click.argument("cases", metavar="CASE...", nargs=-1, required=True)
@scoring_options
@output_option(
    "A file, whose suffix (.html, .pdf, .md, .csv, .json) says the form, or a folder for one file per case and form. "
    "Repeatable. Default: CASE-ID.html, or for several cases the folder reports/"
)
@click.option(
    "--format",
    "-f",
    "formats",
    multiple=True,
    type=click.Choice(FORMATS),
    help="Form of the files in a folder. Repeatable. Default: html and pdf.",
)
@click.option("--summary", is_flag=True, help="Only the bottom line, on one page.")
@click.option(
    "--previous",
    type=click.Path(path_type=Path),
    metavar="FILE",
    help="An earlier Assessment (.json, or a .pdf report) of the case: adds what changed since.",
)
@click.option("--robust", is_flag=True, help="Adds how far the rating can be trusted (needs the extra 'robust').")
@click.option(
    "--precedents",
    type=click.Path(path_type=Path),
    metavar="TABLE",
    help="A table of 'assess import atop --outcome term': adds the nearest past alliances, for cases scored with a "
    "rubric of alliances.",
)
@click.option(
    "--assessors",
    multiple=True,
    metavar="FILE",
    help="What several assessors read: a document of the case for each (repeat the option), or one CSV with the "
    "columns assessor, criterion and level. Adds how far they agree; the score stays that of CASE.",
)
@click.option("--theme", type=click.Path(path_type=Path), metavar="FILE", help="Colours, font, logo, handling mark.")
@click.option(
    "--templates",
    type=click.Path(path_type=Path, file_okay=False),
    metavar="FOLDER",
    help="Templates of your own, in place of shipped ones of the same name.",
)
@click.option("--paper", type=click.Choice(("a4", "us-letter")), help="Paper size; a4 unless the theme says otherwise.")
def command(
    cases: tuple[str, ...],
    rubric_ref: str,
    draws: int,
    seed: int,
    outputs: tuple[Path, ...],
    formats: tuple[str, ...],
    summary: bool,
    previous: Path | None,
    robust: bool,
    precedents: Path | None,
    assessors: tuple[str, ...],
    theme: Path | None,
    templates: Path | None,
    paper: str | None,
) -> None:
    """Write reports as HTML, PDF, Markdown, CSV or JSON.

    CASE may also be an Assessment that an earlier run wrote as JSON, or a PDF report, which holds one; it is then
    rendered as it stands.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import made, write_whole
    from assess.reporting.render import check_suffix, to_bytes_together

    folders = [path for path in outputs if _is_folder(path)]
    files = [path for path in outputs if path not in folders]
    for path in files:
        check_suffix(path.suffix.lower())
    if len(cases) > 1 and files:
        raise UsageError(f"{files[0]} is one file for {len(cases)} cases; name a folder, such as -o reports/")
    if formats and files and not folders:
        raise UsageError(f"--format says the form of files in a folder; the suffix of {files[0]} says its own")
    if previous is not None and len(cases) > 1:
        raise UsageError("--previous is one earlier assessment; report the cases one by one")
    if assessors and len(cases) > 1:
        raise UsageError("--assessors are those of one case; report the cases one by one")
    if not outputs and (len(cases) > 1 or formats):
        folders = [Path("reports")]
    kinds = tuple(dict.fromkeys(formats)) or ("html", "pdf")
    edition = _edition(summary, previous, theme, templates, paper)
    results = load_results(cases, rubric_ref, draws, seed)
    ranks = _ranks(results) if robust else [None for _ in results]
    editions = [
        edition.along_with(result.documents, _trust(result) if robust else None, ranked)
        for result, ranked in zip(results, ranks, strict=True)
    ]
    if precedents is not None:
        editions = _with_precedents(editions, results, precedents)
    if assessors:
        editions = [_with_agreement(editions[0], results[0], assessors)]
    wanted: list[tuple[Path, int]] = []
    for index, result in enumerate(results):
        name = result.assessment.partnership.id
        wanted += [(folder / f"{name}.{kind}", index) for folder in folders for kind in kinds]
        wanted += [(path, index) for path in files or ([] if folders else [Path(f"{name}.html")])]
    paths = [path for path, _ in wanted]
    twice = next((path for path in paths if paths.count(path) > 1), None)
    if twice is not None:
        raise UsageError(f"{twice} would be written twice; give the cases different ids or name other files")
    with made(folders):
        jobs = [(results[index].assessment, path.suffix.lower(), editions[index]) for path, index in wanted]
        contents: dict[Path, bytes] = {}
        with progress("writing reports", len(wanted)) as step:
            for path, content in zip(paths, to_bytes_together(jobs), strict=True):
                contents[path] = content
                step()
        write_whole(contents)
    for path in paths:
        click.echo(f"wrote {path}")


def _trust(result: Result) -> Robustness:
    from assess.documents.errors import UsageError
    from assess.robustness.robustness import robustness

    if result.inputs is None:
        raise UsageError("--robust needs the documents; name the case, not an Assessment that was read back")
    made = result.assessment.provenance
    return robustness(*result.inputs, result.assessment, draws=made.draws, seed=made.seed)


def _with_precedents(editions: list[Edition], results: Sequence[Result], table: Path) -> list[Edition]:
    """Return the editions with the nearest past alliances of each case."""
    from dataclasses import replace

    from assess.batch.nearest import precedents
    from assess.documents.errors import UsageError
    from assess.scoring.assessment import all_pillars
    from assess.tuning.precedents import read_table

    frame = read_table(table)
    made = []
    for edition, result in zip(editions, results, strict=True):
        if result.inputs is None:
            raise UsageError("--precedents needs the documents; name the case, not an Assessment that was read back")
        criteria = [one for pillar in all_pillars(result.assessment.pillars) for one in pillar.criteria]
        found = precedents(
            {one.id: one.value for one in criteria},
            {one.id: one.overall_weight for one in criteria},
            result.inputs[1],
            frame,
            assessment=result.assessment.parts(),
            table=table.name,
        )
        made.append(replace(edition, precedents=found))
    return made


def _with_agreement(edition: Edition, result: Result, files: tuple[str, ...]) -> Edition:
    """Return the edition with how far the assessors of its case agree."""
    from dataclasses import replace

    from assess.cli.tuneagree import agreement_on
    from assess.documents.errors import UsageError

    if result.inputs is None:
        raise UsageError("--assessors needs the documents; name the case, not an Assessment that was read back")
    case, rubric = result.inputs
    return replace(edition, agreement=agreement_on(case, files, rubric))


def _ranks(results: Sequence[Result]) -> list[Ranks | None]:
    """Return for each case its ranks among those of its profile; says on stderr which have none, and why."""
    from assess.robustness.ranks import ranks_by_profile
    from assess.scoring.prepared import prepare

    prepared = [prepare(*result.inputs) for result in results if result.inputs is not None]
    made = results[0].assessment.provenance
    ranked: list[Ranks | None] = [None for _ in results]
    if len(prepared) > 1:
        for places, found in ranks_by_profile(prepared, draws=made.draws, seed=made.seed):
            if isinstance(found, str):
                click.echo(found, err=True)
                continue
            for place in places:
                ranked[place] = found
    return ranked


def _is_folder(path: Path) -> bool:
    try:
        return not path.suffix or path.is_dir()
    except OSError:  # such as a name that is too long; writing it says so
        return False


def _edition(
    summary: bool, previous: Path | None, theme: Path | None, templates: Path | None, paper: str | None
) -> Edition:
    from assess.reporting.edition import Edition
    from assess.reporting.reading import read_assessment
    from assess.reporting.theme import DEFAULT_THEME, load_theme

    looks = load_theme(theme) if theme is not None else DEFAULT_THEME
    if paper is not None:
        looks = looks.model_copy(update={"paper_size": paper})
    earlier = read_assessment(previous) if previous is not None else None
    return Edition(summary=summary, previous=earlier, theme=looks, templates=templates)
