"""How far assessors agree: Krippendorff's alpha, the disagreement map by criterion, and pairs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import yaml

from assess.reporting import numbers, words
from assess.reporting.blocks import Block, Figure, Head, Heading, Paragraph, Section, Table, row
from assess.reporting.charts import Chart, MatrixCell, matrix_chart
from assess.tuning.agreement import FEW_UNITS, INTERVAL, RELIABLE, TENTATIVE, Agreement, Scale, Spot
from assess.tuning.panels import Merged

SCALES: Mapping[Scale, str] = {
    "level": "Readings are levels from 0 to 4.",
    "value": "Readings are values from 0 to 100, as the rubric makes them from levels, numbers and checklists.",
    "share": "Readings are shares of weight among neighbours.",
}

METRICS = {
    "nominal": "any two different readings differ equally",
    "ordinal": "a difference is as large as the number of readings that lie between",
    "interval": "a difference counts by its size",
    "ratio": "a difference counts in proportion to the readings",
}

FULL: Mapping[Scale, float] = {"level": 2.0, "value": 50.0, "share": 0.2}
"""Distance from the median that gets the strongest shade of the map."""


MAPPED = 20
"""Units that the map shows; where more were read, those on which all agree are only named."""


def agreement_section(found: Agreement, what: str, titles: Mapping[str, str], place: str = "agreement") -> Section:
    """Return how far a panel agrees.

    what: the thing that was read, as it stands in the heading. titles: by id of criterion or pillar; a unit of one
    party is `criterion/PARTY`. place: the id of the section, its own for each node.
    """
    blocks: list[Block] = [Paragraph((line,), "note") for line in (_how(found), _meaning(found))]
    blocks += [Paragraph((line,), "caution") for line in _cautions(found)]
    if found.single:
        named = words.listed([_title(unit, titles) for unit in found.single])
        blocks.append(Paragraph((f"Read by one assessor only, so not compared: {named}.",), "note"))
    shown = found.spots if len(found.spots) <= MAPPED else tuple(spot for spot in found.spots if spot.apart)
    blocks.append(Heading("Where they differ"))
    if shown:
        caption = "Readings by assessor, the widest spread first; outlined where farthest from the median"
        if len(shown) > MAPPED:
            caption += f": the first {MAPPED} of {len(shown)}"
        blocks.append(Figure(_map(found, shown[:MAPPED], titles, place), caption))
        blocks.append(_spots(found, shown, titles))
    alike = [spot.unit for spot in found.spots if spot not in shown]
    if alike:
        count = words.counted(len(alike), "unit")
        blocks.append(Paragraph((f"All who read them agree on {count}: {_named(alike, titles)}.",), "note"))
    blocks += [Heading("Pairs of assessors"), _pairs(found)]
    return Section(place, "Agreement", f"Agreement on {what}: {_stated(found)}", tuple(blocks))


def merged_text(merged: Merged) -> str:
    """Return one reading of all as Markdown with the YAML to copy; nothing is written into any document."""
    parts = [
        "## One reading of all: medians with ranges",
        "The median of the readings, from the lowest to the highest that was given. It is a proposal: talk first about "
        "what stands at the head of the table. Evidence and confidence are for those who take it over to state.",
    ]
    if merged.left_out:
        named = ", ".join(merged.left_out)
        parts.append(f"Not merged, because checklists and threat registers are settled entry by entry: {named}.")
    text = yaml.safe_dump({"observations": _tidy(merged.observations)}, sort_keys=False, allow_unicode=True, width=110)
    return "\n\n".join([*parts, f"```yaml\n{text}```"]) + "\n"


def _tidy(value: Any) -> Any:
    """Return plain data whose whole numbers are written without a point."""
    if isinstance(value, Mapping):
        return {key: _tidy(below) for key, below in value.items()}
    return int(value) if isinstance(value, float) and value.is_integer() else value


def _stated(found: Agreement) -> str:
    if found.alpha is None:
        return "Krippendorff's alpha is not defined"
    if found.low is None or found.high is None:
        return f"Krippendorff's alpha {_two(found.alpha)}, without an interval"
    interval = f"{INTERVAL:g} % interval {_two(found.low)} to {_two(found.high)}"
    return f"Krippendorff's alpha {_two(found.alpha)} ({interval})"


def _how(found: Agreement) -> str:
    compared = words.counted(len(found.spots), "unit")
    text = f"{words.counted(len(found.panel.assessors), 'assessor')}, {compared} that two or more have read."
    interval = (
        f" The interval comes from {found.draws} draws of units with replacement, seed {found.seed}"
        f"{_undefined(found)} (Zapf et al. 2016)."
        if found.low is not None
        else ""
    )
    return f"{text} {SCALES[found.panel.scale]} Metric: {found.metric}; {METRICS[found.metric]}.{interval}"


def _undefined(found: Agreement) -> str:
    missing = found.draws - found.defined
    return f"; alpha is not defined in {missing} of them, which are left out" if missing else ""


def _meaning(found: Agreement) -> str:
    return (
        "Alpha is 1 where all agree and 0 where they differ as chance would have it. Krippendorff (2004) rests "
        f"conclusions on {RELIABLE:g} or more, and tentative ones on {TENTATIVE:g} or more. Agreement is not accuracy."
    )


def _cautions(found: Agreement) -> list[str]:
    cautions = []
    if found.alpha is None:
        cautions.append(f"There is no alpha: {found.reason}.")
    elif found.alpha < TENTATIVE:
        cautions.append(f"Alpha is under {TENTATIVE:g}: settle what stands first in the table before these are used.")
    elif found.alpha < RELIABLE:
        cautions.append(f"Alpha is under {RELIABLE:g}: these readings carry tentative conclusions at most.")
    elif found.low is not None and found.low < TENTATIVE:
        cautions.append(f"The interval of alpha reaches under {TENTATIVE:g}: the agreement may be chance.")
    if found.alpha is not None and found.low is None:
        cautions.append("Too few units differ for an interval; alpha could be far from what more units would show.")
    elif len(found.spots) < FEW_UNITS:
        cautions.append(f"With fewer than {FEW_UNITS} units the interval is itself uncertain.")
    return cautions


def _spots(found: Agreement, shown: Sequence[Spot], titles: Mapping[str, str]) -> Table:
    scale = found.panel.scale
    heads = (
        Head("Unit", "wide"),
        Head("Median", "number"),
        Head("Range", "word"),
        Head("Readings", "wide"),
        Head("Farthest from the median"),
    )
    rows = tuple(
        row(
            _title(spot.unit, titles),
            _shown(spot.median, scale),
            "all agree" if not spot.apart else f"{_shown(spot.low, scale)} to {_shown(spot.high, scale)}",
            ", ".join(f"{name} {_shown(reading, scale)}" for name, reading in spot.readings.items()),
            ", ".join(spot.apart) or "–",
        )
        for spot in shown
    )
    return Table("Readings by unit, the widest spread first", heads, rows)


def _pairs(found: Agreement) -> Table:
    heads = (
        Head("Pair", "wide"),
        Head("Units both read", "number"),
        Head("Weighted kappa, linear", "number"),
        Head("Weighted kappa, quadratic", "number"),
    )
    rows = tuple(
        row(f"{pair.first} and {pair.second}", str(pair.units), _kappa(pair.linear), _kappa(pair.quadratic))
        for pair in found.pairs
    )
    return Table("Weighted kappa of pairs (Cohen 1968): 1 is full agreement, 0 what chance would give", heads, rows)


def _kappa(value: float | None) -> str:
    return "not defined" if value is None else _two(value)


def _two(value: float) -> str:
    """Return a coefficient with two digits, a true minus, and no minus before zero."""
    return f"{round(value, 2) + 0.0:.2f}".replace("-", "−")


def _map(found: Agreement, shown: Sequence[Spot], titles: Mapping[str, str], place: str) -> Chart:
    names = found.panel.assessors
    cells = {
        (i, j): MatrixCell(
            _shown(spot.readings[name], found.panel.scale),
            _shade(spot, name, FULL[found.panel.scale]),
            outline=name in spot.apart,
        )
        for i, spot in enumerate(shown)
        for j, name in enumerate(names)
        if name in spot.readings
    }
    said = "; ".join(
        f"{_title(spot.unit, titles)}: {_shown(spot.low, found.panel.scale)} to {_shown(spot.high, found.panel.scale)}"
        for spot in shown
    )
    return matrix_chart(
        identifier=f"{place}-map",
        title="Disagreement map: the darker, the farther from the median",
        description=f"{said}.",
        rows=[_title(spot.unit, titles) for spot in shown],
        columns=names,
        cells=cells,
    )


def _shade(spot: Spot, name: str, full: float) -> int:
    """Return the shade 0-4 of a reading by its distance from the median."""
    return min(4, round(abs(spot.readings[name] - spot.median) / full * 4))


def _shown(reading: float, scale: Scale) -> str:
    if scale == "share":
        return numbers.percent(reading)
    return f"{reading:.3g}" if scale == "level" else f"{reading:.0f}"


def _named(units: Sequence[str], titles: Mapping[str, str]) -> str:
    """Return units as a list in which each criterion stands once, with the parties it was read for."""
    parties: dict[str, list[str]] = {}
    for unit in units:
        name, _, party = unit.partition("/")
        parties.setdefault(titles.get(name, name), []).extend([party] if party else [])
    return "; ".join(f"{title} ({', '.join(among)})" if among else title for title, among in parties.items())


def _title(unit: str, titles: Mapping[str, str]) -> str:
    name, _, party = unit.partition("/")
    title = titles.get(name, name)
    return f"{title} ({party})" if party else title
