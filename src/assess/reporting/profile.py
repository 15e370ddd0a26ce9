"""The pillar profile: what stands before any detail, as a figure and as the same numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.reporting import numbers, words
from assess.reporting.charts import Bar, Chart, interval_chart
from assess.reporting.links import Line, Link, Places, Run, all_pillars, place
from assess.reporting.pillars import applies, lowest, shown
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, PillarResult

ALTERNATIVES = (
    ("geometric", "Weighted geometric mean"),
    ("arithmetic", "Weighted arithmetic mean"),
    ("weakest_pillar", "Weakest pillar"),
)


@dataclass(frozen=True, slots=True)
class ProfileRow:
    """One pillar in figures."""

    pillar: Run
    score: str
    risk: str | None
    interval: str
    rating: str
    coverage: str
    weight: Run
    weakest: Line


@dataclass(frozen=True, slots=True)
class Alternative:
    """The overall score under another way to combine the pillars."""

    name: str
    score: str
    rating: str


@dataclass(frozen=True, slots=True)
class Profile:
    """The pillars side by side. `alternatives` is empty where every way to combine them rates the same."""

    heading: str
    chart: Chart
    caption: str
    rows: tuple[ProfileRow, ...]
    alternatives: tuple[Alternative, ...]
    alternatives_note: str


def profile(assessment: Assessment, places: Places) -> Profile:
    """Return the pillar profile of an assessment."""
    bands = assessment.rubric.bands
    return Profile(
        heading=_heading(assessment.pillars, bands),
        chart=_chart(assessment),
        caption=(
            "Score by pillar. Dot: score. Bar: 80 % interval. Vertical lines: where a rating begins. "
            "Higher is better on every row."
        ),
        rows=tuple(_row(pillar, assessment, places) for pillar in all_pillars(assessment.pillars)),
        alternatives=alternatives(assessment),
        alternatives_note=_alternatives_note(assessment),
    )


def _heading(pillars: Sequence[PillarResult], bands: Sequence[Band]) -> str:
    scored = sorted((p.score, index) for index, p in enumerate(pillars) if p.score is not None)
    if not scored:
        return "Pillar profile: no pillar has a score"
    low, high = pillars[scored[0][1]], pillars[scored[-1][1]]
    least, most = numbers.whole(scored[0][0], bands), numbers.whole(scored[-1][0], bands)
    if low is high:
        return f"Pillar profile: {low.title} ({shown(low, bands)})"
    if least == most:
        return f"Pillar profile: every pillar with a score has {least}"
    overlap = low.high is not None and high.low is not None and low.high >= high.low
    finding = f"Pillar profile: from {low.title} ({shown(low, bands)}) to {high.title} ({shown(high, bands)})"
    return f"{finding}, intervals overlapping" if overlap else finding


def _row(pillar: PillarResult, assessment: Assessment, places: Places) -> ProfileRow:
    bands, rule = assessment.rubric.bands, assessment.rubric.coverage
    score = None if pillar.score is None else numbers.whole(pillar.score, bands)
    share = numbers.coverage(pillar.coverage, rule)
    coverage = share if pillar.basis == "sufficient" else f"{share}, {pillar.basis}"
    extent = "–" if pillar.low is None or pillar.high is None else words.interval(pillar.low, pillar.high, bands)
    return ProfileRow(
        pillar=places.pillar(pillar.id),
        score=("no score" if applies(pillar) else "n/a") if score is None else str(score),
        risk=f"risk {100 - score}" if score is not None and pillar.display == "risk" else None,
        interval=extent,
        rating=_rating(pillar),
        coverage=coverage if applies(pillar) else "n/a",
        weight=Link(numbers.percent(pillar.weight), place("w", pillar.id)),
        weakest=_weakest(pillar, bands, places),
    )


def _rating(pillar: PillarResult) -> str:
    if not applies(pillar):
        return "does not apply"
    if pillar.score is None:
        return "insufficient basis"
    rating = words.rating(pillar)
    return f"{rating}, capped from {pillar.uncapped_rating}" if pillar.capped_by else rating


def _weakest(pillar: PillarResult, bands: Sequence[Band], places: Places) -> Line:
    low = lowest(pillar, bands)
    if not low:
        return ("–",)
    value = numbers.whole(low[0].value or 0.0, bands)
    more = f" and {len(low) - 1} more" if len(low) > 1 else ""
    return (places.criterion(low[0].id), f"{more} ({value})")


def _chart(assessment: Assessment) -> Chart:
    bands = assessment.rubric.bands
    bars: list[Bar] = []
    findings: list[str] = []
    for pillar in filter(applies, assessment.pillars):
        note = shown(pillar, bands)
        if pillar.low is not None and pillar.high is not None:
            note += f", interval {words.interval(pillar.low, pillar.high, bands)}"
        bounds = (pillar.bound_low, pillar.bound_high)
        bars.append(Bar(pillar.title, note, pillar.score, pillar.low, pillar.high, *bounds))
        findings.append(f"{pillar.title}: {note}.")
    overall = assessment.overall.score
    total = "" if overall is None else f" Overall score {numbers.whole(overall, bands)}."
    return interval_chart(
        identifier="profile-chart",
        title=_heading(assessment.pillars, bands),
        description=f"{' '.join(findings)}{total} 0 is worst, 100 is best.",
        bars=bars,
        edges=[(band.label, band.at_least) for band in bands],
    )


def alternatives(assessment: Assessment) -> tuple[Alternative, ...]:
    """Return the overall score under other ways to combine the pillars, or nothing if all rate the same."""
    found = assessment.alternatives
    if len({rating for rating in found.ratings.values() if rating is not None}) < 2:
        return ()
    bands = assessment.rubric.bands
    scores = {
        "geometric": found.geometric,
        "arithmetic": found.arithmetic,
        "weakest_pillar": found.weakest_pillar,
    }
    shown_scores = {key: "–" if score is None else str(numbers.whole(score, bands)) for key, score in scores.items()}
    return tuple(Alternative(name, shown_scores[key], found.ratings.get(key) or "–") for key, name in ALTERNATIVES)


def _alternatives_note(assessment: Assessment) -> str:
    ratings = {rating for rating in assessment.alternatives.ratings.values() if rating is not None}
    if not ratings:
        return "There is no overall score to compare under other ways to combine the pillars."
    if len(ratings) == 1:
        return "The arithmetic mean, the geometric mean and the weakest pillar give the same rating."
    return "The rating before red lines depends on how the pillars are combined:"
