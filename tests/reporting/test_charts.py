from __future__ import annotations

import xml.etree.ElementTree as ET

from hypothesis import given
from hypothesis import strategies as st

from assess.reporting.charts import Bar, interval_chart, to_svg

NS = "{http://www.w3.org/2000/svg}"
EDGES = [("Strong", 80.0), ("Sound", 65.0), ("Conditional", 50.0), ("Fragile", 35.0), ("Weak", 0.0)]

bars = st.builds(
    lambda title, numbers, scored: Bar(
        title, "note", *((numbers[2], numbers[1], numbers[3]) if scored else (None, None, None)), numbers[0], numbers[4]
    ),
    st.text(max_size=80),
    st.lists(st.floats(0, 100), min_size=5, max_size=5).map(sorted),
    st.booleans(),
)


def drawn(rows: list[Bar], edges: list[tuple[str, float]] = EDGES) -> ET.Element:
    svg = to_svg(interval_chart(identifier="c", title="T", description="D", bars=rows, edges=edges))
    return ET.fromstring(svg)


@given(st.lists(bars, max_size=6))
def test_a_drawing_is_sound_xml_with_sound_numbers(rows: list[Bar]) -> None:
    root = drawn(rows)
    ids = [element.get("id") for element in root.iter() if element.get("id")]
    assert len(ids) == len(set(ids))
    assert root.get("role") == "img"
    assert root.get("aria-labelledby") == "c-title c-desc"
    assert [root.findtext(f"{NS}{name}") for name in ("title", "desc")] == ["T", "D"]
    box = [float(x) for x in root.get("viewBox", "").split()]
    for element in root.iter():
        for name in ("x", "y", "x1", "x2", "y1", "y2", "width", "height", "cx", "cy", "r"):
            if element.get(name) is not None:
                assert 0 <= float(element.get(name, "")) <= max(box)
    assert len(root.findall(f"{NS}circle")) == sum(row.score is not None for row in rows)


def test_the_dot_lies_on_the_bar_and_at_the_score() -> None:
    root = drawn([Bar("A", "n", 50, 40, 60, 0, 100)])
    dot, bar = root.find(f"{NS}circle"), root.find(f"{NS}rect")
    assert dot is not None
    assert bar is not None
    assert float(dot.get("cx", "")) == 200
    assert (float(bar.get("x", "")), float(bar.get("width", ""))) == (162, 76)


def test_without_a_score_only_the_bounds_are_drawn_and_look_different() -> None:
    root = drawn([Bar("A", "no score", None, None, None, 20, 80)])
    bar = root.find(f"{NS}rect")
    assert bar is not None
    assert bar.get("stroke-dasharray")
    assert root.find(f"{NS}circle") is None


def test_labels_of_narrow_bands_do_not_touch() -> None:
    chart = interval_chart(
        identifier="c",
        title="T",
        description="D",
        bars=[],
        edges=[(f"A rather long label {n}", 100 - 5.0 * n) for n in range(1, 21)],
    )
    lines: dict[float, float] = {}
    for tick in chart.ticks:
        half = len(tick.label) * 3
        assert tick.label_x - half >= lines.get(tick.label_y, 0)
        lines[tick.label_y] = tick.label_x + half


def test_hostile_titles_stay_text() -> None:
    root = drawn([Bar("<script>&\"'", "</svg>", 1, 0, 2, 0, 2)])
    assert "<script>&\"'" in [text.text for text in root.iter(f"{NS}text")]
    assert root.find(f".//{NS}script") is None
