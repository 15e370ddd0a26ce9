"""Does rivalry find the enemy that a treaty names? Every state outside an alliance, with its rivalries with members."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assess.datasets.atop import first_phases, members_at_formation
from assess.datasets.context import rivalries
from assess.datasets.reading import read_all
from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("alliances", "phases", "members", "states")


def named_enemies(files: Mapping[str, Path]) -> pd.DataFrame:
    """Return atopid, state, named (1 or 0) and rivals (share of the members whose rival it is at t-1).

    One row per alliance that names a state as the threat (SPECTHRT 1 or 3) and state outside it that was in the state
    system at t, the year of formation. Alliances that name none of these states are left out.
    Raises `UsageError` for an absent file: alliances, phases, members, states and a list of rivalries.
    """
    absent = [f"--{name}" for name in NEEDED if name not in files]
    if not files.keys() & {"rivalries", "rivalries2"}:
        absent.append("--rivalries")
    if absent:
        raise UsageError(f"the named enemies need {', '.join(absent)}")
    import pandas

    tables = read_all({name: path for name, path in files.items() if name in (*NEEDED, "rivalries", "rivalries2")})
    first = first_phases(tables["phases"])
    first = first[first["specthrt"].isin((1, 3))]
    named = first[["statthr1", "statthr2"]].melt(ignore_index=False, value_name="state").reset_index()
    begyr = tables["alliances"].set_index("atopid")["begyr"]
    members = members_at_formation(tables["members"], begyr)
    members = members[members["atopid"].isin(first.index)]
    states = tables["states"].rename(columns={"ccode": "state"})[["state", "styear", "endyear"]]
    pairs = members[["atopid", "t"]].drop_duplicates().merge(states, how="cross")
    pairs = pairs[(pairs["styear"] <= pairs["t"]) & (pairs["endyear"] >= pairs["t"])]
    inside = pandas.MultiIndex.from_frame(members[["atopid", "member"]])
    pairs = pairs[~pandas.MultiIndex.from_frame(pairs[["atopid", "state"]]).isin(inside)]
    index = pandas.MultiIndex.from_frame(pairs[["atopid", "state"]])
    hit = index.isin(pandas.MultiIndex.from_frame(named[["atopid", "state"]]))
    found = pairs.assign(named=hit.astype(float), rivals=_rival_share(members, rivalries(tables), index))
    found = found[found.groupby("atopid")["named"].transform("sum") > 0]
    return found[["atopid", "state", "named", "rivals"]].reset_index(drop=True)


def _rival_share(members: pd.DataFrame, spells: pd.DataFrame, index: pd.MultiIndex) -> list[float]:
    """Return, per alliance and state of the index, the share of members that are rivals of the state at t-1."""
    import pandas

    both = pandas.concat([spells, spells.rename(columns={"a": "b", "b": "a"})])
    seen = members.merge(both, left_on="member", right_on="a")
    seen = seen[(seen["start"] <= seen["t"] - 1) & (seen["end"] >= seen["t"] - 1)]
    count = seen.drop_duplicates(["atopid", "member", "b"]).groupby(["atopid", "b"]).size()
    size = members.groupby("atopid").size().reindex(index.get_level_values(0))
    return list(count.reindex(index, fill_value=0).to_numpy() / size.to_numpy())
