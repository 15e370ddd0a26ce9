from __future__ import annotations

import pytest

from assess.reporting.blocks import Row, Section
from assess.reporting.links import places_of
from assess.reporting.method import method_section
from assess.scoring.assessment import Assessment

from .conftest import complete_dialogue, sample, shipped
from .viewtools import cells, facts, said, shown, tables


def method(assessment: Assessment) -> Section:
    return method_section(assessment, places_of(assessment))


def weights(assessment: Assessment) -> dict[str | None, Row]:
    return {row.place: row for row in tables(method(assessment))[0].rows}


def all_facts(assessment: Assessment) -> dict[str, str]:
    return {name: text for block in facts(method(assessment)) for name, text in block.items()}


def test_every_weight_is_in_the_table(assessment: Assessment) -> None:
    places = places_of(assessment)
    assert set(weights(assessment)) == {f"w-{name}" for name in (*places.criteria, *places.pillars)}


def test_declared_weight_multiplier_and_share_stand_side_by_side() -> None:
    found = weights(complete_dialogue())
    texts = {place: [shown(cell) for cell in row.cells[1:]] for place, row in found.items()}
    assert texts["w-elsewhere"] == ["1", "× 0", "n/a", "n/a"]
    assert texts["w-zero"] == ["3", "× 1", "38 %", "15 %"]
    assert texts["w-first"] == ["–", "–", "40 %", "40 %"]
    assert (found["w-first"].group, found["w-zero"].group) == (True, False)


def test_shares_of_the_whole_add_up(assessment: Assessment) -> None:
    shares = [shown(row.cells[-1]) for row in weights(assessment).values() if not row.group]
    assert sum(int(text.split()[0]) for text in shares if text[0].isdigit()) == pytest.approx(100, abs=12)


def test_the_rules_hold_the_numbers_of_the_rubric() -> None:
    text = said(method(shipped("nato")))
    for part in (
        "count 0, 25, 50, 75 and 100",
        "Under 60 % coverage",
        "under 80 % it is provisional",
        "Strong from 80, Sound from 65, Conditional from 50, Fragile from 35 and Weak from 0",
        "0.5 level to each side at high confidence, 1 at moderate and 1.5 at low",
        "500 draws",
        "weighted geometric mean, in which values under 1 count as 1",
        "profile “Multilateral alliance”",
    ):
        assert part in text


def test_the_rules_follow_the_rubric() -> None:
    rubric = sample().rubric
    other = rubric.model_copy(update={"coverage": rubric.coverage.model_copy(update={"insufficient_below": 41.0})})
    assert "Under 41 % coverage" in said(method(sample().model_copy(update={"rubric": other})))
    assert "read with care" in said(method(complete_dialogue())).lower()


def test_identity_names_hashes_version_seed_and_draws() -> None:
    nato = shipped("nato")
    found = all_facts(nato)
    assert found["Rubric SHA-256"] == nato.rubric.sha256
    assert found["Partnership SHA-256"] == nato.provenance.partnership_sha256
    assert found["Draws and seed"] == f"500 draws, seed {nato.provenance.seed}"
    assert found["Version of assess"] == nato.provenance.assess_version
    in_memory = all_facts(sample())
    assert in_memory["Rubric"] == "A rubric with every kind of thing (sample 0.0.1)"
    assert "built in memory" in in_memory["Rubric SHA-256"]


def test_all_warnings_are_listed_in_full(assessment: Assessment) -> None:
    found = [row for table in tables(method(assessment))[1:] for row in cells(table)]
    assert [row[0] for row in found] == [warning.code for warning in assessment.warnings]
    count = len(assessment.warnings)
    assert f"{count or 'No'} warning{'' if count == 1 else 's' if count else ''}." in said(method(assessment))


def test_the_subject_names_every_party_and_who_answers_for_the_report() -> None:
    nato = shipped("nato")
    assert all_facts(nato)["Parties"].count("(") == len(nato.partnership.parties)
    found = all_facts(sample())
    assert "Celand (CC, not key)" in found["Parties"]
    assert found["Prepared by"] == "The authors."
    assert found["Reviewed by"] == "Nobody is named."
    assert found["Funding and interests"] == "Not stated."
    assert found["Objectives"] == "To be tested."
