"""The draft of a case: a document that loads, with evidence and without a reading."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.tinydata import needs_data, real_files, table, tiny

from assess.datasets.draft import CROSSWALK, draft
from assess.datasets.sources import SOURCES
from assess.documents.errors import UsageError
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.rubric.loading import load_rubric


def loaded(folder: Path, text: str) -> Partnership:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_partnership(str(path))


def test_a_draft_loads_and_holds_the_text_in_effect_last(tmp_path: Path) -> None:
    case = loaded(tmp_path, draft(tiny(tmp_path), 3002))
    assert (case.id, case.stage, case.type) == ("atop-3002", "in_force", "multilateral_alliance")
    assert [party.id for party in case.parties] == ["COW2", "COW200", "COW220"]
    assert [clause.obligation[:40] for clause in case.instruments[0].clauses] == [
        "active military support not tied to an at"[:40]
    ]
    assert case.instruments[0].signed == "1970-01"
    assert any("common defence policy (ATOP MILCON 3)" in item.fact for item in case.evidence)
    assert all(item.verified == "no" for item in case.evidence)
    assert case.observations == {}


def test_the_ending_is_no_input(tmp_path: Path) -> None:
    text = draft(tiny(tmp_path), 3001)
    case = loaded(tmp_path, text)
    assert (case.stage, case.instruments[0].ended) == ("ended", "1960-05")
    assert "TERM" not in text
    assert "violat" not in text
    assert case.instruments[0].clauses[0].obligation.endswith("under conditions (ATOP DEFENSE 1)")


def test_states_get_names_and_iso_codes_and_former_ones_their_own(tmp_path: Path) -> None:
    end = {"styear": 1816, "endyear": 2016}
    rows = [
        {"ccode": 2, "stateabb": "USA", "statenme": "United States of America", **end},
        {"ccode": 20, "stateabb": "CAN", "statenme": "Canada", **end, "endyear": 1990},
    ]
    files = {**tiny(tmp_path), "states": table(tmp_path, "states", rows)}
    parties = loaded(tmp_path, draft(files, 3001)).parties
    assert [(party.id, party.name, party.kind) for party in parties] == [
        ("US", "United States of America", "state"),
        ("COW-CAN", "Canada", "former_state"),
    ]


def test_the_crosswalk_feeds_only_criteria_of_the_default_rubric_and_only_known_codes() -> None:
    rubric = load_rubric("partnership-default")
    known = {criterion.id for pillar in rubric.pillars for criterion in pillar.criteria}
    for code in CROSSWALK:
        assert set(code.feeds) <= known
        assert set(map(float, code.says)) <= SOURCES["phases"].codes[code.name]
    assert not {"term", "termmode", "termcaus"} & {code.name for code in CROSSWALK}


def test_an_unknown_alliance_names_the_nearest(tmp_path: Path) -> None:
    files = tiny(tmp_path)
    with pytest.raises(UsageError, match=r"no alliance 3005 in .*; the nearest number is 3003"):
        draft(files, 3005)
    with pytest.raises(UsageError, match="needs --members"):
        draft({"phases": files["phases"]}, 3001)


@needs_data
def test_every_kind_of_real_alliance_can_be_drafted(tmp_path: Path) -> None:
    for number in (1005, 2015, 3180, 4185):
        case = loaded(tmp_path, draft(real_files(), number))
        assert len(case.parties) >= 2
        assert case.evidence
    nato = loaded(tmp_path, draft(real_files(), 3180))
    assert len(nato.parties) == 29
    assert all(party.kind == "state" for party in nato.parties)
