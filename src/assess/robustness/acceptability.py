"""Stochastic multicriteria acceptability analysis: how often each alternative takes each rank. Arrays in, arrays out.

Lahdelma & Salminen 2001 (SMAA-2, Operations Research 49(3)): rank acceptability, central weights, confidence factors;
Leskinen et al. 2006 and Tervonen & Lahdelma 2007 (European Journal of Operational Research 178) for pairwise winning
indices and Monte-Carlo errors.

Ties: scores tie that float64 cannot safely tell apart: weighted means no farther apart than 2.3e-13 of the widest range
of any criterion, drawn scores 4.6e-13 of the largest (the exact reach is 2^-43 after scaling by a power of two, and
wider in proportion above 256 criteria). Scores farther apart are always ranked by float64 itself. Tied
alternatives share the ranks they take up equally, and each counts half a win against the other, so rows and columns
of ranks sum to 1 and p_ij + p_ji = 1.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from assess.documents.errors import UsageError
from assess.rubric.measures import Floats

TIE = 2.0**-43
"""Scores on a scale of 1 that lie no farther apart tie: the rounding of sums of up to 256 terms between 1 and 2."""

EXACT = 2.0**-52
"""Distance of neighbouring float64 numbers between 1 and 2."""

LARGEST = 1e300
"""Numbers stay below this, so that no sum overflows."""

BLOCK = 50_000
"""Scores worked on at once, so that they stay in a processor's cache."""

PIECE = 200_000
"""Multiplications in one matrix product: few enough that BLAS starts no threads, which cost more than they save."""

UNCLEAR = "unclear"
"""The label of an alternative whose rank is not settled."""


@dataclass(frozen=True, eq=False)
class Smaa:
    """What draws of weights and inputs say about n alternatives. All shares are shares of draws, 0-1."""

    draws: int
    rank: Floats
    """Share of draws in which alternative i takes rank r, best first, shape (n, n)."""
    rank_error: Floats
    """Monte-Carlo standard error of `rank`."""
    pairwise: Floats
    """Share of draws in which alternative i beats j, a tie counting half, shape (n, n); diagonal 0."""
    pairwise_error: Floats
    """Monte-Carlo standard error of `pairwise`; diagonal 0."""
    central: tuple[Floats | None, ...]
    """Mean weights (m,) of the draws in which the alternative is first; None where it never is, or without weights."""
    central_error: tuple[Floats | None, ...]
    """Monte-Carlo standard error of `central`; None too where a single draw stands behind it."""
    confidence: tuple[float | None, ...]
    """Share of input draws in which the alternative is first under its central weights; None without them."""
    confidence_error: tuple[float | None, ...]
    """Monte-Carlo standard error of `confidence`; 0 where the inputs are fixed."""


def rank_acceptability(values: Floats, weights: Floats) -> Floats:
    """Return the share of draws in which each alternative takes each rank, best first, shape (n, n).

    values: shape (n, m), n alternatives by m criteria, higher better, any scale shared by the alternatives.
    weights: shape (draws, m), 0 or more; rows need not sum to 1. Scores are weighted sums in float64, ranked
    exactly; only ties are shared. Memory does not grow with the number of draws. Raises
    UsageError for no alternatives, criteria or draws, for shapes that do not fit, and for what is not finite.
    """
    values, weights = _table(values, "values", 2), _table(weights, "weights", 2)
    _check_weights(weights, values.shape[1])
    return _ranks(_weighted(values, weights), values.shape[0], len(weights), _tie(values.shape[1]))


def score_acceptability(scores: Floats) -> Floats:
    """Return the share of draws in which each alternative takes each rank, from drawn scores of shape (draws, n).

    For aggregates that are not weighted sums. Ties and errors as in `rank_acceptability`.
    """
    scores = _table(scores, "scores", 2)
    return _ranks(_given(scores), scores.shape[1], len(scores), TIE)


def smaa(values: Floats, weights: Floats) -> Smaa:
    """Return the whole analysis of weighted sums.

    values: shape (n, m), or (draws, n, m) where inputs are drawn too. weights: shape (draws, m), 0 or more; rows are
    brought to a sum of 1. Errors as in `rank_acceptability`.
    """
    values, weights = np.asarray(values, dtype=np.float64), _table(weights, "weights", 2)
    values = _table(values, "values", 3 if values.ndim == 3 else 2)
    _check_weights(weights, values.shape[-1])
    if values.ndim == 3 and len(values) != len(weights):
        raise UsageError(f"values and weights must have as many draws (found {len(values)} and {len(weights)})")
    weights = weights / weights.sum(axis=1, keepdims=True)
    inputs = values if values.ndim == 3 else values[None]

    def rescore(central: Floats) -> Floats:
        return np.asarray(inputs @ central, dtype=np.float64)

    return _analyse(
        lambda: _weighted(values, weights), _tie(values.shape[-1]), values.shape[-2], weights, len(weights), rescore
    )


def score_smaa(
    scores: Floats, weights: Floats | None = None, rescore: Callable[[Floats], Floats] | None = None
) -> Smaa:
    """Return the whole analysis of drawn scores of shape (draws, n).

    weights: shape (draws, m), the weights behind the scores, for central weights. rescore: from weights (m,) to the
    scores (input draws, n) they give, for confidence factors. Errors as in `rank_acceptability`.
    """
    scores = _table(scores, "scores", 2)
    if weights is not None:
        weights = _table(weights, "weights", 2)
        _check_weights(weights, weights.shape[1])
        if len(weights) != len(scores):
            raise UsageError(f"scores and weights must have as many draws (found {len(scores)} and {len(weights)})")
        weights = weights / weights.sum(axis=1, keepdims=True)
    return _analyse(lambda: _given(scores), TIE, scores.shape[1], weights, len(scores), rescore)


def standard_error(share: Floats, draws: int) -> Floats:
    """Return the Monte-Carlo standard error of shares of draws, 0-1; the shape of `share`.

    That of a share of (hits + 1) / (draws + 2), the mean of a uniform prior (Laplace), so that what never happened in
    the draws has an error too. With ties, where a draw counts in part, it errs towards too wide.
    """
    shrunk = (np.asarray(share) * draws + 1.0) / (draws + 2.0)
    return np.asarray(np.sqrt(shrunk * (1.0 - shrunk) / draws), dtype=np.float64)


def label(shares: Sequence[float] | Floats, threshold: float) -> str:
    """Return the rank of an alternative in words, or "unclear" where no rank has a large enough share of draws.

    shares: its row of rank acceptability, shape (n,). threshold: 0.5-1, the least share that settles a rank. Raises
    UsageError for another threshold.
    """
    if not 0.5 <= threshold <= 1.0:
        raise UsageError(f"the threshold must lie between 0.5 and 1 (found {threshold:g})")
    row = np.asarray(shares, dtype=np.float64)
    settled = np.flatnonzero(row >= threshold - len(row) * EXACT)
    return f"rank {settled[0] + 1}" if len(settled) == 1 else UNCLEAR


def _table(array: Floats, what: str, dimensions: int) -> Floats:
    array = np.asarray(array, dtype=np.float64)
    if array.ndim != dimensions or 0 in array.shape:
        raise UsageError(f"{what} must be a table of {dimensions} dimensions, none empty (found shape {array.shape})")
    if not -LARGEST < array.min() <= array.max() < LARGEST:
        raise UsageError(f"{what} must be finite numbers under {LARGEST:g}: leave out what has none")
    return array


def _check_weights(weights: Floats, criteria: int) -> None:
    if weights.shape[1] != criteria:
        raise UsageError(f"there must be one weight for each criterion (found {weights.shape[1]} for {criteria})")
    sums = (weights[rows].sum(axis=1).min() for rows in _slices(weights.shape[1], len(weights)))
    if weights.min() < 0 or not min(sums) > 0:
        raise UsageError("weights must be 0 or more, and not all 0 in any draw")


def _size(n: int) -> int:
    """Return the draws of a block: no fewer than ranks, or the tables of counts would cost more than the draws."""
    return max(BLOCK // n, n)


def _slices(n: int, draws: int) -> Iterator[slice]:
    for start in range(0, draws, _size(n)):
        yield slice(start, min(start + _size(n), draws))


def _tie(m: int) -> float:
    """Return how far apart sums of m terms on a scale of 1 may lie and still tie."""
    return max(TIE, m * EXACT * 2.0)


def _unit(top: float) -> float:
    """Return the power of two that brings numbers up to `top` to 1 at most: exact, so that it changes no comparison."""
    return 2.0 ** min(1000, -int(np.frexp(top)[1])) if top > 0 else 1.0


def _weighted(values: Floats, weights: Floats) -> Iterator[Floats]:
    """Yield blocks (b, n) of weighted means of values (n, m) or (draws, n, m), scaled to lie between 1 and 2.

    Values count from the worst of their criterion, which changes no rank. Numbers between 1 and 2 all have the same
    resolution, and their bits read as whole numbers are in their order. The memory is used again for the next block.
    """
    n, m = values.shape[-2:]
    drawn = values.ndim == 3
    above = values - values.min(axis=tuple(range(values.ndim - 1)))
    unit = _unit(float(above.max()))
    columns = np.ones((m + 1, n))
    if not drawn:
        columns[:m] = above.T * unit
    piece = max(1, PIECE // columns.size)
    shares, scores = np.ones((_size(n), m + 1)), np.empty((_size(n), n))
    for rows in _slices(n, len(weights)):
        block = weights[rows]
        b = len(block)
        np.divide(block, block.sum(axis=1, keepdims=True), out=shares[:b, :m])
        if drawn:
            np.matmul(above[rows] * unit, shares[:b, :m, None], out=scores[:b, :, None])
            scores += 1.0
        else:
            for start in range(0, b, piece):
                end = min(start + piece, b)
                np.matmul(shares[start:end], columns, out=scores[start:end])
        yield scores[:b]


def _given(scores: Floats) -> Iterator[Floats]:
    """Yield blocks (b, n) of drawn scores (draws, n), scaled to lie between 1 and 2."""
    unit = _unit(float(np.abs(scores).max())) / 2.0
    for rows in _slices(scores.shape[1], len(scores)):
        yield scores[rows] * unit + 1.5


def _ranks(blocks: Iterator[Floats], n: int, draws: int, tie: float) -> Floats:
    """Return the share of draws (n, n) in which each alternative takes each rank, best first.

    The alternative's number replaces the last bits of each score: one sort then brings scores and alternatives into
    order, at a fraction of the cost of sorting indices. A draw in which two neighbours come so close that these bits
    or a tie could matter is kept and ranked from its scores.
    """
    bits = max(1, (n - 1).bit_length())
    size = _size(n)
    near = np.uint64(int(tie / EXACT) + (2 << bits))
    alternative = np.tile(np.arange(n), (size, 1))  # in full: adding row by row takes twice as long
    place = alternative * n
    memory, gap_memory = np.empty((size, n), dtype=np.int64), np.empty(size * n - 1, dtype=np.uint64)
    counts = np.zeros(n * n + 1, dtype=np.int64)
    exact = np.zeros((n, n))
    doubtful: list[Floats] = []
    for scores in blocks:
        b = len(scores)
        keys = memory[:b]
        np.bitwise_and(scores.view(np.int64), -1 << bits, out=keys)
        keys |= alternative[:b]
        keys.view(np.float64).sort(axis=1)
        flat = keys.reshape(-1)
        # From the end of one row to the start of the next the difference is negative: a huge number without its sign.
        gaps = np.subtract(flat[1:].view(np.uint64), flat[:-1].view(np.uint64), out=gap_memory[: len(flat) - 1])
        close = np.unique(np.flatnonzero(gaps < near) // n) if n > 1 and gaps.min() < near else None
        keys &= (1 << bits) - 1
        keys += place[:b]
        if close is not None:
            keys[close] = n * n  # counted apart
            doubtful.append(scores[close])
            if sum(map(len, doubtful)) >= size:
                exact += _shared_ranks(np.concatenate(doubtful), tie)
                doubtful = []
        np.add.at(counts, flat, 1)
    if doubtful:
        exact += _shared_ranks(np.concatenate(doubtful), tie)
    total = counts[:-1].reshape(n, n).T + exact
    return np.ascontiguousarray(total[:, ::-1] / draws)


def _shared_ranks(scores: Floats, tie: float) -> Floats:
    """Return how often each alternative takes each place, worst first, shape (n, n), tied ones sharing places."""
    n = scores.shape[1]
    order, first = _groups(scores, tie)
    begin = np.flatnonzero(first)
    width = np.diff(begin, append=first.size)
    cell, size = order.ravel() * (n + 1) + np.repeat(begin % n, width), np.repeat(width, width)
    result = np.zeros((n, n))
    for w in np.flatnonzero(np.bincount(width)):  # whole numbers for each width: what never happened stays at 0
        here = cell[size == w]
        steps = np.bincount(here, minlength=n * (n + 1)) - np.bincount(here + w, minlength=n * (n + 1))
        result += steps.reshape(n, n + 1).cumsum(axis=1)[:, :n] / w
    return result


def _groups(scores: Floats, tie: float) -> tuple[NDArray[np.intp], NDArray[np.bool_]]:
    """Return the order of scores (b, n), worst first, and where in it a new group of tied ones begins."""
    order = np.argsort(scores, axis=1, kind="stable")
    first = np.ones(scores.shape, dtype=np.bool_)
    first[:, 1:] = np.diff(np.take_along_axis(scores, order, axis=1), axis=1) > tie
    return order, first


def _settled(scores: Floats, tie: float) -> Floats:
    """Return scores (b, n) in which tied ones are equal."""
    order, first = _groups(scores, tie)
    ranked = np.take_along_axis(scores, order, axis=1)
    start = np.maximum.accumulate(np.where(first, np.arange(first.shape[1]), 0), axis=1)
    result = np.empty_like(ranked)
    np.put_along_axis(result, order, np.take_along_axis(ranked, start, axis=1), axis=1)
    return result


def _first_shares(settled: Floats) -> Floats:
    """Return who is first in each draw (b, n): 1, or the equal share of those tied for it."""
    first = settled == settled.max(axis=1, keepdims=True)
    return np.asarray(first / first.sum(axis=1, keepdims=True), dtype=np.float64)


def _analyse(
    blocks: Callable[[], Iterator[Floats]],
    tie: float,
    n: int,
    weights: Floats | None,
    draws: int,
    rescore: Callable[[Floats], Floats] | None,
) -> Smaa:
    rank = _ranks(blocks(), n, draws, tie)
    wins = np.zeros((n, n), dtype=np.intp)
    behind = np.zeros((draws, 0)) if weights is None else weights
    often, often2 = np.zeros(n), np.zeros(n)
    total, square = np.zeros((2, n, behind.shape[1]))
    for rows, scores in zip(_slices(n, draws), blocks(), strict=True):
        settled = _settled(scores, tie)
        wins += _wins(settled)
        first = _first_shares(settled)
        often += first.sum(axis=0)
        often2 += (first**2).sum(axis=0)
        total += first.T @ behind[rows]
        square += first.T @ behind[rows] ** 2
    pairwise = (wins + draws - wins.T) / (2.0 * draws)
    pairwise_error = standard_error(pairwise, draws)
    np.fill_diagonal(pairwise, 0.0)
    np.fill_diagonal(pairwise_error, 0.0)
    central: list[Floats | None] = [None] * n
    central_error: list[Floats | None] = [None] * n
    confidence: list[float | None] = [None] * n
    confidence_error: list[float | None] = [None] * n
    for i in np.flatnonzero(often) if weights is not None else ():
        middle = total[i] / often[i]
        central[i] = middle
        independent = often[i] ** 2 / often2[i]
        if independent > 1.0:
            central_error[i] = np.sqrt(np.maximum(square[i] / often[i] - middle**2, 0.0) / (independent - 1.0))
        if rescore is not None:
            scores = _table(rescore(middle), "rescored values", 2)
            share = sum(float(_first_shares(_settled(b, TIE))[:, i].sum()) for b in _given(scores)) / len(scores)
            confidence[i] = share
            confidence_error[i] = float(standard_error(np.array(share), len(scores))) if len(scores) > 1 else 0.0
    return Smaa(
        draws=draws,
        rank=rank,
        rank_error=standard_error(rank, draws),
        pairwise=pairwise,
        pairwise_error=pairwise_error,
        central=tuple(central),
        central_error=tuple(central_error),
        confidence=tuple(confidence),
        confidence_error=tuple(confidence_error),
    )


def _wins(settled: Floats) -> NDArray[np.intp]:
    """Return in how many draws of `settled` (b, n) alternative i lies above j, shape (n, n)."""
    n = settled.shape[1]
    wins = np.zeros((n, n), dtype=np.intp)
    size = min(127, max(1, 4_000_000 // (n * n)))  # sums of up to 127 fit in a byte
    for start in range(0, len(settled), size):
        part = settled[start : start + size]
        above = part[:, :, None] > part[:, None, :]
        wins += above.view(np.int8).sum(axis=0, dtype=np.int8)
    return wins
