"""The geometry of figures. The drawing itself is an SVG macro that HTML and PDF share."""

from __future__ import annotations

import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

from markupsafe import Markup

WIDTH = 400
LEFT, RIGHT = 10, 390
LABEL_CHARACTER = 6.0
"""Width of an average character of a label, in units of the drawing (12-unit sans, on the wide side)."""
TITLE_CHARACTERS = 44
LINE = 16
GAP = 12


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of data: a score (0-100) with its interval, or only the bounds that missing evidence leaves."""

    title: str
    note: str
    score: float | None
    low: float | None
    high: float | None
    bound_low: float
    bound_high: float


@dataclass(frozen=True, slots=True)
class Tick:
    """The lower edge of a band: where it stands, and the label of the band above the drawing."""

    edge: str
    x: float
    label: str
    label_x: float
    label_y: float


@dataclass(frozen=True, slots=True)
class DrawnBar:
    """One row placed. `solid` is false where the bar shows only what missing evidence leaves open."""

    titles: tuple[tuple[str, float], ...]
    note: str
    note_y: float
    y: float
    x: float
    width: float
    dot: float | None
    solid: bool


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, ready for the macro. `description` gives its numbers to those who cannot see it."""

    identifier: str
    title: str
    description: str
    width: int
    height: float
    bottom: float
    left: float
    right: float
    ticks: tuple[Tick, ...]
    edges: tuple[float, ...]
    bars: tuple[DrawnBar, ...]


def interval_chart(
    *, identifier: str, title: str, description: str, bars: Sequence[Bar], edges: Sequence[tuple[str, float]]
) -> Chart:
    """Return the drawing of scores with intervals, one row each, over the edges of the bands, best first."""
    ticks, y = _ticks(edges)
    drawn: list[DrawnBar] = []
    for bar in bars:
        y += LINE + GAP
        titles = tuple(
            (line, y + LINE * index) for index, line in enumerate(textwrap.wrap(bar.title, TITLE_CHARACTERS) or [""])
        )
        note_y = titles[-1][1] + LINE
        y = note_y + LINE
        drawn.append(_drawn(bar, titles, note_y, y))
    bottom = y + LINE + GAP
    marks = (*(tick.x for tick in ticks), float(RIGHT))
    return Chart(identifier, title, description, WIDTH, bottom + 6, bottom, LEFT, RIGHT, ticks, marks, tuple(drawn))


def to_svg(chart: Chart) -> Markup:
    """Return a chart as SVG: the same string for every form of the report."""
    from assess.reporting.environments import html_environment

    macros = html_environment().get_template("charts.svg.j2").module
    return Markup(str(macros.interval_chart(chart)).strip())  # type: ignore[attr-defined]


def _x(score: float) -> float:
    return round(LEFT + (RIGHT - LEFT) * min(max(score, 0.0), 100.0) / 100.0, 1)


def _drawn(bar: Bar, titles: tuple[tuple[str, float], ...], note_y: float, y: float) -> DrawnBar:
    solid = bar.score is not None and bar.low is not None and bar.high is not None
    low = bar.low if solid and bar.low is not None else bar.bound_low
    high = bar.high if solid and bar.high is not None else bar.bound_high
    dot = None if bar.score is None else _x(bar.score)
    return DrawnBar(titles, bar.note, note_y, y, _x(low), round(max(_x(high) - _x(low), 2.0), 1), dot, solid)


def _ticks(edges: Sequence[tuple[str, float]]) -> tuple[tuple[Tick, ...], float]:
    """Return the ticks and the lower end of their labels; a label that would touch another moves down."""
    ticks: list[Tick] = []
    ends: list[float] = []
    upper = 100.0
    spans: list[tuple[str, float, float]] = []
    for label, edge in edges:
        spans.append((label, edge, upper))
        upper = edge
    for label, edge, above in reversed(spans):
        half = len(label) * LABEL_CHARACTER / 2
        middle = min(max((_x(edge) + _x(above)) / 2, LEFT + half), RIGHT - half)
        line = next((i for i, end in enumerate(ends) if middle - half >= end), len(ends))
        ends[line : line + 1] = [middle + half]
        ticks.append(Tick(f"{edge:g}", _x(edge), label, round(middle, 1), 12.0 + LINE * line))
    return tuple(ticks), 12.0 + LINE * (len(ends) - 1)
