"""Draws of uncertain observations."""

from __future__ import annotations

from collections.abc import Sequence
from hashlib import sha256

import numpy as np

from assess.rubric.measures import Floats

STEP = 2.0**-53
"""Distance between neighbouring uniform numbers: the 53 bits of a float64's fraction."""

GOLDEN = 0x9E3779B97F4A7C15
"""Increment of the SplitMix64 counter: 2^64 divided by the golden ratio, made odd."""


def uniform_draws(seed: int, names: Sequence[str], draws: int) -> Floats:
    """Return uniform numbers in [0, 1), shape (names, draws): one independent stream per name.

    The stream depends on the seed and the name alone, so that adding, removing or reordering observations leaves
    the draws of all others as they were (common random numbers). The generator is SplitMix64 (Steele, Lea & Flood
    2014, OOPSLA), started for each stream at a hash of seed and name. It is a dozen whole-number operations on an
    array, the same on every machine, and starts in a fraction of the time that importing numpy.random takes.
    """
    starts = [int.from_bytes(sha256(f"{seed}/{name}".encode()).digest()[:8], "little") for name in names]
    counter = np.arange(1, draws + 1, dtype=np.uint64) * np.uint64(GOLDEN)
    bits = np.array(starts, dtype=np.uint64)[:, None] + counter
    for shift, factor in ((30, 0xBF58476D1CE4E5B9), (27, 0x94D049BB133111EB)):
        bits ^= bits >> np.uint64(shift)
        bits *= np.uint64(factor)
    bits ^= bits >> np.uint64(31)
    return (bits >> np.uint64(11)).astype(np.float64) * STEP


def triangular(uniform: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return triangular draws by inversion, shape of `uniform` (k, draws); low <= mode <= high of shape (k,).

    The inverse distribution function rises with low, mode and high alike, so raising an observation never lowers
    a draw. The triangular distribution stands for an expert's low, best and high (Johnson 1997, The Statistician
    46(3)); its tails are fatter than PERT's, which errs towards wider intervals.
    """
    low, mode, high = low[:, None], mode[:, None], high[:, None]
    width = high - low
    split = np.divide(mode - low, width, out=np.zeros_like(width), where=width > 0)
    left = uniform < split
    root = np.where(left, uniform * (mode - low), (1.0 - uniform) * (high - mode))
    root *= width
    np.sqrt(root, out=root)
    return np.where(left, low + root, high - root)
