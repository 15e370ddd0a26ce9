"""`assess tune agree`: how far several assessors agree, on a case or on weights, and one answer of all."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_cases, rubric_option
from assess.cli.tuneelicit import check_version_options

if TYPE_CHECKING:
    from assess.partnership.models import Partnership
    from assess.reporting.blocks import Section
    from assess.rubric.models import NodeWeighting, Rubric
    from assess.tuning.agreement import Agreement, Metric, Panel
    from assess.tuning.judgements import Judgements
    from assess.tuning.panels import Merged


@click.command(name="agree")
@click.argument("files", metavar="FILE...", nargs=-1, required=True)
@rubric_option
@click.option(
    "--metric",
    type=click.Choice(["nominal", "ordinal", "interval", "ratio"]),
    help="What a difference means; ordinal for levels, interval for values, ratio for weights unless given.",
)
@click.option("--draws", default=1000, show_default=True, type=click.IntRange(100, 100_000), help="Bootstrap draws.")
@click.option("--seed", default=20260101, show_default=True, type=click.IntRange(min=0), help="Seed of the draws.")
@click.option("--by", metavar="TEXT", help="Who agreed on the weights, for the new version.")
@click.option("--on", metavar="DATE", help="When they did.")
@click.option("--id", "identifier", default="agreed", show_default=True, metavar="ID", help="Id of the new version.")
@click.option("--title", metavar="TEXT", help="Title of the new version.")
@click.option("--version", "version", default="1.0.0", show_default=True, metavar="X.Y.Z", help="Its version.")
@click.option(
    "--output", "-o", "output", type=click.Path(path_type=Path), metavar="FILE", help="Weights only: the new version."
)
def command(
    files: tuple[str, ...],
    rubric_ref: str,
    metric: Metric | None,
    draws: int,
    seed: int,
    by: str | None,
    on: str | None,
    identifier: str,
    title: str | None,
    version: str,
    output: Path | None,
) -> None:
    """Say how far several assessors agree, and where they differ.

    FILE... is one partnership document for each assessor of the same case, one document of judgements for each, or a
    single CSV with the columns assessor, criterion and level (0-4) or weight. Prints Krippendorff's alpha with its
    interval, a disagreement map, weighted kappa of pairs, and one answer of all: medians with ranges for readings, the
    geometric mean for weights, which -o saves as a new rubric version.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.agreement import merged_text
    from assess.reporting.markdown import sections_markdown
    from assess.rubric.loading import load_rubric
    from assess.tuning.agreement import agreement

    check_version_options(output, identifier, version, on)
    rubric = load_rubric(rubric_ref)
    kind = _kind(files)
    if kind in ("cases", "levels"):
        if output:
            raise UsageError("-o saves weights as a rubric version; readings of a case are printed only")
        panel, merged, what = _readings(files, kind, rubric)
        section = _section(agreement(panel, metric, draws, seed), what, rubric)
        click.echo(f"{sections_markdown([section])}\n{merged_text(merged)}", nl=False)
        return
    weights, judged = _weights(files, kind, rubric)
    agreed, sections = _agreed(weights, judged, rubric, metric, draws, seed)
    text = _version(agreed, weights, judged, files, rubric, output, identifier, title, version, by, on)
    click.echo(sections_markdown(sections), nl=False)
    if output:
        write_whole({output: text.encode()})
        click.echo(f"wrote {output}", err=True)
        click.echo(f"what it changes: assess rubric diff {rubric_ref} {output}", err=True)


def _kind(files: tuple[str, ...]) -> str:
    """Return what the files hold: cases, judgements, levels or weights. Raises `AssessError`."""
    from assess.documents.errors import UsageError
    from assess.documents.source import read_bytes, read_source
    from assess.documents.validation import mapping
    from assess.documents.yamltext import decode

    tables = [file for file in files if file.lower().endswith(".csv")]
    if tables and len(files) > 1:
        raise UsageError(f"{tables[0]} is a table of all assessors; give it alone, or documents without it")
    if tables:
        head = decode(read_bytes(Path(tables[0])), tables[0]).partition("\n")[0]
        return "weights" if "weight" in [name.strip() for name in head.split(",")] else "levels"
    if len(files) < 2:
        raise UsageError("agreement needs the documents of at least two assessors, or one table of all")
    twice = sorted({file for file in files if files.count(file) > 1})
    if twice:
        raise UsageError(f"{', '.join(twice)}: given twice; one document for each assessor")
    found = {file: mapping(read_source(Path(file)).data).get("schema") for file in files if Path(file).is_file()}
    judgements = [file for file, schema in found.items() if schema == "assess/judgements@1"]
    if judgements and len(judgements) < len(files):
        raise UsageError(f"{judgements[0]} holds judgements and other files do not; give one kind")
    return "judgements" if judgements else "cases"


def agreement_on(case: Partnership, files: tuple[str, ...], rubric: Rubric) -> Agreement:
    """Return how far the assessors of a case agree: a document of the case for each, or one table of levels.

    Raises `AssessError` for what `assess tune agree` refuses, for weights, and for documents of another case.
    """
    from assess.documents.errors import UsageError
    from assess.tuning.agreement import agreement
    from assess.tuning.panels import panel_of_cases, panel_of_levels

    kind = _kind(files)
    if kind == "levels":
        return agreement(panel_of_levels(Path(files[0]), rubric))
    if kind != "cases":
        raise UsageError(
            f"{files[0]} holds weights, not readings of a case; 'assess tune agree -o' makes them a rubric version, "
            "and reports by that version say how far they agree"
        )
    cases = _cases(files, rubric)
    strange = [f"{name}: {read.id}, {read.type}" for name, read in cases.items() if _of(read) != _of(case)]
    if strange:
        raise UsageError(f"not documents of the case at hand ({case.id}, {case.type}): {'; '.join(strange)}")
    return agreement(panel_of_cases(cases, rubric))


def _of(case: Partnership) -> tuple[str, str]:
    return case.id, case.type


def _cases(files: tuple[str, ...], rubric: Rubric) -> dict[str, Partnership]:
    return dict(zip(_names(files), load_cases(files, rubric), strict=True))


def _readings(files: tuple[str, ...], kind: str, rubric: Rubric) -> tuple[Panel, Merged, str]:
    from assess.tuning.panels import merged_cases, merged_levels, panel_of_cases, panel_of_levels

    if kind == "levels":
        panel = panel_of_levels(Path(files[0]), rubric)
        return panel, merged_levels(panel), Path(files[0]).stem
    cases = _cases(files, rubric)
    return panel_of_cases(cases, rubric), merged_cases(cases, rubric), next(iter(cases.values())).title


def _weights(
    files: tuple[str, ...], kind: str, rubric: Rubric
) -> tuple[dict[str, tuple[NodeWeighting, ...]], dict[str, Judgements]]:
    """Return the weights by assessor, and the judgements they were made from where documents hold them."""
    from assess.cli.options import all_of
    from assess.documents.errors import UsageError
    from assess.tuning.elicit import elicit
    from assess.tuning.judgements import load_judgements
    from assess.tuning.panels import weights_of_table

    if kind == "weights":
        return weights_of_table(Path(files[0]), rubric), {}
    loaded = all_of(files, lambda file: load_judgements(Path(file), rubric)[0])
    judged = dict(zip(_names(files), loaded, strict=True))
    if len({frozenset(one.types) for one in loaded}) > 1:
        said = ", ".join(f"{name}: {', '.join(one.types) or 'all'}" for name, one in judged.items())
        raise UsageError(
            f"the judgements are about different types of partnership ({said}); compare one type at a time"
        )
    return {name: elicit(one, rubric) for name, one in judged.items()}, judged


def _agreed(
    weights: dict[str, tuple[NodeWeighting, ...]],
    judged: dict[str, Judgements],
    rubric: Rubric,
    metric: Metric | None,
    draws: int,
    seed: int,
) -> tuple[list[NodeWeighting], list[Section]]:
    """Return the common weights of every node that two have weighed, and the sections on them."""
    from assess.reporting.elicitation import node_sections
    from assess.tuning.agreement import agreement
    from assess.tuning.panels import agreed_weights, panels_of_weights

    agreed, sections = [], []
    for node, panel in panels_of_weights(weights).items():
        title = next((pillar.title for pillar in rubric.all_pillars() if pillar.id == node), "the pillars")
        found = agreement(panel, metric, draws, seed)
        sections.append(_section(found, f"the weights of {title}", rubric, place=f"agreement-{node}"))
        given = {name: entry for name, entries in weights.items() for entry in entries if entry.node == node}
        agreed.append(agreed_weights(node, given, found, judged))
    return agreed, [*sections, *node_sections(agreed, rubric, next((one.types for one in judged.values()), ()))]


def _version(
    agreed: Sequence[NodeWeighting],
    weights: dict[str, tuple[NodeWeighting, ...]],
    judged: dict[str, Judgements],
    files: tuple[str, ...],
    rubric: Rubric,
    output: Path | None,
    identifier: str,
    title: str | None,
    version: str,
    by: str | None,
    on: str | None,
) -> str:
    from assess.documents.source import read_bytes
    from assess.tuning.version import new_version

    return new_version(
        rubric,
        agreed,
        id=identifier,
        title=(title or "").strip() or f"{rubric.title}, weights agreed by {len(weights)} assessors",
        version=version,
        method="agreed",
        by=(by or "").strip() or ", ".join(one.by or name for name, one in judged.items()) or ", ".join(weights),
        on=on,
        source=", ".join(Path(file).name for file in files),
        source_sha256=_sha256(read_bytes(Path(files[0]))) if len(files) == 1 else None,
        note="; ".join(f"{Path(file).name}: sha256 {_sha256(read_bytes(Path(file)))}" for file in files),
        types=next((one.types for one in judged.values()), ()),
        folder=output.parent if output else None,
    )


def _section(found: Agreement, what: str, rubric: Rubric, place: str = "agreement") -> Section:
    from assess.reporting.agreement import agreement_section

    titles = {pillar.id: pillar.title for pillar in rubric.all_pillars()}
    titles |= {criterion.id: criterion.title for criterion in rubric.all_criteria()}
    return agreement_section(found, what, titles, place)


def _names(files: tuple[str, ...]) -> list[str]:
    """Return a name for each assessor: that of the file, with its folder where two have the same."""
    stems = [Path(file).stem for file in files]
    return [
        stem if stems.count(stem) == 1 else str(Path(file).with_suffix(""))
        for stem, file in zip(stems, files, strict=True)
    ]


def _sha256(raw: bytes) -> str:
    from hashlib import sha256

    return sha256(raw).hexdigest()
