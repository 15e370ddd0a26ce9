"""What was known about the members of an alliance, and about each pair of them, when it was formed.

Frames come checked from `reading`. `members` has one row per alliance and member: atopid, member, t (formation year).
Every function returns columns by name, each a Series by atopid; NaN is what is not known.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

import numpy as np

from assess.datasets.columns import MOMENTS

if TYPE_CHECKING:
    import pandas as pd

TINY = 1e-6
"""Added to CINC before the logarithm, so that a share of 0 has one."""

BACK = 4
"""Years a value may be older than wanted: t-1, else t-2 to t-4."""

PSEUDO_PACTS = 3
VALUE_OF = {
    "poly": "v2x_polyarchy",
    "pol2": "polity2",
    "uds": "euds",
    "thr": "lsthreat",
    "ip": "idealpointfp",
}

ALIASES = {
    "bosnia-herzegovina": "bosnia and herzegovina",
    "central african rep": "central african republic",
    "congo dem rep": "democratic republic of the congo",
    "congo republic of": "congo",
    "cote divoire": "ivory coast",
    "czechia": "czech republic",
    "dominican rep": "dominican republic",
    "eswatini": "swaziland",
    "german dr": "german democratic republic",
    "korea north": "north korea",
    "korea south": "south korea",
    "north macedonia": "macedonia",
    "serbia": "yugoslavia",
    "timor-leste": "east timor",
    "trinidad tobago": "trinidad and tobago",
    "uae": "united arab emirates",
    "uk": "united kingdom",
    "usa": "united states of america",
    "ussr": "russia",
    "viet nam": "vietnam",
    "yemen north": "yemen arab republic",
}
"""Names of countries in the expenditure file that differ from those of the state list."""


def add_members(members: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """Return the columns made of one value per member."""
    found: dict[str, pd.Series] = {}
    by = members["atopid"]
    for name, (source, _) in MOMENTS.items():
        if source in tables:
            found |= _moments(members, name, tables[source])
    if "majors" in tables:
        found |= _majors(members, tables["majors"])
    if "nmc" in tables:
        found |= _power(members, tables["nmc"])
    if "democracy" in tables:
        found["c_pol2_swing"] = _swing(members, tables["democracy"]).groupby(by).max()
    if "states" in tables:
        found["c_age_min"] = _age(members, tables["states"]).groupby(by).agg(_whole(np.min))
    if "mids" in tables:
        found["c_mids5"] = _disputes(members, tables["mids"])
    if {"sipri", "states"} <= tables.keys():
        found["c_sipri_sum"] = _expenditure(members, tables["sipri"], tables["states"])
    found["c_record"] = _record(members, tables["members"])
    if "alliances" in tables:
        found["c_past_viol"] = _violations(members, tables["members"], tables["alliances"])
    return found


def add_pairs(members: pd.DataFrame, tables: Mapping[str, pd.DataFrame]) -> dict[str, pd.Series]:
    """Return the columns made of one value per pair of members."""
    pairs = pairs_of(members)
    found: dict[str, pd.Series] = {}
    if "contiguity" in tables:
        near = tables["contiguity"]
        spans = _spans(near[near["conttype"].isin((1, 2))], "ccode1", "ccode2", "stdate", "enddate")
        found["c_contig"] = _share(pairs, spans, 0, 0).where(_until(pairs, near["enddate"].max(), 0))
    if tables.keys() & {"rivalries", "rivalries2"}:
        rivals = rivalries(tables)
        covered = _until(pairs, rivals["end"].max(), -1)
        found["c_rival_in"] = _share(pairs, rivals, -1, -1).where(covered)
        found["c_rival_past"] = _share(pairs, rivals.assign(end=9999.0), -1, -1).where(covered)
        found |= {name: values.where(covered) for name, values in _outside(members, rivals).items()}
    if "mids" in tables:
        mids = tables["mids"]
        covered = _half(pairs, mids["styear"].min(), mids["endyear"].max(), 10)
        found["c_mid10"] = _share(pairs, _opponents(mids), -10, -1).where(covered)
    if "igo" in tables:
        found["c_igos"] = _joint(pairs, tables["igo"])
    if "dcad" in tables:
        signed = tables["dcad"]
        spans = _spans(signed, "ccode1", "ccode2", "signYear", "signYear")
        covered = _half(pairs, signed["signYear"].min(), signed["signYear"].max(), 10)
        found["c_dca"] = _share(pairs, spans, -10, -1).where(covered)
    if "cow_alliances" in tables:
        allied = tables["cow_alliances"]
        last = allied["dyad_end_year"].max()
        spans = _spans(allied.fillna({"dyad_end_year": last}), "ccode1", "ccode2", "dyad_st_year", "dyad_end_year")
        found["c_cow_allied"] = _share(pairs, spans, -1, -1).where(_until(pairs, last, -1))
    allies = _allies(tables["members"])
    found["c_prior_ally"] = _share(pairs, allies, -1, -1, apart=True)
    if "alliances" in tables:
        ends = tables["alliances"].set_index("atopid")
        broken = allies[allies["other"].map(ends["term"]) == 2]
        broken = broken.assign(start=broken["other"].map(ends["endyr"]), end=9999.0)
        found["c_dyad_past_viol"] = (_share(pairs, broken, -1, -1, apart=True) > 0).astype(float)
    return found


def pairs_of(members: pd.DataFrame) -> pd.DataFrame:
    """Return atopid, t, a, b with a < b: every pair of members once."""
    pairs = members.merge(members[["atopid", "member"]], on="atopid", suffixes=("", "2"))
    pairs = pairs[pairs["member"] < pairs["member2"]]
    return pairs.rename(columns={"member": "a", "member2": "b"})[["atopid", "t", "a", "b"]].reset_index(drop=True)


def value_at(
    members: pd.DataFrame, values: pd.DataFrame, column: str, offsets: tuple[int, ...], code: str = "ccode"
) -> np.ndarray:
    """Return, per row of members, the value of the first of the years t + offset that has one."""
    import pandas

    known = values.dropna(subset=[column]).drop_duplicates([code, "year"]).set_index([code, "year"])[column]
    found = np.full(len(members), np.nan)
    for offset in offsets:
        open_ = np.isnan(found)
        if not open_.any():
            break
        rows = members.loc[open_]
        index = pandas.MultiIndex.from_arrays([rows["member"], rows["t"] + offset])
        found[open_] = known.reindex(index).to_numpy()
    return found


_NEAR = (*range(-1, -BACK - 1, -1), 0)
"""t-1, else the last of t-2 to t-4, else t: a state that is new has no earlier year."""


def _moments(members: pd.DataFrame, name: str, values: pd.DataFrame) -> dict[str, pd.Series]:
    column = VALUE_OF[name]
    if column not in values:
        empty = members.groupby("atopid")["t"].first() * np.nan
        return {f"c_{name}_{word}": empty for word in ("mean", "min", "max", "range")}
    groups = _series(members, value_at(members, values, column, _NEAR)).groupby(members["atopid"])
    low, high = groups.min(), groups.max()
    return {
        f"c_{name}_mean": groups.mean(),
        f"c_{name}_min": low,
        f"c_{name}_max": high,
        f"c_{name}_range": high - low,
    }


def _power(members: pd.DataFrame, nmc: pd.DataFrame) -> dict[str, pd.Series]:
    by = members["atopid"]
    groups = _series(members, value_at(members, nmc, "cinc", _NEAR)).groupby(by)
    total, high, low = groups.sum(min_count=1), groups.max(), groups.min()
    now, then = (value_at(members, nmc, "cinc", (offset,)) for offset in (-1, -11))
    change = _series(members, np.abs(np.log(now + TINY) - np.log(then + TINY)))
    return {
        "c_cinc_sum": np.log(total + TINY),
        "c_cinc_max": np.log(high + TINY),
        "c_cinc_min": np.log(low + TINY),
        "c_cinc_top": (high / total).where(total > 0),
        "c_power_change": change.groupby(by).max(),
    }


def _majors(members: pd.DataFrame, majors: pd.DataFrame) -> dict[str, pd.Series]:
    spells = members.merge(majors, left_on="member", right_on="ccode", how="left")
    inside = (spells["styear"] <= spells["t"]) & (spells["endyear"] >= spells["t"])
    major = inside.groupby([spells["atopid"], spells["member"]]).any().groupby("atopid")
    count, size = major.sum().astype(float), major.size()
    covered = members.groupby("atopid")["t"].first() <= majors["endyear"].max()
    found = {
        "c_n_major": count,
        "c_any_major": (count > 0).astype(float),
        "c_mixed_major": ((count > 0) & (count < size)).astype(float),
    }
    return {name: values.where(covered) for name, values in found.items()}


def _swing(members: pd.DataFrame, democracy: pd.DataFrame) -> pd.Series:
    """Return per row of members the range of Polity2 over t-11 to t-1; NaN with fewer than two values."""
    if "polity2" not in democracy:
        return _series(members, np.full(len(members), np.nan))
    years = np.stack([value_at(members, democracy, "polity2", (-back,)) for back in range(1, 12)])
    enough = (~np.isnan(years)).sum(axis=0) >= 2
    low = np.where(np.isnan(years), np.inf, years).min(axis=0)
    high = np.where(np.isnan(years), -np.inf, years).max(axis=0)
    return _series(members, np.where(enough, high - low, np.nan))


def _age(members: pd.DataFrame, states: pd.DataFrame) -> pd.Series:
    """Return per row of members the years since it entered the state system, the spell that holds t."""
    spells = members.reset_index(names="row").merge(states, left_on="member", right_on="ccode", how="left")
    inside = spells[(spells["styear"] <= spells["t"]) & (spells["endyear"] >= spells["t"])]
    return (inside["t"] - inside["styear"]).groupby(inside["row"]).max().reindex(members.index)


def _disputes(members: pd.DataFrame, mids: pd.DataFrame) -> pd.Series:
    """Return disputes per member and year over t-5 to t-1; a dispute counts in every year it goes on."""
    years = [
        mids.assign(year=mids["styear"] + step).query("year <= endyear")[["ccode", "year", "dispnum"]]
        for step in range(int((mids["endyear"] - mids["styear"]).max()) + 1)
    ]
    import pandas

    counts = pandas.concat(years).drop_duplicates().groupby(["ccode", "year"]).size().rename("n").reset_index()
    first, last = mids["styear"].min(), mids["endyear"].max()
    seen, covered = np.zeros(len(members)), np.zeros(len(members))
    for back in range(1, 6):
        inside = (members["t"] - back).between(first, last).to_numpy()
        covered += inside
        seen += np.where(inside, np.nan_to_num(value_at(members, counts, "n", (-back,))), 0.0)
    rate = np.divide(seen, covered, out=np.full(len(members), np.nan), where=covered >= 2.5)
    return _series(members, rate).groupby(members["atopid"]).mean()


def _exits(members: pd.DataFrame) -> pd.DataFrame:
    """Return atopid, member, yrexit, termmode of every final exit; the passage to a next phase is none."""
    last = members.assign(open=members["yrexit"].fillna(0) == 0).sort_values(["open", "yrexit"], kind="stable")
    last = last.drop_duplicates(["atopid", "member"], keep="last")
    return last[~last["open"]][["atopid", "member", "yrexit", "termmode"]]


def _record(members: pd.DataFrame, file: pd.DataFrame) -> pd.Series:
    """Return the record of the worst member, from exits in the thirty years before formation."""
    exits = _exits(file).rename(columns={"atopid": "other"})
    exits["broken"] = (exits["termmode"] == 3).astype(float)
    world = {
        year: exits.loc[exits["yrexit"].between(year - 30, year - 1), "broken"].mean() for year in members["t"].unique()
    }
    seen = members.reset_index(names="row").merge(exits, on="member", how="left")
    seen = seen[seen["yrexit"].between(seen["t"] - 30, seen["t"] - 1) & (seen["other"] != seen["atopid"])]
    groups = seen.groupby("row")["broken"]
    ended, broken = (values.reindex(members.index, fill_value=0.0) for values in (groups.size(), groups.sum()))
    rate = members["t"].map(world)
    score = (broken + PSEUDO_PACTS * rate) / (ended + PSEUDO_PACTS) - rate
    return score.groupby(members["atopid"]).max()


def _violations(members: pd.DataFrame, file: pd.DataFrame, alliances: pd.DataFrame) -> pd.Series:
    """Return earlier alliances ended in violation in t-20 to t-1, mean over members."""
    ends = alliances.loc[alliances["term"] == 2, ["atopid", "endyr"]].rename(columns={"atopid": "other"})
    held = file[["atopid", "member"]].drop_duplicates().rename(columns={"atopid": "other"}).merge(ends, on="other")
    seen = members.reset_index(names="row").merge(held, on="member", how="left")
    seen = seen[seen["endyr"].between(seen["t"] - 20, seen["t"] - 1)]
    count = seen.groupby("row").size().reindex(members.index, fill_value=0).astype(float)
    return count.groupby(members["atopid"]).mean()


def _expenditure(members: pd.DataFrame, sipri: pd.DataFrame, states: pd.DataFrame) -> pd.Series:
    """Return the sum over members of expenditure at t-1; NaN where any member has none."""
    codes = {plain(name): code for name, code in zip(states["statenme"], states["ccode"], strict=True)}
    names = sipri["Country"].map(plain)
    code = names.replace(ALIASES).map(codes)
    long = sipri.drop(columns="Country").assign(ccode=code).dropna(subset=["ccode"]).melt("ccode", var_name="year")
    long["year"] = long["year"].astype(float)
    return _series(members, value_at(members, long, "value", (-1,))).groupby(members["atopid"]).agg(_whole(np.sum))


def plain(name: str) -> str:
    """Return a name of a country in small letters without accents, points and brackets."""
    letters = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return " ".join("".join(c if c.isalnum() or c in " -" else "" if c in "'." else " " for c in letters).split())


def _spans(frame: pd.DataFrame, one: str, two: str, start: str, end: str) -> pd.DataFrame:
    """Return a, b, start, end with a < b."""
    low, high = frame[[one, two]].min(axis=1), frame[[one, two]].max(axis=1)
    spans = frame.assign(a=low, b=high, start=frame[start], end=frame[end])[["a", "b", "start", "end"]]
    return spans.drop_duplicates()


def rivalries(tables: Mapping[str, pd.DataFrame]) -> pd.DataFrame:
    """Return a, b, start, end of every rivalry of the lists given, at least one of the two."""
    import pandas

    lists = [
        _spans(tables[name], "ccode1", "ccode2", start, end)
        for name, start, end in (("rivalries", "styear", "endyear"), ("rivalries2", "start", "end"))
        if name in tables
    ]
    return pandas.concat(lists, ignore_index=True)


def _opponents(mids: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs on opposite sides of a dispute, for the years both took part."""
    sides = mids[["dispnum", "ccode", "styear", "endyear", "sidea"]]
    both = sides[sides["sidea"] == 1].merge(sides[sides["sidea"] == 0], on="dispnum")
    start = both[["styear_x", "styear_y"]].max(axis=1)
    end = both[["endyear_x", "endyear_y"]].min(axis=1)
    spans = _spans(both.assign(start=start, end=end), "ccode_x", "ccode_y", "start", "end")
    return spans[spans["end"] >= spans["start"]]


def participants(pairs: pd.DataFrame) -> pd.DataFrame:
    """Return disputes by pair and year as rows of participants, one per dispute, state and year."""
    one = pairs.rename(columns={"ccode1": "ccode", "sidea1": "sidea"})
    sides = one.assign(styear=one["year"], endyear=one["year"])
    return sides[["dispnum", "ccode", "styear", "endyear", "sidea"]].drop_duplicates()


def _allies(file: pd.DataFrame) -> pd.DataFrame:
    """Return other (the alliance), a, b, start, end: the years in which two states were members together."""
    spells = file[["atopid", "member", "yrent", "yrexit"]].copy()
    spells["yrexit"] = spells["yrexit"].where(spells["yrexit"] > 0, 9999.0)
    both = spells.merge(spells, on="atopid")
    both = both[both["member_x"] < both["member_y"]]
    start, end = both[["yrent_x", "yrent_y"]].max(axis=1), both[["yrexit_x", "yrexit_y"]].min(axis=1)
    spans = both.assign(other=both["atopid"], a=both["member_x"], b=both["member_y"], start=start, end=end)
    return spans.loc[end >= start, ["other", "a", "b", "start", "end"]]


def _share(pairs: pd.DataFrame, spans: pd.DataFrame, first: int, last: int, apart: bool = False) -> pd.Series:
    """Return the share of each alliance's pairs with a span that touches t + first to t + last.

    apart: leave out spans of the alliance itself (column `other`).
    """
    joined = pairs.reset_index(names="row").merge(spans, on=["a", "b"])
    touches = (joined["start"] <= joined["t"] + last) & (joined["end"] >= joined["t"] + first)
    if apart:
        touches &= joined["other"] != joined["atopid"]
    hit = pairs.index.isin(joined.loc[touches, "row"].unique())
    return _series(pairs, hit.astype(float)).groupby(pairs["atopid"]).mean()


def _outside(members: pd.DataFrame, rivals: pd.DataFrame) -> dict[str, pd.Series]:
    import pandas

    both = pandas.concat([rivals, rivals.rename(columns={"a": "b", "b": "a"})])
    seen = members.merge(both, left_on="member", right_on="a")
    seen = seen[(seen["start"] <= seen["t"] - 1) & (seen["end"] >= seen["t"] - 1)]
    inside = pandas.MultiIndex.from_frame(members[["atopid", "member"]])
    seen = seen[~pandas.MultiIndex.from_frame(seen[["atopid", "b"]]).isin(inside)]
    per = seen.drop_duplicates(["atopid", "member", "b"]).groupby(["atopid", "b"]).size()
    size = members.groupby("atopid").size()
    outside = per.groupby("atopid").size().reindex(size.index, fill_value=0).astype(float)
    shared = (per >= 2).groupby("atopid").sum().reindex(size.index, fill_value=0).astype(float)
    return {
        "c_n_out_rivals": outside / size,
        "c_n_shared_rivals": shared,
        "c_share_rivals": (shared / outside.where(outside > 0)).fillna(0.0),
    }


def _joint(pairs: pd.DataFrame, igo: pd.DataFrame) -> pd.Series:
    """Return the mean over pairs of the joint memberships at t-1, else the last of t-2 to t-4."""
    import pandas

    wanted = igo[igo["ccode1"].isin(pairs["a"].unique())].dropna(subset=["dyadigos"])
    known = wanted.set_index(["ccode1", "ccode2", "year"])["dyadigos"]
    found = np.full(len(pairs), np.nan)
    for back in range(1, BACK + 1):
        open_ = np.isnan(found)
        rows = pairs.loc[open_]
        index = pandas.MultiIndex.from_arrays([rows["a"], rows["b"], rows["t"] - back])
        found[open_] = known.reindex(index).to_numpy()
    return _series(pairs, found).groupby(pairs["atopid"]).mean()


def _until(pairs: pd.DataFrame, last: float, offset: int) -> pd.Series:
    """Say per alliance whether the data reach the year t + offset."""
    return pairs.groupby("atopid")["t"].first() + offset <= last


def _half(pairs: pd.DataFrame, first: float, last: float, years: int) -> pd.Series:
    """Say per alliance whether at least half of the years t - years to t - 1 lie inside the data."""
    t = pairs.groupby("atopid")["t"].first()
    return (t - 1).clip(upper=last) - (t - years).clip(lower=first) + 1 >= years / 2


def _whole(measure: Callable[..., float]) -> Callable[[pd.Series], float]:
    """Return a measure of a group that is NaN where any value is."""
    return lambda values: float("nan") if values.isna().any() else float(measure(values))


def _series(frame: pd.DataFrame, values: np.ndarray) -> pd.Series:
    import pandas

    return pandas.Series(values, index=frame.index)
