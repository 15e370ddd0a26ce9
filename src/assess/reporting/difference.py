"""Two rubrics beside each other as text: what changed, and what it does to each case."""

from __future__ import annotations

from collections.abc import Sequence

from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Head, Paragraph, Row, Section, Table, row
from assess.rubric.models import OVERALL, Band
from assess.tuning.difference import CaseEffect, Change, Difference, Outcome, RubricName, ShareDifference

LONGEST = 160
"""Characters of a changed text that are shown; the JSON has it whole."""


def difference_sections(found: Difference, before: Sequence[Band], after: Sequence[Band]) -> tuple[Section, ...]:
    """Return the sections on cases, weights and everything else. before, after: the bands of the two rubrics."""
    return (_cases(found, before, after), _shares(found.shares), _others(found.changes))


def _title(rubric: RubricName) -> str:
    return f"{rubric.id} {rubric.version}"


def _cases(found: Difference, before: Sequence[Band], after: Sequence[Band]) -> Section:
    moved = sum(case.before.rating != case.after.rating for case in found.cases)
    turned = sum(case.before.rank != case.after.rank for case in found.cases)
    size = len(found.cases)
    heading = "Cases: none that both can score"
    if size:
        heading = f"Cases: {moved} of {size} rated otherwise, {turned} of {size} ranked otherwise"
    blocks: list[Block] = []
    if found.unnamed:
        text = (
            f"Both call themselves {_title(found.before)} and differ: a change that moves a score needs a new version."
        )
        blocks.append(Paragraph((text,), "caution"))
    note = (
        f"Before: {_title(found.before)}. After: {_title(found.after)}. Scores with their 80 % intervals, "
        f"{found.draws:,} draws, seed {found.seed}; ratings after red lines. A rank is that of the score among the "
        "cases of its type. Scores by two rubrics are comparable criterion by criterion, not in total."
    )
    blocks.append(Paragraph((note,), "note"))
    heads = (
        Head("Case", "wide"),
        Head("Type"),
        Head("Score before", "number"),
        Head("Score after", "number"),
        Head("Rating before"),
        Head("Rating after"),
        Head("Rank before", "number"),
        Head("Rank after", "number"),
    )
    if found.cases:
        rows = tuple(_case(case, before, after) for case in found.cases)
        blocks.append(Table("What the change does to each case", heads, rows))
    if found.unscored:
        rows = tuple(row(case.title, words.sentence(case.reason)) for case in found.unscored)
        blocks.append(Table("Cases that one of the two cannot score", (Head("Case", "wide"), Head("Why")), rows))
    return Section("cases", "Cases", heading, tuple(blocks))


def _case(case: CaseEffect, before: Sequence[Band], after: Sequence[Band]) -> Row:
    return row(
        case.title,
        words.TYPES[case.type],
        _score(case.before, before),
        _score(case.after, after),
        _rating(case.before),
        _rating(case.after),
        _rank(case.before),
        _rank(case.after),
    )


def _score(found: Outcome, bands: Sequence[Band]) -> str:
    if found.score is None:
        return "no score"
    whole = str(numbers.whole(found.score, bands))
    return (
        whole
        if found.low is None or found.high is None
        else f"{whole} ({words.interval(found.low, found.high, bands)})"
    )


def _rating(found: Outcome) -> str:
    """Return the rating of the score, and both ends where its interval crosses an edge."""
    whole = words.span(found.rating, found.rating_low, found.rating_high)
    return whole if found.rating is None or whole == found.rating else f"{found.rating} ({whole})"


def _rank(found: Outcome) -> str:
    return "–" if found.rank is None else str(found.rank)


def _shares(shares: Sequence[ShareDifference]) -> Section:
    if not shares:
        return Section("weights", "Weights", "Weights: no share differs", ())
    heads = (
        Head("Pillar or criterion", "wide"),
        Head("Among"),
        Head("Profile"),
        Head("Before", "number"),
        Head("After", "number"),
    )
    rows = tuple(
        row(
            share.title,
            "the pillars" if share.node == OVERALL else share.node,
            words.TYPES[share.profile] if share.profile else "the rubric’s own",
            "not there" if share.before is None else numbers.percent(share.before),
            "not there" if share.after is None else numbers.percent(share.after),
        )
        for share in shares
    )
    heading = f"Weights: {'1 share differs' if len(shares) == 1 else f'{len(shares)} shares differ'}"
    return Section(
        "weights", "Weights", heading, (Table("Shares among neighbours, before type multipliers", heads, rows),)
    )


def _others(changes: Sequence[Change]) -> Section:
    if not changes:
        return Section("others", "Other changes", "Everything else is the same", ())
    heads = (Head("Where"), Head("What"), Head("Before", "wide"), Head("After", "wide"))
    rows = tuple(row(change.at, change.kind, _short(change.before), _short(change.after)) for change in changes)
    heading = f"Other changes: {len(changes)}"
    return Section(
        "others", "Other changes", heading, (Table("Bands, red lines, anchors, measures, texts", heads, rows),)
    )


def _short(text: str | None) -> str:
    if text is None:
        return "–"
    line = words.clean(text)
    return line if len(line) <= LONGEST else f"{line[: LONGEST - 1]}…"
