"""Small made-up tables in the columns of the public data sets, and the real files where they are."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path

import pytest

from assess.datasets.sources import SOURCES

DATA = Path(__file__).parents[2].parent / "shared" / "data"
REAL = {
    "alliances": "atop/atop5_1a.csv",
    "phases": "atop/atop5_1aph.csv",
    "members": "atop/atop5_1m.csv",
    "institutions": "atop/atopinst5_1.csv",
    "nmc": "nmc/cow_nmc_v7.csv",
    "states": "cow_states/cow_states.csv",
    "majors": "cow_states/cow_majors.csv",
    "contiguity": "contiguity/cow_direct_contiguity_v32.csv",
    "mids": "mids_wars/gml_part.csv",
    "mid_pairs": "mids_wars/cow_mid_ddydisps.csv",
    "rivalries": "rivalries/td_rivalries.csv",
    "rivalries2": "rivalries/tss_rivalries.csv",
    "democracy": "democracy/cw_democracy_isard.csv",
    "threat": "threat/leeds_savun_threat_state_year.csv",
    "igo": "igo/cow_igo_dyad_year.csv.gz",
    "unga": "unga/unga_idealpoints_2025_07.csv",
    "dcad": "dcad/DCAD-v1.0-main.csv",
    "sipri": "sipri/sipri_milex.csv",
    "cow_alliances": "cow_alliance/cow_alliance_v41_by_directed_dyadr.csv",
}
"""Where the files lie beside the project, by source."""

needs_data = pytest.mark.skipif(not DATA.is_dir(), reason="the public data sets are not beside the project")

Row = Mapping[str, object]


def real_files() -> dict[str, Path]:
    """Return the paths of the real files by source."""
    return {name: DATA / path for name, path in REAL.items()}


def table(folder: Path, name: str, rows: Sequence[Row], extra: tuple[str, ...] = ()) -> Path:
    """Write a table with all columns a source needs; cells not given are 0 for codes."""
    source = SOURCES[name]
    header = list(dict.fromkeys((*source.columns, *extra, *(key for row in rows for key in row))))
    blank = {"version": "5.1", "mem1": "", "mem59": ""}
    lines = [",".join(header)]
    lines += [",".join(str(row.get(column, blank.get(column, 0))) for column in header) for row in rows]
    path = folder / f"{name}.csv"
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


ALLIANCES: list[Row] = [
    {"atopid": 3001, "begyr": 1950, "begmo": 4, "endyr": 1960, "endmo": 5, "term": 2, "bilat": 1},
    {"atopid": 3002, "begyr": 1970, "begmo": 1, "endyr": 0, "endmo": 0, "ineffect": 1, "maxphase": 2},
    {"atopid": 3003, "begyr": 1971, "begmo": 6, "endyr": 1975, "endmo": 6, "term": 1, "bilat": 1},
]
PHASES: list[Row] = [
    {**ALLIANCES[0], "atopidphase": 3001, "defense": 1, "defcon": 1, "renounce": 1, "specthrt": 1, "length": 60},
    {**ALLIANCES[1], "atopidphase": 3002.1, "phase": 1, "endyr": 1980, "endmo": 1, "neutral": 1, "milcon": ""},
    {**ALLIANCES[1], "atopidphase": 3002.2, "phase": 2, "begyr": 1980, "offense": 1, "milcon": 3, "intcom": 1},
    {**ALLIANCES[2], "atopidphase": 3003, "nonagg": 1, "speclgth": "", "renounce": ""},
]
MEMBERS: list[Row] = [
    {"atopid": 3001, "member": 2, "yrent": 1950, "moent": 4, "yrexit": 1960, "termmode": 3},
    {"atopid": 3001, "member": 20, "yrent": 1950, "moent": 4, "yrexit": 1960, "termmode": 3},
    {"atopid": 3002, "member": 2, "yrent": 1970, "moent": 1, "yrexit": 1980, "phase": 1, "termmode": 2},
    {"atopid": 3002, "member": 2, "yrent": 1980, "moent": 1, "yrexit": 0, "phase": 2},
    {"atopid": 3002, "member": 200, "yrent": 1970, "moent": 1, "yrexit": 0, "phase": 1},
    {"atopid": 3002, "member": 220, "yrent": 1971, "moent": 1, "yrexit": 0, "phase": 1},
    {"atopid": 3003, "member": 20, "yrent": 1971, "moent": 6, "yrexit": 1975, "termmode": 1},
    {"atopid": 3003, "member": 200, "yrent": 1971, "moent": 6, "yrexit": 1975, "termmode": 1},
]


def tiny(folder: Path) -> dict[str, Path]:
    """Write three alliances: one broken in 1960, one of two phases with a late member, one fulfilled."""
    return {
        "alliances": table(folder, "alliances", ALLIANCES),
        "phases": table(folder, "phases", PHASES),
        "members": table(folder, "members", MEMBERS),
    }
