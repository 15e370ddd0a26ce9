"""A page to try weights on: one HTML file whose script repeats the kernel's arithmetic on the readings it carries.

The page holds every reading (low, best, high), the known shares, the caps of tripped red lines and the tree. Its
script (`tune.js`) normalises weights, climbs the tree and rates as `robustness/weighted.py` and `scoring/kernel.py` do.
"""

from __future__ import annotations

import json
from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

import numpy as np
from markupsafe import Markup

from assess import __version__
from assess.documents.errors import UsageError
from assess.documents.fields import PartnershipType
from assess.documents.shipped import shipped_dir
from assess.partnership.models import Partnership
from assess.reporting import numbers
from assess.reporting.environments import html_environment, render_template
from assess.reporting.theme import DEFAULT_THEME, Theme
from assess.reporting.words import STATUSES, TYPES, clean, counted
from assess.robustness.weighted import branches, label, labels, overall, overall_codes
from assess.robustness.weighted import declared as declared_weights
from assess.rubric.measures import Floats, level_breakpoints, value_of
from assess.rubric.models import Rubric, TestVector
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import TOLERANCE, basis
from assess.scoring.prepared import Prepared, prepare

TEMPLATE = "tune.html.j2"
HASH_DIGITS = 12
"""Hexadecimal digits of the rubric's SHA-256 in the shareable address."""

EFFECTS = {
    "block": "rating “Do not proceed”",
    "cap_overall_conditional": "overall rating at most that of a score of 64",
    "cap_pillar_49": "rating of its pillar at most that of a score of 49",
}


@dataclass(frozen=True)
class Standing:
    """One case under the declared weights, as the page shows it before anything is moved."""

    id: str
    title: str
    index: int
    """Place among the cases of the page."""
    score: float | None
    low: float | None
    """Score with every reading at its low end."""
    high: float | None
    """Score with every reading at its high end."""
    shown: str
    """The score and its range as whole numbers, or why there is none."""
    rating: str
    capped: bool
    """Whether a red line keeps it below the rating of the score."""
    rank: int | None
    """Rank by score among the cases of its type on the page; ties share the better rank."""
    of: int
    """Number of cases of its type that have a score."""
    settled: bool
    """Whether its range overlaps that of no other case of its type."""


@dataclass(frozen=True)
class Group:
    """The cases of one type: the only ones that are ranked against each other."""

    type: PartnershipType
    title: str
    standings: tuple[Standing, ...]


def to_page(
    cases: Sequence[Partnership],
    rubric: Rubric,
    presets: Sequence[Rubric] = (),
    *,
    reference: str | None = None,
    theme: Theme = DEFAULT_THEME,
) -> str:
    """Return the page of weights for cases that fit a rubric, as a self-contained HTML document.

    presets: rubrics with the same pillars and criteria, whose weights can be chosen on the page.
    reference: how a new version made on the page names its parent: a shipped id, or a path from where it is saved;
    the rubric's id where absent. Raises `UsageError` for no case, a case given twice, and a preset of another tree.
    """
    if not cases:
        raise UsageError("the page needs at least one case")
    ids = [case.id for case in cases]
    twice = sorted({name for name in ids if ids.count(name) > 1})
    if twice:
        raise UsageError(f"given twice: {', '.join(twice)}; name every case once")
    problems = [problem for preset in presets if (problem := _other_tree(preset, rubric))]
    if problems:
        raise UsageError("\n".join(problems))
    prepared = [prepare(case, rubric) for case in cases]
    data = page_data(prepared, presets, reference or rubric.id)
    script, style = _shipped("tune.js"), f"{theme.css()}\n{_shipped('tune.css')}"
    return render_template(
        html_environment(None),
        TEMPLATE,
        policy=Markup(f"default-src 'none'; script-src '{_digest(script)}'; style-src '{_digest(style)}'"),
        style=Markup(style),
        script=Markup(script),
        data=Markup(_json(data)),
        rubric=rubric,
        digest=_sha(rubric)[:HASH_DIGITS],
        count=counted(len(cases), "case"),
        groups=standings(prepared),
        types=data["types"],
        type_titles={kind: _capital(TYPES[kind]) for kind in data["types"]},
        presets=data["presets"],
        pillars=[
            (index, depth, pillar, [(prepared[0].compiled.column[c.id], c) for c in pillar.criteria])
            for index, (depth, pillar) in enumerate(_with_depth(rubric))
        ],
        most=_most(data),
        edges=[band.at_least for band in rubric.bands[:-1]],
        version=__version__,
        plain=numbers.plain,
    )


def page_data(cases: Sequence[Prepared], presets: Sequence[Rubric], reference: str) -> dict[str, Any]:
    """Return everything the script of the page works with, as plain data; values are 0-100, shares 0-1."""
    compiled, rubric = cases[0].compiled, cases[0].rubric
    of_vectors = (vector.type for vector in rubric.test_vectors)
    types = list(dict.fromkeys([*(case.partnership.type for case in cases), *rubric.profiles, *of_vectors]))
    return {
        "rubric": {
            "reference": reference,
            "id": rubric.id,
            "version": rubric.version,
            "sha256": rubric.source.sha256 if rubric.source else None,
            "short": _sha(rubric)[:HASH_DIGITS],
        },
        "types": types,
        "type_titles": [TYPES[kind] for kind in types],
        "pillars": [{"id": p.id, "title": clean(p.title), "risk": p.display == "risk"} for p in compiled.nodes],
        "criteria": [{"id": c.id, "title": clean(c.title)} for c in compiled.criteria],
        "branches": [
            {
                "node": branch.node,
                "id": branch.id,
                "method": branch.method.method,
                "floor": getattr(branch.method, "floor", None),
                "exponent": getattr(branch.method, "exponent", None),
                "leaves": branch.leaves.tolist(),
                "inner": branch.inner.tolist(),
            }
            for branch in branches(compiled)
        ],
        "bands": [{"label": clean(band.label), "at_least": band.at_least} for band in rubric.bands],
        "labels": list(map(clean, labels(cases[0]))),
        "insufficient_below": rubric.coverage.insufficient_below,
        "provisional_below": rubric.coverage.provisional_below,
        "tolerance": TOLERANCE,
        "presets": [
            {"title": clean(f"{rubric.title} {rubric.version} (declared)"), "partial": False}
            | _weights_of(rubric, types),
            {"title": "Equal weights", "partial": False} | _equal(rubric, types),
            *(
                {
                    "title": clean(f"{preset.title} {preset.version}"),
                    "partial": _judges_otherwise(preset, rubric),
                }
                | _weights_of(preset, types)
                for preset in presets
            ),
        ],
        "cases": [_case(case, types) for case in cases],
        "vectors": [_vector(compiled, vector, types) for vector in rubric.test_vectors],
    }


def standings(cases: Sequence[Prepared]) -> list[Group]:
    """Return the cases by type under the declared weights, types in the order of their first case."""
    groups = []
    for kind in dict.fromkeys(case.partnership.type for case in cases):
        members = [index for index, case in enumerate(cases) if case.partnership.type == kind]
        spans = [_span(cases[index]) for index in members]
        ranks = ranked([score for _, score, _ in spans])
        scored = [span for span in spans if not np.isnan(span[1])]
        standing = []
        for index, (low, score, high), rank in zip(members, spans, ranks, strict=True):
            touching = sum(other[0] <= high and low <= other[2] for other in scored)  # itself among them
            standing.append(_standing(cases[index], index, (low, score, high), rank, len(scored), touching < 2))
        groups.append(Group(kind, _capital(TYPES[kind]), tuple(standing)))
    return groups


def ranked(scores: Sequence[float]) -> list[int | None]:
    """Return the rank of each score, 1 the highest; equal scores share the better rank, NaN has none."""
    return [
        None if np.isnan(score) else 1 + sum(other > score + TOLERANCE for other in scores if not np.isnan(other))
        for score in scores
    ]


def _span(case: Prepared) -> tuple[float, float, float]:
    """Return the overall score with every reading at its low end, best and high end; NaN where there is none."""
    low, high = (
        float(overall(case, case.criteria(end[:, None]), declared_weights(case.compiled))[0])
        for end in (case.low, case.high)
    )
    return low, float(case.scores.score[0, -1]), high


def _standing(
    case: Prepared, index: int, span: tuple[float, float, float], rank: int | None, of: int, settled: bool
) -> Standing:
    low, score, high = span
    uncapped, capped = overall_codes(case, np.array([score]))
    bands = case.rubric.bands
    missing, shown = rank is None, "no score"
    rating = label(case, int(capped[0]))
    if rating and basis(case.compiled, case.scores.coverage[0], -1) == "provisional":
        rating += ", provisional"
    if not missing:
        shown = f"{numbers.whole(score, bands)} ({numbers.whole(low, bands)}–{numbers.whole(high, bands)})"
    return Standing(
        id=case.partnership.id,
        title=case.partnership.title,
        index=index,
        score=None if missing else score,
        low=None if missing else low,
        high=None if missing else high,
        shown=shown,
        rating=rating or "insufficient basis",
        capped=bool(capped[0] != uncapped[0]),
        rank=rank,
        of=of,
        settled=settled,
    )


def _case(case: Prepared, types: Sequence[str]) -> dict[str, Any]:
    partnership, compiled, rubric = case.partnership, case.compiled, case.rubric
    names = {party.id: party.name for party in partnership.parties}
    excused = {name for name, seen in partnership.observations.items() if seen.not_applicable is not None}
    return {
        "id": partnership.id,
        "title": clean(partnership.title),
        "type": types.index(partnership.type),
        "multipliers": [0.0 if c.id in excused else c.types.get(partnership.type, 1.0) for c in compiled.criteria],
        "counted": _finite(case.counted),
        "thin": case.thin.tolist(),
        "inputs": [
            {"criterion": int(column), "party": clean(names[cell.party]) if cell.party else None}
            | {"low": float(low), "value": float(value), "high": float(high)}
            for column, cell, low, value, high in zip(
                case.columns, case.inputs, case.low, case.value, case.high, strict=True
            )
        ],
        "caps": _caps(compiled, case.tripped),
        "red_lines": [
            {
                "title": clean(line.title or line.id.replace("_", " ")),
                "status": STATUSES[status],  # type: ignore[index]
                "effect": EFFECTS[line.effect],
            }
            for line, status in zip(rubric.red_lines, case.statuses, strict=True)
            if status != "clear"
        ],
    }


def _vector(compiled: CompiledRubric, vector: TestVector, types: Sequence[str]) -> dict[str, Any]:
    """Return a test vector as a case of the page, with the vector as its document states it."""
    points = level_breakpoints(compiled.rubric.level_values)
    stated = {name: None if level is None else value_of(points, level) for name, level in vector.levels.items()}
    tripped = [vector.red_lines.get(line.id) == "tripped" for line in compiled.red_lines]
    return {
        "type": types.index(vector.type),
        "multipliers": [c.types.get(vector.type, 1.0) for c in compiled.criteria],
        "values": [stated.get(c.id, vector.fill) for c in compiled.criteria],
        "caps": _caps(compiled, np.array(tripped, dtype=np.float64)),
        "stated": vector.model_dump(mode="json", exclude_unset=True),
    }


def _caps(compiled: CompiledRubric, tripped: Floats) -> list[dict[str, Any]]:
    """Return the caps that tripped red lines (r,) bring about."""
    return [
        {"node": int(cap.node), "code": cap.code, "blocks": cap.blocks}
        for way, cap in enumerate(compiled.caps)
        if tripped @ compiled.cap_lines[:, way] > 0
    ]


def _weights_of(rubric: Rubric, types: Sequence[PartnershipType]) -> dict[str, Any]:
    """Return the weights of criteria, and those of pillars by type, as the rubric states them."""
    pillars = list(rubric.all_pillars())
    chosen = [rubric.profiles.get(kind) for kind in types]
    return {
        "criteria": [c.weight for c in rubric.all_criteria()],
        "pillars": [
            [profile.pillars.get(p.id, p.weight) if profile else p.weight for p in pillars] for profile in chosen
        ],
    }


def _equal(rubric: Rubric, types: Sequence[PartnershipType]) -> dict[str, Any]:
    """Return weights that are 10 for every criterion and every pillar."""
    criteria, pillars = len(list(rubric.all_criteria())), len(list(rubric.all_pillars()))
    return {"criteria": [10.0] * criteria, "pillars": [[10.0] * pillars for _ in types]}


def _tree(rubric: Rubric) -> list[tuple[str, list[str], list[str]]]:
    top = ("", [pillar.id for pillar in rubric.pillars], list[str]())
    return [
        top,
        *((p.id, [inner.id for inner in p.pillars], [c.id for c in p.criteria]) for p in rubric.all_pillars()),
    ]


def _other_tree(preset: Rubric, rubric: Rubric) -> str | None:
    """Return what is wrong with a preset whose pillars or criteria are not those of the rubric."""
    if _tree(preset) == _tree(rubric):
        return None
    return (
        f"{preset.id} has other pillars or criteria than {rubric.id}, so its weights cannot be taken over; "
        f"choose a rubric that extends {rubric.id}"
    )


def _judges_otherwise(preset: Rubric, rubric: Rubric) -> bool:
    """Tell whether a preset differs from the rubric in something that scores or rates, beside the weights."""
    fields = ("bands", "red_lines", "level_values", "coverage", "half_widths", "aggregation")
    other = any(getattr(preset, field) != getattr(rubric, field) for field in fields)
    pairs = zip(preset.all_criteria(), rubric.all_criteria(), strict=True)
    return other or any((a.types, a.measure) != (b.types, b.measure) for a, b in pairs)


def _with_depth(rubric: Rubric) -> list[tuple[int, Any]]:
    found: list[tuple[int, Any]] = []

    def walk(pillars: Sequence[Any], depth: int) -> None:
        for pillar in pillars:
            found.append((depth, pillar))
            walk(pillar.pillars, depth + 1)

    walk(rubric.pillars, 0)
    return found


def _most(data: dict[str, Any]) -> dict[str, int]:
    """Return the right end of the sliders: twice the largest weight of any preset, rounded up to tens."""
    presets = data["presets"]
    criteria = max(weight for preset in presets for weight in preset["criteria"])
    pillars = max(weight for preset in presets for column in preset["pillars"] for weight in column)
    return {"criteria": _tens(2 * criteria), "pillars": _tens(2 * pillars)}


def _tens(number: float) -> int:
    return 10 * int(np.ceil(number / 10))


def _finite(values: Floats) -> list[float]:
    return [float(value) for value in values]


def _sha(rubric: Rubric) -> str:
    """Return the SHA-256 of a rubric's file; of its content where it was built in memory."""
    if rubric.source:
        return rubric.source.sha256
    return sha256(rubric.model_dump_json(by_alias=True).encode()).hexdigest()


def _json(data: object) -> str:
    """Return data as JSON that cannot end the element it stands in."""
    text = json.dumps(data, ensure_ascii=True, allow_nan=False, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def _shipped(name: str) -> str:
    return (shipped_dir("templates") / name).read_text(encoding="utf-8")


def _digest(text: str) -> str:
    return f"sha256-{b64encode(sha256(text.encode()).digest()).decode()}"


def _capital(text: str) -> str:
    return text[:1].upper() + text[1:]
