"""`assess tune elicit`: judgements into weights, from a file or by questions in the terminal."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import DEFAULT_RUBRIC

if TYPE_CHECKING:
    from assess.rubric.models import Rubric
    from assess.tuning.judgements import Judgements

ASKED = ("points", "swing", "ranks", "ahp", "best_worst", "statements")


@click.command(name="elicit")
@click.argument("judgements", metavar="[JUDGEMENTS]", required=False, type=click.Path(path_type=Path))
@click.option(
    "--rubric",
    "-r",
    "rubric_ref",
    metavar="RUBRIC",
    help=f"Shipped id or path; the one JUDGEMENTS name, or {DEFAULT_RUBRIC}, unless given.",
)
@click.option("--node", metavar="NODE", help="Without JUDGEMENTS: ask about this pillar, or 'overall'.")
@click.option("--method", type=click.Choice(ASKED), help="Without JUDGEMENTS: how to ask.")
@click.option("--save", type=click.Path(path_type=Path), metavar="FILE", help="Without JUDGEMENTS: keep the answers.")
@click.option("--by", metavar="TEXT", help="Who judged, for a CSV or questions; a YAML says it itself.")
@click.option("--on", metavar="DATE", help="When, likewise.")
@click.option("--id", "identifier", metavar="ID", help="Id of the new version; that of the judgements unless given.")
@click.option("--title", metavar="TEXT", help="Title of the new version.")
@click.option("--version", "version", default="1.0.0", show_default=True, metavar="X.Y.Z", help="Its version.")
@click.option(
    "--output", "-o", "output", type=click.Path(path_type=Path), metavar="FILE", help="The new version, YAML."
)
def command(
    judgements: Path | None,
    rubric_ref: str | None,
    node: str | None,
    method: str | None,
    save: Path | None,
    by: str | None,
    on: str | None,
    identifier: str | None,
    title: str | None,
    version: str,
    output: Path | None,
) -> None:
    """Make weights of judgements: points, swing, ranks, AHP, best-worst, statements.

    JUDGEMENTS is a YAML document (schema assess/judgements@1) or a CSV table. Without it, --node and --method ask the
    questions one by one. Prints weights, ranges and what the method says of the judgements; -o saves a new rubric
    version that records all of it.
    """
    from assess.documents.errors import UsageError
    from assess.documents.writing import write_whole
    from assess.reporting.elicitation import node_sections
    from assess.reporting.markdown import sections_markdown
    from assess.rubric.loading import load_rubric
    from assess.tuning.elicit import elicit, version_text
    from assess.tuning.judgements import load_judgements

    if judgements is not None and (node or method or save):
        raise UsageError("--node, --method and --save are for questions in the terminal; leave out JUDGEMENTS")
    if judgements is not None and (by or on) and judgements.suffix.lower() != ".csv":
        raise UsageError("a YAML document says itself who judged and when; write 'by' and 'on' into it")
    check_version_options(output, identifier, version, on)
    by = (by or "").strip() or None
    if save:
        check_version_options(save)
    contents: dict[Path, bytes] = {}
    if judgements is not None:
        rubric = load_rubric(rubric_ref) if rubric_ref else None
        said, rubric = load_judgements(judgements, rubric, by=by, on=on)
    else:
        if not (node and method):
            raise UsageError("name a file of judgements, or give --node and --method to be asked")
        if output == save and output is not None:
            raise UsageError(f"{output}: the judgements and the version need a file each")
        if output and not save:
            raise UsageError("a version must lead back to its judgements; give --save FILE to keep the answers")
        rubric = load_rubric(rubric_ref or DEFAULT_RUBRIC)
        said, text = _asked(rubric, node, method, by, on, save)
        if save:
            contents[save] = text.encode()
        else:
            click.echo(text)
    nodes = elicit(said, rubric)
    if output:
        contents[output] = version_text(
            said,
            rubric,
            nodes,
            id=identifier,
            title=(title or "").strip() or None,
            version=version,
            folder=output.parent,
        ).encode()
    click.echo(sections_markdown(node_sections(nodes, rubric, said.types)), nl=False)
    write_whole(contents)
    for path in contents:
        click.echo(f"wrote {path}", err=True)
    if output:
        parent = rubric_ref or said.rubric.rubric
        click.echo(f"what it changes: assess rubric diff {parent} {output}", err=True)


def check_version_options(
    output: Path | None, identifier: str | None = None, version: str | None = None, on: str | None = None
) -> None:
    """Raise `UsageError` for a file, an id, a version number or a date that cannot be, before any work is done."""
    import re

    from assess.documents.errors import UsageError
    from assess.documents.fields import PATTERN_ADVICE, SLUG, VERSION, date_span

    problems = [
        f"'{given}' is not of the right form; {PATTERN_ADVICE[pattern]}"
        for given, pattern in ((identifier, SLUG), (version, VERSION))
        if given is not None and not re.match(pattern, given)
    ]
    if on is not None:
        try:
            date_span(on)
        except ValueError:
            problems.append(f"'{on}' is not a date; write 2025, 2025-06 or 2025-06-25")
    if output and output.suffix.lower() not in (".yaml", ".yml"):
        problems.append(f"{output}: the suffix must be .yaml")
    elif output and not output.parent.is_dir():
        problems.append(f"{output}: the folder {output.parent} does not exist; make it first")
    if problems:
        raise UsageError("\n".join(problems))


def _asked(
    rubric: Rubric, node: str, method: str, by: str | None, on: str | None, save: Path | None
) -> tuple[Judgements, str]:
    """Return the judgements that the answers make, and their document."""
    from assess.cli.questions import ask
    from assess.documents.errors import UsageError
    from assess.documents.validation import nearest
    from assess.rubric.models import OVERALL
    from assess.tuning.judgements import children_of, document_text, parse_judgements

    children = children_of(rubric, node)
    if children is None:
        known = [OVERALL, *(pillar.id for pillar in rubric.all_pillars())]
        raise UsageError(f"unknown node '{node}'; {nearest(node, known)}")
    if len(children) < 2:
        raise UsageError(f"node '{node}' has one child, so there is nothing to weigh")
    answers = ask(method, children)
    text = document_text(rubric, [{"node": node, "method": method, **answers}], save, by=by, on=on)
    return parse_judgements(text, str(save or "answers"), rubric), text
