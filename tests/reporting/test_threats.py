from __future__ import annotations

from typing import Any, get_args

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.partnership.models import Adequacy, Threat
from assess.reporting.blocks import Section
from assess.reporting.links import places_of
from assess.reporting.threats import MARKS, SHADES, domain, threats_section
from assess.scoring.assessment import Assessment

from .conftest import empty, sample, shipped
from .viewtools import cells, links_of, said, tables

RANKS = st.integers(1, 5)


def entry(name: str = "t", **more: Any) -> Threat:
    plain = {"id": name, "threat": name, "domain": "land", "severity": 1, "likelihood": 1, "adequacy": "none"}
    return Threat.model_validate(plain | more)


def threats(*entries: Threat, of: Assessment | None = None) -> Section:
    base = of or sample()
    case = base.partnership if not entries else base.partnership.model_copy(update={"threats": entries})
    return threats_section(base.model_copy(update={"partnership": case}), places_of(base))


@settings(max_examples=30)
@given(st.lists(st.tuples(RANKS, RANKS), min_size=1, max_size=6))
def test_the_gravest_come_first_and_equals_keep_their_order(ranks: list[tuple[int, int]]) -> None:
    entries = [entry(f"t{n}", severity=s, likelihood=c) for n, (s, c) in enumerate(ranks)]
    (table,) = tables(threats(*entries))
    shown = [ranks[int(row[0].strip("T."))] for row in cells(table)]
    assert shown == sorted(ranks, key=lambda pair: -pair[0] * pair[1])


@pytest.mark.parametrize(
    ("entries", "finding"),
    [
        ([entry()], "0 of 1 answered, 1 gap (land), lead nation named for none"),
        (
            [entry("a"), entry("b", domain="cbrn")],
            "0 of 2 answered, 2 gaps (land and CBRN), lead nation named for none",
        ),
        ([entry("a"), entry("b")], "0 of 2 answered, 2 gaps (land), lead nation named for none"),
        ([entry(adequacy="adequate", capability="x", lead="AA")], "1 of 1 answered, lead nation named for 1"),
        ([entry(adequacy="unknown")], "0 of 1 answered, 1 not known, lead nation named for none"),
    ],
)
def test_the_heading_counts_answers_gaps_and_leads(entries: list[Threat], finding: str) -> None:
    assert threats(*entries).heading == f"Threats: {finding}"


def test_no_register_is_said() -> None:
    section = threats(of=empty())
    assert section.heading == "Threats: no register"
    assert tables(section) == []
    assert said(section).strip()


def test_a_row_says_what_answers_it_who_leads_and_why() -> None:
    (table,) = tables(threats())
    first, second, _ = cells(table)
    assert first[0] == "An attack."
    for part in ("Land", "5", "2", "Adequate: an army.", "Aland", "It was tried. E01"):
        assert part in " | ".join(first)
    assert "none named" in second
    assert [any(cell.tone == "alarm" for cell in row.cells) for row in table.rows] == [False, True, False]
    assert [link.to for link in links_of(table)] == ["e-E01"]


def test_ordinal_likelihood_is_said_to_be_no_probability() -> None:
    assert "no probability" in said(threats())


def test_the_figure_says_every_threat(assessment: Assessment) -> None:
    section = threats(of=assessment)
    for threat in assessment.partnership.threats:
        chart = section.blocks[1].chart  # type: ignore[union-attr]
        assert f"{threat.threat} ({domain(threat.domain)}): {threat.adequacy}" in chart.description


def test_every_answer_has_its_own_mark_and_shade() -> None:
    assert set(MARKS) == set(SHADES) == set(get_args(Adequacy))
    assert len(set(MARKS.values())) == len(set(SHADES.values())) == len(MARKS)


def test_domains_are_words() -> None:
    assert [domain(name) for name in ("cbrn", "organised_crime")] == ["CBRN", "Organised crime"]
    assert "organised_crime" not in said(threats(of=shipped("csto")))
