"""Draws of uncertain observations."""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

import numpy as np

from assess.rubric.measures import Floats

STEP = 2.0**-53
"""Distance between neighbouring uniform numbers: the 53 bits of a float64's fraction."""


def uniform_draws(seed: int, names: Sequence[str], draws: int) -> Floats:
    """Return uniform numbers in [0, 1), shape (names, draws): one independent stream per name.

    The stream depends on the seed and the name alone, so that adding, removing or reordering observations leaves
    the draws of all others as they were (common random numbers). The generator is the standard library's Mersenne
    Twister (Matsumoto & Nishimura 1998), seeded by the SHA-512 of seed and name; it starts in a fraction of the
    time that importing numpy.random takes.
    """
    streams = [Random(f"{seed}/{name}").randbytes(8 * draws) for name in names]
    bits = np.frombuffer(b"".join(streams), dtype="<u8").reshape(len(names), draws)
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
