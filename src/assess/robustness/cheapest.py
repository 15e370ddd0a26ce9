"""The cheapest sets of changes that lift a score to a target: exact, by dynamic programming over Pareto frontiers.

A multiple-choice knapsack on the tree of a rubric (Nemhauser & Ullmann 1969, Management Science 15(9); Kellerer,
Pferschy & Pisinger 2004, Knapsack Problems, ch. 11). Every aggregation here rises with each child, so a set that costs
more in one branch and brings that branch no more can be left out wherever it would stand. What is left, for each node,
is a short frontier of cost against score, folded child by child from the leaves to the root, which holds the optimum
over every set there is. A weighted mean of any exponent is a sum of a rising function of its children, and a minimum
folds in the same way. Only an ordered weighted average does not, since a child's weight hangs on all the others.

Alternatives come from a best-first tree of what is done without (Reiter 1987, Artificial Intelligence 32(1)).
"""

from __future__ import annotations

import heapq
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats
from assess.rubric.models import Aggregation, Arithmetic, Geometric, Minimum, Owa, Pillar
from assess.scoring.compiled import CompiledRubric
from assess.scoring.kernel import TOLERANCE

Counts = NDArray[np.intp]

CHANGES = 10**6
"""More changes than any set holds."""


@dataclass(frozen=True, slots=True)
class Choice:
    """One way to raise one criterion; at most one way a criterion is taken."""

    column: int
    """Column of the criterion."""
    levers: tuple[str, ...]
    """Names of what is changed."""
    value: float
    """Value of the criterion afterwards, 0-100."""
    cost: int
    """Cost points, at least 1."""
    items: int
    """Number of changes, at least 1."""
    months: int
    """Lead time of the longest of them."""


@dataclass(frozen=True, slots=True)
class Found:
    """One set of choices that reaches the target, in the order of the rubric."""

    choices: tuple[Choice, ...]
    cost: int
    items: int
    months: int
    """Lead time of the longest choice; 0 for an empty set."""
    score: float

    @property
    def levers(self) -> frozenset[str]:
        """Names of everything that the set changes."""
        return frozenset(lever for choice in self.choices for lever in choice.levers)


def separable(compiled: CompiledRubric) -> bool:
    """Tell whether every aggregation of the rubric folds child by child: all but ordered weighted averages do."""
    return not any(isinstance(step.method, Owa) for step in compiled.steps)


def cheapest(
    compiled: CompiledRubric, values: Floats, choices: Sequence[Choice], target: float, top: int = 3
) -> tuple[Found, ...]:
    """Return up to `top` alternative sets of choices that bring the whole to a target score, the best first.

    values: shape (m,), values 0-100 as they are, NaN where unobserved. Sets are ordered by cost, then number of
    changes, then lead time of the longest, then the higher score; what is left equal falls the same way every time.
    The first is the best of all sets; each further one is the best of those that do without at least one change of
    every set before it. No set keeps its target when a change is taken out of it. Empty where the target cannot be
    reached. Raises `UsageError` for a rubric with ordered weighted averages.
    """
    if not separable(compiled):
        raise UsageError("the cheapest changes are not worked out for ordered weighted averages (owa)")
    found: list[Found] = []
    seen: set[frozenset[str]] = {frozenset()}
    queue: list[tuple[tuple[float, ...], int, frozenset[str], Found]] = []

    def push(without: frozenset[str], parent: Found | None) -> None:
        kept = [choice for choice in choices if without.isdisjoint(choice.levers)]
        best = _best(compiled, values, kept, target, parent)
        if best is not None:
            places = [place for choice in best.choices for place in (choice.column, choices.index(choice))]
            key = (best.cost, best.items, best.months, -best.score, *places)
            heapq.heappush(queue, (key, len(seen), without, best))

    push(frozenset(), None)
    while queue and len(found) < top:
        _, _, without, best = heapq.heappop(queue)
        held = next((one.levers for one in found if one.levers <= best.levers), None)
        if held is None:
            found.append(best)
            held = best.levers
        for lever in sorted(held) if len(found) < top else ():
            child = without | {lever}
            if child not in seen:
                seen.add(child)
                push(child, best)
    return tuple(found)


@dataclass(frozen=True, eq=False)
class _Front:
    """What a node can reach, and at what cost: nothing on it costs more than another and reaches no more."""

    weight: Counts
    """Cost and number of changes in one number (`_weight`), rising, shape (k,)."""
    value: Floats
    """Highest value for that weight, rising, shape (k,)."""
    trace: Callable[[int], tuple[Choice, ...]]
    """The choices of an entry."""


def _best(
    compiled: CompiledRubric, values: Floats, choices: Sequence[Choice], target: float, parent: Found | None
) -> Found | None:
    """Return the best set of choices, or None: the least cost, then the fewest changes, then the shortest lead time.

    parent: the best set of a wider choice, if known; none of these can be better.
    """
    raised = values.copy()
    for choice in choices:
        raised[choice.column] = max(raised[choice.column], choice.value)
    if _least(compiled, raised, (), target) is None:
        return None
    limit, step = (_weight(parent) if parent else 8 * CHANGES), 2 * CHANGES
    if parent is not None:
        equal = _least(compiled, values, _within(choices, parent.months), target, limit)
        if equal is not None:
            return equal
    best, most = None, sum(_weight(choice) for choice in choices)
    while best is None:  # short frontiers first
        best = _least(compiled, values, choices, target, limit)
        if best is None and limit > most:
            return None
        limit, step = limit + step, 2 * step
    months = sorted({choice.months for choice in choices if choice.months < best.months})
    low, high = 0, len(months)
    while low < high:
        middle = (low + high) // 2
        quicker = _least(compiled, values, _within(choices, months[middle]), target, _weight(best))
        if quicker is None:
            low = middle + 1
        else:
            high, best = middle, quicker
    return best


def _within(choices: Sequence[Choice], months: int) -> list[Choice]:
    return [choice for choice in choices if choice.months <= months]


def _least(
    compiled: CompiledRubric, values: Floats, choices: Sequence[Choice], target: float, limit: int | None = None
) -> Found | None:
    """Return the set of least weight that reaches a target, and of such sets that with the highest score."""
    front = _tree(compiled, values, choices, limit)
    if front is None or front.value[-1] < target - TOLERANCE:
        return None
    at = int(np.searchsorted(front.value, target - TOLERANCE))
    chosen = front.trace(at)
    cost, items = sum(one.cost for one in chosen), sum(one.items for one in chosen)
    return Found(chosen, cost, items, max((one.months for one in chosen), default=0), float(front.value[at]))


def _weight(choice: Choice | Found) -> int:
    """Return cost and number of changes as one number that sums and sorts as the two in turn."""
    return choice.cost * CHANGES + choice.items


def _tree(compiled: CompiledRubric, values: Floats, choices: Sequence[Choice], limit: int | None) -> _Front | None:
    """Return the frontier of the whole up to a weight; None where nothing is observed."""
    ways: dict[int, list[Choice]] = {}
    for choice in choices:
        ways.setdefault(choice.column, []).append(choice)

    def below(pillar: Pillar) -> _Front | None:
        parts = nodes(pillar.pillars)
        for criterion in pillar.criteria:
            column = compiled.column[criterion.id]
            seen = not np.isnan(values[column])
            leaf = _leaf(float(values[column]), ways.get(column, ())) if seen else None
            parts.append((float(compiled.weights[column]), leaf))
        return _join(pillar.aggregation, parts, limit)

    def nodes(pillars: Sequence[Pillar]) -> list[tuple[float, _Front | None]]:
        return [(float(compiled.node_weights[compiled.node[pillar.id]]), below(pillar)) for pillar in pillars]

    return _join(compiled.rubric.aggregation, nodes(compiled.rubric.pillars), limit)


def _leaf(value: float, ways: Sequence[Choice]) -> _Front:
    """Return the frontier of one criterion: as it is, or raised in one of the ways."""
    taken: list[tuple[Choice, ...]] = [(), *((way,) for way in ways)]
    weight = np.array([0, *(_weight(way) for way in ways)])
    reached = np.array([value, *(way.value for way in ways)])
    kept = _undominated(weight, reached)
    return _Front(weight[kept], reached[kept], lambda at: taken[kept[at]])


def _undominated(weight: Counts, value: Floats) -> Counts:
    """Return the places, by rising weight, of the entries that reach more than every one that weighs no more."""
    order = np.argsort(weight, kind="stable")  # a merge sort: what it gets are rising runs
    highest = np.maximum.accumulate(value[order])
    order = order[np.concatenate(([True], highest[1:] > highest[:-1]))]
    return order[np.concatenate((weight[order[1:]] > weight[order[:-1]], [True]))]


def _join(method: Aggregation, parts: Sequence[tuple[float, _Front | None]], limit: int | None) -> _Front | None:
    """Return the frontier of a node from those of its children and their weights; None where nothing counts in it."""
    used = [(weight, front) for weight, front in parts if front is not None and weight > 0]
    if not used:
        return None
    rising, inverse = _rising(method)
    lowest = isinstance(method, Minimum)
    folded: _Front | None = None
    for share, front in used:
        term = _Front(front.weight, rising(front.value) * (1.0 if lowest else share), front.trace)
        folded = term if folded is None else _fold(folded, term, np.minimum if lowest else np.add, limit)
    assert folded is not None
    whole = 1.0 if lowest else sum(share for share, _ in used)
    return _Front(folded.weight, inverse(folded.value / whole), folded.trace)


def _fold(before: _Front, term: _Front, join: np.ufunc, limit: int | None) -> _Front:
    """Return the frontier of every pair of entries of two frontiers."""
    weight = np.add.outer(before.weight, term.weight).ravel()
    value = join.outer(before.value, term.value).ravel()
    within = np.arange(len(weight)) if limit is None else np.flatnonzero(weight <= limit)
    kept = within[_undominated(weight[within], value[within])]
    left, right = np.divmod(kept, len(term.weight))

    def trace(at: int) -> tuple[Choice, ...]:
        return before.trace(int(left[at])) + term.trace(int(right[at]))

    return _Front(weight[kept], value[kept], trace)


Function = Callable[[Floats], Floats]


def _rising(method: Aggregation) -> tuple[Function, Function]:
    """Return a rising f and its inverse, so that the mean is f^-1(sum w f(v))."""
    if isinstance(method, Arithmetic | Minimum | Owa):
        return (lambda v: v), (lambda v: v)
    floor = method.floor
    if isinstance(method, Geometric):
        return (lambda v: np.asarray(np.log(np.maximum(v, floor)))), (lambda v: np.asarray(np.exp(v)))
    power, sign = method.exponent, np.sign(method.exponent)
    return (
        lambda v: np.asarray(sign * np.maximum(v, floor) ** power),
        lambda v: np.asarray((sign * v) ** (1.0 / power)),
    )
