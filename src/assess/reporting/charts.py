"""The geometry of figures. A chart is a list of marks; one SVG macro draws them for HTML and PDF alike.

Every text in a chart is data, so each is measured, wrapped, and cut with "…" after a stated number of lines. The
table beside a chart holds the full text. Numbers that are not finite count as absent.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import ClassVar, Literal
from unicodedata import east_asian_width

from markupsafe import Markup

from assess.reporting.words import clean, listed

Tone = Literal["ink", "soft", "tick", "deep", "mid", "alarm", "paper", "shade", "s0", "s1", "s2", "s3", "s4"]
"""What a colour means. s0 to s4 are one blue scale that also steps in grey, 4 the strongest."""

Anchor = Literal["start", "middle", "end"]

PAPER: Mapping[str, str] = {
    "ink": "#1b1f24",
    "soft": "#55606c",
    "tick": "#b8c4d1",
    "deep": "#174a7c",
    "mid": "#9dbfdf",
    "alarm": "#a63603",
    "paper": "#ffffff",
    "shade": "#f2f6fa",
    "s0": "#eef4fa",
    "s1": "#c9dcee",
    "s2": "#93b7da",
    "s3": "#3f76ad",
    "s4": "#174a7c",
}
"""The colours on white paper."""

SHADES: tuple[tuple[Tone, Tone], ...] = (
    ("s0", "ink"),
    ("s1", "ink"),
    ("s2", "ink"),
    ("s3", "paper"),
    ("s4", "paper"),
)
"""The fill of each shade, and the tone of text on it."""

WIDTH, WIDE = 400.0, 640.0
"""Widths of a chart that fits a phone, and of one that needs the page."""
LEFT, RIGHT = 10.0, 390.0
INDENT = 2.0
"""Where text begins in a wide chart."""
BODY, MINOR = 13.0, 12.0
"""Sizes of text: names and values; labels of scales."""
LINE, MINOR_LINE = 16.0, 14.0
GAP = 12.0
TIMELINE_ROW = 16.0
SCALE_ENDS = (0.1, 0.2, 0.4, 0.6, 1.0, 2.0, 3.0, 4.0, 6.0, 8.0, 10.0, 20.0, 30.0, 40.0, 60.0, 80.0, 100.0)
YEAR_STEPS = (1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000)
CENTRE = 200.0
RINGS = (25.0, 50.0, 75.0, 100.0)
MOST_NAMED_AXES = 8
"""With more axes than this, names around a radar would touch: numbers stand there, and the names beneath."""


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle; `x` and `y` are its upper left corner."""

    kind: ClassVar[str] = "box"
    x: float
    y: float
    width: float
    height: float
    fill: Tone | None
    stroke: Tone | None = None
    dashed: bool = False
    radius: float = 0
    stroke_width: float = 1


@dataclass(frozen=True, slots=True)
class Rule:
    """A straight line."""

    kind: ClassVar[str] = "rule"
    x1: float
    y1: float
    x2: float
    y2: float
    tone: Tone
    width: float = 1
    dashed: bool = False


@dataclass(frozen=True, slots=True)
class Dot:
    """A circle around `x`, `y`."""

    kind: ClassVar[str] = "dot"
    x: float
    y: float
    r: float
    fill: Tone | None
    stroke: Tone | None = None
    stroke_width: float = 1.5


@dataclass(frozen=True, slots=True)
class Shape:
    """A closed polygon."""

    kind: ClassVar[str] = "shape"
    points: tuple[tuple[float, float], ...]
    fill: Tone | None
    stroke: Tone | None = None
    dashed: bool = False
    stroke_width: float = 2


@dataclass(frozen=True, slots=True)
class Label:
    """One line of text; `y` is its baseline."""

    kind: ClassVar[str] = "label"
    x: float
    y: float
    text: str
    anchor: Anchor = "start"
    tone: Tone = "ink"
    size: float = BODY
    bold: bool = False


Mark = Box | Rule | Dot | Shape | Label


@dataclass(frozen=True, slots=True)
class Chart:
    """A drawing, ready for the macro; later marks lie on earlier ones. A wide one needs the width of the page.

    `identifier` is unique in its document. `description` gives the numbers to those who cannot see the drawing.
    """

    identifier: str
    title: str
    description: str
    width: float
    height: float
    marks: tuple[Mark, ...]
    wide: bool = False


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
class DotRow:
    """One criterion: its value (0-100) with a range, and `text`, what is printed at the right."""

    title: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    state: Literal["scored", "no-evidence", "not-applicable"]


@dataclass(frozen=True, slots=True)
class MatrixCell:
    """One cell. No shade: unknown. `outline` marks what a reader must see, such as a gap."""

    text: str
    shade: int | None
    outline: bool = False


@dataclass(frozen=True, slots=True)
class GainRow:
    """One measure and what it would gain, in points of the 0-100 scale. A gain below 0 gets no bar."""

    title: str
    value: float
    text: str


@dataclass(frozen=True, slots=True)
class StripRow:
    """One strip: parts of a whole, 0-1, in the order of the strip's labels, each with its text."""

    title: str
    parts: tuple[tuple[float, str], ...]


@dataclass(frozen=True, slots=True)
class TimelineEntry:
    """What happened, in years as decimals. Without an end it is a moment. `number` names it in the table beside."""

    title: str
    start: float
    end: float | None
    number: str


@dataclass(frozen=True, slots=True)
class Lane:
    """Entries of one kind."""

    title: str
    entries: tuple[TimelineEntry, ...]


def to_svg(chart: Chart, colours: Mapping[str, str] = PAPER) -> Markup:
    """Return a chart as SVG: the same string for every form of the report.

    `colours` has one for each tone. They stand as attributes, for readers without a style sheet; classes `f-TONE`
    (fill) and `s-TONE` (stroke) serve those with one.
    """
    return _drawing(chart, tuple(colours.items()))


@lru_cache(maxsize=64)
def _drawing(chart: Chart, colours: tuple[tuple[str, str], ...]) -> Markup:
    from assess.reporting.environments import html_environment

    macros = html_environment().get_template("charts.svg.j2").module
    return Markup(str(macros.draw(chart, dict(colours))).strip())  # type: ignore[attr-defined]


def interval_chart(
    *, identifier: str, title: str, description: str, bars: Sequence[Bar], edges: Sequence[tuple[str, float]]
) -> Chart:
    """Return the drawing of scores with intervals, one row each.

    `edges` holds each band's label and its lower edge, best band first.
    """
    if not bars:
        return _nothing(identifier, title, description, WIDTH)
    marks, y = _bands(edges)
    ticks = sorted({_on_scale(edge, LEFT, RIGHT) for _, edge in edges} | {RIGHT})
    for bar in bars:
        y += LINE + GAP
        named, y = _named(bar.title, LEFT, y, RIGHT - LEFT)
        note = wrapped(bar.note, RIGHT - LEFT, BODY, 2)
        marks += [*named, *_stack(note, LEFT, y)]
        y += LINE * len(note)
        marks += _track(y, LEFT, RIGHT, ticks, 9) + _interval(bar, y)
    bottom = y + LINE + GAP
    marks += _edge_numbers([edge for _, edge in edges], bottom)
    return Chart(identifier, title, description, WIDTH, bottom + 6, tuple(marks))


def dot_plot(
    *, identifier: str, title: str, description: str, rows: Sequence[DotRow], anchors: Sequence[tuple[str, float]]
) -> Chart:
    """Return one compact row per criterion: name, value on a track, value in text.

    `anchors` holds the label and the value (0-100) of each level; worst is at the left.
    """
    if not rows:
        return _nothing(identifier, title, description, WIDE, wide=True)
    left, right = 262.0, 548.0
    ends: list[Mark] = [
        Label(left - 10, 12, "worst", "end", "soft", MINOR),
        Label(right + 10, 12, "best", "start", "soft", MINOR),
    ]
    levels, depth = _spread([(label, _on_scale(value, left, right)) for label, value in anchors], left, right)
    marks: list[Mark] = ends + levels
    y = 12 + MINOR_LINE * (depth - 1) + 8
    ticks = sorted({_on_scale(value, left, right) for _, value in anchors} | {left, right})
    for row in rows:
        lines = wrapped(row.title, left - 18, BODY, 2)
        height = LINE * len(lines) + 10
        middle = y + height / 2
        soft = row.state == "not-applicable"
        marks += _stack(lines, INDENT, _first(lines, middle), tone="soft" if soft else "ink")
        scored = row.state == "scored"
        marks += _position(row, left, right, ticks, middle)
        text = wrapped(row.text, WIDE - INDENT - right - 10, BODY, 2, bold=scored)
        marks += _stack(
            text, WIDE - INDENT, _first(text, middle), anchor="end", tone="ink" if scored else "soft", bold=scored
        )
        y += height
    return Chart(identifier, title, description, WIDE, y + 4, tuple(marks), wide=True)


def matrix_chart(
    *,
    identifier: str,
    title: str,
    description: str,
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], MatrixCell],
    per_block: int = 12,
) -> Chart:
    """Return a heat map. `cells` maps (row, column) to a cell; where none is given, a dot says so.

    A block holds at most `per_block` columns, and fewer where their names are long; the rest follow beneath, with
    the rows repeated.
    """
    if not rows or not columns:
        return _nothing(identifier, title, description, WIDE, wide=True)
    widest = max(text_width(clean(name), BODY) for name in rows)
    start = min(max(widest + 16, 40.0), 176.0)  # room for the first head too, which may be wider than its column
    grid = _grid(columns, [cell.text for cell in cells.values()], start, per_block)
    marks: list[Mark] = []
    y = 0.0
    for first in range(0, len(columns), grid.size):
        block = range(first, min(first + grid.size, len(columns)))
        drawn, y = _matrix_block(rows, columns, cells, block, grid, y)
        marks += drawn
        y += LINE + GAP
    return Chart(identifier, title, description, WIDE, y - LINE - GAP + 2, tuple(marks), wide=True)


def gains_chart(*, identifier: str, title: str, description: str, rows: Sequence[GainRow]) -> Chart:
    """Return what measures would gain as bars from 0 to a round end, in the order given."""
    if not rows:
        return _nothing(identifier, title, description, WIDTH)
    largest = max(_known(row.value) or 0.0 for row in rows)
    end = next((end for end in SCALE_ENDS if end >= largest), SCALE_ENDS[-1])
    said = [wrapped(row.text, 130, BODY, 2, bold=True) for row in rows]
    right = RIGHT - max(text_width(line, BODY, bold=True) for lines in said for line in lines) - 8
    marks: list[Mark] = []
    y = 0.0
    for row, value in zip(rows, said, strict=True):
        named = wrapped(row.title, RIGHT - LEFT, BODY, 3)
        marks += _stack(named, LEFT, y + 14)
        y += 14 + LINE * len(named)
        length = max(_on_scale((_known(row.value) or 0.0) / end * 100, LEFT, right) - LEFT, 0.0)
        if length:
            marks.append(Box(LEFT, y - 7, length, 14, "deep"))
        marks += _stack(value, LEFT + length + 8, _first(value, y), bold=True)
        y += max(LINE * len(value) / 2, 8) + 10
    y -= 4
    marks.append(Rule(LEFT, y + 4, right, y + 4, "tick"))
    scale: tuple[tuple[float, str, Anchor], ...] = (
        (LEFT, "0", "start"),
        ((LEFT + right) / 2, f"{end / 2:g}", "middle"),
        (right, f"{end:g} points", "end"),
    )
    for x, text, anchor in scale:
        marks += [Rule(x, y + 4, x, y + 9, "tick"), Label(x, y + 22, text, anchor, "soft", MINOR)]
    return Chart(identifier, title, description, WIDTH, y + 28, tuple(marks))


def calibration_chart(
    *, identifier: str, title: str, description: str, points: Sequence[tuple[float, float, int]]
) -> Chart:
    """Return shares observed against shares expected, a numbered dot per group of rows, on the line where they agree.

    points: (share expected 0-1, share observed 0-1, rows). The area of a dot grows with its rows.
    """
    if not points:
        return _nothing(identifier, title, description, WIDTH)
    left, right, top, bottom = 64.0, 284.0, 12.0, 232.0
    marks: list[Mark] = []
    for share in (0.0, 0.25, 0.5, 0.75, 1.0):
        x, y = _on_scale(100 * share, left, right), _on_scale(100 * share, bottom, top)
        marks += [Rule(x, top, x, bottom, "tick"), Rule(left, y, right, y, "tick")]
        marks.append(Label(x, bottom + 18, f"{share:g}", "middle", "soft", MINOR))
        marks.append(Label(left - 8, y + 4, f"{share:g}", "end", "soft", MINOR))
    marks.append(Rule(left, bottom, right, top, "soft", 1, dashed=True))
    marks.append(Label((left + right) / 2, bottom + 38, "share expected", "middle", "soft", MINOR))
    marks += _stack(["share", "observed"], INDENT, (top + bottom) / 2 - 32, tone="soft", size=MINOR)
    most = max(rows for _, _, rows in points)
    for number, (expected, observed, rows) in enumerate(points, 1):
        x, y = _on_scale(100 * expected, left, right), _on_scale(100 * observed, bottom, top)
        radius = round(4 + 3 * math.sqrt(max(rows, 0) / most), 1) if most > 0 else 4.0
        marks.append(Dot(x, y, radius, "deep", "paper"))
        below = y - radius - 6 < top + MINOR
        marks.append(
            Label(x, y + radius + 14 if below else y - radius - 5, f"{number}", "middle", "ink", BODY, bold=True)
        )
    return Chart(identifier, title, description, WIDTH, bottom + 46, tuple(marks))


def strip_chart(
    *, identifier: str, title: str, description: str, labels: Sequence[str], rows: Sequence[StripRow]
) -> Chart:
    """Return strips of parts that make up a whole, each cut in the order of the labels, the first in the deepest tone.

    A part too narrow for its text has none; the table beside the figure has it.
    """
    if not rows or not labels:
        return _nothing(identifier, title, description, WIDTH)
    span = max(len(labels) - 1, 1)
    tones = [SHADES[round((len(SHADES) - 1) * (1 - index / span))] for index in range(len(labels))]
    marks: list[Mark] = []
    x, y = LEFT, 12.0
    for label, (fill, _) in zip(labels, tones, strict=True):
        width = 18 + text_width(label, MINOR) + 16
        if x > LEFT and x + width > RIGHT:
            x, y = LEFT, y + LINE
        marks += [Box(x, y - 9, 12, 12, fill, "tick"), Label(x + 18, y + 1, label, "start", "soft", MINOR)]
        x += width
    y += 12
    for row in rows:
        named = wrapped(row.title, RIGHT - LEFT, BODY, 3)
        marks += _stack(named, LEFT, y + 14)
        y += 8 + LINE * len(named)
        x = LEFT
        for (part, text), (fill, ink) in zip(row.parts, tones, strict=True):
            width = max(_known(part) or 0.0, 0.0) * (RIGHT - LEFT)
            if width >= 1:
                marks.append(Box(x, y, width, 22, fill, "tick"))
            if text_width(text, BODY) + 6 <= width:
                marks.append(Label(x + width / 2, y + 15, text, "middle", ink))
            x += width
        y += 32
    return Chart(identifier, title, description, WIDTH, y - 6, tuple(marks))


def timeline_chart(*, identifier: str, title: str, description: str, lanes: Sequence[Lane]) -> Chart:
    """Return entries on a linear axis of years, one lane per kind.

    Marks that would touch stand on further rows of their lane. An entry whose start is not finite is left out.
    """
    dated = [[entry for entry in lane.entries if _known(entry.start) is not None] for lane in lanes]
    spans = [_span(entry) for entries in dated for entry in entries]
    if not spans:
        return _nothing(identifier, title, description, WIDE, wide=True)
    low, high = math.floor(min(start for start, _ in spans)), math.ceil(max(end for _, end in spans))
    high = max(high, low + 1)
    left = 132.0
    right = WIDE - 12 - max(text_width(_number(entry), MINOR) for entries in dated for entry in entries)
    top = 24.0
    marks: list[Mark] = []
    y = top
    for lane, entries in zip(lanes, dated, strict=True):
        marks.append(Rule(0, y, WIDE, y, "tick"))
        named = wrapped(lane.title, left - 20, BODY, 3, bold=True)
        marks += _stack(named, INDENT, y + LINE + 3, bold=True)
        drawn, depth = _lane(entries, low, high, left, right, y + 15)
        marks += drawn or _stack(["none with a date"], left, y + LINE + 3, tone="soft")
        y += max(depth * TIMELINE_ROW, LINE * len(named)) + 12
    marks.append(Rule(0, y, WIDE, y, "tick"))
    return Chart(
        identifier, title, description, WIDE, y + 2, (*_years(low, high, left, right, top, y), *marks), wide=True
    )


def radar_chart(
    *,
    identifier: str,
    title: str,
    description: str,
    axes: Sequence[str],
    shapes: Sequence[tuple[str, Sequence[float | None]]],
) -> Chart:
    """Return one or two profiles (0-100 on each axis) as shapes, to compare their form.

    A value that is not known leaves its shape open there, and is named beneath. Raises ValueError for fewer than
    three axes, more than two shapes, or a shape without a value for each axis.
    """
    if len(axes) < 3:
        raise ValueError(f"a radar needs three axes or more, not {len(axes)}")
    if len(shapes) > 2:
        raise ValueError(f"a radar compares at most two shapes, not {len(shapes)}")
    if any(len(values) != len(axes) for _, values in shapes):
        raise ValueError("a shape needs one value for each axis")
    if not shapes:
        return _nothing(identifier, title, description, WIDTH)
    radius = 88.0
    many = len(axes) > MOST_NAMED_AXES
    directions = [_direction(index, len(axes)) for index in range(len(axes))]
    names = [str(index) for index in range(1, len(axes) + 1)] if many else axes
    around = [_around(name, dx, dy, radius) for name, (dx, dy) in zip(names, directions, strict=True)]
    heights = [label.y for labels in around for label in labels]
    top = 14 - min([8 - radius, *heights])
    marks: list[Mark] = [Dot(CENTRE, top, radius * ring / 100, None, "tick", 1) for ring in RINGS]
    marks += [Rule(CENTRE, top, CENTRE + radius * dx, top + radius * dy, "tick") for dx, dy in directions]
    for dashed, (_, values) in enumerate(shapes):
        marks += _profile_shape([_known(value) for value in values], directions, top, radius, dashed=bool(dashed))
    marks += [Label(CENTRE + 6, top - radius * ring / 100 + 11, f"{ring:g}", "start", "soft", 10) for ring in RINGS]
    marks += [replace(label, y=label.y + top) for labels in around for label in labels]
    y = top + max([radius, *heights]) + 22
    for index, name in enumerate(axes if many else ()):
        lines = wrapped(name, RIGHT - LEFT - 24, MINOR, 2)
        marks += [Label(LEFT, y, str(index + 1), size=MINOR), *_stack(lines, LEFT + 24, y, size=MINOR)]
        y += MINOR_LINE * len(lines) + 2
    for dashed, (name, values) in enumerate(shapes):
        drawn, y = _key(name, values, axes, y + 4, dashed=bool(dashed))
        marks += drawn
    return Chart(identifier, title, description, WIDTH, y - 8, tuple(marks))


def wrapped(text: str, width: float, size: float, most: int, *, bold: bool = False) -> list[str]:
    """Return text as 1 to `most` lines of at most `width` units by estimate; "…" ends one that was cut.

    A word longer than a line is broken.
    """
    lines = [""]
    for word in clean(text).split():
        joined = f"{lines[-1]} {word}" if lines[-1] else word
        if text_width(joined, size, bold=bold) <= width:
            lines[-1] = joined
            continue
        pieces = _broken(word, width, size, bold=bold)
        lines[-1:] = [lines[-1], *pieces] if lines[-1] else pieces
        if len(lines) > most:
            break
    if len(lines) <= most:
        return lines
    last = lines[most - 1]
    while last and text_width(f"{last}…", size, bold=bold) > width:
        last = last[:-1]
    return [*lines[: most - 1], f"{last.rstrip()}…"]


def _broken(word: str, width: float, size: float, *, bold: bool) -> list[str]:
    pieces, used = [""], 0.0
    for character in word:
        units = text_width(character, size, bold=bold)
        if pieces[-1] and used + units > width:
            pieces.append("")
            used = 0.0
        pieces[-1] += character
        used += units
    return pieces


def text_width(text: str, size: float, *, bold: bool = False) -> float:
    """Return an estimate of the width of text, on the wide side: the page names a font but may get another."""
    return sum(map(_share_of_size, text)) * size * (1.07 if bold else 1.0)


def _share_of_size(character: str) -> float:
    if character in " iljtfrI.,:;'|!()[]/-":
        return 0.35
    if character in "mwMW@%<>—…":
        return 0.98
    if character.isascii():
        return 0.68 if character.isupper() else 0.56
    return 1.1 if east_asian_width(character) in "WF" else 0.7


def _known(value: float | None) -> float | None:
    return value if value is not None and math.isfinite(value) else None


def _on_scale(value: float, left: float, right: float) -> float:
    """Return where a value (0-100, others count as the nearer end) lies between `left` and `right`."""
    share = 0.0 if math.isnan(value) else min(max(value, 0.0), 100.0) / 100.0
    return round(left + (right - left) * share, 1)


def _nothing(identifier: str, title: str, description: str, width: float, *, wide: bool = False) -> Chart:
    label = Label(LEFT, 20, "Nothing to show.", tone="soft")
    return Chart(identifier, title, description, width, 32, (label,), wide)


def _stack(
    lines: Iterable[str],
    x: float,
    y: float,
    *,
    anchor: Anchor = "start",
    tone: Tone = "ink",
    size: float = BODY,
    bold: bool = False,
) -> list[Label]:
    """Return lines of text below each other, the first with its baseline at `y`; empty ones are left out."""
    step = LINE if size == BODY else MINOR_LINE
    return [Label(x, y + step * index, line, anchor, tone, size, bold) for index, line in enumerate(lines) if line]


def _first(lines: Sequence[str], middle: float, size: float = BODY) -> float:
    """Return the baseline of the first line of a stack whose middle is given."""
    return middle - (len(lines) - 1) * (LINE if size == BODY else MINOR_LINE) / 2 + 0.35 * size


def _named(text: str, x: float, y: float, width: float) -> tuple[list[Label], float]:
    """Return the name of a row in at most three bold lines, and the baseline of the line after it."""
    lines = wrapped(text, width, BODY, 3, bold=True)
    return _stack(lines, x, y, bold=True), y + LINE * len(lines)


def _track(y: float, left: float, right: float, ticks: Iterable[float], reach: float) -> list[Mark]:
    return [Rule(left, y, right, y, "tick"), *(Rule(x, y - reach, x, y + reach, "tick") for x in ticks)]


def _spread(labels: Sequence[tuple[str, float]], left: float, right: float) -> tuple[list[Mark], int]:
    """Return labels centred on their places within the ends, and how many lines they take, at least 1.

    A label that would touch another moves down.
    """
    marks: list[Mark] = []
    ends: list[float] = []
    for label, place in sorted(labels, key=lambda pair: pair[1]):
        text = wrapped(label, right - left, MINOR, 1)[0]
        half = text_width(text, MINOR) / 2
        middle = min(max(place, left + half), right - half) if half > 5 else place
        line = next((index for index, end in enumerate(ends) if middle - half >= end), len(ends))
        ends[line : line + 1] = [middle + half]
        marks += _stack([text], middle, 12 + MINOR_LINE * line, anchor="middle", tone="soft", size=MINOR)
    return marks, max(len(ends), 1)


def _bands(edges: Sequence[tuple[str, float]]) -> tuple[list[Mark], float]:
    """Return the labels of bands, each over its span, and the baseline of the lowest."""
    uppers = [100.0, *(edge for _, edge in edges)]
    spans = [
        (label, (_on_scale(edge, LEFT, RIGHT) + _on_scale(upper, LEFT, RIGHT)) / 2)
        for (label, edge), upper in zip(edges, uppers, strict=False)
    ]
    marks, depth = _spread(spans, LEFT, RIGHT)
    return marks, 12 + MINOR_LINE * (depth - 1)


def _interval(bar: Bar, y: float) -> list[Mark]:
    score, low, high = _known(bar.score), _known(bar.low), _known(bar.high)
    if score is None or low is None or high is None:
        return [_span_box(bar.bound_low, bar.bound_high, y, 10, None), *_score_dot(score, LEFT, RIGHT, y)]
    return [_span_box(low, high, y, 10, "mid"), *_score_dot(score, LEFT, RIGHT, y)]


def _span_box(
    low: float, high: float, y: float, height: float, fill: Tone | None, left: float = LEFT, right: float = RIGHT
) -> Box:
    """Return the bar from low to high: filled, or a dashed outline where nothing but the bounds is known."""
    start, end = sorted((_on_scale(low, left, right), _on_scale(high, left, right)))
    outline: Tone | None = None if fill else "soft"
    return Box(start, y - height / 2, max(end - start, 2), height, fill, outline, dashed=not fill, radius=2)


def _score_dot(score: float | None, left: float, right: float, y: float) -> list[Mark]:
    return [] if score is None else [Dot(_on_scale(score, left, right), y, 6, "deep", "paper")]


def _edge_numbers(edges: Sequence[float], y: float) -> list[Mark]:
    """Return the numbers under a scale; one that would touch its neighbour or an end is left out."""
    first, last = "0 worst", "best 100"
    marks: list[Mark] = [
        Label(LEFT, y, first, "start", "soft", MINOR),
        Label(RIGHT, y, last, "end", "soft", MINOR),
    ]
    end, stop = LEFT + text_width(first, MINOR), RIGHT - text_width(last, MINOR)
    for edge in sorted(edges):
        x, half = _on_scale(edge, LEFT, RIGHT), text_width(f"{edge:g}", MINOR) / 2
        if end < x - half and x + half < stop:
            marks.append(Label(x, y, f"{edge:g}", "middle", "soft", MINOR))
            end = x + half
    return marks


def _position(row: DotRow, left: float, right: float, ticks: Iterable[float], y: float) -> list[Mark]:
    """Return the track of a row with its range and dot; without evidence a dashed box over all that is possible."""
    value, low, high = _known(row.value), _known(row.low), _known(row.high)
    if row.state == "not-applicable":
        return []
    if row.state == "no-evidence" or value is None:
        return [_span_box(0, 100, y, 10, None, left, right)]
    marks = _track(y, left, right, ticks, 5)
    if low is not None and high is not None:
        marks.append(_span_box(low, high, y, 8, "mid", left, right))
    return marks + _score_dot(value, left, right, y)


@dataclass(frozen=True, slots=True)
class _Grid:
    """How the columns of a matrix stand: `size` of them in a block from `start`, `step` apart, heads `head` wide.

    Where heads are wider than their columns, every other one stands higher, with a line down to its column.
    """

    start: float
    size: int
    step: float
    head: float
    staggered: bool


def _grid(columns: Sequence[str], values: Sequence[str], start: float, per_block: int) -> _Grid:
    """Return a grid that breaks no word up to 102 units wide, with as many columns in a block as may be."""
    room = WIDE - start
    head, value = (min(_widest_word(texts) + 8, 110.0) for texts in (columns, values))
    most = min(per_block, len(columns))
    level = next((n for n in range(most, 1, -1) if room / n >= max(head, value, 38)), 1)
    apart = (room - head / 2) / (most - 0.5)
    staggered = level < most and apart >= max(head / 2 + 4, value, 38)
    blocks = math.ceil(len(columns) / (most if staggered else level))
    size = math.ceil(len(columns) / blocks)
    step = min(apart if staggered else room / size, 110.0)
    return _Grid(start, size, step, max(head, step), staggered)


def _widest_word(texts: Iterable[str]) -> float:
    return max((text_width(word, MINOR) for text in texts for word in clean(text).split()), default=0.0)


def _matrix_block(
    rows: Sequence[str],
    columns: Sequence[str],
    cells: Mapping[tuple[int, int], MatrixCell],
    block: range,
    grid: _Grid,
    y: float,
) -> tuple[list[Mark], float]:
    """Return one block of a matrix from `y` downwards, and its lower end."""
    start, step = grid.start, grid.step
    heads = [wrapped(columns[column], grid.head - 4, MINOR, 3) for column in block]
    low = MINOR_LINE * max(map(len, heads[:: 2 if grid.staggered else 1]))
    high = MINOR_LINE * max(map(len, heads[1::2]), default=0) if grid.staggered else 0.0
    foot = y + 2 + low + high
    marks: list[Mark] = []
    for index, head in enumerate(heads):
        x = start + step * (index + 0.5)
        raised = low if grid.staggered and index % 2 else 0.0
        if raised:
            marks.append(Rule(x, foot - raised + 1, x, foot + 3, "tick"))
        last = foot - raised - 3
        marks += _stack(head, x, last - MINOR_LINE * (len(head) - 1), anchor="middle", tone="soft", size=MINOR)
    y = foot + 3
    for row, name in enumerate(rows):
        lines = wrapped(name, start - 14, BODY, 3)
        height = max(LINE * len(lines) + 4, 34)
        marks += _stack(lines, INDENT, _first(lines, y + height / 2))
        for index, column in enumerate(block):
            tall = min(height, 40.0)
            x, top = start + step * index, y + (height - tall) / 2
            marks += _matrix_cell(cells.get((row, column)), x, top, step, tall)
        y += height
    return marks, y


def _matrix_cell(cell: MatrixCell | None, x: float, y: float, width: float, height: float) -> list[Mark]:
    """Return a cell inset in its field, so that an outline stands on white and shows in grey print too."""
    centre, middle = x + width / 2, y + height / 2
    if cell is None:
        return [Label(centre, middle + 4, "·", "middle", "soft")]
    unknown: tuple[None, Tone] = (None, "ink")
    fill, tone = unknown if cell.shade is None else SHADES[cell.shade]
    box = Box(x + 3.5, y + 3.5, width - 7, height - 7, fill, "soft" if fill is None else "tick", fill is None, 1.5)
    marks: list[Mark] = [box]
    if cell.outline:
        marks.append(Box(x + 1.2, y + 1.2, width - 2.4, height - 2.4, None, "alarm", radius=3, stroke_width=2.2))
    text = wrapped(cell.text, width - 8, MINOR, 2 if height >= 40 else 1)
    return marks + _stack(text, centre, _first(text, middle, MINOR), anchor="middle", tone=tone, size=MINOR)


def _span(entry: TimelineEntry) -> tuple[float, float]:
    """Return the years of an entry in order, within 0 to 9999."""
    start = min(max(entry.start, 0.0), 9999.0)
    end = _known(entry.end)
    return (start, start) if end is None else (min(start, max(end, 0.0)), max(start, min(end, 9999.0)))


def _number(entry: TimelineEntry) -> str:
    return wrapped(entry.number, 60, MINOR, 1)[0]


def _lane(
    entries: Sequence[TimelineEntry], low: float, high: float, left: float, right: float, y: float
) -> tuple[list[Mark], int]:
    """Return the marks of a lane, its first row at `y`, and how many rows they take, at least 1."""
    marks: list[Mark] = []
    ends: list[float] = []
    for entry in sorted(entries, key=_span):
        start, end = (_on_scale((year - low) / (high - low) * 100, left, right) for year in _span(entry))
        number = _number(entry)
        row = next((index for index, taken in enumerate(ends) if start - 5 >= taken), len(ends))
        middle = y + TIMELINE_ROW * row
        if entry.end is None:
            marks.append(Dot(start, middle, 4.5, "deep"))
            end = start + 4.5
        else:
            end = max(end, start + 5)
            marks.append(Box(start, middle - 4, end - start, 8, "mid", "deep", radius=1.5))
        marks.append(Label(end + 3, middle + 4.2, number, "start", "ink", MINOR))
        ends[row : row + 1] = [end + 3 + text_width(number, MINOR) + 4]
    return marks, max(len(ends), 1)


def _years(low: int, high: int, left: float, right: float, top: float, bottom: float) -> list[Mark]:
    """Return the axis of years: a number and a thin line at each round year."""
    step = next((step for step in YEAR_STEPS if (high - low) / step <= 9), YEAR_STEPS[-1])
    marks: list[Mark] = []
    for year in range(math.ceil(low / step) * step, high + 1, step):
        x = _on_scale((year - low) / (high - low) * 100, left, right)
        marks.append(Rule(x, top - 5, x, bottom, "tick"))
        marks.append(Label(x, top - 10, str(year), "middle", "soft", MINOR))
    return marks


def _direction(index: int, count: int) -> tuple[float, float]:
    """Return the unit vector of an axis: the first points up, the others follow clockwise."""
    angle = 2 * math.pi * index / count - math.pi / 2
    return round(math.cos(angle), 6), round(math.sin(angle), 6)


def _profile_shape(
    values: Sequence[float | None],
    directions: Sequence[tuple[float, float]],
    middle: float,
    radius: float,
    *,
    dashed: bool,
) -> list[Mark]:
    """Return a closed shape, or where a value is missing the lines between neighbours that are known."""
    points = [
        None
        if value is None
        else (CENTRE + dx * _on_scale(value, 0, radius), middle + dy * _on_scale(value, 0, radius))
        for value, (dx, dy) in zip(values, directions, strict=True)
    ]
    tone: Tone = "ink" if dashed else "deep"
    known = tuple(point for point in points if point is not None)
    marks: list[Mark] = []
    if len(known) == len(points):
        marks.append(Shape(known, None, tone, dashed))
    else:
        for one, other in zip(points, [*points[1:], points[0]], strict=True):
            if one is not None and other is not None:
                marks.append(Rule(*one, *other, tone, 2, dashed))
    return marks + [_vertex(x, y, dashed=dashed) for x, y in known]


def _vertex(x: float, y: float, *, dashed: bool) -> Dot:
    return Dot(x, y, 3.5, "paper", "ink") if dashed else Dot(x, y, 4, "deep")


def _around(name: str, dx: float, dy: float, radius: float) -> list[Label]:
    """Return the name of an axis outside its end, with heights counted from the middle of the radar."""
    x, y = CENTRE + dx * (radius + 10), dy * (radius + 10)
    upright = abs(dx) < 0.2
    lines = wrapped(name, 130 if upright else min(x, WIDTH - x), MINOR, 3)
    height = MINOR_LINE * (len(lines) - 1)
    first = y - height if dy < -0.6 else y + 9 if dy > 0.6 else y - height / 2 + 4
    return _stack(lines, x, first, anchor="middle" if upright else "start" if dx > 0 else "end", size=MINOR)


def _key(
    name: str, values: Sequence[float | None], axes: Sequence[str], y: float, *, dashed: bool
) -> tuple[list[Mark], float]:
    """Return a sample of a shape's line with its name, what it has no value for, and where the next one goes."""
    missing = [axis for axis, value in zip(axes, values, strict=True) if _known(value) is None]
    lines = wrapped(name, RIGHT - LEFT - 42, MINOR, 2, bold=True)
    absent = wrapped(f"no value: {listed(missing)}", RIGHT - LEFT - 42, MINOR, 3) if missing else []
    marks: list[Mark] = [
        Rule(LEFT, y - 4, LEFT + 32, y - 4, "ink" if dashed else "deep", 2, dashed),
        _vertex(LEFT + 16, y - 4, dashed=dashed),
    ]
    marks += _stack(lines, LEFT + 42, y, size=MINOR, bold=True)
    marks += _stack(absent, LEFT + 42, y + MINOR_LINE * len(lines), tone="soft", size=MINOR)
    return marks, y + MINOR_LINE * (len(lines) + len(absent)) + 2
