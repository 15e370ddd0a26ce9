"""Draws: right distribution, reproducible, and monotone under common random numbers."""

from __future__ import annotations

from hashlib import sha256

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.scoring.draws import GOLDEN, triangular, uniform_draws


def test_a_stream_depends_on_seed_and_name_alone() -> None:
    three = uniform_draws(7, ["a", "b", "c"], 50)
    assert np.array_equal(uniform_draws(7, ["c", "a"], 50), three[[2, 0]])
    assert not np.array_equal(uniform_draws(8, ["a"], 50), three[:1])
    assert not np.array_equal(three[0], three[1])


def test_no_names_give_no_rows() -> None:
    assert uniform_draws(1, [], 100).shape == (0, 100)


def test_moments_are_those_of_the_triangular_distribution() -> None:
    low, mode, high = 20.0, 50.0, 90.0
    drawn = triangular(uniform_draws(1, ["a"], 200_000), *(np.array([v]) for v in (low, mode, high)))
    variance = (low**2 + mode**2 + high**2 - low * mode - low * high - mode * high) / 18
    assert drawn.mean() == pytest.approx((low + mode + high) / 3, abs=4 * np.sqrt(variance / 200_000))
    assert drawn.var() == pytest.approx(variance, rel=0.01)
    assert np.median(drawn) == pytest.approx(high - np.sqrt((high - low) * (high - mode) / 2), abs=0.2)


def test_a_range_without_width_is_its_value() -> None:
    value = np.array([42.0])
    assert set(triangular(uniform_draws(1, ["a"], 100), value, value, value).ravel()) == {42.0}


ENDS = st.lists(st.floats(0, 100), min_size=3, max_size=3).map(sorted)


@given(ENDS, ENDS)
def test_draws_stay_in_range_and_rise_with_every_end(first: list[float], second: list[float]) -> None:
    uniform = uniform_draws(3, ["a"], 200)
    lower = [min(a, b) for a, b in zip(first, second, strict=True)]
    upper = [max(a, b) for a, b in zip(first, second, strict=True)]
    low, high = (triangular(uniform, *(np.array([v]) for v in ends)) for ends in (lower, upper))
    assert (low >= lower[0] - 1e-9).all()
    assert (low <= lower[2] + 1e-9).all()
    assert (high >= low - 1e-6).all()


def test_the_generator_is_splitmix64() -> None:
    """The first outputs of the published generator from state 0: 0xe220a8397b1dcdaf, 0x6e789e6aa1b965f4, ..."""
    state = 0
    for published in (0xE220A8397B1DCDAF, 0x6E789E6AA1B965F4, 0x06C45D188009454F):
        state = (state + GOLDEN) % 2**64
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        assert mixed ^ (mixed >> 31) == published
    start = int.from_bytes(sha256(b"1/a").digest()[:8], "little")
    first = uniform_draws(1, ["a"], 3)[0]
    state = start
    for drawn in first:
        state = (state + GOLDEN) % 2**64
        mixed = (state ^ (state >> 30)) * 0xBF58476D1CE4E5B9 % 2**64
        mixed = (mixed ^ (mixed >> 27)) * 0x94D049BB133111EB % 2**64
        assert drawn == ((mixed ^ (mixed >> 31)) >> 11) * 2.0**-53


def test_streams_are_uniform_and_uncorrelated() -> None:
    drawn = uniform_draws(3, [f"c{i}" for i in range(40)], 20_000)
    assert drawn.min() >= 0
    assert drawn.max() < 1
    np.testing.assert_allclose(drawn.mean(axis=1), 0.5, atol=4 / np.sqrt(12 * 20_000))
    for row in drawn:
        counts = np.bincount((row * 20).astype(int), minlength=20)
        assert ((counts - 1000) ** 2 / 1000).sum() < 60  # chi-squared with 19 degrees of freedom
    correlation = np.corrcoef(drawn) - np.eye(40)
    assert np.abs(correlation).max() < 5 / np.sqrt(20_000)
