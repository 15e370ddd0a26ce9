from __future__ import annotations

import pytest

from assess.reporting.links import places_of
from assess.reporting.method import method
from assess.scoring.assessment import Assessment

from .conftest import complete_dialogue, sample, shipped


def test_every_weight_is_in_the_table(assessment: Assessment) -> None:
    rows = {row.place for row in method(assessment, places_of(assessment)).weights}
    assert {f"w-{name}" for name in places_of(assessment).criteria} <= rows
    assert {f"w-{name}" for name in places_of(assessment).pillars} <= rows


def test_declared_weight_multiplier_and_share_stand_side_by_side() -> None:
    rows = {row.place: row for row in method(complete_dialogue(), places_of(complete_dialogue())).weights}
    gone, zero = rows["w-elsewhere"], rows["w-zero"]
    assert (gone.declared, gone.multiplier, gone.share, gone.total) == ("1", "× 0", "n/a", "n/a")
    assert (zero.declared, zero.multiplier, zero.share, zero.total) == ("3", "× 1", "38 %", "15 %")
    assert (rows["w-first"].share, rows["w-first"].is_pillar) == ("40 %", True)


def test_shares_of_the_whole_add_up(assessment: Assessment) -> None:
    total = sum(
        int(row.total.split()[0])
        for row in method(assessment, places_of(assessment)).weights
        if not row.is_pillar and row.total not in ("n/a", "under 1 %")
    )
    assert total == pytest.approx(100, abs=12)


def test_the_rules_hold_the_numbers_of_the_rubric() -> None:
    said = " ".join(rule.text for rule in method(shipped("nato"), places_of(shipped("nato"))).rules)
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
        assert part in said


def test_identity_names_hashes_version_seed_and_draws() -> None:
    nato = shipped("nato")
    said = {rule.name: rule.text for rule in method(nato, places_of(nato)).identity}
    assert said["Rubric SHA-256"] == nato.rubric.sha256
    assert said["Partnership SHA-256"] == nato.provenance.partnership_sha256
    assert said["Draws and seed"] == f"500 draws, seed {nato.provenance.seed}"
    in_memory = {rule.name: rule.text for rule in method(sample(), places_of(sample())).identity}
    assert in_memory["Rubric"] == "A rubric with every kind of thing (sample 0.0.1)"


def test_all_warnings_are_listed_in_full(assessment: Assessment) -> None:
    found = method(assessment, places_of(assessment))
    assert [warned.code for warned in found.warnings] == [warning.code for warning in assessment.warnings]


def test_the_subject_names_every_party() -> None:
    nato = shipped("nato")
    said = {rule.name: rule.text for rule in method(nato, places_of(nato)).subject}
    assert said["Parties"].count("(") == len(nato.partnership.parties)
    assert "Celand (CC, not key)" in {r.name: r.text for r in method(sample(), places_of(sample())).subject}["Parties"]
