"""Where the weights came from: whose, by which method, when, how consistent, and what they changed."""

from __future__ import annotations

from collections.abc import Iterator

from assess.reporting import linked, numbers, words
from assess.reporting.blocks import Block, Facts, Head, Heading, Paragraph, Row, Section, Table, row
from assess.reporting.links import Line, Link, Places, Run, place
from assess.rubric.models import OVERALL, NodeWeighting, Weighting, WeightingMethod
from assess.scoring.assessment import AgainstParent, Assessment, WeightChange

METHODS: dict[WeightingMethod, str] = {
    "stated": "stated directly, by no method of elicitation",
    "points": "points shared out directly",
    "swing": "swing weights",
    "ranks": "weights from a rank order",
    "ahp": "comparisons in pairs (analytic hierarchy process)",
    "best_worst": "comparisons with the best and the worst (best-worst method)",
    "statements": "the centre of all weights that agree with stated conditions",
    "mixed": "several methods of elicitation, each named beside its weights",
    "learned": "learned from precedents",
    "agreed": "brought together from several assessors",
    "page": "set by hand on the page of weights",
}
UNSTATED = "The rubric states its weights and does not record how they were obtained"


def weighting_section(assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return the audit trail of the weights; none for a rubric without a parent that records nothing."""
    rubric = assessment.rubric
    if rubric.weighting is None and rubric.against_parent is None:
        return ()
    blocks: list[Block] = [Facts(tuple(_origin(assessment)))]
    if rubric.against_parent is not None:
        blocks += _changes(assessment, rubric.against_parent, places)
    if rubric.weighting is not None:
        blocks += _nodes(rubric.weighting, places)
    heading = f"Weights and where they came from: {_finding(assessment)}"
    return (Section("weighting", "Origin of the weights", heading, tuple(blocks), annex=True),)


def origin(assessment: Assessment) -> str:
    """Return in one sentence where the weights came from, for the method statement."""
    rubric = assessment.rubric
    if rubric.weighting is None:
        return f"{UNSTATED}. The reasons stand beside them in its file."
    by = f" by {rubric.weighting.by}" if rubric.weighting.by else ""
    on = f", {words.spelled(rubric.weighting.on)}" if rubric.weighting.on else ""
    return words.sentence(f"{METHODS[rubric.weighting.method]}{by}{on}")


def _finding(assessment: Assessment) -> str:
    found = assessment.rubric.against_parent
    if found is None:
        return origin(assessment).removesuffix(".")
    parent = assessment.rubric.parents[0]
    count = "no share differs" if not found.weights else f"{_shares(len(found.weights))} from"
    tail = "" if found.weights else " from"
    return f"{count}{tail} {parent.title} {parent.version}"


def _shares(number: int) -> str:
    return "1 share differs" if number == 1 else f"{number} shares differ"


def _origin(assessment: Assessment) -> Iterator[tuple[str, Line]]:
    rubric, trail = assessment.rubric, assessment.rubric.weighting
    yield "Rubric", (f"{rubric.title} ({rubric.id} {rubric.version})",)
    for above in rubric.parents:
        digest = f", SHA-256 {above.sha256}" if above.sha256 else ""
        yield "Extends", (f"{above.title} ({above.id} {above.version}{digest})",)
    if trail is None:
        yield "Method", (f"{UNSTATED}.",)
        return
    yield "Method", (words.sentence(METHODS[trail.method]),)
    yield "By", (words.sentence(trail.by) if trail.by else "Nobody is named.",)
    yield "When", (words.sentence(words.spelled(trail.on)) if trail.on else "Not stated.",)
    digest = f" (SHA-256 {trail.source_sha256})" if trail.source_sha256 else ""
    yield "Made from", (words.clean(f"{trail.source}{digest}") if trail.source else "No file is named.",)
    yield "Why", (words.sentence(trail.note) if trail.note else "Not stated.",)


def _changes(assessment: Assessment, found: AgainstParent, places: Places) -> list[Block]:
    bands, overall = assessment.rubric.bands, assessment.overall
    by_parent: Run = "no score"
    if found.score is not None:
        by_parent = Link(str(numbers.whole(found.score, bands)), "weighting", ("/rubric/against_parent/score",))
    line: Line = (
        "The same readings score ",
        linked.score(OVERALL, overall, bands, places, "profile"),
        f" here ({overall.rating or 'no rating'}) and ",
        by_parent,
        f" by the parent ({found.rating or 'no rating'}). Both ratings are those after red lines, of the best values.",
    )
    blocks: list[Block] = [Heading("What they changed"), Paragraph(line)]
    if found.weights:
        heads = (
            Head("Pillar or criterion", "wide"),
            Head("Among", "wide"),
            Head("In the parent", "number"),
            Head("Here", "number"),
        )
        rows = tuple(_changed(index, change, places) for index, change in enumerate(found.weights))
        blocks.append(Table("Shares among neighbours that differ, for this profile and case", heads, rows))
    return blocks


def _changed(index: int, change: WeightChange, places: Places) -> Row:
    at, home = f"/rubric/against_parent/weights/{index}", place("w", change.id)
    return row(
        places.any(change.id),
        "the pillars" if change.node == OVERALL else places.pillar(change.node),
        (Link(numbers.percent(change.before), home, (f"{at}/before",)),),
        (Link(numbers.percent(change.after), home, (f"{at}/after",)),),
    )


def _nodes(trail: Weighting, places: Places) -> list[Block]:
    """Return the weights that the method gave, and what it says about how far they can be relied on."""
    if not trail.nodes:
        return []
    blocks: list[Block] = [Heading("What the method gave")]
    for index, node in enumerate(trail.nodes):
        for entry in node.diagnostics:
            if entry.warning:
                text = f"{_name(node, places)}: {entry.name}{_value(entry.value)}. {entry.text or ''}"
                blocks.append(Paragraph((words.sentence(text),), "caution"))
        heads: tuple[Head, ...] = (
            Head("Child", "wide"),
            Head("Weight", "number"),
            Head("Low", "number"),
            Head("High", "number"),
        )
        rows = tuple(_given(index, node, name, places) for name in node.weights)
        blocks.append(Table(f"{_name(node, places)}: {METHODS[node.method]}", heads, rows))
        said = tuple(
            row(entry.name, numbers.plain(entry.value) if entry.value is not None else "–", entry.text or "–")
            for entry in node.diagnostics
        )
        if said:
            heads = (Head("Diagnostic"), Head("Value", "number"), Head("Meaning", "wide"))
            blocks.append(Table(f"{_name(node, places)}: how far the weights can be relied on", heads, said))
    return blocks


def _given(index: int, node: NodeWeighting, name: str, places: Places) -> Row:
    at, home = f"/rubric/weighting/nodes/{index}", place("w", name)

    def share(kind: str, shares: dict[str, float]) -> Run:
        return Link(numbers.percent(shares[name]), home, (f"{at}/{kind}/{name}",)) if name in shares else "–"

    return row(
        places.any(name), (share("weights", node.weights),), (share("low", node.low),), (share("high", node.high),)
    )


def _name(node: NodeWeighting, places: Places) -> str:
    return "The pillars" if node.node == OVERALL else places.pillars.get(node.node, node.node)


def _value(value: float | None) -> str:
    return "" if value is None else f" {numbers.plain(value)}"
