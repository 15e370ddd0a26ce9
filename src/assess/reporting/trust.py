"""How far the rating can be trusted: draws of inputs and weights, sensitivity, break-even weights, packages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Figure, Head, Heading, Paragraph, Points, Row, Section, Table, cell, row
from assess.reporting.charts import Chart, GainRow, StripRow, gains_chart, strip_chart
from assess.reporting.links import Places, Run, places_of
from assess.robustness.bands import Bands
from assess.robustness.drawing import Drawing
from assess.robustness.packages import Package, Packages
from assess.robustness.ranks import Ranks
from assess.robustness.robustness import Robustness
from assess.rubric.models import Band
from assess.scoring.assessment import Assessment, Rated
from assess.scoring.kernel import TOLERANCE

SHOWN = 10
"""Rows of the tables that are ranked; the JSON of the analysis has them all."""


_INPUTS = {
    "triangular": "Inputs are drawn within their ranges, triangular around the best value.",
    "pert": "Inputs are drawn within their ranges by PERT distributions around the best value.",
    "uniform": "Inputs are drawn evenly over their ranges.",
    "discrete": "Levels are drawn whole, unknown checklist items are met in half of the draws, and other inputs are "
    "drawn within their ranges, triangular around the best value.",
}
"""How inputs were drawn, as a sentence."""


def sections_of(found: Robustness, assessment: Assessment) -> tuple[Section, ...]:
    """Return the sections by themselves, outside a report."""
    return trust_sections(found, assessment, places_of(assessment))


def trust_sections(found: Robustness, assessment: Assessment, places: Places) -> tuple[Section, ...]:
    """Return the sections on robustness, sensitivity, weights and what the next rating would take."""
    bands = assessment.rubric.bands
    sections = [
        _robustness(found, bands, places),
        _sensitivity(found, bands, places),
        _weights(found, places),
    ]
    if found.scenarios:
        sections.append(_scenarios(found, bands, places))
    if found.packages is not None:
        sections.append(packages_section(found.packages, bands, places))
    return tuple(sections)


def _share(part: float) -> str:
    """Return a share of draws as a whole percentage; what would round to 0 or 100 says so."""
    if part <= 0:
        return "0 %"
    if part < 0.005:
        return "under 1 %"
    return "over 99 %" if 0.995 <= part < 1 else f"{round(part * 100)} %"


def _score(score: float | None, bands: Sequence[Band]) -> str:
    return "no score" if score is None else str(numbers.whole(score, bands))


def _robustness(found: Robustness, bands: Sequence[Band], places: Places) -> Section:
    drawn = found.bands
    blocks: list[Block] = [
        Paragraph(
            (
                f"{found.draws:,} draws, seed {found.seed}. {_INPUTS[drawn.drawing.inputs]} Weights are drawn "
                f"{_spread(drawn.drawing)}. A share is one of draws, never the probability of anything that may "
                "happen.",
            ),
            "note",
        )
    ]
    if drawn.reason is not None:
        blocks.append(Paragraph((words.sentence(drawn.reason),)))
        return Section("robustness", "Robustness", "Robustness: no rating to test", tuple(blocks))
    heads = (
        Head("Rating"),
        Head("Inputs drawn", "number"),
        Head("Weights drawn", "number"),
        Head("Both drawn", "number"),
    )
    ways = (drawn.inputs, drawn.weights, drawn.both)
    labels = list(dict.fromkeys(label for way in ways for label in way.shares))
    rows = [row(label, *(_share(way.shares.get(label, 0.0)) for way in ways)) for label in labels]
    rows.append(row("No rating", *(_share(way.unrated) for way in ways)))
    if any(way.unrated for way in ways):
        labels.append("No rating")
    parts = [[way.unrated if label == "No rating" else way.shares.get(label, 0.0) for label in labels] for way in ways]
    named = [head.text for head in heads[1:]]
    chart = _shares_chart("bands-chart", _held(drawn), named, labels, parts)
    blocks.append(Figure(chart, "Share of draws by rating, the best at the left."))
    blocks.append(Table("Share of draws by rating", heads, tuple(rows)))
    if drawn.red_lines:
        blocks.append(Heading("If a doubtful red line tripped"))
        heads = (
            Head("Red line"),
            Head("Status", "word"),
            Head("Overall rating then"),
            Head("Rating of its pillar then"),
        )
        lines = tuple(
            row(
                places.red_line(line.id),
                words.STATUSES[line.status],
                _turned(line.rating, line.changes),
                (places.pillar(line.pillar), f": {_turned(line.pillar_rating, line.pillar_changes)}"),
            )
            for line in drawn.red_lines
        )
        blocks.append(Table("Ratings if one of them tripped, all else equal", heads, lines))
    blocks += _methods(found, bands)
    return Section("robustness", "Robustness", _held(drawn), tuple(blocks))


def _held(drawn: Bands) -> str:
    changed = drawn.both.changed
    held = "no stated rating" if changed is None else f"the rating holds in {_share(1 - changed)} of draws of both"
    return f"Robustness: {held} inputs and weights"


def _shares_chart(
    identifier: str, title: str, rows: Sequence[str], labels: Sequence[str], shares: Sequence[Sequence[float]]
) -> Chart:
    """Return shares of draws as strips; every row of shares goes with one name, and has a part for each label."""
    said = "; ".join(
        f"{name}: " + ", ".join(f"{label} {_share(part)}" for label, part in zip(labels, parts, strict=True))
        for name, parts in zip(rows, shares, strict=True)
    )
    strips = [
        StripRow(name, tuple((part, _share(part)) for part in parts)) for name, parts in zip(rows, shares, strict=True)
    ]
    return strip_chart(identifier=identifier, title=title, description=f"{said}.", labels=labels, rows=strips)


def ranks_section(found: Ranks, titles: Mapping[str, str]) -> Section:
    """Return how often each of several cases takes each rank. titles: of pillars and criteria, by id."""
    size = len(found.cases)
    names = {case.id: case.title for case in found.cases}
    places = [f"Rank {number}" for number in range(1, size + 1)]
    clear = [f"{case.title} {case.label}" for case in found.cases if case.label != "unclear"]
    heading = f"Ranks: {'; '.join(clear) if clear else 'unclear for every case'}"
    note = (
        f"{found.draws:,} draws, seed {found.seed}. {_INPUTS[found.drawing.inputs]} Weights are drawn "
        f"{_spread(found.drawing)}. All cases meet the same weights in a draw. "
        f"A rank is named where at least {_share(found.threshold)} of draws agree on it. In {_share(found.unrated)} of "
        "draws some case had no score; they are left out."
    )
    heads = (Head("Case", "wide"), Head("Rank"), *(Head(place, "number") for place in places), Head("Scores above"))
    rows = tuple(
        row(
            case.title,
            case.label,
            *(
                f"{_share(part)} (± {numbers.percent(error)})"
                for part, error in zip(case.shares, case.standard_errors, strict=True)
            ),
            "; ".join(f"{names[other]} in {_share(part)}" for other, part in case.beats.items()),
        )
        for case in found.cases
    )
    chart = _shares_chart(
        "ranks-chart", heading, [case.title for case in found.cases], places, [case.shares for case in found.cases]
    )
    table = Table("Share of draws by rank, with Monte-Carlo standard error", heads, rows)
    caption = "Share of draws by rank, the first at the left."
    blocks = (
        Paragraph((note,), "note"),
        Figure(chart, caption),
        table,
        *_turns(found, titles),
        *_central(found, titles),
    )
    return Section("ranks", "Ranks", heading, blocks)


def _turns(found: Ranks, titles: Mapping[str, str]) -> list[Block]:
    """Return the single weights at which two cases next to each other change places, the nearest first."""
    names = {case.id: case.title for case in found.cases}
    heads = (Head("Order"), Head("Weight of", "wide"), Head("Declared", "number"), Head("Turns at", "number"))
    rows: list[Row] = []
    said: list[tuple[str]] = []
    for pair in found.turns:
        first, second = pair.scores
        tied = first is not None and second is not None and abs(first - second) <= TOLERANCE
        order = f"{names[pair.first]} {'level with' if tied else 'before'} {names[pair.second]}"
        turning = sorted(
            (abs(entry.flip - entry.weight), entry.id, entry) for entry in pair.weights if entry.flip is not None
        )
        if not turning:
            said.append((f"{order}: {pair.reason or 'no single weight turns the order'}.",))
        rows += [
            row(
                order,
                titles.get(entry.id, entry.id),
                numbers.percent(entry.weight),
                numbers.percent(entry.flip or 0.0),
            )
            for _, _, entry in turning[:SHOWN]
        ]
    blocks: list[Block] = [Heading("Weights at which the order turns")]
    if rows:
        blocks.append(
            Table("One weight at a time, the nearest first; its neighbours keep their ratios", heads, tuple(rows))
        )
    return [*blocks, Points(tuple(said))] if said else blocks


def _central(found: Ranks, titles: Mapping[str, str]) -> list[Block]:
    """Return the weights that would put each case first."""
    first = [case for case in found.cases if case.central is not None]
    if not first:
        return []
    names = list(first[0].central or {})
    heads = (Head("Case", "wide"), *(Head(titles.get(name, name), "number") for name in names), Head("First then"))
    rows = tuple(
        row(
            case.title,
            *("–" if case.central is None else numbers.percent(case.central[name]) for name in names),
            "never first"
            if case.confidence is None or case.confidence_error is None
            else f"{_share(case.confidence)} of draws (± {numbers.percent(case.confidence_error)})",
        )
        for case in found.cases
    )
    note = (
        "Central weights are the mean weights of the pillars in the draws in which a case is first: the typical view "
        "that favours it. First then: how often it is first by those weights while readings are drawn, its confidence "
        "factor (Lahdelma and Salminen 2001)."
    )
    return [Heading("Weights that favour each case"), Paragraph((note,), "note"), Table("Central weights", heads, rows)]


def _spread(drawing: Drawing) -> str:
    even = "evenly over all weights there are, node by node"
    if drawing.concentration is not None:
        even = f"around the declared ones (Dirichlet, concentration {numbers.plain(drawing.concentration)})"
    if not drawing.conditions:
        return even
    stated = words.listed(list(dict.fromkeys(f"“{condition.text}”" for condition in drawing.conditions)))
    return f"{even}, and evenly over those that agree with {stated} where that is asked"


def _turned(rating: str | None, changes: bool) -> str:
    return f"{rating or 'no rating'}{', as it stands' if not changes else ''}"


def _methods(found: Robustness, bands: Sequence[Band]) -> list[Block]:
    if found.methods.reason is not None:
        return []
    heads = (
        Head("Across pillars"),
        Head("Levels 0 to 4 count"),
        Head("Score", "number"),
        Head("Rating"),
        Head("Draws rated otherwise", "number"),
    )
    rows = tuple(
        row(
            f"{words.capital(words.aggregation(method.aggregation))}{' (declared)' if method.declared else ''}",
            words.listed([numbers.plain(value) for value in method.level_values]),
            _score(method.score, bands),
            method.rating or "no rating",
            "–" if method.changed is None else _share(method.changed),
        )
        for method in found.methods.methods
    )
    return [Heading("Choice of method"), Table("The same readings under other choices of method", heads, rows)]


def _sensitivity(found: Robustness, bands: Sequence[Band], places: Places) -> Section:
    inputs = found.tornado.inputs
    if found.tornado.reason is not None or not inputs:
        reason = found.tornado.reason or "no input has a range"
        text = Paragraph((words.sentence(reason),))
        return Section("sensitivity", "Sensitivity", "Sensitivity: nothing to show", (text,))
    first = inputs[0]
    if first.swing <= TOLERANCE:
        still = Paragraph(("No input has a range that moves the overall score.",))
        left = (still, *_without(found, bands, places))
        return Section("sensitivity", "Sensitivity", "Sensitivity: no input moves the score", left)
    heading = (
        f"Sensitivity: most by {_title(first.criterion, first.party, places)}, "
        f"{_points(first.swing)} from one end of its range to the other"
    )
    drawn = [entry for entry in inputs[:SHOWN] if entry.swing > 0]
    rows = [GainRow(_title(e.criterion, e.party, places), e.swing, _points(e.swing)) for e in drawn]
    said = "; ".join(f"{entry.title} {entry.text}" for entry in rows)
    chart = gains_chart(identifier="tornado-chart", title=heading, description=f"{said}.", rows=rows)
    caption = "Points of the overall score between the low and the high end of one input, all others at their best."
    blocks: list[Block] = [Figure(chart, caption)]
    heads = (
        Head("Input", "wide"),
        Head("Overall score at its low end", "number"),
        Head("At its high end", "number"),
        Head("Rating at its low end"),
        Head("At its high end"),
    )
    table = tuple(
        row(
            places.criterion(e.criterion) if e.party is None else _title(e.criterion, e.party, places),
            _score(e.score_low, bands),
            _score(e.score_high, bands),
            e.rating_low or "no rating",
            e.rating_high or "no rating",
        )
        for e in inputs[:SHOWN]
    )
    blocks.append(Table(f"One input at a time, the widest swing first{_of(inputs)}", heads, table))
    blocks += _without(found, bands, places)
    blocks += _global(found, places)
    return Section("sensitivity", "Sensitivity", heading, tuple(blocks))


def _of(entries: Sequence[object]) -> str:
    return f": the first {SHOWN} of {len(entries)}" if len(entries) > SHOWN else ""


def _points(swing: float) -> str:
    return "under 1 point" if round(swing) < 1 else words.counted(round(swing), "point")


def _title(criterion: str, party: str | None, places: Places) -> str:
    title = places.criteria.get(criterion, criterion)
    return title if party is None else f"{title} ({places.party(party)})"


def _without(found: Robustness, bands: Sequence[Band], places: Places) -> list[Block]:
    entries = [entry for entry in found.leave_one_out.criteria if entry.observed]
    heads = (Head("Without", "wide"), Head("Overall score", "number"), Head("Rating"))
    rows = tuple(
        row(places.criterion(e.criterion), _score(e.score, bands), _turned(e.rating, e.changes))
        for e in entries[:SHOWN]
    )
    caption = f"One criterion left out, its weight shared among its neighbours{_of(entries)}"
    return [Heading("Without one criterion"), Table(caption, heads, rows)] if rows else []


def _global(found: Robustness, places: Places) -> list[Block]:
    sobol = found.sobol
    if sobol.reason is not None or not sobol.factors:
        return []
    heads = (Head("Factor", "wide"), Head("Alone", "number"), Head("With interactions", "number"))
    rows = tuple(
        row(
            f"{_title(f.id, f.party, places)}" if f.kind == "input" else f"Weight of {places.pillars.get(f.id, f.id)}",
            f"{_share(f.first)} ({_share(f.first_low)} to {_share(f.first_high)})",
            f"{_share(f.total)} ({_share(f.total_low)} to {_share(f.total_high)})",
        )
        for f in sobol.factors[:SHOWN]
    )
    note = (
        "Shares of the variance of the overall score when inputs and pillar weights vary together (Sobol 2001), with "
        f"{_share(sobol.confidence)} bootstrap intervals, from {sobol.evaluations:,} evaluations."
    )
    return [
        Heading("Global sensitivity"),
        Paragraph((note,), "note"),
        Table(f"What the variance comes from{_of(sobol.factors)}", heads, rows),
    ]


def _weights(found: Robustness, places: Places) -> Section:
    turning = [entry for entry in found.break_even.weights if entry.break_even is not None]
    never = len(found.break_even.weights) - len(turning)
    turning.sort(key=lambda entry: abs((entry.break_even or 0.0) - entry.weight))
    if turning:
        first = turning[0]
        heading = (
            f"Weights: the rating turns soonest by {_weighed(first.id, places)}, "
            f"from {numbers.percent(first.weight)} to {numbers.percent(first.break_even or 0.0)}"
        )
    else:
        heading = "Weights: no single weight changes the rating"
    blocks: list[Block] = []
    if found.break_even.reason is not None:
        blocks.append(Paragraph((words.sentence(found.break_even.reason),)))
    if turning:
        heads = (
            Head("Weight of", "wide"),
            Head("Declared", "number"),
            Head("Rating turns at", "number"),
            Head("Rating beyond"),
        )
        rows = tuple(
            row(
                places.any(entry.id),
                numbers.percent(entry.weight),
                numbers.percent(entry.break_even or 0.0),
                entry.rating or "no rating",
            )
            for entry in turning[:SHOWN]
        )
        blocks.append(Table(f"Break-even weights among neighbours, the nearest first{_of(turning)}", heads, rows))
    if never:
        blocks.append(
            Paragraph((f"For {words.counted(never, 'further weight')} there is none: the rating never turns.",))
        )
    blocks += _effective(found, places)
    return Section("weights", "Weights", heading, tuple(blocks))


def _scenarios(found: Robustness, bands: Sequence[Band], places: Places) -> Section:
    """Return the case as it stands and under each scenario, side by side."""
    stated, *assumed = found.scenarios
    shown = {entry.id: words.span(entry.rating, entry.rating_low, entry.rating_high) for entry in found.scenarios}
    turned = [entry for entry in assumed if shown[entry.id] != shown[stated.id]]
    heading = f"Scenarios: the rating differs in {len(turned) or 'none'} of {words.counted(len(assumed), 'scenario')}"
    pillars = list(stated.pillars)
    heads = (
        Head("Scenario", "wide"),
        Head("Overall", "number"),
        Head("80 % interval", "word"),
        Head("Rating"),
        *(Head(places.pillars.get(name, name), "number") for name in pillars),
    )
    rows = tuple(
        row(
            cell(entry.title, words.sentence(entry.text)),
            _score(entry.score, bands),
            "–" if entry.low is None or entry.high is None else words.interval(entry.low, entry.high, bands),
            shown[entry.id],
            *(_score(entry.pillars.get(name), bands) for name in pillars),
        )
        for entry in found.scenarios
    )
    note = "Assumptions of the analysts, scored as if they held. A scenario is no forecast and has no likelihood here."
    table = Table("The case as it stands and under each scenario", heads, rows)
    return Section("scenarios", "Scenarios", heading, (Paragraph((note,), "note"), table))


def _weighed(identifier: str, places: Places) -> str:
    return places.pillars.get(identifier) or places.criteria.get(identifier, identifier)


def _effective(found: Robustness, places: Places) -> list[Block]:
    heads = (
        Head("Weight of", "wide"),
        Head("Declared", "number"),
        Head("Effective", "number"),
        Head("Note"),
    )
    rows: list[Row] = []
    for node in found.effective:
        rows += [
            row(
                places.any(child.id),
                numbers.percent(child.declared),
                numbers.percent(child.effective),
                "moves more than 1.5 times its weight" if child.warning else "–",
            )
            for child in node.children
            if child.effective is not None and (node.id == "overall" or child.warning)
        ]
    note = (
        "An effective weight is the share of movement that an input brings as it varies within its range (after "
        "Paruolo, Saisana and Saltelli 2013). It differs from the declared weight where ranges differ. Listed: the "
        "pillars, and every criterion that moves its pillar more than 1.5 times its weight."
    )
    if not rows:
        return []
    return [
        Heading("Declared and effective weights"),
        Paragraph((note,), "note"),
        Table("Declared beside effective weights, among neighbours", heads, tuple(rows)),
    ]


def packages_section(found: Packages, bands: Sequence[Band], places: Places) -> Section:
    """Return what a rating would take: up to three packages, or why there is none."""
    if not found.packages:
        reason = found.reason or "nothing needs to be done"
        heading = (
            f"What “{found.target}” would take: {'already reached' if found.status == 'reached' else 'no package'}"
        )
        return Section("packages", "What it would take", heading, (Paragraph((words.sentence(reason),)),))
    cheapest = found.packages[0]
    heading = (
        f"What “{found.target}” would take: at least {words.counted(len(cheapest.items), 'change')}, "
        f"score {_score(cheapest.score, bands)}"
    )
    blocks: list[Block] = [Paragraph((" ".join(found.rules),), "note")]
    for number, package in enumerate(found.packages, start=1):
        blocks += _package(number, package, bands, places)
    if found.open_red_lines:
        named = words.listed([places.red_lines.get(name, name) for name in found.open_red_lines])
        blocks.append(
            Points(((f"These red lines are open and would keep the target away if they tripped: {named}.",),))
        )
    return Section("packages", "What it would take", heading, tuple(blocks))


def _package(number: int, package: Package, bands: Sequence[Band], places: Places) -> list[Block]:
    extent = (
        "" if package.low is None or package.high is None else f" ({words.interval(package.low, package.high, bands)})"
    )
    time = f", about {words.counted(package.months, 'month')}" if package.months else ""
    heading = (
        f"Package {number}: {words.counted(len(package.items), 'change')}, "
        f"{words.counted(package.points, 'cost point')}{time}; score {_score(package.score, bands)}{extent}"
    )
    heads = (Head("Change", "wide"), Head("Criterion"), Head("Value", "word"), Head("Terms"), Head("Who acts"))
    rows = tuple(
        row(
            words.sentence(item.text),
            places.criterion(item.criterion),
            "–"
            if item.from_value is None or item.to_value is None
            else f"{_score(item.from_value, bands)} to {_score(item.to_value, bands)}",
            ", ".join(
                part
                for part in (
                    f"{item.cost} cost" if item.cost else "",
                    f"{item.feasibility} feasibility" if item.feasibility else "",
                )
                if part
            )
            or "–",
            item.owner or "–",
        )
        for item in package.items
    )
    return [Heading(heading), Table(f"Changes of package {number}", heads, rows)]


def amended_section(before: Assessment, after: Assessment, changes: Sequence[str], places: Places) -> Section:
    """Return the scores and ratings of a partnership as drafted and as amended, side by side."""
    bands = before.rubric.bands
    rated: list[tuple[Run, Rated, Rated]] = [("Overall", before.overall, after.overall)]
    rated += [(places.pillar(old.id), old, new) for old, new in zip(before.pillars, after.pillars, strict=True)]
    heads = (
        Head("Pillar"),
        Head("As drafted", "number"),
        Head("As amended", "number"),
        Head("Rating as drafted"),
        Head("Rating as amended"),
    )
    rows = tuple(
        row(title, _extent(old, bands), _extent(new, bands), words.rating(old), words.rating(new))
        for title, old, new in rated
    )
    note = f"Assumed: {', '.join(changes)}. Nothing that is assumed counts as evidence."
    heading = f"As amended: {words.rating(after.overall)}, as drafted {words.rating(before.overall)}"
    table = Table("Scores with 80 % intervals", heads, rows)
    return Section("amended", "As amended", heading, (Paragraph((note,), "note"), table))


def _extent(rated: Rated, bands: Sequence[Band]) -> str:
    if rated.score is None or rated.low is None or rated.high is None:
        return "no score"
    return f"{numbers.whole(rated.score, bands)} ({words.interval(rated.low, rated.high, bands)})"
