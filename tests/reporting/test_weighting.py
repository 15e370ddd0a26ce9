"""The section on the origin of the weights: whose, by which method, when, how consistent, and what they changed."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import get_args

import pytest
from tests.conftest import default_rubric, shipped_assessment

from assess.partnership.loading import load_partnership
from assess.reporting.blocks import Paragraph, Section, Table
from assess.reporting.links import Link, places_of, text_of
from assess.reporting.markdown import sections_markdown, to_markdown
from assess.reporting.weighting import METHODS, origin, weighting_section
from assess.rubric.loading import load_rubric
from assess.rubric.models import Diagnostic, NodeWeighting, WeightingMethod
from assess.scoring.assessment import Assessment
from assess.scoring.score import score
from assess.tuning.version import new_version

SHARES = {"stability": 0.4, "threat_coverage": 0.3, "interoperability": 0.2, "legal_sovereignty": 0.1}


@cache
def alternative(name: str) -> Assessment:
    return score(load_partnership("nato"), load_rubric(name))


def elicited(folder: Path, ratio: float = 0.21) -> Assessment:
    told = Diagnostic(name="consistency ratio", value=ratio, text="above 0.1; look at the pairs again", warning=True)
    node = NodeWeighting(
        node="overall",
        method="ahp",
        weights=SHARES,
        low={"stability": 0.3},
        high={"stability": 0.5},
        diagnostics=(told,),
    )
    text = new_version(
        default_rubric(), [node], id="mine", title="Mine", version="1.0.0", method="ahp", by="Office 7", on="2026-11"
    )
    (folder / "mine.yaml").write_text(text)
    return score(load_partnership("nato"), load_rubric(folder / "mine.yaml"), draws=100)


def section(assessment: Assessment) -> Section:
    (found,) = weighting_section(assessment, places_of(assessment))
    return found


def test_a_whole_rubric_without_a_record_has_no_section_but_a_line() -> None:
    nato = shipped_assessment("nato")
    assert weighting_section(nato, places_of(nato)) == ()
    assert "does not record how they were obtained" in origin(nato)
    assert "**Origin of the weights:** The rubric states its weights and does not record" in to_markdown(nato)


def test_whose_weights_by_which_method_when_and_how_consistent(tmp_path: Path) -> None:
    text = sections_markdown([section(elicited(tmp_path))])
    for said in ("Comparisons in pairs", "Office 7", "November 2026", "0.21", "above 0.1", "| 40 % | 30 % | 50 % |"):
        assert said in text
    assert origin(elicited(tmp_path)) == "Comparisons in pairs (analytic hierarchy process) by Office 7, November 2026."


def test_a_warning_of_the_method_is_a_caution(tmp_path: Path) -> None:
    cautions = [b for b in section(elicited(tmp_path)).blocks if isinstance(b, Paragraph) and b.role == "caution"]
    assert [text_of(caution.line) for caution in cautions] == [
        "The pillars: consistency ratio 0.21. above 0.1; look at the pairs again."
    ]


def test_what_they_changed_against_the_parent() -> None:
    found = section(alternative("deterrence-first"))
    assert found.heading.startswith("Weights and where they came from: 4 shares differ from")
    text = sections_markdown([found])
    assert "| Threat coverage | the pillars | 27 % | 40 % |" in text
    nato = shipped_assessment("nato").overall
    assert nato.score is not None
    assert f"and {round(nato.score)} by the parent ({nato.rating})" in text
    source = default_rubric().source
    assert source is not None
    assert source.sha256 in text


def test_every_number_leads_to_its_field_of_the_assessment(tmp_path: Path) -> None:
    for assessment in (alternative("deterrence-first"), elicited(tmp_path)):
        data = json.loads(assessment.to_json())
        links = [
            run
            for block in section(assessment).blocks
            for line in (
                [line for row in block.rows for cell in row.cells for line in cell.lines]
                if isinstance(block, Table)
                else [block.line]
                if isinstance(block, Paragraph)
                else []
            )
            for run in line
            if isinstance(run, Link)
        ]
        pointed = [pointer for link in links for pointer in link.of]
        assert len(pointed) >= 9
        for pointer in pointed:
            below = data
            for part in pointer.removeprefix("/").split("/"):
                below = below[int(part) if isinstance(below, list) else part]
            assert isinstance(below, float)


def test_every_method_has_its_words() -> None:
    assert set(METHODS) == set(get_args(WeightingMethod))


@pytest.mark.parametrize("name", ["host-nation-sovereignty", "parliamentary-scrutiny"])
def test_the_section_stands_before_the_method(name: str) -> None:
    text = to_markdown(alternative(name))
    assert 0 < text.index("## Weights and where they came from") < text.index("## Method")
