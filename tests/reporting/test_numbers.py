from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.reporting.numbers import coverage, percent, plain, points, reading, whole
from assess.rubric.models import Band, CoverageRule

BANDS = tuple(
    Band(label=label, at_least=edge) for label, edge in (("A", 80), ("B", 65), ("C", 50), ("D", 35), ("E", 0))
)
SCORES = st.floats(0, 100)


def band_of(score: float) -> str:
    return next(band.label for band in BANDS if score >= band.at_least - 1e-9)


@pytest.mark.parametrize(
    ("score", "shown"),
    [
        (64.7, 64),
        (64.4, 64),
        (65, 65),
        (65.2, 65),
        (0, 0),
        (0.4, 0),
        (100, 100),
        (66.5, 67),
        (67.5, 68),
        (64.9999999999, 65),
    ],
)
def test_rounding_never_carries_a_number_across_an_edge(score: float, shown: int) -> None:
    assert whole(score, BANDS) == shown


@given(SCORES)
def test_a_shown_number_has_the_rating_of_its_score(score: float) -> None:
    assert band_of(whole(score, BANDS)) == band_of(round(score, 7))
    assert abs(whole(score, BANDS) - score) < 1


@given(SCORES, SCORES)
def test_showing_keeps_the_order(a: float, b: float) -> None:
    low, high = sorted((a, b))
    assert whole(low, BANDS) <= whole(high, BANDS)


def test_an_edge_that_is_not_whole_is_kept_too() -> None:
    bands = (Band(label="A", at_least=64.3), Band(label="B", at_least=0))
    assert [whole(score, bands) for score in (64.2, 64.3, 64.4)] == [64, 65, 65]


def test_a_band_without_a_whole_number_shows_the_nearest() -> None:
    bands = (Band(label="A", at_least=64.6), Band(label="B", at_least=64.3), Band(label="C", at_least=0))
    assert whole(64.4, bands) == 64


def test_percent() -> None:
    assert [percent(share) for share in (0, 0.001, 0.006, 0.145, 0.5, 1)] == [
        "0 %",
        "under 1 %",
        "1 %",
        "15 %",
        "50 %",
        "100 %",
    ]


@pytest.mark.parametrize(
    ("share", "shown"),
    [(0.999, "99 %"), (1, "100 %"), (0.799, "79 %"), (0.8, "80 %"), (0.5996, "59 %"), (0.7549, "75 %")],
)
def test_coverage_never_reaches_a_threshold_by_rounding(share: float, shown: str) -> None:
    assert coverage(share, CoverageRule()) == shown


@given(st.floats(0, 1))
def test_coverage_and_basis_never_contradict(share: float) -> None:
    rule = CoverageRule()
    number = int(coverage(share, rule).split()[0])
    for edge in (rule.insufficient_below, rule.provisional_below, 100.0):
        assert (number >= edge) == (share * 100 >= edge - 1e-6)


def test_plain_shows_a_declared_number_as_written() -> None:
    assert [plain(x) for x in (15.0, 1.25, 0.1, 100)] == ["15", "1.25", "0.1", "100"]


def test_reading_shows_three_figures_without_an_exponent() -> None:
    assert [reading(x) for x in (0, 0.18312, 10.128, 49.7447, 178, 1234567, -2.5)] == [
        "0",
        "0.183",
        "10.1",
        "49.7",
        "178",
        "1,234,567",
        "-2.5",
    ]


@given(st.floats(-1e12, 1e12, allow_nan=False))
def test_reading_stays_near_the_number(number: float) -> None:
    assert math.isclose(float(reading(number).replace(",", "")), number, rel_tol=0.006, abs_tol=1e-300)


@given(st.floats(-100, 100))
def test_points_are_whole_signed_and_never_a_zero_for_something(gain: float) -> None:
    shown = points(gain)
    if shown == points(0):
        assert abs(gain) < 1e-6
    elif shown == "under 1":
        assert 0 < abs(gain) < 0.5
    else:
        number = int(shown.replace("−", "-"))
        assert (number > 0) == (gain > 0)
        assert number != 0
        assert abs(number - gain) <= 0.5


@given(st.floats(0, 100))
def test_a_loss_mirrors_a_gain(gain: float) -> None:
    assert points(-gain) == points(gain).replace("+", "−")


def test_no_gain_has_no_sign() -> None:
    assert points(1e-9) == points(-1e-9) == points(0)
    assert not set("+−") & set(points(0))


@pytest.mark.parametrize(
    ("gain", "shown"),
    [(0.3, "under 1"), (0.5, "+1"), (2.4, "+2"), (2.5, "+3"), (-0.5, "−1"), (-2.6, "−3")],
)
def test_points(gain: float, shown: str) -> None:
    assert points(gain) == shown
