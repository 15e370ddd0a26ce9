"""What moved since an earlier assessment: the scores, the inputs behind them, and whether the two can be compared."""

from __future__ import annotations

from collections.abc import Iterator

from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Figure, Head, Heading, Paragraph, Points, Row, Section, Table, row
from assess.reporting.charts import radar_chart
from assess.reporting.links import Line, Link, Places, Run, place
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, CriterionResult, Rated, all_pillars

AXES = 3
"""A radar needs at least so many axes to have a shape."""


def changes_section(assessment: Assessment, previous: Assessment | None, places: Places) -> tuple[Section, ...]:
    """Return the change log against an earlier assessment; none where there is none to compare with."""
    if previous is None:
        return ()
    blocks: list[Block] = []
    cautions = list(_cautions(assessment, previous))
    blocks += [Paragraph((text,), "caution") for text in cautions]
    if len([p for p in assessment.pillars if p.score is not None]) >= AXES:
        blocks.append(_shape(assessment, previous))
    blocks.append(_scores(assessment, previous, places))
    moved = list(_moved(assessment, previous, places))
    blocks.append(Heading("Inputs that changed"))
    if moved:
        heads = (
            Head("Criterion"),
            Head("Before", "number"),
            Head("Now", "number"),
            Head("Points of its pillar", "number"),
            Head("What changed", "wide"),
        )
        blocks.append(Table("By the points each moved its pillar, the most first", heads, tuple(moved)))
    else:
        blocks.append(Paragraph(("No criterion changed its value or weight.",)))
    blocks.append(Points(tuple(_registers(assessment, previous, places))))
    return (Section("changes", "Changes", _heading(assessment, previous), tuple(blocks)),)


def _heading(now: Assessment, then: Assessment) -> str:
    since = f"since {words.spelled(then.partnership.as_of)}"
    if now.overall.score is None or then.overall.score is None:
        return f"Changes {since}: no overall score on one side to compare"
    before = numbers.whole(then.overall.score, then.rubric.bands)
    after = numbers.whole(now.overall.score, now.rubric.bands)
    if before == after:
        return f"Changes {since}: the overall score stays at {after}"
    overlap = _overlap(now.overall, then.overall)
    tail = ", intervals overlapping" if overlap else ", intervals apart"
    return f"Changes {since}: overall score from {before} to {after}{tail}"


def _overlap(one: Rated, other: Rated) -> bool:
    ends = (one.low, one.high, other.low, other.high)
    if None in ends:
        return True
    return bool(one.low <= other.high and other.low <= one.high)  # type: ignore[operator]


def _cautions(now: Assessment, then: Assessment) -> Iterator[str]:
    if now.partnership.id != then.partnership.id:
        yield (
            f"The earlier assessment is of another partnership ({then.partnership.title}): "
            "this is a comparison, not a change."
        )
    if now.rubric.sha256 != then.rubric.sha256 or now.rubric.profile != then.rubric.profile:
        yield (
            f"The rubric changed ({then.rubric.id} {then.rubric.version}, profile {then.rubric.profile}; now "
            f"{now.rubric.id} {now.rubric.version}, profile {now.rubric.profile}): part of any move is the method’s."
        )
    if now.provenance.assess_version != then.provenance.assess_version:
        yield f"The earlier assessment was made with version {then.provenance.assess_version} of assess."


def _shape(now: Assessment, then: Assessment) -> Figure:
    before = {pillar.id: pillar.score for pillar in then.pillars}
    shapes = (
        (f"Now ({words.spelled(now.partnership.as_of)})", [pillar.score for pillar in now.pillars]),
        (f"Before ({words.spelled(then.partnership.as_of)})", [before.get(pillar.id) for pillar in now.pillars]),
    )
    said = "; ".join(
        f"{pillar.title} {_number(before.get(pillar.id), then.rubric.bands)} "
        f"to {_number(pillar.score, now.rubric.bands)}"
        for pillar in now.pillars
    )
    chart = radar_chart(
        identifier="changes-chart",
        title=_heading(now, then),
        description=f"{said}. 0 is worst, 100 is best.",
        axes=[pillar.title for pillar in now.pillars],
        shapes=shapes,
    )
    return Figure(chart, "For the shape alone; the table has the numbers. Solid: now. Dashed: before.")


def _scores(now: Assessment, then: Assessment, places: Places) -> Table:
    before: dict[str, Rated] = {"overall": then.overall}
    before |= {pillar.id: pillar for pillar in all_pillars(then.pillars)}
    rated: list[tuple[str, Run, Rated]] = [("overall", "Overall", now.overall)]
    rated += [(pillar.id, places.pillar(pillar.id), pillar) for pillar in all_pillars(now.pillars)]
    rows = []
    for name, title, node in rated:
        old = before.get(name)
        home = "profile"
        new_score: Run = _number(node.score, now.rubric.bands)
        if node.score is not None:
            new_score = Link(str(new_score), home, places.of(name, "score"))
        rows.append(
            row(
                title,
                "–" if old is None else _number(old.score, then.rubric.bands),
                (new_score,),
                "–" if old is None else words.rating(old),
                words.rating(node),
            )
        )
    heads = (
        Head("Pillar"),
        Head("Before", "number"),
        Head("Now", "number"),
        Head("Rating before"),
        Head("Rating now"),
    )
    return Table("Scores and ratings, before and now", heads, tuple(rows))


def _moved(now: Assessment, then: Assessment, places: Places) -> Iterator[Row]:
    before = {c.id: c for pillar in all_pillars(then.pillars) for c in pillar.criteria}
    changes = []
    for pillar in all_pillars(now.pillars):
        for criterion in pillar.criteria:
            old = before.get(criterion.id)
            what = _what(criterion, old)
            if what:
                points = _points(criterion, old)
                changes.append((-(abs(points) if points is not None else 0.0), criterion, old, points, what))
    changes.sort(key=lambda change: change[0])
    for _, criterion, old, points, what in changes:
        current: Run = _number(criterion.value, now.rubric.bands)
        if criterion.value is not None:
            current = Link(str(current), place("c", criterion.id), places.of(criterion.id, "value"))
        yield row(
            places.criterion(criterion.id),
            "–" if old is None else _number(old.value, then.rubric.bands),
            (current,),
            "–" if points is None else _moved_by(points),
            what,
        )


def _moved_by(points: float) -> str:
    return "0" if abs(points) <= numbers.NOTICEABLE else numbers.points(points)


def _points(new: CriterionResult, old: CriterionResult | None) -> float | None:
    if old is None or new.contribution is None or old.contribution is None:
        return None
    return new.contribution - old.contribution


def _what(new: CriterionResult, old: CriterionResult | None) -> str:
    if old is None:
        return "New in the rubric."
    parts = []
    if (new.value is None) != (old.value is None) or abs((new.value or 0.0) - (old.value or 0.0)) > numbers.NOTICEABLE:
        if new.value is None:
            parts.append("no longer has a value")
        elif old.value is None:
            parts.append("has a value for the first time")
        else:
            parts.append("value")
    if abs(new.weight - old.weight) > numbers.NOTICEABLE:
        parts.append(f"weight {numbers.percent(old.weight)} to {numbers.percent(new.weight)}")
    if new.confidence != old.confidence:
        parts.append(f"confidence {old.confidence or 'none'} to {new.confidence or 'none'}")
    added = [name for name in new.evidence if name not in old.evidence]
    if parts and added:
        parts.append(f"new evidence {words.listed(added)}")
    return words.sentence(words.capital(", ".join(parts))) if parts else ""


def _registers(now: Assessment, then: Assessment, places: Places) -> Iterator[Line]:
    status = {line.id: line.status for line in then.red_lines}
    turned = [line for line in now.red_lines if status.get(line.id, line.status) != line.status]
    if turned:
        for line in turned:
            was, becomes = words.STATUSES[status[line.id]], words.STATUSES[line.status]
            yield (places.red_line(line.id), f": {was} before, {becomes} now.")
    else:
        yield ("No red line changed its status.",)
    old = {entry.id for entry in then.evidence}
    new = {entry.id for entry in now.evidence}
    added, gone = sorted(new - old), sorted(old - new)
    yield (
        "Evidence added: ",
        *(places.sources(added) or ("none",)),
        "; withdrawn: ",
        words.listed(gone) or "none",
        ".",
    )


def _number(score: float | None, bands: tuple[Band, ...]) -> str:
    return "–" if score is None else str(numbers.whole(score, bands))
