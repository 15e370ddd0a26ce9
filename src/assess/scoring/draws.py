"""Draws of uncertain observations."""

from __future__ import annotations

from collections.abc import Sequence
from zlib import crc32

import numpy as np

from assess.rubric.measures import Floats


def uniform_draws(seed: int, names: Sequence[str], draws: int) -> Floats:
    """Return uniform numbers in [0, 1), shape (draws, names): one independent stream per name.

    The stream depends on the seed and the name alone, so that adding, removing or reordering observations leaves
    the draws of all others as they were (common random numbers).
    """
    result = np.empty((len(names), draws))
    for row, name in zip(result, names, strict=True):
        np.random.Generator(np.random.PCG64([seed, crc32(name.encode())])).random(out=row)
    return result.T


def triangular(uniform: Floats, low: Floats, mode: Floats, high: Floats) -> Floats:
    """Return triangular draws by inversion, shape of `uniform` (draws, k); low <= mode <= high of shape (k,).

    The inverse distribution function rises with low, mode and high alike, so raising an observation never lowers
    a draw. The triangular distribution stands for an expert's low, best and high (Johnson 1997, The Statistician
    46(3)); its tails are fatter than PERT's, which errs towards wider intervals.
    """
    width = high - low
    split = np.divide(mode - low, width, out=np.zeros_like(width), where=width > 0)
    left = low + np.sqrt(uniform * width * (mode - low))
    right = high - np.sqrt((1.0 - uniform) * width * (high - mode))
    return np.where(uniform < split, left, right)
