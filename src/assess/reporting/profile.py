"""The pillar profile: what stands before any detail, as a figure and as the same numbers in a table."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Cell, Figure, Head, Heading, Paragraph, Row, Section, Table, cell, row
from assess.reporting.charts import Bar, Chart, interval_chart
from assess.reporting.links import Line, Link, Places, Run, place
from assess.reporting.pillars import applies, lowest, shown
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, PillarResult, all_pillars

ALTERNATIVES = (
    ("geometric", "Weighted geometric mean"),
    ("arithmetic", "Weighted arithmetic mean"),
    ("weakest_pillar", "Weakest pillar"),
)


@dataclass(frozen=True, slots=True)
class Alternative:
    """The overall score under another way to combine the pillars."""

    name: str
    score: Run
    rating: str


def profile_section(assessment: Assessment, places: Places) -> Section:
    """Return the pillar profile of an assessment."""
    blocks: list[Block] = [
        Figure(
            profile_chart(assessment),
            "Score by pillar. Dot: score. Bar: 80 % interval. Vertical lines: where a rating begins. "
            "Higher is better on every row.",
        ),
        Table(
            "The same in figures",
            (
                Head("Pillar"),
                Head("Score", "number"),
                Head("80 % interval", "word"),
                Head("Rating"),
                Head("Coverage", "word"),
                Head("Weight", "number"),
                Head("Lowest criterion"),
            ),
            tuple(_row(pillar, assessment, places) for pillar in all_pillars(assessment.pillars)),
        ),
        Heading("Other ways to combine the pillars", "alternatives"),
        Paragraph((_alternatives_note(assessment),)),
    ]
    others = alternatives(assessment)
    if others:
        blocks.append(
            Table(
                "Other ways to combine the pillars, before red lines",
                (Head("Combination"), Head("Score", "number"), Head("Rating")),
                tuple(row(other.name, other.score, other.rating) for other in others),
            )
        )
    return Section("profile", "Pillar profile", _heading(assessment.pillars, assessment.rubric.bands), tuple(blocks))


def profile_chart(assessment: Assessment) -> Chart:
    """Return the figure of the pillars: scores and intervals over the edges of the ratings."""
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
    others = []
    for key, name in ALTERNATIVES:
        score: float | None = getattr(found, key)
        shown_score = (
            "–" if score is None else Link(str(numbers.whole(score, bands)), "profile", (f"/alternatives/{key}",))
        )
        others.append(Alternative(name, shown_score, found.ratings.get(key) or "–"))
    return tuple(others)


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


def _row(pillar: PillarResult, assessment: Assessment, places: Places) -> Row:
    bands, rule = assessment.rubric.bands, assessment.rubric.coverage
    home = place("p", pillar.id)
    if not applies(pillar):
        return row(places.pillar(pillar.id), "n/a", "–", "does not apply", "n/a", linked.weight(pillar, places), "–")
    share: Line = (linked.coverage(pillar.id, pillar, rule, places, home),)
    return row(
        places.pillar(pillar.id),
        _score(pillar, bands, places, home),
        linked.interval(pillar.id, pillar, bands, places, home) or "–",
        _rating(pillar),
        share if pillar.basis == "sufficient" else (*share, f", {pillar.basis}"),
        linked.weight(pillar, places),
        _weakest(pillar, bands, places),
    )


def _score(pillar: PillarResult, bands: Sequence[Band], places: Places, home: str) -> Cell:
    risk = linked.risk(pillar, bands, places, home)
    score = linked.score(pillar.id, pillar, bands, places, home)
    return cell(score, risk) if risk is not None else cell(score)


def _rating(pillar: PillarResult) -> str:
    if pillar.score is None:
        return "insufficient basis"
    rating = words.rating(pillar)
    return f"{rating}, capped from {words.uncapped(pillar)}" if pillar.capped_by else rating


def _weakest(pillar: PillarResult, bands: Sequence[Band], places: Places) -> Line:
    low = lowest(pillar, bands)
    if not low:
        return ("–",)
    more = f" and {len(low) - 1} more" if len(low) > 1 else ""
    return (places.criterion(low[0].id), f"{more} (", linked.value(low[0], bands, places), ")")


def _alternatives_note(assessment: Assessment) -> str:
    ratings = {rating for rating in assessment.alternatives.ratings.values() if rating is not None}
    if not ratings:
        return "There is no overall score to compare under other ways to combine the pillars."
    if len(ratings) == 1:
        return "The arithmetic mean, the geometric mean and the weakest pillar give the same rating."
    return "The rating before red lines depends on how the pillars are combined:"
