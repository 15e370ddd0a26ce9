"""A back-test as a document: what was held against what, every number beside its baselines, and the misses."""

from __future__ import annotations

from assess.batch.backtest import Auc, Backtest, Fifth, Miss
from assess.batch.baselines import FOLDS, REPEATS
from assess.reporting import words
from assess.reporting.blocks import Block, Figure, Head, Heading, Paragraph, Points, Row, Section, Table, row
from assess.reporting.charts import DotRow, calibration_chart, dot_plot
from assess.reporting.paper import Paper

NO_PROBABILITY = (
    "A score is an order, not a probability. The shares below describe past rows and are no forecast for any case."
)

LEAST = 10
"""With fewer rows that had, or lacked, the outcome, an era has no number that people read; the JSON has it."""


def backtest_paper(found: Backtest) -> Paper:
    """Return the document on a back-test."""
    digest = f", SHA-256 {found.rubric_sha256}" if found.rubric_sha256 else ""
    return Paper(
        title=f"Back-test of {found.rubric} on {found.table}",
        handling="Back-test of past cases",
        facts=(
            ("Rubric", f"{found.rubric_title} ({found.rubric})"),
            ("Table", f"{found.table}, SHA-256 {found.table_sha256[:12]}"),
            ("Outcome", f"{found.outcome}, {'good' if found.good else 'bad'} where it happens"),
            ("Rows", f"{found.used:,} of {found.rows:,}, {found.events:,} with the outcome"),
        ),
        date=(min(max(int(found.last), 1), 9999), 12, 31),
        foot=f"{found.rubric}{digest[:23]}",
        summary=tuple(_summary(found, digest)),
        sections=(
            _within(found),
            _by_era(found),
            _forward(found),
            _calibration(found),
            _counts(found),
            _leaks(found),
            _misses(found),
            _method(found),
        ),
        data=("backtest.json", found.to_json()),
    )


def _summary(found: Backtest, digest: str) -> list[Block]:
    own, others = found.contenders[0], found.contenders[1:]
    beaten = [one.title for one in others if one.ahead is not None and one.ahead[1] > 0]
    level = [one.title for one in others if one.ahead is not None and one.ahead[1] <= 0 <= one.ahead[2]]
    behind = [one.title for one in others if one.ahead is not None and one.ahead[2] < 0]
    lines = [
        f"Inside eras the rubric put the better outcome higher in {_auc(own.within)} of pairs ({_size(own.within)}). "
        "0.50 is chance.",
    ]
    for text, names in (
        ("Clearly better than", beaten),
        ("Not told apart from", level),
        ("Clearly worse than", behind),
    ):
        if names:
            lines.append(f"{text}: {'; '.join(names)}.")
    thin = [era for era, one in own.eras.items() if _thin(one)]
    if thin:
        lines.append(
            f"Nothing can be said of {words.listed(thin)}: fewer than {LEAST} rows there had, or lacked, the outcome."
        )
    blocks: list[Block] = [Points(tuple((line,) for line in lines)), Paragraph((NO_PROBABILITY,), "caution")]
    if digest:
        blocks.append(_text(f"Rubric fixed before scoring: {found.rubric}{digest}."))
    return blocks


def _within(found: Backtest) -> Section:
    rows = [
        row(one.title, _auc(one.within), _number(one.ahead), _auc(one.overall), f"{one.brier:.3f}")
        for one in found.contenders
    ]
    chart = dot_plot(
        identifier="within",
        title="Pairs put in the right order inside eras",
        description="Share of pairs of one era in which the better outcome stands higher, with 95 % interval.",
        rows=[
            DotRow(
                one.title,
                "–" if one.within.value is None else f"{one.within.value:.2f}",
                *_hundred(one.within),
                "no-evidence" if one.within.value is None else "scored",
            )
            for one in found.contenders
        ],
        anchors=[("0", 0), ("0.5: chance", 50), ("1", 100)],
    )
    heads = (
        Head("Order by", "wide"),
        Head("Inside eras", "word"),
        Head("Rubric ahead by", "word"),
        Head("All rows, inflated by era", "word"),
        Head("Brier", "number"),
    )
    return Section(
        "within",
        "Inside eras",
        f"The rubric beside its baselines: {_short(found.contenders[0].within)} inside eras",
        (
            Figure(chart, "Dot: share of pairs. Bar: 95 % bootstrap interval over groups."),
            Table("AUC with 95 % interval, held out; Brier score of the held-out shares", heads, tuple(rows)),
            Paragraph((f"Brier: mean squared distance, 0 is perfect. {_learned(found)}",), "note"),
        ),
    )


def _by_era(found: Backtest) -> Section:
    eras = list(found.contenders[0].eras)
    heads = (Head("Order by", "wide"), *(Head(era) for era in eras))
    first = found.contenders[0]
    rows = [
        row("Rows", *(f"{first.eras[era].rows:,}" for era in eras)),
        row("With the outcome", *(f"{first.eras[era].events:,}" for era in eras)),
        *(row(one.title, *(_era(one.eras.get(era)) for era in eras)) for one in found.contenders),
    ]
    return Section(
        "eras", "By era", "Each era by itself", (Table("AUC by era, with 95 % interval", heads, tuple(rows)),)
    )


def _forward(found: Backtest) -> Section:
    split = f"{found.split:g}"
    own = found.contenders[0]
    if own.brier_forward is None:
        text = f"No test: there are no rows, or one outcome only, before {split}, or none from then on."
        return Section("forward", "Forward in time", "Forward in time: no test", (_text(text),))
    eras = list(own.forward_eras)
    heads = (
        Head("Order by", "wide"),
        Head("All later rows, inflated by era", "word"),
        *(Head(era, "word") for era in eras),
        Head("Brier", "number"),
    )
    rows = [
        row(
            one.title,
            _auc(one.forward),
            *(_era(one.forward_eras.get(era)) for era in eras),
            "–" if one.brier_forward is None else f"{one.brier_forward:.3f}",
        )
        for one in found.contenders
    ]
    return Section(
        "forward",
        "Forward in time",
        f"Learned before {split}, judged from then on",
        (
            _text(f"{_size(own.forward)} from {split} on. The rubric learns nothing; only its map to shares does."),
            Table("AUC of later rows, with 95 % interval", heads, tuple(rows)),
        ),
    )


def _calibration(found: Backtest) -> Section:
    own = found.contenders[0]
    blocks: list[Block] = [
        _text(
            "Scores become shares by a logistic map with one fitted parameter, its slope; the level is the share of "
            "the training side. Each row is mapped by a training side that did not hold it."
        ),
        *_fifths("Held out by group", own.calibration),
    ]
    if own.calibration_forward:
        blocks += _fifths(f"Forward, from {found.split:g} on", own.calibration_forward)
    return Section("calibration", "Calibration", "Shares expected beside shares observed", tuple(blocks))


def _fifths(title: str, fifths: tuple[Fifth, ...]) -> list[Block]:
    shares = "; ".join(
        f"fifth {place}: expected {one.expected:.2f}, observed {one.observed:.2f}, {one.rows} rows"
        for place, one in enumerate(fifths, 1)
    )
    chart = calibration_chart(
        identifier=words.clean(title).lower().replace(" ", "-").replace(",", ""),
        title=f"{title}: shares observed against shares expected",
        description=f"{shares[:1].upper()}{shares[1:]}.",
        points=[(one.expected, one.observed, one.rows) for one in fifths],
    )
    heads = (
        Head("Fifth of the rows", "text"),
        Head("Expected", "number"),
        Head("Observed", "number"),
        Head("Rows", "number"),
        Head("With the outcome", "number"),
    )
    rows = tuple(
        row(f"{place}", f"{one.expected:.2f}", f"{one.observed:.2f}", f"{one.rows}", f"{one.events}")
        for place, one in enumerate(fifths, 1)
    )
    return [
        Heading(title),
        Figure(
            chart,
            "A dot per fifth, by its number. On the broken line both shares agree; below it, the outcome came less "
            "often than expected.",
        ),
        Table(f"{title}: shares of rows with the outcome, by fifths of the expectation", heads, rows),
    ]


def _counts(found: Backtest) -> Section:
    rows = [row("Rows in the table", f"{found.rows:,}")]
    rows += [row(f"Left out: {reason}", f"{count:,}") for reason, count in found.left_out.items()]
    rows += [
        row("Rows used", f"{found.used:,}"),
        row("Rows with the outcome", f"{found.events:,}"),
        row(f"Groups ({found.group})", f"{found.groups:,}"),
        row("Criteria of the rubric", f"{found.criteria}"),
        row("Facts given to the fitted baselines", f"{len(found.facts)}"),
    ]
    heads = (Head("What", "wide"), Head("Number", "number"))
    gaps = tuple(row(one.criterion, f"{one.rows:,}") for one in found.missing)
    return Section(
        "counts",
        "Counts",
        f"{found.used:,} rows, {found.events:,} with the outcome",
        (
            Table("What was counted", heads, tuple(rows)),
            Table(
                "Rows used that lack a criterion; it leaves their mean",
                (Head("Criterion"), Head("Rows", "number")),
                gaps,
            ),
        ),
    )


def _leaks(found: Backtest) -> Section:
    blocks: list[Block] = [
        _text(
            "Refused as facts, because the name tells the ending: "
            f"{', '.join(found.refused) if found.refused else 'none'}."
        )
    ]
    if found.ignored:
        blocks.append(_text(f"Not used, because they hold no numbers or one only: {', '.join(found.ignored)}."))
    if found.suspects:
        heads = (Head("Fact"), Head("AUC", "number"), Head("In the rubric", "word"))
        rows = tuple(row(one.column, f"{one.auc:.2f}", "yes" if one.in_rubric else "no") for one in found.suspects)
        blocks.append(
            Table("Facts that order the outcome too well by themselves; ask how they were coded", heads, rows)
        )
    title = "Leaks: a fact is suspected" if found.suspects else "Leaks: no single fact orders the outcome above 0.90"
    return Section("leaks", "Leaks", title, tuple(blocks))


def _misses(found: Backtest) -> Section:
    heads = (
        Head("Name", "word"),
        Head("Time", "number"),
        Head("Score", "number"),
        Head("Rating", "word"),
        Head("Weakest fact", "text"),
        Head("Strongest fact", "text"),
    )
    bad = [one for one in found.misses if one.happened != found.good]
    good = [one for one in found.misses if one.happened == found.good]
    return Section(
        "misses",
        "Worst misses",
        "Where the rubric was most wrong",
        (
            Table("Turned out badly at the highest scores", heads, tuple(_miss(one) for one in bad)),
            Table("Turned out well at the lowest scores", heads, tuple(_miss(one) for one in good)),
        ),
    )


def _miss(one: Miss) -> Row:
    return row(one.name, f"{one.time:g}", f"{one.score:.0f}", one.rating or "–", one.weakest, one.strongest)


def _method(found: Backtest) -> Section:
    lines = [
        "AUC: share of pairs of rows with different outcomes in which the better one scored higher, ties half "
        "(Hanley & McNeil 1982). Inside eras: pairs of one era only, so each era counts by its pairs.",
        f"Intervals: percentiles 2.5 and 97.5 of {found.draws:,} bootstrap samples of whole groups ({found.group}), "
        f"seed {found.seed}. They hold the fitted models as they are and do not refit them.",
        _learned(found),
        "One best fact: the one with the AUC farthest from 0.5 on the training side. Regression: L2, C = 1. Boosting: "
        "100 trees of 8 leaves. All were set before any was run.",
        "Nothing here chose or changed a criterion, breakpoint, weight or band of the rubric.",
    ]
    return Section("method", "Method", "How it was done", (Points(tuple((line,) for line in lines)),))


def _learned(found: Backtest) -> str:
    return (
        f"Baselines learn on four of {FOLDS} parts of the groups and speak on the fifth, averaged over {REPEATS} "
        f"divisions, seed {found.seed}."
    )


def _auc(one: Auc) -> str:
    if one.value is None:
        return "–"
    return f"{one.value:.2f}" if one.low is None else f"{one.value:.2f} [{one.low:.2f}, {one.high:.2f}]"


def _text(text: str) -> Paragraph:
    return Paragraph((text,))


def _hundred(one: Auc) -> tuple[float | None, float | None, float | None]:
    """Return value, low and high on the scale of charts, 0-100."""
    value, low, high = (None if x is None else 100 * x for x in (one.value, one.low, one.high))
    return value, low, high


def _thin(one: Auc) -> bool:
    return min(one.events, one.rows - one.events) < LEAST


def _era(one: Auc | None) -> str:
    """Return the AUC of one era, or that it holds too few rows of one outcome."""
    if one is None:
        return "–"
    return "too few" if _thin(one) else _auc(one)


def _short(one: Auc) -> str:
    return "no pairs" if one.value is None else f"{one.value:.2f}"


def _size(one: Auc) -> str:
    return f"{one.rows:,} rows, {one.events:,} with the outcome"


def _number(ahead: tuple[float, float, float] | None) -> str:
    return "–" if ahead is None else f"{ahead[0]:+.2f} [{ahead[1]:+.2f}, {ahead[2]:+.2f}]"
