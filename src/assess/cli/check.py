"""`assess check`: documents, and the test vectors of rubrics."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_case, rubric_option

if TYPE_CHECKING:
    from assess.documents.errors import Problem


@click.command(name="check")
@click.argument("documents", nargs=-1, required=True, metavar="DOCUMENT...")
@rubric_option
def command(documents: tuple[str, ...], rubric_ref: str) -> None:
    """Check rubrics and partnerships, and run a rubric's test vectors.

    DOCUMENT is a path or a shipped id. Prints one line for each good document; all errors of all documents go to
    stderr as file:line:col, with exit code 2.
    """
    from assess.documents.errors import AssessError

    errors = []
    for reference in documents:
        try:
            click.echo(f"{reference}: {_check(reference, rubric_ref)}")
        except AssessError as error:
            errors.append(str(error))
    if errors:
        raise AssessError("\n".join(errors))


def _check(reference: str, rubric_ref: str) -> str:
    """Return what was found good about one document; raises `AssessError` for anything wrong."""
    from assess.documents.shipped import shipped_ids
    from assess.documents.source import read_source
    from assess.documents.validation import mapping
    from assess.rubric.loading import load_rubric
    from assess.scoring.readings import reads
    from assess.scoring.vectors import failed_vectors

    if reference in shipped_ids("rubrics"):
        is_rubric = True
    elif reference in shipped_ids("partnerships"):
        is_rubric = False
    else:
        is_rubric = str(mapping(read_source(Path(reference)).data).get("schema")).startswith("assess/rubric")
    if not is_rubric:
        rubric = load_rubric(rubric_ref)
        case = load_case(reference, rubric)
        seen = sum(1 for c in rubric.all_criteria() if reads(case, c))
        found = f"{seen} criteria observed, {len(case.evidence)} pieces of evidence"
        return f"good; {found}, fits {rubric.id} {rubric.version}"
    rubric = load_rubric(reference)
    failed = failed_vectors(rubric)
    inherited = rubric.parent.test_vectors if rubric.parent else ()
    otherwise = [problem for problem in failed if rubric.test_vectors[_number(problem)] in inherited]
    broken = [problem for problem in failed if problem not in otherwise]
    if broken and rubric.source:
        raise rubric.source.error(broken)
    count = len(list(rubric.all_criteria()))
    missed = {_number(problem) for problem in otherwise}
    met = len(rubric.test_vectors) - len(missed)
    found = f"good; {count} criteria, {len(rubric.red_lines)} red lines, {met} test vectors met"
    if not otherwise:
        return found
    # Vectors of the parent were made for its weights: one that comes out otherwise shows what this version changes.
    lines = [f"  {problem.what}" for problem in otherwise]
    return "\n".join([f"{found}, and {len(missed)} of the parent's come out otherwise:", *lines])


def _number(problem: Problem) -> int:
    """Return the number of the test vector that a problem is about."""
    return int(problem.path[1])
