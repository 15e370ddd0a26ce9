"""`assess tune objective`: weights from the spread of cases, beside the declared ones."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from assess.cli.options import load_cases, rubric_option

if TYPE_CHECKING:
    from collections.abc import Sequence

    from assess.reporting.blocks import Block
    from assess.rubric.measures import Floats
    from assess.rubric.models import Rubric
    from assess.scoring.compiled import CompiledRubric

CHECK = (
    "These weights come from the spread of the cases alone: a check, never a default. They show which items tell these "
    "cases apart, not which matter, and they change with every case that is added. No rubric is written."
)


@click.command(name="objective")
@click.argument("sources", metavar="CASE...|TABLE.csv", nargs=-1, required=True)
@rubric_option
def command(sources: tuple[str, ...], rubric_ref: str) -> None:
    """Show weights from the spread of cases beside the declared ones.

    Give at least three cases, or one CSV table with a row per partnership, a column per criterion (levels 0-4, numbers
    in the criterion's unit, percentages of checklist items met; empty where nothing is known) and perhaps a column
    'type'. Prints equal, entropy, CRITIC, standard deviation and PCA weights for every pillar and the whole. A check,
    never a default: it writes no rubric.
    """
    from assess.documents.errors import UsageError
    from assess.reporting.blocks import Paragraph, Section
    from assess.reporting.markdown import sections_markdown
    from assess.rubric.loading import load_rubric

    rubric = load_rubric(rubric_ref)
    tables = [source for source in sources if source.lower().endswith(".csv")]
    if tables and len(sources) > 1:
        raise UsageError(f"{tables[0]} stands alone: give cases, or one table")
    kinds, values, scores = _from_table(Path(tables[0]), rubric) if tables else _from_cases(sources, rubric)
    blocks: list[Block] = [Paragraph((CHECK,), "note")]
    for node in ("overall", *(pillar.id for pillar in rubric.all_pillars())):
        blocks += _node(node, rubric, kinds, values, scores)
    title = f"Weights from the spread of {len(values)} {'case' if len(values) == 1 else 'cases'}"
    click.echo(sections_markdown([Section("objective", "Objective weights", title, tuple(blocks))]), nl=False)


def _from_cases(sources: Sequence[str], rubric: Rubric) -> tuple[list[CompiledRubric], Floats, Floats]:
    """Return the compiled rubric of each case, its values (n, m) and its pillars' scores (n, p)."""
    import numpy as np

    from assess.scoring.prepared import prepare

    prepared = [prepare(case, rubric) for case in load_cases(tuple(sources), rubric)]
    values = np.vstack([case.best for case in prepared])
    scores = np.vstack([case.scores.score for case in prepared])
    return [case.compiled for case in prepared], values, scores[:, :-1]


def _from_table(path: Path, rubric: Rubric) -> tuple[list[CompiledRubric], Floats, Floats]:
    """Return the same for the rows of a table."""
    import numpy as np

    from assess.documents.errors import UsageError
    from assess.scoring.compiled import compile_rubric
    from assess.scoring.table import score_table

    try:
        import pandas as pd
    except ImportError as error:
        raise UsageError("this needs pandas; install assess-partnerships[tune]") from error
    try:
        frame = pd.read_csv(path)
    except (OSError, ValueError) as error:  # pandas' own errors are ValueErrors
        raise UsageError(f"{path}: cannot be read as a table: {error}") from error
    if frame.empty:
        raise UsageError(f"{path}: has no rows")
    try:
        scored = score_table(frame, rubric)
    except UsageError as error:
        raise UsageError(f"{path}: {error}") from error
    ids = [criterion.id for criterion in rubric.all_criteria()]
    raw = frame.reindex(columns=ids).to_numpy(dtype=np.float64, na_value=np.nan)
    types = frame["type"] if "type" in frame.columns else pd.Series(None, index=frame.index, dtype=object)
    of_type = {kind: compile_rubric(rubric, kind) for kind in {None if pd.isna(kind) else kind for kind in types}}
    kinds = [of_type[None if pd.isna(kind) else kind] for kind in types]
    values = kinds[0].scale.values(raw).with_nan()
    return kinds, values, scored[[pillar.id for pillar in rubric.all_pillars()]].to_numpy(dtype=np.float64)


def _node(node: str, rubric: Rubric, kinds: Sequence[CompiledRubric], values: Floats, scores: Floats) -> list[Block]:
    """Return the weights of a node's children as blocks: a table, then what was refused or left out, and why."""
    import numpy as np

    from assess.documents.errors import UsageError
    from assess.reporting import numbers
    from assess.reporting.blocks import Head, Heading, Points, Table, row
    from assess.tuning.objective import METHODS

    pillars = list(rubric.all_pillars())
    inside = next((pillar for pillar in pillars if pillar.id == node), None)
    leaves = [kinds[0].column[criterion.id] for criterion in inside.criteria] if inside else []
    inner = [kinds[0].node[pillar.id] for pillar in (inside.pillars if inside else rubric.pillars)]
    ids = [*(kinds[0].criteria[i].id for i in leaves), *(pillars[i].id for i in inner)]
    if len(ids) < 2:
        return []
    table = np.hstack([values[:, leaves], scores[:, inner]])
    declared = np.array([[*kind.weights[leaves], *kind.node_weights[inner]] for kind in kinds])
    columns: list[dict[str, float]] = []
    remarks: list[tuple[str, str]] = []
    for title, method in METHODS.items():
        try:
            found = method(ids, table)
        except UsageError as error:
            remarks.append((title, str(error)))
            columns.append({})
            continue
        columns.append(dict(found.weights))
        remarks += [(title, remark.text or "") for remark in found.diagnostics if remark.warning]
    heads = (Head("Item"), Head("Declared", "number"), *(Head(title, "number") for title in METHODS))
    rows = []
    for index, name in enumerate(ids):
        shares = [numbers.percent(column[name]) if column else "–" for column in columns]
        rows.append(row(name, _declared(declared[:, index]), *shares))
    title = "the whole" if inside is None else inside.title
    blocks: list[Block] = [Heading(title), Table(f"Weights among neighbours in {title}", heads, tuple(rows))]
    reasons: dict[str, list[str]] = {}
    for title, text in remarks:
        reasons.setdefault(text, []).append(title)
    if reasons:
        blocks.append(Points(tuple((f"{', '.join(titles)}: {text}",) for text, titles in reasons.items())))
    return blocks


def _declared(shares: Floats) -> str:
    """Return the declared share of one item, as a range where types of partnership weigh it differently."""
    from assess.reporting import numbers

    low, high = numbers.percent(float(shares.min())), numbers.percent(float(shares.max()))
    return low if low == high else f"{low} to {high}"
