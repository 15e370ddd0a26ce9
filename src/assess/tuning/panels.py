"""What several assessors said, side by side, from partnership documents, judgements or a table; and one answer of all.

Two things are never merged in silence: checklist answers, which have to be settled item by item, and evidence, whose
ids belong to the document they stand in.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import isfinite
from pathlib import Path
from statistics import median
from typing import Any

import numpy as np

from assess.documents.errors import DocumentError, Located, UsageError
from assess.documents.source import read_bytes
from assess.documents.validation import nearest
from assess.documents.yamltext import decode
from assess.partnership.models import Partnership
from assess.rubric.models import OVERALL, Diagnostic, NodeWeighting, Rubric
from assess.scoring.readings import Cell, read_cells
from assess.tuning.agreement import INTERVAL, TENTATIVE, Agreement, Panel, geometric_matrix, geometric_shares
from assess.tuning.ahp import ahp_weights
from assess.tuning.elicit import matrix_of, node_weighting
from assess.tuning.judgements import Judgements, Pairwise, children_of

MOST = 1e6
"""The largest weight a table may hold: beyond it sums lose what the small ones say."""

CONFIDENCES = ("low", "moderate", "high")


@dataclass(frozen=True)
class Merged:
    """Readings of several assessors as one: plain data for `observations` of a partnership document."""

    observations: Mapping[str, Mapping[str, Any]]
    left_out: tuple[str, ...]
    """Criteria that were read in forms no median exists for, such as checklist answers."""


def panel_of_cases(cases: Mapping[str, Partnership], rubric: Rubric) -> Panel:
    """Return the values 0-100 that assessors' documents of one case come to, by criterion and party.

    cases: partnership by assessor. Levels, numbers and checklists all count as the value the rubric gives them.
    Raises UsageError for documents of different cases or types.
    """
    for what in ("id", "type"):
        found = {name: getattr(case, what) for name, case in cases.items()}
        if len(set(found.values())) > 1:
            said = ", ".join(f"{name}: {value}" for name, value in found.items())
            raise UsageError(f"the documents are not of the same case: their {what} differs ({said})")
    cells = [{cell.name.rstrip("/"): cell for cell in _cells(case, rubric)} for case in cases.values()]
    units = _in_order([list(read) for read in cells], [criterion.id for criterion in rubric.all_criteria()])
    readings = [[read[unit].value if unit in read else np.nan for unit in units] for read in cells]
    return Panel(
        tuple(cases), tuple(units), np.array(readings, dtype=np.float64).reshape(len(cells), len(units)), "value"
    )


def merged_cases(cases: Mapping[str, Partnership], rubric: Rubric) -> Merged:
    """Return the median of the best readings by criterion, with the widest range that the assessors gave.

    Of an even number of assessors the median lies between the two in the middle. The confidence is the lowest stated.
    """
    by_name: dict[str, dict[str, Cell]] = {}
    for assessor, case in cases.items():
        for cell in _cells(case, rubric):
            by_name.setdefault(cell.name, {})[assessor] = cell
    merged: dict[str, dict[str, Any]] = {}
    left_out = []
    order = [criterion.id for criterion in rubric.all_criteria()]
    by_party = {name.partition("/")[0] for name in by_name if not name.endswith("/")}
    for name in sorted(by_name, key=lambda name: order.index(name.partition("/")[0])):
        read = by_name[name]
        criterion, _, party = name.partition("/")
        kinds = {cell.kind for cell in read.values()}
        if len(kinds) > 1 or not kinds <= {"level", "number"} or (not party and criterion in by_party):
            left_out.append(name.rstrip("/"))
            continue
        lows, bests, highs = zip(*(cell.raw for cell in read.values()), strict=True)
        stated = min((cell.judgement.confidence for cell in read.values()), key=CONFIDENCES.index)
        entry = {
            kinds.pop(): {"low": min(lows), "best": median(bests), "high": max(highs)},
            "confidence": stated,
            "rationale": _rationale({assessor: cell.raw[1] for assessor, cell in read.items()}),
        }
        if party:
            merged.setdefault(criterion, {}).setdefault("parties", {})[party] = entry
        else:
            merged[criterion] = entry
    return Merged(merged, tuple(left_out))


def merged_levels(panel: Panel) -> Merged:
    """Return the median level by criterion with the range of the assessors' levels.

    Where all agree no range is given: it then follows from the confidence that the document states.
    """
    merged: dict[str, dict[str, Any]] = {}
    for column, unit in enumerate(panel.units):
        read = {
            name: float(level)
            for name, level in zip(panel.assessors, panel.readings[:, column], strict=True)
            if isfinite(level)
        }
        best, low, high = median(read.values()), min(read.values()), max(read.values())
        level: dict[str, float] = {"low": low} if low < best else {}
        level |= {"best": best} | ({"high": high} if high > best else {})
        merged[unit] = {"level": level, "rationale": _rationale(read)}
    return Merged(merged, ())


def panel_of_levels(file: Path, rubric: Rubric) -> Panel:
    """Return the levels 0-4 of a table with the columns assessor, criterion and level.

    Raises `DocumentError` with every problem of the table.
    """
    known = [criterion.id for criterion in rubric.all_criteria()]
    read, _ = _long_table(file, "level", known, "criterion", 4.0)
    units = _in_order([list(given) for given in read.values()], known)
    levels = [[given.get(unit, np.nan) for unit in units] for given in read.values()]
    return Panel(tuple(read), tuple(units), np.array(levels, dtype=np.float64).reshape(len(read), len(units)), "level")


def weights_of_table(file: Path, rubric: Rubric) -> dict[str, tuple[NodeWeighting, ...]]:
    """Return the weights by assessor of a table with the columns assessor, criterion and weight.

    `criterion` may name a pillar too. Weights become shares inside their node; who weighs one child of a node weighs
    all of them. Raises `DocumentError` with every problem of the table.
    """
    nodes = [OVERALL, *(pillar.id for pillar in rubric.all_pillars())]
    children = {node: list(children_of(rubric, node) or ()) for node in nodes}
    read, lines = _long_table(file, "weight", [name for below in children.values() for name in below], "item", MOST)
    faults, found = [], {}
    for assessor, given in read.items():
        weighted = []
        for node, below in children.items():
            stated = [name for name in below if name in given]
            missing = [name for name in below if name not in given]
            if not stated:
                continue
            line = lines[assessor, stated[0]]
            if missing:
                faults.append(
                    Located(line, 1, f"{assessor}, node '{node}': no weight for {', '.join(missing)}; add it")
                )
            elif not sum(given[name] for name in below) > 0:
                faults.append(Located(line, 1, f"{assessor}, node '{node}': all weights are 0; give one of them more"))
            else:
                total = sum(given[name] for name in below)
                weighted.append(
                    NodeWeighting(node=node, method="stated", weights={name: given[name] / total for name in below})
                )
        found[assessor] = tuple(weighted)
    if faults:
        raise DocumentError(str(file), faults)
    return found


def panels_of_weights(weights: Mapping[str, Sequence[NodeWeighting]]) -> dict[str, Panel]:
    """Return the shares of each node that two assessors or more have weighed. Raises UsageError where there is none."""
    panels = {}
    for node in dict.fromkeys(entry.node for entries in weights.values() for entry in entries):
        given = {name: entry for name, entries in weights.items() for entry in entries if entry.node == node}
        if len(given) > 1:
            units = tuple(next(iter(given.values())).weights)
            shares = np.array([[entry.weights[unit] for unit in units] for entry in given.values()], dtype=np.float64)
            panels[node] = Panel(tuple(given), units, shares, "share")
    if not panels:
        raise UsageError("no node has been weighed by two assessors, so there is nothing to compare")
    return panels


def agreed_weights(
    node: str,
    weights: Mapping[str, NodeWeighting],
    found: Agreement | None = None,
    judged: Mapping[str, Judgements] | None = None,
) -> NodeWeighting:
    """Return the weights of a node that several assessors give together.

    Where all of them compared in pairs, the geometric mean of their matrices; else that of their weights (Aczel &
    Saaty 1983; Forman & Peniwati 1998, European Journal of Operational Research 108(1)). low and high: the smallest
    and largest share that one of them gives, or that their own ranges reach. found: how far they agree, which the
    weights then carry as a diagnostic, with a warning under the threshold of tentative conclusions. Raises UsageError.
    """
    names = list(next(iter(weights.values())).weights)
    shares = np.array([[entry.weights[name] for name in names] for entry in weights.values()], dtype=np.float64)
    compared = [
        entry
        for one in (judged or {}).values()
        for entry in one.nodes
        if entry.node == node and isinstance(entry, Pairwise)
    ]
    remarks: tuple[Diagnostic, ...] = ()
    if len(compared) == len(weights):
        merged = geometric_matrix([matrix_of(entry, names) for entry in compared])
        group = node_weighting(node, "agreed", ahp_weights(names, merged), names)
        together, remarks = dict(group.weights), group.diagnostics
        how = "geometric mean of the comparison matrices (Aczel & Saaty 1983)"
    else:
        together = dict(zip(names, map(float, geometric_shares(shares)), strict=True))
        how = "geometric mean of the weights, put back to sum 1 (Aczel & Saaty 1983)"
    zeros = [name for name, column in zip(names, shares.T, strict=True) if (column == 0).any() and column.any()]
    if zeros and len(compared) != len(weights):
        text = f"a weight of 0 from one assessor makes it 0 for all: {', '.join(zeros)}; settle it by talking"
        remarks = (*remarks, Diagnostic(name="ruled out", value=float(len(zeros)), text=text, warning=True))
    return NodeWeighting(
        node=node,
        method="agreed",
        weights=together,
        low={
            name: min([together[name], *(e.low.get(name, e.weights[name]) for e in weights.values())]) for name in names
        },
        high={
            name: max([together[name], *(e.high.get(name, e.weights[name]) for e in weights.values())])
            for name in names
        },
        diagnostics=(
            Diagnostic(name="aggregation", text=how),
            Diagnostic(name="assessors", value=float(len(weights)), text=", ".join(weights)),
            Diagnostic(name="range", text="smallest and largest weight that one of the assessors gives"),
            *([] if found is None else [_agreement_remark(found)]),
            *remarks,
        ),
    )


def _agreement_remark(found: Agreement) -> Diagnostic:
    """Return Krippendorff's alpha with its interval as a diagnostic of the weights."""
    name = "Krippendorff's alpha"
    if found.alpha is None:
        return Diagnostic(name=name, text=f"none: {found.reason}")
    interval = (
        "without an interval"
        if found.low is None or found.high is None
        else f"{INTERVAL:g} % interval {found.low:.2f} to {found.high:.2f}"
    )
    under = found.alpha < TENTATIVE
    text = f"{found.metric}; {interval}" + (f"; under {TENTATIVE:g}: settle the differences first" if under else "")
    return Diagnostic(name=name, value=found.alpha, text=text, warning=under)


def _cells(case: Partnership, rubric: Rubric) -> list[Cell]:
    applicable = [criterion for criterion in rubric.all_criteria() if criterion.types.get(case.type, 1.0) > 0]
    return read_cells(case, rubric, applicable)


def _in_order(named: Sequence[Sequence[str]], known: Sequence[str]) -> list[str]:
    """Return every unit that is named, in the order of the rubric, then of the documents."""
    found = dict.fromkeys(unit for units in named for unit in units)
    return sorted(found, key=lambda unit: known.index(unit.partition("/")[0]))


def _rationale(read: Mapping[str, float]) -> str:
    return f"Median of {len(read)}: {', '.join(f'{name} {reading:g}' for name, reading in read.items())}."


def _long_table(
    file: Path, number: str, known: Sequence[str], what: str, most: float
) -> tuple[dict[str, dict[str, float]], dict[tuple[str, str], int]]:
    """Return the numbers of a table by assessor and criterion, and the line of each."""
    reader = csv.DictReader(io.StringIO(decode(read_bytes(file), str(file)), newline=""), strict=True)
    wanted = ("assessor", "criterion", number)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DocumentError(str(file), [Located(reader.line_num, 1, f"this is no CSV: {error}")]) from None
    head = list(reader.fieldnames or ())
    faults = [Located(1, 1, f"no column '{name}'; add it") for name in wanted if name not in head]
    faults += [
        Located(1, 1, f"unknown column '{name}'; {nearest(name, wanted)}") for name in head if name not in wanted
    ]
    if faults:
        raise DocumentError(str(file), faults)
    found: dict[str, dict[str, float]] = {}
    lines: dict[tuple[str, str], int] = {}
    for line, row in rows:
        said = {name: (row.get(name) or "").strip() for name in wanted}
        if not any(said.values()):
            continue
        problem = _row_problem(said, number, known, what, most)
        if problem is None and said["criterion"] in found.get(said["assessor"], {}):
            first = lines[said["assessor"], said["criterion"]]
            problem = f"{said['assessor']} has read '{said['criterion']}' in line {first} already; keep one row"
        if problem:
            faults.append(Located(line, 1, problem))
        elif said[number]:
            found.setdefault(said["assessor"], {})[said["criterion"]] = float(said[number])
            lines[said["assessor"], said["criterion"]] = line
    if faults:
        raise DocumentError(str(file), faults)
    return found, lines


def _row_problem(said: Mapping[str, str], number: str, known: Sequence[str], what: str, most: float) -> str | None:
    """Return what is wrong with a row; an empty number is a reading not given."""
    if not said["assessor"] or not said["criterion"]:
        return "a row needs an assessor and a criterion; fill them in"
    if said["criterion"] not in known:
        return f"unknown {what} '{said['criterion']}'; {nearest(said['criterion'], known)}"
    if not said[number]:
        return None
    try:
        value = float(said[number])
    except ValueError:
        value = float("nan")
    if not isfinite(value) or value < 0 or value > most:
        return f"{number} must be a number from 0 to {most:.0f} (found '{said[number]}')"
    return None
