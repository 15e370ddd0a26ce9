"""Break-even weights: where the overall rating, or the order of two cases, turns.

One weight moves from 0 to 1 while its neighbours keep their ratios and share the rest. Where every node on the way to
the whole is a quasi-arithmetic mean (arithmetic, geometric, power) the break-even weight has a closed form: the score
the node needs follows by inverting its ancestors one by one, and its own mean is linear in the weight (Triantaphyllou
& Sanchez 1997, Decision Sciences 28(1), for the linear case). Elsewhere a scan and bisection find it.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Annotated, Literal

import numpy as np
from numpy.typing import NDArray
from pydantic import Field

from assess.documents.errors import UsageError
from assess.documents.fields import Frozen
from assess.robustness.weighted import (
    Weights,
    branches,
    climb,
    declared,
    label,
    no_score,
    number,
    overall,
    overall_codes,
)
from assess.rubric.measures import Floats
from assess.rubric.models import Minimum, Owa
from assess.scoring.kernel import NO_RATING, TOLERANCE, Codes, Function, transform
from assess.scoring.prepared import Prepared

SCAN = 512
"""Weights tried on either side of the declared one where there is no closed form."""

HALVINGS = 40
"""Bisection steps between two of them."""

RIM = 1e-6
"""Weights this close to 0 and 1 are not scanned: at 0 itself a child is gone (see `leave_one_out`)."""

MEET = 1e-7
"""Points within which two scores are taken to have met."""

Kind = Literal["criterion", "pillar"]
Found = Literal["closed form", "bisection"]
Indices = NDArray[np.intp]
Flags = NDArray[np.bool_]


class BreakEven(Frozen):
    """One weight and where the rating turns as it moves."""

    id: str
    kind: Kind
    parent: Annotated[str, Field(description="id of the pillar it is a share of, or 'overall'")]
    weight: Annotated[float, Field(description="its declared share among its neighbours, 0-1")]
    break_even: Annotated[
        float | None, Field(description="the nearest share at which the overall rating changes; null for never")
    ]
    rating: Annotated[str | None, Field(description="the rating beyond it")]
    found: Annotated[Found | None, Field(description="how it was sought; null where there was nothing to seek")]
    reason: Annotated[str | None, Field(description="why never; null where there is a break-even weight")]


class BreakEvens(Frozen):
    """Break-even weights of every pillar and criterion that applies."""

    score: float | None
    rating: Annotated[str | None, Field(description="the stated rating, after red lines")]
    weights: Annotated[tuple[BreakEven, ...], Field(description="pillars, then criteria, in the rubric's order")]
    reason: Annotated[str | None, Field(description="why there is nothing to show; null otherwise")]


class OrderFlip(Frozen):
    """One weight and where the order of two cases turns as it moves."""

    id: str
    kind: Kind
    parent: str
    weight: float
    flip: Annotated[float | None, Field(description="the nearest share at which the order turns; null for never")]
    found: Annotated[Found | None, Field(description="how it was sought; null where there was nothing to seek")]
    reason: Annotated[str | None, Field(description="why never; null where the order turns")]


class OrderFlips(Frozen):
    """The weights at which two cases change places."""

    first: Annotated[str, Field(description="id of the case given first")]
    second: str
    scores: tuple[float | None, float | None]
    weights: tuple[OrderFlip, ...]
    reason: Annotated[str | None, Field(description="why there is nothing to show; null otherwise")]


def break_even(case: Prepared) -> BreakEvens:
    """Return, for every pillar and criterion that applies, the nearest weight at which the overall rating changes.

    The rating is that after red lines, so one that holds it makes "never" an answer. So does a move after which too
    little is observed for a score: losing the score is not a change of rating.
    """
    stated, reason = float(case.scores.score[0, -1]), no_score(case)
    _, capped = overall_codes(case, np.array([stated, 100.0]))
    code, cap = int(capped[0]), int(capped[1])
    if reason is not None:
        return BreakEvens(score=None, rating=label(case, code), weights=(), reason=reason)
    moves = _moves(case)
    closed = _closed(case, moves)
    at, beyond = np.full(len(moves.weight), np.nan), np.full(len(moves.weight), NO_RATING)
    met = _edges_met(case, moves, code, cap)
    at[closed], beyond[closed] = met[0][closed], met[1][closed]
    rest = np.flatnonzero(~closed & ~moves.alone)
    if len(rest):

        def state(which: Indices, weight: Floats) -> Floats:
            codes = _codes(case, moves, which, weight)
            return np.where(codes == NO_RATING, np.nan, codes != code)

        at[rest], after = _search(moves, rest, state)
        beyond[rest] = _codes(case, moves, rest, np.where(np.isnan(after), moves.weight[rest], after))
    ends = np.array([_codes(case, moves, np.arange(len(at)), np.full(len(at), end)) for end in (RIM, 1.0 - RIM)])
    barred = (ends == NO_RATING).any(axis=0)
    rows = []
    for index, name in enumerate(moves.ids):
        never = bool(np.isnan(at[index]))
        rows.append(
            BreakEven(
                id=name,
                kind="pillar" if moves.pillar[index] else "criterion",
                parent=moves.parents[index],
                weight=float(moves.weight[index]),
                break_even=number(at[index]),
                rating=None if never else label(case, int(beyond[index])),
                found=None if moves.alone[index] else "closed form" if closed[index] else "bisection",
                reason=_never(case, moves, index, code, cap, barred=bool(barred[index])) if never else None,
            )
        )
    return BreakEvens(score=stated, rating=label(case, code), weights=tuple(rows), reason=None)


def order_flips(first: Prepared, second: Prepared) -> OrderFlips:
    """Return, for every pillar and criterion that applies to both, the nearest weight at which their order turns.

    The weight moves in both cases at once. Where their neighbours are not weighed alike (another type, or something
    that does not apply to one of them) there is no such weight. Raises UsageError for two rubrics.
    """
    if first.rubric is not second.rubric and first.rubric != second.rubric:
        raise UsageError("two cases can only be ordered by one rubric; score both by the same")
    cases = (first, second)
    scores = [float(case.scores.score[0, -1]) for case in cases]
    reasons = [f"{case.partnership.id}: {why}" for case in cases if (why := no_score(case)) is not None]
    gap = scores[0] - scores[1]
    if not reasons and abs(gap) <= TOLERANCE:
        reasons = ["they tie at the declared weights"]
    found: tuple[OrderFlip, ...] = () if reasons else _flips(first, second, gap)
    if not reasons and not found:
        reasons = ["no criterion and no pillar applies to both"]
    return OrderFlips(
        first=first.partnership.id,
        second=second.partnership.id,
        scores=(number(scores[0]), number(scores[1])),
        weights=found,
        reason="; ".join(reasons) or None,
    )


@dataclass(frozen=True, eq=False)
class _Moves:
    """The weights that can be moved, w of them: every child of every node that applies."""

    ids: tuple[str, ...]
    parents: tuple[str, ...]
    node: Indices
    """Column of the node each is a child of, shape (w,)."""
    child: Indices
    """Its column among pillars or criteria, shape (w,)."""
    pillar: Flags
    """Whether it is a pillar, shape (w,)."""
    weight: Floats
    alone: Flags
    """Whether it has no neighbour that applies, so that its weight is 1 whatever is declared."""
    beside_criteria: Flags
    """Its neighbours among the criteria, shape (m, w)."""
    beside_pillars: Flags
    """Its neighbours among the pillars, shape (p, w)."""


def _moves(case: Prepared) -> _Moves:
    """Return the weights that can be moved: pillars in document order, then criteria."""
    compiled = case.compiled
    m, p = len(compiled.criteria), len(compiled.nodes)
    names = [*(pillar.id for pillar in compiled.nodes), "overall"]
    of_pillar, of_criterion = np.full(p, -1), np.full(m, -1)
    for branch in branches(compiled):
        of_pillar[branch.inner], of_criterion[branch.leaves] = branch.node, branch.node
    pillars, criteria = np.flatnonzero(compiled.node_weights > 0), np.flatnonzero(compiled.weights > 0)
    node = np.concatenate([of_pillar[pillars], of_criterion[criteria]]).astype(np.intp)
    child = np.concatenate([pillars, criteria]).astype(np.intp)
    pillar = np.arange(len(child)) < len(pillars)
    beside_pillars = (of_pillar[:, None] == node) & (compiled.node_weights[:, None] > 0)
    beside_criteria = (of_criterion[:, None] == node) & (compiled.weights[:, None] > 0)
    beside_pillars[child[pillar], np.flatnonzero(pillar)] = False
    beside_criteria[child[~pillar], np.flatnonzero(~pillar)] = False
    return _Moves(
        ids=(*(compiled.nodes[i].id for i in pillars), *(compiled.criteria[i].id for i in criteria)),
        parents=tuple(names[i] for i in node),
        node=node,
        child=child,
        pillar=pillar,
        weight=np.concatenate([compiled.node_weights[pillars], compiled.weights[criteria]]),
        alone=~(beside_pillars.any(axis=0) | beside_criteria.any(axis=0)),
        beside_criteria=beside_criteria,
        beside_pillars=beside_pillars,
    )


def _moved(case: Prepared, moves: _Moves, which: Indices, weight: Floats) -> Weights:
    """Return the rubric's weights with one of them moved in each column; which and weight: shape (n,)."""
    base, n = declared(case.compiled), np.arange(len(which))
    rest = np.where(moves.alone[which], 1.0, 1.0 - moves.weight[which])
    scale = (1.0 - weight) / rest
    criteria = np.where(moves.beside_criteria[:, which], scale, 1.0) * base.criteria
    pillars = np.where(moves.beside_pillars[:, which], scale, 1.0) * base.pillars
    own, weight = moves.pillar[which], np.where(moves.alone[which], 1.0, weight)
    pillars[moves.child[which[own]], n[own]] = weight[own]
    criteria[moves.child[which[~own]], n[~own]] = weight[~own]
    return Weights(criteria, pillars)


def _codes(case: Prepared, moves: _Moves, which: Indices, weight: Floats) -> Codes:
    """Return the codes of the overall rating after red lines with weights moved; which and weight: shape (n,)."""
    return overall_codes(case, overall(case, case.best, _moved(case, moves, which, weight)))[1]


def _closed(case: Prepared, moves: _Moves) -> Flags:
    """Tell for each move whether its parent and all nodes above are quasi-arithmetic means."""
    open_up = np.zeros(len(case.compiled.nodes) + 1, dtype=bool)
    for branch in reversed(branches(case.compiled)):  # parents stand before their children
        straight = not isinstance(branch.method, (Minimum, Owa))
        if branch.node == len(case.compiled.nodes):
            open_up[branch.node] = straight
        open_up[branch.node] &= straight
        open_up[branch.inner] = open_up[branch.node]
    return np.asarray(open_up[moves.node] & ~moves.alone)


def _edges_met(case: Prepared, moves: _Moves, code: int, cap: int) -> tuple[Floats, Codes]:
    """Return the nearest weight (w,) at which the rating changes, NaN for never, and the code beyond it.

    Holds for moves below quasi-arithmetic means only. code: that of the stated rating; cap: the best code that red
    lines leave.
    """
    compiled, w = case.compiled, np.arange(len(moves.weight))
    edges = compiled.edges - TOLERANCE
    up = edges[code - 1] if cap < code <= len(edges) else np.nan
    down = edges[code] if code < len(edges) else np.nan
    score, _ = climb(compiled, case.best, declared(compiled), case.counted)
    needed = np.full((len(score), 2), np.nan)
    needed[-1] = up, down
    at = np.full((len(w), 2), np.nan)
    for branch in reversed(branches(compiled)):
        if isinstance(branch.method, (Minimum, Owa)):
            continue
        x = np.concatenate([case.best[0, branch.leaves], score[branch.inner, 0]])
        weight = np.concatenate([compiled.weights[branch.leaves], compiled.node_weights[branch.inner]])
        turn, own = _meet(*transform(branch.method), x, weight, needed[branch.node])
        first = len(branch.leaves)
        needed[branch.inner] = own[first:]
        here = np.flatnonzero(moves.node == branch.node)
        child = moves.child[here]
        among = np.searchsorted(branch.leaves, child), first + np.searchsorted(branch.inner, child)
        at[here] = turn[np.where(moves.pillar[here], among[1], among[0])]
    # Rising reaches an edge at the rim itself; falling has to go past it.
    inside = np.stack([(at[:, 0] >= 0.0) & (at[:, 0] <= 1.0), (at[:, 1] > 0.0) & (at[:, 1] < 1.0)], axis=1)
    for side in (0, 1):
        tried = np.flatnonzero(inside[:, side])
        scores = overall(case, case.best, _moved(case, moves, tried, at[tried, side]))
        inside[tried[np.isnan(scores)], side] = False
    distance = np.where(inside, np.abs(at - moves.weight[:, None]), np.inf)
    side = distance.argmin(axis=1)
    found = inside.any(axis=1)
    return np.where(found, at[w, side], np.nan), np.where(side == 0, code - 1, code + 1).astype(np.int8)


def _meet(f: Function, inverse: Function, x: Floats, weight: Floats, needed: Floats) -> tuple[Floats, Floats]:
    """Return what makes the mean f^-1(sum w f(x)) of a node come to each of the scores it needs (e,).

    x, weight: of its children, shape (c,), NaN where there is no reading. Result: the weight of each child, and the
    score of each child, at which it does, shape (c, e); NaN where none does.
    """
    seen = np.where(np.isnan(x), 0.0, 1.0)
    fx = np.where(seen > 0, f(np.nan_to_num(x, nan=1.0)), 0.0)
    part = weight * seen
    with np.errstate(divide="ignore", invalid="ignore"):
        target = np.where(np.isnan(needed), np.nan, f(needed))
        # A child of weight t: (t f(x) + (1 - t) a) / (t + (1 - t) b) = target, with a and b of its neighbours.
        a, b = ((part * fx).sum() - part * fx) / (1.0 - weight), (part.sum() - part) / (1.0 - weight)
        slope = (seen * fx - a)[:, None] - target * (seen - b)[:, None]
        turn = (target * b[:, None] - a[:, None]) / slope
        turn[(seen * b <= TOLERANCE) | (np.abs(fx - a / b) <= TOLERANCE)] = np.nan
        own = (target * part.sum() - ((part * fx).sum() - part * fx)[:, None]) / part[:, None]
        value = inverse(own)
        hidden = ~(np.abs(f(value) - own) <= TOLERANCE * np.maximum(1.0, np.abs(own)))  # below the floor
    return turn, np.where(hidden, np.nan, value)


State = Callable[[Indices, Floats], Floats]


def _search(moves: _Moves, which: Indices, state: State) -> tuple[Floats, Floats]:
    """Return the nearest weight (k,) at which a state turns, NaN for never, and a weight just beyond it.

    state: given indices and weights (n,), 0 as declared, 1 otherwise, NaN where nothing can be said, which no
    search crosses. A turn and back again between two scanned weights is not seen.
    """
    k, start = len(which), moves.weight[which]
    best, after = np.full(k, np.nan), np.full(k, np.nan)
    for end in (RIM, 1.0 - RIM):
        grid = start[:, None] + (end - start)[:, None] * np.arange(SCAN + 1) / SCAN
        states = state(np.repeat(which, SCAN + 1), grid.ravel()).reshape(k, SCAN + 1)
        stop = (np.nan_to_num(states, nan=1.0) > 0).argmax(axis=1)
        turned = np.flatnonzero((states[np.arange(k), stop] == 1) & (stop > 0))
        low, high = grid[turned, stop[turned] - 1], grid[turned, stop[turned]]
        for _ in range(HALVINGS):
            middle = (low + high) / 2
            same = state(which[turned], middle) == 0
            low, high = np.where(same, middle, low), np.where(same, high, middle)
        nearer = ~(np.abs(high - start[turned]) >= np.abs(best[turned] - start[turned]))
        best[turned[nearer]], after[turned[nearer]] = ((low + high) / 2)[nearer], high[nearer]
    return best, after


def _never(case: Prepared, moves: _Moves, index: int, code: int, cap: int, *, barred: bool) -> str:
    """Say why no weight changes the rating."""
    if moves.alone[index]:
        return "it has no neighbour, so its weight is always 1"
    if code == len(case.rubric.bands):
        return "a red line holds the rating at every weight"
    if not moves.pillar[index] and np.isnan(case.best[0, moves.child[index]]):
        return "it has no reading, so its weight moves no score"
    if barred:
        return "the rating is the same at every weight that leaves enough observed for a score"
    if 0 < cap == code:
        return f"the rating is the same at every weight; a red line caps it at {label(case, cap)}"
    return "the rating is the same at every weight"


def _flips(first: Prepared, second: Prepared, gap: float) -> tuple[OrderFlip, ...]:
    """Return the flips of two cases with scores a gap apart."""
    moves, theirs = _moves(first), _moves(second)
    both = {(name, pillar): row for row, (name, pillar) in enumerate(zip(theirs.ids, theirs.pillar, strict=True))}
    pairs = [(row, both[key]) for row, key in enumerate(zip(moves.ids, moves.pillar, strict=True)) if key in both]
    if not pairs:
        return ()
    mine, other = (np.array(rows, dtype=np.intp) for rows in zip(*pairs, strict=True))
    alike = _alike(first, second, moves, theirs, mine, other)
    at = np.full(len(mine), np.nan)
    usable = np.flatnonzero(alike & ~moves.alone[mine])
    closed = np.zeros(len(mine), dtype=bool)
    if len(usable):
        place = dict(zip(mine.tolist(), range(len(mine)), strict=True))

        def difference(which: Indices, weight: Floats) -> Floats:
            yours = other[[place[int(row)] for row in which]]
            return overall(first, first.best, _moved(first, moves, which, weight)) - overall(
                second, second.best, _moved(second, theirs, yours, weight)
            )

        def state(which: Indices, weight: Floats) -> Floats:
            apart = difference(which, weight)
            return np.where(np.isnan(apart), np.nan, apart * np.sign(gap) < -TOLERANCE)

        exact = _crossings(first, second, moves, mine[usable], difference)
        closed[usable] = exact[1]
        sure = usable[exact[1]]
        at[sure] = exact[0][exact[1]]
        rest = usable[~exact[1]]
        if len(rest):
            at[rest] = _search(moves, mine[rest], state)[0]
    rows = []
    for index, row in enumerate(mine):
        why = None
        sought = bool(alike[index]) and not moves.alone[row]
        if np.isnan(at[index]):
            why = "their order is the same at every weight that leaves both a score"
            why = "its neighbours are not weighed alike in both cases" if not alike[index] else why
            why = "it has no neighbour, so its weight is always 1" if moves.alone[row] else why
        rows.append(
            OrderFlip(
                id=moves.ids[row],
                kind="pillar" if moves.pillar[row] else "criterion",
                parent=moves.parents[row],
                weight=float(moves.weight[row]),
                flip=number(at[index]),
                found=None if not sought else "closed form" if closed[index] else "bisection",
                reason=why,
            )
        )
    return tuple(rows)


def _alike(first: Prepared, second: Prepared, moves: _Moves, theirs: _Moves, mine: Indices, other: Indices) -> Flags:
    """Tell for each pair of moves whether the weights below their common parent are the same in both cases."""
    same_criteria = np.abs(first.compiled.weights - second.compiled.weights)[:, None] <= TOLERANCE
    same_pillars = np.abs(first.compiled.node_weights - second.compiled.node_weights)[:, None] <= TOLERANCE
    beside = moves.beside_criteria[:, mine] | theirs.beside_criteria[:, other]
    above = moves.beside_pillars[:, mine] | theirs.beside_pillars[:, other]
    own = np.abs(moves.weight[mine] - theirs.weight[other]) <= TOLERANCE
    return np.asarray(own & (same_criteria | ~beside).all(axis=0) & (same_pillars | ~above).all(axis=0))


def _crossings(
    first: Prepared,
    second: Prepared,
    moves: _Moves,
    which: Indices,
    difference: Callable[[Indices, Floats], Floats],
) -> tuple[Floats, Flags]:
    """Return the weights (k,) at which two scores meet, and where that is known in closed form.

    It is where the scores, or a fixed transform of them, are linear in the weight: children of the whole under a
    quasi-arithmetic mean; fully read criteria of an arithmetic pillar directly below an arithmetic or geometric mean
    that gives it the same weight in both cases. NaN where the order never turns.
    """
    lines = [_lines(case, moves) for case in (first, second)]
    (at_zero, at_one), (other_zero, other_one) = lines
    with np.errstate(divide="ignore", invalid="ignore"):
        start, end = at_zero - other_zero, at_one - other_one
        at = (start / (start - end))[which]
    known = np.isfinite((start + end)[which])
    inside = np.flatnonzero(known & (at > 0.0) & (at < 1.0))
    known[inside[~(np.abs(difference(which[inside], at[inside])) <= MEET)]] = False
    outside = np.flatnonzero(known & ~((at > 0.0) & (at < 1.0)))
    ends = np.array([difference(which[outside], np.full(len(outside), end)) for end in (RIM, 1.0 - RIM)])
    known[outside[~(ends[0] * ends[1] > 0.0)]] = False
    return np.where(known & (at > 0.0) & (at < 1.0), at, np.nan), known


def _lines(case: Prepared, moves: _Moves) -> tuple[Floats, Floats]:
    """Return what is linear in each moved weight, at weights 0 and 1, shape (w,); NaN where nothing is.

    Comparable between cases only where the pillar's own weight is the same; callers check the crossing.
    """
    compiled, rubric = case.compiled, case.rubric
    zero, one = np.full(len(moves.weight), np.nan), np.full(len(moves.weight), np.nan)
    if isinstance(rubric.aggregation, (Minimum, Owa)):
        return zero, one
    f, _ = transform(rubric.aggregation)
    score, _ = climb(compiled, case.best, declared(compiled), case.counted)
    top = compiled.top[compiled.node_weights[compiled.top] > 0]
    weight, fx = compiled.node_weights, np.full(len(score), np.nan)
    fx[top] = f(score[top, 0])
    total = float(weight[top] @ fx[top])
    root = len(compiled.nodes)
    rows = np.flatnonzero((moves.node == root) & ~moves.alone)
    column = moves.child[rows]
    one[rows] = fx[column]
    zero[rows] = (total - weight[column] * fx[column]) / _others(weight[column])
    if rubric.aggregation.method not in ("arithmetic", "geometric"):
        return zero, one
    for branch in branches(compiled):
        rows = np.flatnonzero((moves.node == branch.node) & ~moves.pillar & ~moves.alone)
        values = case.best[0, branch.leaves[compiled.weights[branch.leaves] > 0]]
        plain = branch.method.method == "arithmetic" and not len(branch.inner) and branch.node in top
        if not plain or np.isnan(values).any():
            continue
        own, column = compiled.weights[moves.child[rows]], moves.child[rows]
        x = case.best[0, column]
        rest = (score[branch.node, 0] - own * x) / _others(own)
        others = (total - weight[branch.node] * fx[branch.node]) / weight[branch.node]
        if rubric.aggregation.method == "arithmetic":
            one[rows], zero[rows] = x + others, rest + others
        else:
            one[rows], zero[rows] = x * np.exp(others), rest * np.exp(others)
    return zero, one


def _others(weight: Floats) -> Floats:
    """Return what is left for the neighbours of each weight, NaN where nothing is."""
    return np.where(weight < 1.0, 1.0 - weight, np.nan)
