from __future__ import annotations

import math
import re
import xml.etree.ElementTree as ET
from collections.abc import Callable
from itertools import pairwise
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from assess.reporting.charts import (
    PAPER,
    SHADES,
    Bar,
    Box,
    Chart,
    Dot,
    DotRow,
    GainRow,
    Label,
    Lane,
    MatrixCell,
    Rule,
    Shape,
    TimelineEntry,
    calibration_chart,
    dot_plot,
    gains_chart,
    interval_chart,
    matrix_chart,
    radar_chart,
    text_width,
    timeline_chart,
    to_svg,
    wrapped,
)

from .payloads import PAYLOADS

NS = "{http://www.w3.org/2000/svg}"
EDGES = [("Strong", 80.0), ("Sound", 65.0), ("Conditional", 50.0), ("Fragile", 35.0), ("Weak", 0.0)]
ANCHORS = [(str(level), 25.0 * level) for level in range(5)]
NAMED: dict[str, Any] = {"identifier": "c", "title": "T", "description": "D"}
LONG = ("<script>alert(1)</script> & é\u0301 中文 😀 עברית \u202e \x00 " * 250)[:10_000]
HOSTILE = [*PAYLOADS, LONG, "W" * 10_000, "e" + "\u0301" * 9_999]


def with_text(text: str) -> list[Chart]:
    """Return every kind of chart with a text in each place that takes one."""
    entries = (TimelineEntry(text, 1949, None, text), TimelineEntry(text, 1950, 2026, text))
    return [
        interval_chart(**NAMED, bars=[Bar(text, text, 50, 40, 60, 0, 100)], edges=[(text, 50), (text, 0)]),
        dot_plot(**NAMED, rows=[DotRow(text, text, 50, 40, 60, "scored")], anchors=[(text, 0), (text, 90)]),
        matrix_chart(**NAMED, rows=[text, "b"], columns=[text] * 3, cells={(0, 1): MatrixCell(text, 3, True)}),
        gains_chart(**NAMED, rows=[GainRow(text, 3, text), GainRow(text, 0, text)]),
        timeline_chart(**NAMED, lanes=[Lane(text, entries), Lane(text, ())]),
        radar_chart(**NAMED, axes=[text] * 5, shapes=[(text, [1, 50, None, 70, 100]), (text, [100.0] * 5)]),
        radar_chart(**NAMED, axes=[text] * 12, shapes=[(text, [None] * 12)]),
    ]


EMPTY: list[Callable[[], Chart]] = [
    lambda: interval_chart(**NAMED, bars=[], edges=EDGES),
    lambda: dot_plot(**NAMED, rows=[], anchors=ANCHORS),
    lambda: matrix_chart(**NAMED, rows=[], columns=["a"], cells={}),
    lambda: matrix_chart(**NAMED, rows=["a"], columns=[], cells={}),
    lambda: gains_chart(**NAMED, rows=[]),
    lambda: calibration_chart(**NAMED, points=[]),
    lambda: timeline_chart(**NAMED, lanes=[]),
    lambda: timeline_chart(**NAMED, lanes=[Lane("a", ())]),
    lambda: radar_chart(**NAMED, axes=["a", "b", "c"], shapes=[]),
]


def extents(mark: object) -> tuple[float, float, float, float]:
    """Return left, top, right and bottom of a mark; text by the estimate of its width."""
    match mark:
        case Box():
            assert mark.width > 0
            assert mark.height > 0
            return mark.x, mark.y, mark.x + mark.width, mark.y + mark.height
        case Rule():
            xs, ys = sorted((mark.x1, mark.x2)), sorted((mark.y1, mark.y2))
            return xs[0], ys[0], xs[1], ys[1]
        case Dot():
            return mark.x - mark.r, mark.y - mark.r, mark.x + mark.r, mark.y + mark.r
        case Shape():
            return (*map(min, zip(*mark.points, strict=True)), *map(max, zip(*mark.points, strict=True)))
        case Label():
            width = text_width(mark.text, mark.size, bold=mark.bold)
            left = mark.x - {"start": 0, "middle": width / 2, "end": width}[mark.anchor]
            return left, mark.y - 0.75 * mark.size, left + width, mark.y + 0.22 * mark.size
    raise AssertionError(mark)


def check(chart: Chart) -> ET.Element:
    """Assert that a chart is whole: numbers that are numbers, marks inside the drawing, XML that says what it is."""
    for mark in chart.marks:
        left, top, right, bottom = extents(mark)
        assert all(map(math.isfinite, (left, top, right, bottom)))
        assert left >= -0.2, mark
        assert top >= -0.2, mark
        assert right <= chart.width + 0.2, mark
        assert bottom <= chart.height + 0.2, mark
    svg = str(to_svg(chart))
    assert not re.search(r'="[^"]*\b(nan|inf)\b', svg)
    root = ET.fromstring(svg)
    assert {element.tag.removeprefix(NS) for element in root.iter()} <= {
        "svg", "title", "desc", "text", "rect", "line", "circle", "polygon",
    }  # fmt: skip
    assert root.get("role") == "img"
    identifiers = [f"{chart.identifier}-title", f"{chart.identifier}-desc"]
    assert [element.get("id") for element in root.iter() if element.get("id")] == identifiers
    assert root.get("aria-labelledby", "").split() == identifiers
    assert root.findtext(f"{NS}title") is not None
    assert root.findtext(f"{NS}desc") is not None
    assert root.get("viewBox") == f"0 0 {round(chart.width, 1)} {round(chart.height, 1)}"
    assert len(root) == len(chart.marks) + 2
    return root


def texts(chart: Chart) -> list[str]:
    return [mark.text for mark in chart.marks if isinstance(mark, Label)]


def of(kind: type, chart: Chart) -> list[Any]:
    return [mark for mark in chart.marks if isinstance(mark, kind)]


def contrast(one: str, other: str) -> float:
    """Return the contrast of two colours (WCAG 2.2, definition of contrast ratio)."""
    high, low = sorted((lightness(one), lightness(other)), reverse=True)
    return (high + 0.05) / (low + 0.05)


def lightness(colour: str) -> float:
    shares = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (s / 12.92 if s <= 0.04045 else ((s + 0.055) / 1.055) ** 2.4 for s in shares)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


# Every chart


@pytest.mark.parametrize("text", HOSTILE, ids=range(len(HOSTILE)))
def test_hostile_text_stays_text_inside_the_drawing(text: str) -> None:
    for chart in with_text(text):
        check(chart)
        assert len("".join(texts(chart))) < 4_000


def test_title_description_and_identifier_are_escaped() -> None:
    text = "<script>&\"'</title>"
    chart = gains_chart(identifier="a", title=text, description=text, rows=[GainRow("a", 1, "+1")])
    root = check(chart)
    assert [root.findtext(f"{NS}{name}") for name in ("title", "desc")] == [text, text]


@pytest.mark.parametrize("empty", EMPTY, ids=range(len(EMPTY)))
def test_a_chart_of_nothing_says_so(empty: Callable[[], Chart]) -> None:
    check(empty())
    assert texts(empty()) == ["Nothing to show."]


def test_ids_differ_between_charts_of_one_page() -> None:
    rows = [GainRow("a", 1, "+1")]
    charts = [gains_chart(identifier=name, title="T", description="D", rows=rows) for name in ("one", "two")]
    page = ET.fromstring(f"<div>{''.join(to_svg(chart) for chart in charts)}</div>")
    identifiers = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(set(identifiers)) == len(identifiers) == 4


def test_colours_can_be_changed_and_are_doubled_by_classes() -> None:
    chart = gains_chart(**NAMED, rows=[GainRow("a", 1, "+1")])
    bar = ET.fromstring(to_svg(chart, {**PAPER, "deep": "#123456"})).find(f"{NS}rect")
    assert bar is not None
    assert (bar.get("class"), bar.get("fill")) == ("f-deep", "#123456")


def test_the_scale_is_readable_and_steps_in_grey() -> None:
    for fill, tone in SHADES:
        assert contrast(PAPER[fill], PAPER[tone]) >= 4.5
    shades = [PAPER[fill] for fill, _ in SHADES]
    assert shades == sorted(shades, key=lightness, reverse=True)
    assert all(contrast(one, other) >= 1.2 for one, other in pairwise(shades))


@given(st.text(max_size=300), st.floats(20, 400), st.integers(1, 4), st.booleans())
def test_wrapped_text_fits_and_a_cut_shows(text: str, width: float, most: int, bold: bool) -> None:
    lines = wrapped(text, width, 13, most, bold=bold)
    assert 1 <= len(lines) <= most
    assert all(text_width(line, 13, bold=bold) <= width for line in lines)
    whole = "".join(wrapped(text, 1e9, 13, 1)).replace(" ", "")
    assert "".join(lines).replace(" ", "") == whole or lines[-1].endswith("…")


def test_words_are_kept_whole_where_they_fit() -> None:
    assert wrapped("Legal and sovereignty", 90, 12, 3) == ["Legal and", "sovereignty"]
    assert wrapped("", 90, 12, 3) == [""]


# Intervals

numbers = st.floats(0, 100)


def bar(title: str, n: list[float], scored: bool) -> Bar:
    low, score, high = (n[1], n[2], n[3]) if scored else (None, None, None)
    return Bar(title, "note", score, low, high, n[0], n[4])


bars = st.builds(bar, st.text(max_size=80), st.lists(numbers, min_size=5, max_size=5).map(sorted), st.booleans())


@given(st.lists(bars, max_size=6))
def test_an_interval_chart_is_whole_and_has_a_dot_for_each_score(rows: list[Bar]) -> None:
    chart = interval_chart(**NAMED, bars=rows, edges=EDGES)
    check(chart)
    assert len(of(Dot, chart)) == sum(row.score is not None for row in rows)


def test_the_dot_lies_on_the_bar_and_at_the_score() -> None:
    chart = interval_chart(**NAMED, bars=[Bar("A", "n", 50, 40, 60, 0, 100)], edges=EDGES)
    (dot,), (bar,) = of(Dot, chart), of(Box, chart)
    assert dot.x == 200
    assert (bar.x, bar.width, bar.fill) == (162, 76, "mid")


def test_without_a_score_only_the_bounds_are_drawn_and_look_different() -> None:
    chart = interval_chart(**NAMED, bars=[Bar("A", "no score", None, None, None, 20, 80)], edges=EDGES)
    (bar,) = of(Box, chart)
    assert (bar.fill, bar.dashed) == (None, True)
    assert not of(Dot, chart)


def test_labels_of_narrow_bands_do_not_touch() -> None:
    edges = [(f"A rather long label {n}", 100 - 5.0 * n) for n in range(1, 21)]
    chart = interval_chart(**NAMED, bars=[Bar("A", "n", 50, 40, 60, 0, 100)], edges=edges)
    check(chart)
    labels = [mark for mark in of(Label, chart) if mark.tone == "soft"]
    assert sum(label.text.startswith("A rather") for label in labels) == 20
    ends: dict[float, float] = {}
    for label in sorted(labels, key=lambda label: extents(label)[0]):
        left, _, right, _ = extents(label)
        assert left >= ends.get(label.y, 0) - 0.01
        ends[label.y] = right


def test_the_ends_of_the_scale_are_named() -> None:
    chart = interval_chart(**NAMED, bars=[Bar("A", "n", 50, 40, 60, 0, 100)], edges=EDGES)
    assert {"0 worst", "35", "50", "65", "80", "best 100"} <= set(texts(chart))


# Criteria


@given(st.lists(st.tuples(numbers, numbers, numbers), min_size=1, max_size=5), numbers)
def test_a_dot_plot_puts_values_where_they_belong(values: list[tuple[float, float, float]], anchor: float) -> None:
    rows = [DotRow("a", "n", value, min(ends), max(ends), "scored") for value, *ends in values]
    chart = dot_plot(**NAMED, rows=[DotRow("a", "0", 0, 0, 0, "scored"), *rows], anchors=[("x", anchor)])
    check(chart)
    dots = of(Dot, chart)
    assert len(dots) == len(rows) + 1
    for dot, row in zip(dots[1:], rows, strict=True):
        assert row.value is not None
        assert dot.x - dots[0].x == pytest.approx(2.86 * row.value, abs=0.2)


def test_no_evidence_and_not_applicable_look_different() -> None:
    unknown = dot_plot(**NAMED, rows=[DotRow("a", "no evidence", None, None, None, "no-evidence")], anchors=ANCHORS)
    apart = dot_plot(**NAMED, rows=[DotRow("a", "n/a", None, None, None, "not-applicable")], anchors=ANCHORS)
    check(unknown)
    (box,) = of(Box, unknown)
    assert (box.width, box.fill, box.dashed) == (286, None, True)
    assert not of(Dot, unknown)
    assert "no evidence" in texts(unknown)
    assert not of(Box, apart) + of(Rule, apart) + of(Dot, apart)
    assert "n/a" in texts(apart)
    assert texts(apart)[:2] == ["worst", "best"]


# Matrix


def test_cells_have_their_shade_and_readable_text() -> None:
    shades = [MatrixCell(f"v{shade}", shade) for shade in (0, 1, 2, 3, 4)]
    cells = {(0, column): cell for column, cell in enumerate([*shades, MatrixCell("?", None, True)])}
    chart = matrix_chart(**NAMED, rows=["r"], columns=list("abcdefg"), cells=cells)
    check(chart)
    boxes, labels = of(Box, chart), {label.text: label for label in of(Label, chart)}
    assert [box.fill for box in boxes] == ["s0", "s1", "s2", "s3", "s4", None, None]
    assert (boxes[5].dashed, boxes[6].dashed) == (True, False)
    assert (boxes[6].stroke, boxes[6].stroke_width > 2) == ("alarm", True)
    for box, cell in zip(boxes, shades, strict=False):
        assert contrast(PAPER[box.fill], PAPER[labels[cell.text].tone]) >= 4.5
    assert "·" in labels


def test_many_columns_go_on_beneath_with_the_rows_repeated() -> None:
    columns = [f"C{number:02}" for number in range(32)]
    cells = {(row, column): MatrixCell("1", 1) for row in range(2) for column in range(32)}
    chart = matrix_chart(**NAMED, rows=["first", "second"], columns=columns, cells=cells)
    check(chart)
    assert texts(chart).count("first") == 3
    assert [text for text in texts(chart) if text.startswith("C")] == columns
    assert len(of(Box, chart)) == 64


def test_heads_wider_than_their_columns_stand_on_two_levels_with_words_whole() -> None:
    columns = ["Information", "Interoperability", "Air", "Communication", "Transportation", "Sabotage", "Cyber"]
    chart = matrix_chart(**NAMED, rows=["A name that is long enough to wrap"], columns=columns, cells={})
    check(chart)
    heads = [label for label in of(Label, chart) if label.text in columns]
    assert len(heads) == len(columns)
    assert len({label.y for label in heads}) == 2
    assert len(of(Rule, chart)) == 3


def test_heads_too_wide_for_that_get_fewer_columns_in_a_block() -> None:
    columns = [f"Interoperabilities{number:02}" for number in range(12)]
    chart = matrix_chart(**NAMED, rows=["row"], columns=columns, cells={})
    check(chart)
    assert texts(chart).count("row") > 1
    assert not of(Rule, chart)


@example(["0" * 15, *[""] * 8], [""])
@given(st.lists(st.text(max_size=20), min_size=1, max_size=30), st.lists(st.text(max_size=30), min_size=1, max_size=4))
def test_heads_of_columns_never_touch(columns: list[str], rows: list[str]) -> None:
    chart = matrix_chart(**NAMED, rows=rows, columns=columns, cells={})
    check(chart)
    heads = [label for label in of(Label, chart) if label.anchor == "middle" and label.text != "·"]
    ends: dict[float, float] = {}
    for label in sorted(heads, key=lambda label: extents(label)[0]):
        left, _, right, _ = extents(label)
        assert left >= ends.get(label.y, 0)
        ends[label.y] = right


# Gains


@given(st.lists(st.floats(0, 100), min_size=1, max_size=8))
def test_bars_of_gains_are_as_long_as_the_gains(values: list[float]) -> None:
    chart = gains_chart(**NAMED, rows=[GainRow("a", value, "+") for value in values])
    check(chart)
    drawn = [box.width for box in of(Box, chart)]
    assert len(drawn) <= len(values)
    largest = max(values)
    if largest > 1:
        expected = sorted(value / largest * max(drawn) for value in values)[-len(drawn) :]
        assert sorted(drawn) == pytest.approx(expected, abs=0.3)


def test_the_scale_of_gains_ends_at_a_round_number() -> None:
    assert {"0", "1.5", "3 points"} <= set(texts(gains_chart(**NAMED, rows=[GainRow("a", 2.1, "+2.1")])))


@pytest.mark.parametrize("value", [-5.0, math.nan, 0.0])
def test_what_gains_nothing_has_no_bar(value: float) -> None:
    chart = gains_chart(**NAMED, rows=[GainRow("a", value, "none")])
    check(chart)
    assert not of(Box, chart)


# Timeline

years = st.floats(1900, 2030)
entries = st.builds(
    lambda start, end, number: TimelineEntry("t", start, end, str(number)),
    years,
    st.none() | years,
    st.integers(1, 999),
)


@given(st.lists(st.lists(entries, max_size=30).map(tuple), min_size=1, max_size=4))
def test_marks_of_a_timeline_never_touch(lanes: list[tuple[TimelineEntry, ...]]) -> None:
    chart = timeline_chart(**NAMED, lanes=[Lane("lane", lane) for lane in lanes])
    check(chart)
    count = sum(map(len, lanes))
    if not count:
        return
    marks = sorted(of(Dot, chart) + of(Box, chart), key=lambda mark: extents(mark)[0])
    assert len(marks) == count
    ends: dict[float, float] = {}
    numbered = {
        (round(label.x, 1), round(label.y, 1)): extents(label)[2]
        for label in of(Label, chart)
        if label.tone == "ink" and not label.bold
    }
    for mark in marks:
        left, top, right, bottom = extents(mark)
        middle = round((top + bottom) / 2, 1)
        assert left >= ends.get(middle, 0) - 0.01
        ends[middle] = numbered[round(right + 3, 1), round(middle + 4.2, 1)]


def test_years_are_round_and_a_lane_of_nothing_says_so() -> None:
    dated = (TimelineEntry("a", 1949.3, None, "1"), TimelineEntry("b", 2026.5, None, "2"))
    chart = timeline_chart(**NAMED, lanes=[Lane("Treaties", dated), Lane("Exercises", ())])
    assert [text for text in texts(chart) if len(text) == 4] == [str(year) for year in range(1950, 2030, 10)]
    assert "none with a date" in texts(chart)


@pytest.mark.parametrize("start", [-1e300, 1e300, 0.0, 9999.0])
def test_years_out_of_range_are_drawn_at_its_ends(start: float) -> None:
    entry = TimelineEntry("a", start, math.inf, "1")
    check(timeline_chart(**NAMED, lanes=[Lane("a", (entry, TimelineEntry("b", math.nan, None, "2")))]))


# Radar


@given(st.integers(3, 14).flatmap(lambda count: st.lists(st.none() | numbers, min_size=count, max_size=count)))
def test_a_radar_closes_only_where_every_value_is_known(values: list[float | None]) -> None:
    axes = [f"Axis number {index}" for index in range(len(values))]
    chart = radar_chart(**NAMED, axes=axes, shapes=[("now", values), ("before", [50.0] * len(values))])
    check(chart)
    missing = values.count(None)
    assert len(of(Shape, chart)) == (1 if missing else 2)
    assert any(text.startswith("no value: Axis") for text in texts(chart)) == bool(missing)
    vertices = [dot for dot in of(Dot, chart) if dot.fill]
    assert len(vertices) == 2 * len(values) - missing + 2


def test_the_second_shape_is_dashed_and_both_are_named() -> None:
    chart = radar_chart(**NAMED, axes=["a", "b", "c"], shapes=[("now", [1, 2, 3]), ("before", [3, 2, 1])])
    assert [shape.dashed for shape in of(Shape, chart)] == [False, True]
    assert {"now", "before", "25", "50", "75", "100"} <= set(texts(chart))


def test_the_first_axis_points_up_and_100_lies_on_the_outer_ring() -> None:
    chart = radar_chart(**NAMED, axes=list("abcd"), shapes=[("now", [100, 50, 0, 25])])
    ring = max(of(Dot, chart), key=lambda dot: dot.r)
    (shape,) = of(Shape, chart)
    assert shape.points[0] == pytest.approx((ring.x, ring.y - ring.r))
    assert shape.points[1] == pytest.approx((ring.x + ring.r / 2, ring.y))
    assert shape.points[2] == pytest.approx((ring.x, ring.y))


@pytest.mark.parametrize(
    ("axes", "shapes"),
    [
        (["a", "b"], [("now", [1, 2])]),
        (["a", "b", "c"], [("now", [1, 2])]),
        (["a", "b", "c"], [("x", [1, 2, 3])] * 3),
    ],
)
def test_what_no_radar_can_show_is_refused(axes: list[str], shapes: list[tuple[str, list[float | None]]]) -> None:
    with pytest.raises(ValueError, match=r"a radar|a shape"):
        radar_chart(**NAMED, axes=axes, shapes=shapes)


@given(st.lists(st.tuples(st.floats(0, 1), st.floats(0, 1), st.integers(0, 10**6)), min_size=1, max_size=10))
def test_calibration_puts_agreement_on_the_line_and_nothing_outside(points: list[tuple[float, float, int]]) -> None:
    chart = calibration_chart(**NAMED, points=points)
    dots = [mark for mark in chart.marks if isinstance(mark, Dot)]
    (line,) = (mark for mark in chart.marks if isinstance(mark, Rule) and mark.dashed)
    side = line.x2 - line.x1
    assert side == line.y1 - line.y2
    for dot, (expected, observed, _) in zip(dots, points, strict=True):
        assert dot.x == pytest.approx(line.x1 + side * expected, abs=0.1)
        assert dot.y == pytest.approx(line.y1 - side * observed, abs=0.1)
    for mark in chart.marks:
        left, top, right, bottom = extents(mark)
        assert left >= 0
        assert top >= 0
        assert right <= chart.width
        assert bottom <= chart.height
    assert [mark.text for mark in chart.marks if isinstance(mark, Label) and mark.bold] == [
        f"{number}" for number in range(1, len(points) + 1)
    ]
