"""Rivalry and the enemy a treaty names: by hand, and on the real files."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.tinydata import PHASES, needs_data, real_files, table, tiny

from assess.datasets.enemies import named_enemies
from assess.documents.errors import UsageError


def test_states_outside_with_the_share_of_members_they_rival(tmp_path: Path) -> None:
    span = {"stateabb": "X", "statenme": "X", "styear": 1816, "endyear": 2016}
    states = [{"ccode": code, **span} for code in (2, 20, 365, 710)]
    states.append({"ccode": 840, **span, "styear": 1960})
    rivals = [
        {"ccode1": 2, "ccode2": 365, "styear": 1945, "endyear": 1989},
        {"ccode1": 20, "ccode2": 710, "styear": 1950, "endyear": 1989},
    ]
    files = {
        **tiny(tmp_path),
        "phases": table(tmp_path, "phases", [{**PHASES[0], "statthr1": 365, "statthr2": 0}, *PHASES[1:]]),
        "states": table(tmp_path, "states", states),
        "rivalries": table(tmp_path, "rivalries", rivals),
    }
    found = named_enemies(files)
    assert found.to_numpy().tolist() == [[3001, 365, 1, 0.5], [3001, 710, 0, 0.0]]  # 710 is a rival only from t on


def test_absent_files_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="need --states, --rivalries"):
        named_enemies(tiny(tmp_path))


@needs_data
def test_rivalry_finds_the_named_enemy() -> None:
    found = named_enemies(real_files())
    ranks = found["rivals"].rank()
    hits = found["named"] == 1
    count = int(hits.sum())
    area = (ranks[hits].sum() - count * (count + 1) / 2) / (count * (len(found) - count))
    assert (len(found), found["atopid"].nunique(), count) == (3671, 54, 63)
    assert area >= 0.88
