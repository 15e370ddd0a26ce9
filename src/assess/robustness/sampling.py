"""Draws of weights and of inputs. Pure: the same arguments and seed give the same bytes.

Weights are drawn uniformly on the simplex, never uniformly and then normalised, which would crowd them around equal
weights (Tervonen & Lahdelma 2007, European Journal of Operational Research 178; Rubinstein 1982).
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from hashlib import sha256
from importlib import import_module
from typing import Any

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.scoring.compiled import CompiledRubric
from assess.scoring.draws import STEP, triangular, uniform_draws

ROOT = "overall"
"""Name of the whole among the nodes of a rubric."""

CHAINS = 500
"""Hit-and-run chains that walk side by side."""

SOLVER = 1e-10
"""Tolerance asked of the linear solver, the finest it takes."""

FLAT = 1e-7
"""Constraints whose room is never more than this count as equalities."""

TOO_THIN = "the allowed weights lie too close together to draw from; state weights that are fixed as equalities"


@dataclass(frozen=True)
class Constraint:
    """One linear constraint on k weights: the sum of coefficient x weight is at most a bound."""

    name: str
    """What a message calls it."""
    coefficients: tuple[float, ...]
    at_most: float


@dataclass(frozen=True, eq=False)
class TreeWeights:
    """Drawn weights of a whole rubric, one row a draw; 0 for what does not apply."""

    criteria: Floats
    """Share of each criterion in its pillar, shape (draws, m)."""
    pillars: Floats
    """Share of each pillar among its neighbours, shape (draws, p)."""
    effective: Floats
    """Share of each criterion in the whole, shape (draws, m); every row sums to 1."""


def uniform_weights(k: int, draws: int, seed: int, name: str = "weights") -> Floats:
    """Return weights uniform on the simplex, shape (draws, k): each row is 0 or more and sums to 1.

    Spacings of exponential variates, so Dirichlet(1, ..., 1) (Rubinstein 1982, Operations Research 30(1)). `name`
    separates streams of the same seed. Raises UsageError for k under 1 or draws under 0.
    """
    _check(k, draws)
    spacings = -np.log1p(-uniform_draws(seed, [f"{name}/{index}" for index in range(k)], draws)).T
    return np.ascontiguousarray(spacings / spacings.sum(axis=1, keepdims=True))


def dirichlet_weights(
    weights: Sequence[float] | Floats, concentration: float, draws: int, seed: int, name: str = "weights"
) -> Floats:
    """Return weights around declared ones, shape (draws, k), with the declared weights as their mean.

    Dirichlet(concentration x declared share): the standard deviation of a share w is
    sqrt(w (1 - w) / (concentration + 1)). A declared weight of 0 stays 0. Raises UsageError where the weights are
    negative, not finite or all 0, or the concentration is not above 0 and finite.
    """
    declared = np.asarray(weights, dtype=np.float64)
    _check(len(declared), draws)
    if not np.isfinite(declared).all() or (declared < 0).any() or declared.sum() <= 0:
        raise UsageError("declared weights must be 0 or more, and not all 0")
    if not 0 < concentration < float("inf"):
        raise UsageError(f"the concentration must be a number above 0 (found {concentration:g})")
    result = np.zeros((draws, len(declared)))
    used = np.flatnonzero(declared)
    result[:, used] = _generator(seed, name).dirichlet(concentration * declared[used] / declared.sum(), draws)
    return result


def ordered_weights(order: Sequence[int], draws: int, seed: int, name: str = "weights") -> Floats:
    """Return weights uniform on the part of the simplex where they fall in a given order, shape (draws, k).

    order: the columns 0 to k - 1, the heaviest first. Exact: sorting folds the simplex onto that part k! times over.
    Raises UsageError where `order` does not name every column once.
    """
    if sorted(order) != list(range(len(order))):
        raise UsageError(f"the order must name each of the columns 0 to {len(order) - 1} once (found {list(order)})")
    result = np.empty((draws, len(order)))
    result[:, list(order)] = np.sort(uniform_weights(len(order), draws, seed, name), axis=1)[:, ::-1]
    return result


def constrained_weights(
    k: int,
    constraints: Sequence[Constraint],
    draws: int,
    seed: int,
    *,
    low: Sequence[float] | None = None,
    high: Sequence[float] | None = None,
    labels: Sequence[str] | None = None,
    thinning: int | None = None,
    name: str = "weights",
) -> Floats:
    """Return weights uniform on the part of the simplex that linear constraints allow, shape (draws, k).

    low, high: smallest and largest weight of each column, 0-1. labels: names of the columns in messages.
    Hit-and-run (Smith 1984, Operations Research 32(6); for weights Tervonen et al. 2013, EJOR 224) from the Chebyshev
    centre within the affine hull of the allowed region, by turns along the line between two of its corners and in a
    direction shaped by the spread of the chains (general directions: Belisle, Romeijn & Smith 1993, Mathematics of
    Operations Research 18(2)). Equalities and intervals without width hold to 1e-7. thinning: rounds of two steps
    between two draws of a chain, 2 k if not given; draws of one chain stay a little dependent, the chains are not.
    Raises UsageError naming a smallest set of constraints that cannot hold together, and for a region too thin.
    """
    _check(k, draws)
    labels = labels or [f"weight {index + 1}" for index in range(k)]
    if thinning is not None and thinning < 1:
        raise UsageError(f"thinning must be at least 1 (found {thinning})")
    rows = [*constraints, *_intervals(k, low, high, labels)]
    for row in rows:
        if len(row.coefficients) != k or not np.isfinite([*row.coefficients, row.at_most]).all():
            raise UsageError(f"{row.name}: needs {k} finite coefficients and a finite bound")
    conflict = conflicting(k, rows)
    if conflict:
        raise UsageError("no weights meet these constraints together: " + "; ".join(c.name for c in conflict))
    region = _region(k, rows)
    if not len(region.start):
        return np.tile(np.maximum(region.origin, 0.0), (draws, 1))
    walked = _walk(region, draws, _generator(seed, name), thinning or 2 * k)
    return np.maximum(region.origin + walked @ region.basis.T, 0.0)


def conflicting(k: int, constraints: Sequence[Constraint]) -> tuple[Constraint, ...]:
    """Return a smallest set of constraints that no k weights meet together; empty where weights exist.

    Deletion filter (Chinneck & Dravnieks 1991, ORSA Journal on Computing 3(2)): every constraint of the result is
    needed for the conflict.
    """
    kept = list(constraints)
    if _solve(k, kept, np.zeros(k)) is not None:
        return ()
    for constraint in constraints:
        rest = [other for other in kept if other is not constraint]
        if _solve(k, rest, np.zeros(k)) is None:
            kept = rest
    return tuple(kept)


def tree_weights(
    compiled: CompiledRubric,
    draws: int,
    seed: int,
    *,
    concentration: float | None = None,
    held: Collection[str] = (),
    constraints: Mapping[str, Sequence[Constraint]] | None = None,
) -> TreeWeights:
    """Return drawn weights for every node of a rubric's tree: each node's children are drawn on their own.

    concentration: Dirichlet around the declared weights; uniform on the simplex without it. held: ids of pillars, or
    "overall" for the whole, whose children keep their declared weights. constraints: by such id, over the children
    in the order of `children`. Raises UsageError for an unknown id.
    """
    constraints = constraints or {}
    ids = [*(pillar.id for pillar in compiled.nodes), ROOT]
    for unknown in sorted({*held, *constraints} - set(ids)):
        raise UsageError(f"{unknown}: no such pillar; known are {', '.join(ids)}")
    criteria = np.zeros((draws, len(compiled.criteria)))
    pillars = np.zeros((draws, len(compiled.nodes)))
    outer = np.zeros((draws, len(compiled.nodes)))
    effective = np.zeros((draws, len(compiled.criteria)))
    for node in (ROOT, *ids[:-1]):  # parents stand before their children
        leaves, inner = _columns(compiled, node)
        declared = np.concatenate([compiled.weights[leaves], compiled.node_weights[inner]])
        if not len(declared):
            continue
        if node in constraints:
            names = children(compiled, node)
            drawn = constrained_weights(
                len(declared), constraints[node], draws, seed, labels=names, name=f"weights/{node}"
            )
        elif node in held:
            drawn = np.tile(declared, (draws, 1))
        elif concentration is not None:
            drawn = dirichlet_weights(declared, concentration, draws, seed, f"weights/{node}")
        else:
            drawn = uniform_weights(len(declared), draws, seed, f"weights/{node}")
        share = np.ones((draws, 1)) if node == ROOT else outer[:, [compiled.node[node]]]
        criteria[:, leaves], pillars[:, inner] = drawn[:, : len(leaves)], drawn[:, len(leaves) :]
        effective[:, leaves], outer[:, inner] = share * criteria[:, leaves], share * pillars[:, inner]
    return TreeWeights(criteria, pillars, effective)


def children(compiled: CompiledRubric, node: str) -> tuple[str, ...]:
    """Return the ids of a node's children that apply: its criteria, then its pillars. node: an id or "overall"."""
    leaves, inner = _columns(compiled, node)
    return (*(compiled.criteria[i].id for i in leaves), *(compiled.nodes[i].id for i in inner))


def pert(uniform: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return PERT draws by inversion, shape of `uniform` (k, draws); low <= mode <= high of shape (k,).

    A beta distribution over [low, high] with mean (low + 4 mode + high) / 6 (Malcolm et al. 1959, Operations Research
    7(5)). A range without width gives its value. Raises UsageError without scipy.
    """
    low, mode, high = low[:, None], mode[:, None], high[:, None]
    width = high - low
    place = np.divide(mode - low, width, out=np.full_like(width, 0.5), where=width > 0)
    seen = np.where(uniform < STEP, 0.0, uniform)  # the inversion fails on numbers finer than any draw
    share = _extra("scipy.special").betaincinv(1.0 + 4.0 * place, 5.0 - 4.0 * place, seen)
    return np.asarray(np.clip(low + width * share, low, high), dtype=np.float64)


def uniform_range(uniform: Floats, low: Floats, high: Floats) -> Floats:
    """Return draws spread evenly over [low, high], shape of `uniform` (k, draws); low <= high of shape (k,)."""
    return np.minimum(low[:, None] + (high - low)[:, None] * uniform, high[:, None])


def level_draws(uniform: Floats, low: Floats, best: Floats, high: Floats) -> Floats:
    """Return draws of whole ordinal levels, shape of `uniform` (k, draws); low <= best <= high of shape (k,).

    A level stands for the half-level on either side of it: triangular draws over [low - 1/2, high + 1/2] are rounded
    to the nearest level. A certain whole level is always drawn; 2.5 is 2 or 3, each as often.
    """
    rounded = np.floor(triangular(uniform, low - 0.5, best, high + 0.5) + 0.5)
    return np.clip(rounded, np.floor(low)[:, None], np.ceil(high)[:, None])


def checklist_draws(uniform: Floats, met: Floats, critical: NDArray[np.bool_]) -> Floats:
    """Return the percentage 0-100 of a checklist that is met, shape of `uniform` (draws,), rising with it.

    met: shape (items,), 1 yes, 0.5 partial, 0 no, NaN unknown: an unknown item is met in half of the draws,
    whatever the others are. critical: shape (items,), those that count double.
    """
    weights = 1 + critical.astype(np.intp)
    unknown = np.isnan(met)
    shares = np.ones(1)
    for weight in weights[unknown]:  # the distribution of the weight met, item by item
        shares = np.convolve(shares, np.where(np.isin(np.arange(weight + 1), (0, weight)), 0.5, 0.0))
    extra = np.searchsorted(np.cumsum(shares)[:-1], uniform, side="right")
    return np.asarray(100.0 * (weights[~unknown] @ met[~unknown] + extra) / weights.sum(), dtype=np.float64)


@dataclass(frozen=True, eq=False)
class _Region:
    """The inside of a polytope of weights: origin + basis z, where faces z <= room."""

    origin: Floats
    """A point of the affine hull, shape (k,)."""
    basis: Floats
    """Orthonormal directions of the hull, shape (k, d)."""
    faces: Floats
    """Shape (q, d), rows of length 1."""
    room: Floats
    """Shape (q,)."""
    corners: Floats
    """The corner farthest from each face, each once, shape (c, d)."""
    start: Floats
    """The Chebyshev centre, shape (d,)."""


def _check(k: int, draws: int) -> None:
    if k < 1:
        raise UsageError("there are no weights to draw")
    if draws < 0:
        raise UsageError(f"draws must be 0 or more (found {draws})")


def _generator(seed: int, name: str) -> np.random.Generator:
    """Return numpy's PCG64 for a seed and a name."""
    return np.random.Generator(np.random.PCG64(int.from_bytes(sha256(f"{seed}/{name}".encode()).digest(), "little")))


def _extra(module: str) -> Any:
    """Return a module of scipy; UsageError where it is not installed."""
    try:
        return import_module(module)
    except ImportError as error:
        raise UsageError("this needs scipy; install assess-partnerships[robust]") from error


def _intervals(
    k: int, low: Sequence[float] | None, high: Sequence[float] | None, labels: Sequence[str]
) -> list[Constraint]:
    """Return the ends of intervals as constraints; 0 and 1 say nothing and are left out."""
    rows = []
    for ends, sign, words, silent in ((low, -1.0, "at least", 0.0), (high, 1.0, "at most", 1.0)):
        if ends is None:
            continue
        if len(ends) != k or len(labels) != k:
            raise UsageError(f"intervals and labels must have one entry for each of the {k} weights")
        for column, end in enumerate(ends):
            if sign * end < sign * silent:
                unit = tuple(sign * float(column == other) for other in range(k))
                rows.append(Constraint(f"{labels[column]} {words} {end:g}", unit, sign * float(end)))
    return rows


def _matrix(k: int, constraints: Sequence[Constraint]) -> tuple[Floats, Floats]:
    """Return A and b of A w <= b, rows of length 1 where they are not 0."""
    a = np.array([c.coefficients for c in constraints], dtype=np.float64).reshape(-1, k)
    b = np.array([c.at_most for c in constraints], dtype=np.float64)
    length = np.linalg.norm(a, axis=1)
    length[length == 0] = 1.0
    return a / length[:, None], b / length


def _solve(k: int, constraints: Sequence[Constraint], cost: Floats) -> Floats | None:
    """Return the weights of least cost under constraints, or None where there are none."""
    a, b = _matrix(k, constraints)
    return _linear_program(cost, a, b, np.ones((1, k)), np.ones(1), (0.0, None))


def _linear_program(
    cost: Floats, a: Floats, b: Floats, equal: Floats | None, to: Floats | None, bounds: tuple[float | None, None]
) -> Floats | None:
    options = {"primal_feasibility_tolerance": SOLVER, "dual_feasibility_tolerance": SOLVER}
    found = _extra("scipy.optimize").linprog(
        cost, a if len(a) else None, b if len(a) else None, equal, to, bounds, method="highs", options=options
    )
    if found.status == 2:
        return None
    if found.status != 0:
        raise UsageError(f"the constraints on the weights could not be solved: {found.message}")
    return np.asarray(found.x, dtype=np.float64)


def _region(k: int, constraints: Sequence[Constraint]) -> _Region:
    """Return the inside of the weights that constraints allow; those that hold with equality shape its hull."""
    positive = [Constraint("", tuple(-float(i == j) for j in range(k)), 0.0) for i in range(k)]
    a, b = _matrix(k, [*constraints, *positive])
    farthest = [_solve(k, constraints, row) for row in a]
    corners = np.array([corner for corner in farthest if corner is not None])
    if len(corners) < len(a):
        raise UsageError(TOO_THIN)
    tight = b - (a * corners).sum(axis=1) <= FLAT
    equal, to = np.vstack([np.ones((1, k)), a[tight]]), np.append(1.0, b[tight])
    origin: Floats = np.asarray(np.linalg.lstsq(equal, to, rcond=None)[0], dtype=np.float64)
    _, sizes, directions = np.linalg.svd(equal)
    basis: Floats = np.asarray(directions[int((sizes > 1e-9).sum()) :].T, dtype=np.float64)
    faces, room = a[~tight] @ basis, b[~tight] - a[~tight] @ origin
    length = np.linalg.norm(faces, axis=1)
    bounding = length > 1e-9  # a face that runs along the hull bounds nothing in it
    faces, room = faces[bounding] / length[bounding, None], room[bounding] / length[bounding]
    d = basis.shape[1]
    if d == 0:
        return _Region(origin, basis, faces, room, np.empty((0, 0)), np.empty(0))
    unit = np.append(np.zeros(d), -1.0)
    ball = _linear_program(unit, np.column_stack([faces, np.ones(len(faces))]), room, None, None, (None, None))
    if ball is None or ball[-1] <= SOLVER:
        raise UsageError(TOO_THIN)
    distinct = np.unique(np.round((corners - origin) @ basis, 9), axis=0)
    return _Region(origin, basis, faces, room, distinct, ball[:-1])


def _walk(region: _Region, draws: int, generator: np.random.Generator, thinning: int) -> Floats:
    """Return points of a region, shape (draws, d): chains side by side, one draw of each after `thinning` rounds."""
    d = len(region.start)
    place = np.tile(region.start, (CHAINS, 1))
    shape = np.eye(d)
    for _ in range(4):  # the spread found so far shapes the directions: long thin regions are walked lengthwise
        for _ in range(2 * d + 2):
            place = _round(region, place, shape, generator)
        spread = np.atleast_2d(np.cov(place, rowvar=False))
        shape = np.linalg.cholesky(spread + 1e-9 * np.trace(spread) / d * np.eye(d)).T
    kept = np.empty((-(-draws // CHAINS), CHAINS, d))
    for batch in kept:
        for _ in range(thinning):
            place = _round(region, place, shape, generator)
        batch[:] = place
    return kept.reshape(-1, d)[:draws]


def _round(region: _Region, place: Floats, shape: Floats, generator: np.random.Generator) -> Floats:
    """Move every chain twice: in the direction from one corner to another, then in any direction.

    The first reaches into sharp corners, where few directions drawn from a ball point; the second reaches everything.
    """
    corners = len(region.corners)
    here = generator.integers(corners, size=len(place))
    there = (here + generator.integers(1, corners, size=len(place))) % corners
    place = _move(region, place, region.corners[there] - region.corners[here], generator)
    return _move(region, place, generator.standard_normal(place.shape) @ shape, generator)


def _move(region: _Region, place: Floats, direction: Floats, generator: np.random.Generator) -> Floats:
    """Move every chain to a uniform point of the chord through it."""
    direction = direction / np.linalg.norm(direction, axis=1, keepdims=True)
    rate = direction @ region.faces.T
    room = np.maximum(region.room - place @ region.faces.T, 0.0)
    reach = np.divide(room, rate, out=np.zeros_like(room), where=np.abs(rate) > 1e-12)
    ahead = np.where(rate > 1e-12, reach, np.inf).min(axis=1)
    behind = np.where(rate < -1e-12, reach, -np.inf).max(axis=1)
    return np.asarray(place + (behind + (ahead - behind) * generator.random(len(place)))[:, None] * direction)


def _columns(compiled: CompiledRubric, node: str) -> tuple[list[int], list[int]]:
    """Return the columns of a node's criteria and pillars that apply."""
    inside = compiled.rubric if node == ROOT else compiled.nodes[compiled.node[node]]
    own = () if node == ROOT else compiled.nodes[compiled.node[node]].criteria
    leaves = [compiled.column[c.id] for c in own if compiled.weights[compiled.column[c.id]] > 0]
    inner = [compiled.node[p.id] for p in inside.pillars if compiled.node_weights[compiled.node[p.id]] > 0]
    return leaves, inner
