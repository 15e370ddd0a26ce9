"""Weights learned from precedents: beside the current ones, with intervals, held-out checks and a plain verdict."""

from __future__ import annotations

from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Head, Heading, Paragraph, Points, Row, Section, Table, row
from assess.rubric.models import OVERALL, Rubric
from assess.tuning.fitting import Kind
from assess.tuning.learning import HeldOut, Learned, LearnedNode, Skill

KINDS: dict[Kind, str] = {
    "labels": "labelled outcomes, by the logistic of the score",
    "classes": "ordered classes, by the cumulative logit of the score",
    "pairs": "preferences inside groups, by the Bradley–Terry likelihood",
    "ranking": "a ranking, by linear programming with slack",
}


def learned_sections(found: Learned, rubric: Rubric) -> tuple[Section, ...]:
    """Return the verdict, the weights, and how well they told outcomes that they had not seen."""
    return (_verdict(found), _weights(found, rubric), *(_held_out(one, found) for one in found.held_out))


def _verdict(found: Learned) -> Section:
    blocks: list[Block] = [
        Paragraph((found.statement,)),
        Points(tuple((line,) for line in _facts(found))),
    ]
    if found.warnings:
        blocks.append(Heading("To be careful about"))
        blocks.append(Points(tuple((words.sentence(line),) for line in found.warnings)))
    heading = "Verdict: the data move the weights" if found.moved else "Verdict: the data do not move the weights"
    return Section("learned", "Verdict", heading, tuple(blocks))


def _facts(found: Learned) -> list[str]:
    rows = f"{words.counted(found.rows, 'precedent')} used"
    if found.groups is not None:
        rows += f" in {words.counted(found.groups, 'group')}"
    facts = [f"{rows}; fitted to {KINDS[found.kind]}."]
    if found.classes:
        counts = ", ".join(f"{level:g}: {number}" for level, number in found.classes)
        facts.append(f"Precedents by outcome, the best last: {counts}.")
    facts += [f"Left out, {reason}: {words.counted(number, 'row')}." for reason, number in found.left_out]
    if found.filled:
        facts.append(
            f"{words.counted(found.filled, 'missing reading')} left both sums: each counts as the mean of the row's "
            "other readings in its pillar at the current weights."
        )
    if found.ignored:
        shown = words.listed([*found.ignored[:8], *([f"{len(found.ignored) - 8} more"] if found.ignored[8:] else [])])
        facts.append(f"Columns not used: {shown}.")
    return facts


def _weights(found: Learned, rubric: Rubric) -> Section:
    note = (
        f"Each node is pulled to its current weights with strength {numbers.plain(found.prior)}. Intervals are the "
        f"middle 95 % of {found.resamples - found.failed:,} resamples {'of groups' if found.groups else 'of rows'}, "
        f"seed {found.seed}, each fitted with the same pull: a strong pull narrows them without any evidence."
    )
    if found.failed:
        note += f" {words.counted(found.failed, 'resample')} could not be fitted and are left out."
    blocks: list[Block] = [Paragraph((note,), "note")]
    titles = {pillar.id: pillar.title for pillar in rubric.all_pillars()}
    titles |= {criterion.id: criterion.title for criterion in rubric.all_criteria()}
    for node in found.nodes:
        blocks.append(Heading("Overall" if node.id == OVERALL else titles[node.id]))
        blocks.append(_node(node, titles))
    moved = [titles[child] for node in found.nodes for child in node.moved()]
    shown = (
        words.listed(moved[:3])
        if len(moved) < 4
        else f"{len(moved)} of {sum(len(node.children) for node in found.nodes)}"
    )
    heading = f"Weights: the interval leaves out the current weight of {shown if moved else 'none'}"
    return Section("learned-weights", "Weights", heading, tuple(blocks))


def _node(node: LearnedNode, titles: dict[str, str]) -> Table:
    heads = (
        Head("Weight of", "wide"),
        Head("Current", "number"),
        Head("Fitted", "number"),
        Head("95 % interval", "word"),
        Head("Current weight"),
    )
    moved = node.moved()
    rows = [
        row(
            titles[child],
            numbers.percent(current),
            numbers.percent(weight),
            f"{numbers.percent(low)} to {numbers.percent(high)}",
            "outside the interval" if child in moved else "inside the interval",
        )
        for child, current, weight, low, high in zip(
            node.children, node.current, node.weights, node.low, node.high, strict=True
        )
    ]
    rows += [
        row(titles[child], numbers.percent(weight), numbers.percent(weight), "–", "kept: not in the table")
        for child, weight in node.kept.items()
    ]
    return Table("Shares inside the node", heads, tuple(rows))


def _held_out(held: HeldOut, found: Learned) -> Section:
    blocks: list[Block] = []
    if not held.skills:
        text = f"No fold of {held.folds + held.skipped} could be fitted and judged."
        if found.groups is not None:
            text += " A group that reaches into the held-out rows is taken from the others, which can leave too few."
        heading = f"Rows not seen, {held.way}: nothing to judge by"
        return Section(_place(held), "Rows not seen", heading, (Paragraph((text,)),))
    note = (
        f"{words.counted(held.rows, 'row')} held out in {words.counted(held.folds, 'fold')}; weights, slope and "
        "thresholds come from the other rows alone. "
    )
    if held.skipped:
        note += f"{words.counted(held.skipped, 'fold')} could not be fitted or judged. "
    if found.kind == "ranking":
        note += "The measure is the share of pairs in the right order, one half by chance."
    else:
        note += "Log loss and Brier score: lower is better. AUC counts pairs inside a fold: one half is chance."
    blocks.append(Paragraph((note,), "note"))
    heads = (
        Head("By", "wide"),
        Head("Log loss", "number"),
        Head("Brier score", "number"),
        Head("AUC", "number"),
    )
    blocks.append(Table("How well outcomes were told", heads, tuple(_skill(skill) for skill in held.skills)))
    if held.gain is not None:
        step, low, high = held.gain
        blocks.append(
            Paragraph(
                (
                    f"Log loss of the fitted less that of the current weights: {_signed(step)} (95 % interval "
                    f"{_signed(low)} to {_signed(high)}, by resampling {'groups' if found.groups else 'rows'}); "
                    "below 0 the fitted weights are better.",
                )
            )
        )
    if held.calibration:
        blocks += _calibration(held, found)
    return Section(_place(held), "Rows not seen", f"Rows not seen, {held.way}: {_finding(held)}", tuple(blocks))


def _place(held: HeldOut) -> str:
    return "held-out-forward" if held.way.startswith("forward") else "held-out-folds"


def _finding(held: HeldOut) -> str:
    if held.gain is None:
        fitted, current = held.skills[0].auc, held.skills[1].auc
        better = fitted is not None and current is not None and fitted > current
        return f"the fitted weights order {'more' if better else 'no more'} pairs rightly"
    step, _, high = held.gain
    return f"the fitted weights are {'better' if high < 0 else 'not clearly better' if step < 0 else 'no better'}"


def _skill(skill: Skill) -> Row:
    places = ((skill.log_loss, 3), (skill.brier, 3), (skill.auc, 2))
    return row(
        words.capital(skill.name), *("–" if number is None else f"{number:.{digits}f}" for number, digits in places)
    )


def _calibration(held: HeldOut, found: Learned) -> list[Block]:
    what = {
        "labels": "precedents with the better outcome",
        "classes": "precedents above a cut between classes, all cuts together",
        "pairs": "comparisons won by the row expected to win",
    }[found.kind]
    note = (
        f"Shares of {what}. They describe these precedents. They are no probability of anything in the case at hand, "
        "and a score is none either."
    )
    heads = (
        Head("Events", "number"),
        Head("Expected share", "number"),
        Head("Observed share", "number"),
        Head("95 % interval", "word"),
        Head("Expected lies"),
    )
    rows = tuple(
        row(
            str(one.events),
            numbers.percent(one.expected),
            numbers.percent(one.observed),
            f"{numbers.percent(one.low)} to {numbers.percent(one.high)}",
            "inside the interval" if one.low <= one.expected <= one.high else "outside the interval",
        )
        for one in held.calibration
    )
    table = Table("Calibration of the fitted weights on rows not seen", heads, rows)
    return [Heading(f"Calibration, {held.way}"), Paragraph((note,), "note"), table]


def _signed(number: float) -> str:
    """Return a difference to three digits with its sign; one that rounds to nothing reads 0.000."""
    text = f"{number:+.3f}"
    return "0.000" if float(text) == 0 else text.replace("-", "−")
