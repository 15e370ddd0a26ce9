"""Numbers as links: each leads to what it rests on, and says which fields of the Assessment it shows."""

from __future__ import annotations

from collections.abc import Sequence

from assess.reporting import numbers, words
from assess.reporting.links import Line, Link, Places, Run, place
from assess.rubric.models import Band, CoverageRule
from assess.scoring.assessment import CriterionResult, PillarResult, Rated


def score(identifier: str, rated: Rated, bands: Sequence[Band], places: Places, to: str) -> Run:
    """Return a score as a whole number, or 'no score'."""
    if rated.score is None:
        return "no score"
    return Link(str(numbers.whole(rated.score, bands)), to, places.of(identifier, "score"))


def risk(pillar: PillarResult, bands: Sequence[Band], places: Places, to: str) -> Run | None:
    """Return 'risk N' for a pillar with a score that is shown as risk."""
    if pillar.score is None or pillar.display != "risk":
        return None
    return Link(f"risk {100 - numbers.whole(pillar.score, bands)}", to, places.of(pillar.id, "score"))


def interval(identifier: str, rated: Rated, bands: Sequence[Band], places: Places, to: str) -> Run | None:
    """Return the 80 % interval of a score as 'low to high'."""
    if rated.low is None or rated.high is None:
        return None
    return Link(words.interval(rated.low, rated.high, bands), to, places.of(identifier, "low", "high"))


def bounds(identifier: str, rated: Rated, bands: Sequence[Band], places: Places, to: str) -> Run:
    """Return what a score lies within, whatever the missing observations say."""
    text = words.interval(rated.bound_low, rated.bound_high, bands)
    return Link(text, to, places.of(identifier, "bound_low", "bound_high"))


def coverage(identifier: str, rated: Rated, rule: CoverageRule, places: Places, to: str) -> Run:
    """Return the share of weight with an observation as a percentage."""
    return Link(numbers.coverage(rated.coverage, rule), to, places.of(identifier, "coverage"))


def value(criterion: CriterionResult, bands: Sequence[Band], places: Places, to: str | None = None) -> Run:
    """Return the value of a criterion as a whole number, or why there is none."""
    if not criterion.applicable:
        return "n/a"
    if criterion.value is None:
        return "no evidence" if criterion.observed_share == 0 else "too thin"
    number = str(numbers.whole(criterion.value, bands))
    return Link(number, to or place("c", criterion.id), places.of(criterion.id, "value"))


def span(criterion: CriterionResult, bands: Sequence[Band], places: Places, to: str | None = None) -> Run:
    """Return the range of a criterion's value as 'low to high', or a dash."""
    if criterion.low is None or criterion.high is None:
        return "n/a" if not criterion.applicable else "–"
    text = words.interval(criterion.low, criterion.high, bands)
    return Link(text, to or place("c", criterion.id), places.of(criterion.id, "low", "high"))


def weight(node: CriterionResult | PillarResult, places: Places, *, overall: bool = False, to: str = "") -> Run:
    """Return the weight of a criterion or pillar as a percentage, of its pillar or of the whole."""
    if isinstance(node, CriterionResult) and not node.applicable:
        return "n/a"
    share, name = (node.overall_weight, "overall_weight") if overall else (node.weight, "weight")
    return Link(numbers.percent(share), to or place("w", node.id), places.of(node.id, name))


def gain(points: float | None, pointer: str, to: str) -> Run:
    """Return what a mitigation would gain as whole points, or a dash where there is no score to gain on."""
    if points is None:
        return "–"
    return Link(numbers.points(points), to, (pointer,))


def valued(criterion: CriterionResult, bands: Sequence[Band], places: Places) -> Line:
    """Return a criterion's title with its value beside it, as in 'Burden sharing (25)'."""
    return (places.criterion(criterion.id), " (", value(criterion, bands, places), ")")
