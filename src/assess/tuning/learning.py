"""Weights of a whole rubric learned from precedents, with intervals, held-out checks and a plain verdict.

The score is the rubric's own: means node by node, arithmetic inside pillars and geometric across them where the
rubric says so. Nodes are fitted in turn, children before parents, each with all other weights held. The whole score
is linear in one node's weights to first order, s = s0 + ds/dmu (sum w f(v) - mu0), with mu the node's transformed
mean; for arithmetic means this is exact. The tangent is taken again after every change, until nothing moves. Every
node is pulled to its current weights with the same strength. For a ranking this can stop short of the very best
weights of the whole tree, as a linear program has corners; the held-out checks judge what was reached.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.robustness.weighted import branches
from assess.rubric.measures import Floats
from assess.rubric.models import Aggregation, Arithmetic, Diagnostic, Geometric, NodeWeighting, Power
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import transform
from assess.tuning.fitting import Fit, Kind, Likelihood, best_slope, calibrate, fit_weights, rank_weights, separable
from assess.tuning.precedents import Precedents
from assess.tuning.validation import (
    Bin,
    Events,
    Rows,
    base_events,
    calibration,
    concordance,
    difference,
    events_of,
    folds,
    forward,
    joined,
)

DEFAULT_PRIOR = 10.0
DEFAULT_RESAMPLES = 400
SWEEPS = 50
SETTLED = 1e-4
"""Change of every weight in a sweep below which the fit has settled."""

EVENTS_PER_CRITERION = 10
"""Of the rarer outcome, per criterion: below it, fitted coefficients are known to be unsteady (Peduzzi et al. 1996)."""


@dataclass(frozen=True, eq=False)
class Node:
    """A node of the tree that has something to learn from."""

    id: str
    """Id of the pillar, or "overall"."""
    index: int
    method: Arithmetic | Geometric | Power
    leaves: Rows
    """Criteria learned from, as columns."""
    inner: Rows
    """Pillars with something to learn from, as node indices."""
    children: tuple[str, ...]
    """Ids of both, criteria first."""
    current: Floats
    """Their weights as shares that sum to 1."""
    part: float
    """Share of the node's whole weight that they hold, 0-1; the rest stays with children that the table lacks."""
    kept: dict[str, float]
    """Weight of each child that the table lacks, as shares of the whole node."""


@dataclass(frozen=True, eq=False)
class TreeFit:
    """Fitted weights of every node, and how the whole score leads to outcomes."""

    weights: tuple[Floats, ...]
    """By node; each sums to 1."""
    reading: Fit
    """Slope and thresholds of the whole score."""
    settled: bool


@dataclass(frozen=True, eq=False)
class LearnedNode:
    """Weights of one node before and after, as shares of the whole node."""

    id: str
    children: tuple[str, ...]
    current: Floats
    weights: Floats
    low: Floats
    """2.5 % of the resamples, widened to hold the weight."""
    high: Floats
    """97.5 % of the resamples, widened to hold the weight."""
    kept: dict[str, float]
    """Children that the table lacks, with the weight that stays."""

    def moved(self) -> tuple[str, ...]:
        """Return the children whose interval leaves out their current weight."""
        out = (self.current < self.low - 1e-9) | (self.current > self.high + 1e-9)
        return tuple(child for child, moved in zip(self.children, out, strict=True) if moved)


@dataclass(frozen=True)
class Skill:
    """How well one set of weights told held-out outcomes. None where it has no meaning or no number."""

    name: str
    log_loss: float | None
    brier: float | None
    auc: float | None


@dataclass(frozen=True)
class HeldOut:
    """One way to hold rows out."""

    way: str
    rows: int
    folds: int
    skipped: int
    """Folds that could not be fitted or judged."""
    skills: tuple[Skill, ...]
    """Fitted weights, current weights, base rate."""
    gain: tuple[float, float, float] | None
    """Log loss of the fitted less that of the current weights, with its 95 % interval; below 0 is better."""
    calibration: tuple[Bin, ...]


@dataclass(frozen=True)
class Learned:
    """Everything that learning found."""

    kind: Kind
    prior: float
    seed: int
    resamples: int
    failed: int
    """Resamples that could not be fitted."""
    rows: int
    groups: int | None
    classes: tuple[tuple[float, int], ...]
    """Outcomes, rising, with the number of rows; empty for preferences and rankings."""
    criteria: tuple[str, ...]
    filled: int
    left_out: tuple[tuple[str, int], ...]
    ignored: tuple[str, ...]
    nodes: tuple[LearnedNode, ...]
    """The whole first."""
    held_out: tuple[HeldOut, ...]
    moved: bool
    """Whether the data can move the weights."""
    statement: str
    warnings: tuple[str, ...]


def tree_of(compiled: CompiledRubric, learned: NDArray[np.bool_]) -> tuple[Node, ...]:
    """Return the nodes with something to learn from, children before parents and the whole last."""
    live: set[int] = set()
    nodes = []
    ids = compiled.criterion_ids
    for branch in branches(compiled):
        leaves = branch.leaves[learned[branch.leaves]]
        inner = np.array([node for node in branch.inner if int(node) in live], dtype=np.intp)
        weights = np.concatenate([compiled.weights[leaves], compiled.node_weights[inner]])
        if not weights.sum() > 0 or not isinstance(branch.method, (Arithmetic, Geometric, Power)):
            continue
        live.add(branch.node)
        names = [*(ids[leaf] for leaf in leaves), *(compiled.nodes[node].id for node in inner)]
        every = {ids[leaf]: float(compiled.weights[leaf]) for leaf in branch.leaves}
        every |= {compiled.nodes[node].id: float(compiled.node_weights[node]) for node in branch.inner}
        kept = {name: weight for name, weight in every.items() if name not in names}
        total = float(weights.sum())
        nodes.append(
            Node(branch.id, branch.node, branch.method, leaves, inner, tuple(names), weights / total, total, kept)
        )
    return tuple(nodes)


def tree_score(nodes: Sequence[Node], weights: Sequence[Floats], values: Floats) -> Floats:
    """Return the whole score (n,) of values (n, m) without gaps, under weights by node."""
    return _climb(nodes, weights, values)[nodes[-1].index].score


def fit_tree(
    nodes: Sequence[Node],
    values: Floats,
    outcome: Floats,
    prior: float,
    *,
    kind: Kind = "labels",
    groups: Rows | None = None,
    ranges: bool = True,
    start: Sequence[Floats] | None = None,
) -> TreeFit:
    """Return weights of every node, fitted to outcomes.

    values: shape (n, m), 0-100 without gaps. outcome, prior, groups: as `fit_weights` and `rank_weights` take them.
    start: weights by node to begin from; the current ones where absent.
    Raises `UsageError` as they do.
    """
    current = [node.current for node in nodes]
    weights = list(current if start is None else start)
    likelihood: Likelihood = "pairs" if kind == "ranking" else kind
    slope0 = best_slope(tree_score(nodes, current, values), outcome, kind=likelihood, groups=groups)
    free = [place for place, node in enumerate(nodes) if len(node.children) > 1]
    settled, slack = not free, np.inf
    for _ in range(SWEEPS):
        before, slack_before = list(weights), slack
        for place in free:
            node = nodes[place]
            columns = _tangent(nodes, weights, values, place)
            if kind == "ranking":
                ranked = rank_weights(columns, outcome, node.current, prior, groups=groups, ranges=ranges)
                weights[place], slack = ranked.weights, ranked.slack
            else:
                found = fit_weights(
                    columns,
                    outcome,
                    node.current,
                    prior,
                    kind=likelihood,
                    groups=groups,
                    slope0=slope0,
                    start=weights[place],
                )
                weights[place] = found.weights
        moves = [np.abs(weights[place] - before[place]).max() for place in free]
        # A linear program jumps from corner to corner: it has settled when a round mends nothing more.
        settled = max(moves, default=0.0) < SETTLED or slack >= slack_before < np.inf
        if settled:
            break
    reading = calibrate(tree_score(nodes, weights, values), outcome, kind=likelihood, groups=groups)
    return TreeFit(tuple(weights), reading, settled)


def learn(
    precedents: Precedents,
    prior: float = DEFAULT_PRIOR,
    *,
    seed: int = 0,
    resamples: int = DEFAULT_RESAMPLES,
    step: Callable[[], None] = lambda: None,
) -> Learned:
    """Return the weights that precedents speak for, with bootstrap intervals and held-out checks.

    step: called after each resample. Raises `UsageError` where nothing can be fitted.
    """
    p = precedents
    nodes = tree_of(p.compiled, p.learned)
    if not any(len(node.children) > 1 for node in nodes):
        raise UsageError("no node of the rubric has two children in the table; there are no weights to learn")
    found = fit_tree(nodes, p.values, p.outcome, prior, kind=p.kind, groups=p.groups)
    draws = _bootstrap(nodes, found.weights, p, prior, seed, resamples, step)
    if len(draws) < resamples / 2:
        raise UsageError(
            f"only {len(draws)} of {resamples} resamples could be fitted, so no interval can be given; "
            "set a prior strength above 0, or add precedents of the rarer outcome"
        )
    learned = tuple(
        _learned(node, weights, np.array([draw[place] for draw in draws]))
        for place, (node, weights) in reversed(list(enumerate(zip(nodes, found.weights, strict=True))))
        if len(node.children) > 1
    )
    held = _held_out(nodes, p, prior, seed)
    classed = p.kind in ("labels", "classes")
    levels, counts = np.unique(p.outcome, return_counts=True)
    classes = tuple((float(a), int(b)) for a, b in zip(levels, counts, strict=True)) if classed else ()
    moved, statement = _verdict(learned, held)
    return Learned(
        kind=p.kind,
        prior=prior,
        seed=seed,
        resamples=resamples,
        failed=resamples - len(draws),
        rows=len(p.outcome),
        groups=None if p.groups is None else len(np.unique(p.groups)),
        classes=classes,
        criteria=p.criteria(),
        filled=p.filled,
        left_out=tuple(p.left_out.items()),
        ignored=p.ignored,
        nodes=learned,
        held_out=held,
        moved=moved,
        statement=statement,
        warnings=(*p.warnings, *_warnings(p, nodes, found, classes)),
    )


def node_weightings(found: Learned, compiled: CompiledRubric) -> tuple[NodeWeighting, ...]:
    """Return the learned weights of every node with their intervals and diagnostics, for a new rubric version.

    compiled: of the precedents. A rubric multiplies weights by type, and learning sees them multiplied; what is
    returned is weights before that, so that the new version gives the learned shares for that type. A criterion that
    does not apply to the type keeps its declared share.
    """
    multiplier = {c.id: c.types.get(compiled.type, 1.0) if compiled.type else 1.0 for c in compiled.criteria}
    declared = {c.id: c.weight for c in compiled.criteria}
    result = []
    for node in found.nodes:
        after = dict(zip(node.children, node.weights.tolist(), strict=True)) | node.kept
        stays = [name for name in after if multiplier.get(name, 1.0) == 0]
        plain = {name: share / multiplier.get(name, 1.0) for name, share in after.items() if name not in stays}
        apart = sum(declared[name] for name in stays)
        whole = apart + sum(declared.get(name, 0.0) for name in plain)
        scale = (1.0 - (apart / whole if apart else 0.0)) / sum(plain.values())
        shares = {name: share * scale for name, share in plain.items()}
        result.append(
            NodeWeighting(
                node=node.id,
                method="learned",
                weights=shares | {name: declared[name] / whole for name in stays},
                low={c: w / multiplier.get(c, 1.0) * scale for c, w in zip(node.children, node.low, strict=True)},
                high={c: w / multiplier.get(c, 1.0) * scale for c, w in zip(node.children, node.high, strict=True)},
                diagnostics=_diagnostics(found),
            )
        )
    return tuple(result)


def _diagnostics(found: Learned) -> tuple[Diagnostic, ...]:
    facts = [
        Diagnostic(name="precedents", value=float(found.rows)),
        Diagnostic(name="prior strength", value=found.prior),
        Diagnostic(name="resamples", value=float(found.resamples - found.failed), text="low and high are 95 % of them"),
    ]
    for held in found.held_out:
        for skill in held.skills[:2]:
            facts += [
                Diagnostic(name=f"{what}, {skill.name}", value=number, text=held.way)
                for what, number in (("log loss", skill.log_loss), ("Brier score", skill.brier), ("AUC", skill.auc))
                if number is not None
            ]
    facts.append(Diagnostic(name="verdict", text=found.statement, warning=not found.moved))
    return (*facts, *(Diagnostic(name="caution", text=text, warning=True) for text in found.warnings))


@dataclass(frozen=True, eq=False)
class _State:
    """A node of n rows on the way up."""

    terms: Floats
    """Transformed children, shape (n, c)."""
    mean: Floats
    """Weighted mean of the terms, shape (n,)."""
    score: Floats
    """Shape (n,), 0-100."""


def _climb(nodes: Sequence[Node], weights: Sequence[Floats], values: Floats) -> dict[int, _State]:
    states: dict[int, _State] = {}
    for node, shares in zip(nodes, weights, strict=True):
        into, back = transform(node.method)
        children = [values[:, node.leaves], *(states[int(child)].score[:, None] for child in node.inner)]
        terms = into(np.hstack(children))
        mean = terms @ shares
        states[node.index] = _State(terms, mean, back(mean))
    return states


def _tangent(nodes: Sequence[Node], weights: Sequence[Floats], values: Floats, place: int) -> Floats:
    """Return columns (n, c) whose mean under a node's weights is the whole score, to first order in those weights.

    The weights sum to 1, so what does not depend on them can stand in every column.
    """
    states = _climb(nodes, weights, values)
    parent = {int(child): (node, shares) for node, shares in zip(nodes, weights, strict=True) for child in node.inner}
    node = nodes[place]
    state = states[node.index]
    slope = _back_slope(node.method, state.mean)
    index = node.index
    while index in parent:
        above, shares = parent[index]
        share = shares[len(above.leaves) + int(np.flatnonzero(above.inner == index)[0])]
        slope = slope * share * _into_slope(above.method, states[index].score)
        slope = slope * _back_slope(above.method, states[above.index].mean)
        index = above.index
    return states[nodes[-1].index].score[:, None] + slope[:, None] * (state.terms - state.mean[:, None])


def _into_slope(method: Aggregation, score: Floats) -> Floats:
    """Return the derivative of a method's transformation at a child's score."""
    if isinstance(method, Geometric):
        return np.where(score > method.floor, 1.0 / np.maximum(score, method.floor), 0.0)
    if isinstance(method, Power):
        rise = method.exponent * np.maximum(score, method.floor) ** (method.exponent - 1.0)
        return np.where(score > method.floor, rise, 0.0)
    return np.ones_like(score)


def _back_slope(method: Aggregation, mean: Floats) -> Floats:
    """Return the derivative of the inverse of a method's transformation at a transformed mean."""
    if isinstance(method, Geometric):
        return np.asarray(np.exp(mean))
    if isinstance(method, Power):
        return np.asarray(mean ** (1.0 / method.exponent - 1.0) / method.exponent)
    return np.ones_like(mean)


def _bootstrap(
    nodes: Sequence[Node],
    start: Sequence[Floats],
    p: Precedents,
    prior: float,
    seed: int,
    resamples: int,
    step: Callable[[], None],
) -> list[tuple[Floats, ...]]:
    """Return the weights by node of every resample that can be fitted; whole groups are drawn again."""
    random = np.random.default_rng(seed)
    of_group = _members(p)
    drawn = []
    for _ in range(resamples):
        chosen = random.integers(len(of_group), size=len(of_group))
        rows = np.concatenate([of_group[group] for group in chosen])
        codes = None if p.groups is None else np.repeat(np.arange(len(chosen)), [len(of_group[g]) for g in chosen])
        try:
            values, outcome = p.values[rows], p.outcome[rows]
            fit = fit_tree(nodes, values, outcome, prior, kind=p.kind, groups=codes, ranges=False, start=start)
            drawn.append(fit.weights)
        except UsageError:  # one class only, or separated: counted by the caller
            pass
        step()
    return drawn


def _members(p: Precedents) -> list[Rows]:
    """Return the rows of each group; every row by itself without groups."""
    if p.groups is None:
        return [np.array([row], dtype=np.intp) for row in range(len(p.outcome))]
    return [np.flatnonzero(p.groups == group) for group in np.unique(p.groups)]


def _learned(node: Node, weights: Floats, draws: Floats) -> LearnedNode:
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    return LearnedNode(
        id=node.id,
        children=node.children,
        current=node.current * node.part,
        weights=weights * node.part,
        low=np.minimum(low, weights) * node.part,
        high=np.maximum(high, weights) * node.part,
        kept=node.kept,
    )


def _held_out(nodes: Sequence[Node], p: Precedents, prior: float, seed: int) -> tuple[HeldOut, ...]:
    kept = "whole groups held out" if p.groups is not None else "rows held out"
    ways = [(f"five folds, {kept}", list(folds(p.outcome, p.kind, p.groups, seed)))]
    if p.time is not None:
        ways.append(("forward in time", list(forward(p.time, p.groups))))
    return tuple(_one_way(way, splits, nodes, p, prior, seed) for way, splits in ways)


def _one_way(
    way: str, splits: list[tuple[Rows, Rows]], nodes: Sequence[Node], p: Precedents, prior: float, seed: int
) -> HeldOut:
    parts: dict[str, list[Events]] = {"fitted weights": [], "current weights": [], "base rate": []}
    right = dict.fromkeys(parts, 0.0)
    pairs = rows = used = 0
    likelihood: Likelihood = "pairs" if p.kind == "ranking" else p.kind
    for training, held in splits:
        groups = None if p.groups is None else p.groups[training]
        apart = None if p.groups is None or p.kind in ("labels", "classes") else p.groups[held]
        values, outcome = p.values[training], p.outcome[training]
        try:
            fit = fit_tree(nodes, values, outcome, prior, kind=p.kind, groups=groups, ranges=False)
            present = [node.current for node in nodes]
            now = calibrate(tree_score(nodes, present, values), outcome, kind=likelihood, groups=groups)
        except UsageError:  # one class only, or separated: counted as skipped
            continue
        used, rows = used + 1, rows + len(held)
        levels = np.unique(outcome)
        ways = {"fitted weights": (fit.weights, fit.reading), "current weights": (present, now)}
        for name, (weights, reading) in ways.items():
            score = tree_score(nodes, weights, p.values[held])
            parts[name].append(events_of(reading, levels, score, p.outcome[held], p.kind, apart, held))
            share, number = concordance(score, p.outcome[held], apart)
            right[name] += share * number if number else 0.0
        pairs += number
        parts["base rate"].append(base_events(levels, outcome, parts["fitted weights"][-1], p.kind))
        right["base rate"] += 0.5 * number
    if not used or not sum(len(part.row) for part in parts["fitted weights"]):
        return HeldOut(way, rows, used, len(splits) - used, (), None, ())
    whole = {name: joined(several) for name, several in parts.items()}
    shares = p.kind != "ranking"
    skills = tuple(
        Skill(
            name,
            float(events.losses().mean()) if shares else None,
            events.brier() if shares else None,
            right[name] / pairs if pairs else None,
        )
        for name, events in whole.items()
    )
    groups = np.arange(len(p.outcome), dtype=np.intp) if p.groups is None else p.groups
    gain = difference(whole["fitted weights"], whole["current weights"], groups, seed)
    bins = calibration(whole["fitted weights"], p.kind) if shares else ()
    return HeldOut(way, rows, used, len(splits) - used, skills, gain if shares else None, bins)


def _verdict(nodes: Sequence[LearnedNode], held: Sequence[HeldOut]) -> tuple[bool, str]:
    """Return whether the data can move the weights, and the plain statement of it."""
    moved = [child for node in nodes for child in node.moved()]
    every = sum(len(node.children) for node in nodes)
    reasons = []
    if not moved:
        reasons.append(f"the intervals of all {every} weights hold the current weight")
    for one in held:
        if one.gain is not None and one.gain[2] >= 0:
            better = "no better than" if one.gain[0] >= 0 else "not clearly better than"
            reasons.append(f"on rows not seen ({one.way}) the fitted weights are {better} the current ones")
        elif one.gain is None and one.skills:
            fitted, current = one.skills[0].auc, one.skills[1].auc
            if fitted is None or current is None or fitted <= current:
                reasons.append(f"on rows not seen ({one.way}) the fitted weights order no more pairs rightly")
    judged = [one.way for one in held if one.skills]
    missed = [one.way for one in held if not one.skills]
    if not judged:
        reasons.append("nothing could be held out to judge by")
    aside = f" Nothing could be judged {missed[0]}." if missed and judged else ""
    if reasons:
        return False, (
            f"These precedents do not move the weights: {'; '.join(reasons)}. Keep the current weights.{aside}"
        )
    return True, (
        f"These precedents move {len(moved)} of {every} weights: {', '.join(moved)}. On rows not seen "
        f"({'; '.join(judged)}) the fitted weights tell outcomes better than the current ones.{aside}"
    )


def _warnings(
    p: Precedents, nodes: Sequence[Node], found: TreeFit, classes: Sequence[tuple[float, int]]
) -> tuple[str, ...]:
    said = []
    if p.kind != "ranking" and separable(p.values[:, p.learned], p.outcome, kind=p.kind, groups=p.groups):
        said.append("some weights tell the outcomes apart without an error; only the prior keeps the fit finite")
    if not found.settled:
        said.append(f"the fit had not settled after {SWEEPS} rounds over the nodes")
    used = int(p.learned.sum())
    if classes:
        rarer = len(p.outcome) - max(count for _, count in classes)
        if rarer < EVENTS_PER_CRITERION * used:
            said.append(
                f"{rarer} precedents outside the commonest outcome for {used} criteria; under "
                f"{EVENTS_PER_CRITERION} a criterion, fitted weights are unsteady and rest on the prior"
            )
    now = concordance(
        tree_score(nodes, [node.current for node in nodes], p.values), p.outcome, None if classes else p.groups
    )[0]
    if now < 0.5:
        said.append("the current scores run against the outcomes; check that a higher outcome is the better one")
    return tuple(said)
