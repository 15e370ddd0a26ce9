"""Alliances as they were known when they were formed: one row each, joined from public data sets.

First phase of the treaty, members that entered by the year of formation, context of the year before. What became of
an alliance is kept apart: it enters only as an outcome that is asked for by name.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import TYPE_CHECKING

from assess.datasets.columns import LEAKS, OUTCOMES, Column, chosen
from assess.datasets.columns import columns as columns  # part of this module's face: the table and what it holds
from assess.datasets.context import add_members, add_pairs, participants
from assess.datasets.reading import read_all
from assess.documents.errors import AssessError, UsageError

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("alliances", "phases", "members")


def formation_table(
    files: Mapping[str, Path],
    *,
    facts: Iterable[str] = (),
    outcomes: Iterable[str] = (),
    joined_within: int = 0,
) -> pd.DataFrame:
    """Return one row per alliance, sorted by atopid, as known at formation.

    files: path by source (names of `sources.SOURCES`); alliances, phases and members are needed, every other file adds
    the columns it carries. facts: the columns wanted, all where empty. outcomes: words of `columns.OUTCOMES`.
    joined_within: years after formation in which a member may enter and still count; 0 is what was known then, more is
    only for comparison with tables made otherwise. Numbers are floats with NaN for missing; `members` is text.
    Raises `UsageError` for an absent file or a column that leaks the ending, `AssessError` with every problem of every
    file.
    """
    absent = [name for name in NEEDED if name not in files]
    if absent:
        raise UsageError(f"the {' and '.join(absent)} of ATOP are missing; give {', '.join('--' + n for n in absent)}")
    wanted = chosen(facts, outcomes, files)
    return build(read_all(files), wanted, joined_within)


def build(tables: Mapping[str, pd.DataFrame], wanted: Iterable[Column], joined_within: int = 0) -> pd.DataFrame:
    """Return the wanted columns from tables that were read and checked."""
    import pandas

    if "mid_pairs" in tables:
        tables = {"mids": participants(tables["mid_pairs"]), **tables}
    alliances = tables["alliances"].set_index("atopid").sort_index()
    first = first_phases(tables["phases"]).reindex(alliances.index)
    _agree(alliances, first, tables["members"])
    found: dict[str, pd.Series] = {"begyr": alliances["begyr"], "begmo": alliances["begmo"]}
    found |= _treaty(first)
    if "institutions" in tables:
        # The numbers were stored in single precision: 1020.1 stands as 1020.099976.
        inst = tables["institutions"].assign(atopidphase=lambda frame: frame["atopidphase"].round(1))
        inst = inst.drop_duplicates("atopidphase").set_index("atopidphase")
        at = pandas.Index(first["atopidphase"].round(1))
        found |= {f"t_{name}": inst[name].reindex(at).set_axis(first.index) for name in ("milinst", "formal")}
    members = members_at_formation(tables["members"], alliances["begyr"], joined_within)
    texts = members["member"].astype(int).astype(str).groupby(members["atopid"]).agg(" ".join)
    found["members"] = texts.reindex(alliances.index)
    count = members.groupby("atopid").size().reindex(alliances.index).astype(float)
    found |= {"t_members": count, "t_n_members": count.map(math.log, na_action="ignore")}
    found |= add_members(members, tables)
    found |= add_pairs(members, tables)
    found |= outcomes_of(alliances)
    table = pandas.DataFrame({column.name: found[column.name] for column in wanted if column.name != "atopid"})
    table = table.reindex(alliances.index)
    table.insert(0, "atopid", alliances.index.astype("int64"))
    for name in ("begyr", "begmo"):
        table[name] = table[name].astype("int64")
    return table.reset_index(drop=True)


def first_phases(phases: pd.DataFrame) -> pd.DataFrame:
    """Return phase 0 (the only one) or 1 of each alliance, by atopid."""
    first = phases[phases["phase"] <= 1]
    return first.drop_duplicates("atopid").set_index("atopid").sort_index()


def members_at_formation(members: pd.DataFrame, begyr: pd.Series, joined_within: int = 0) -> pd.DataFrame:
    """Return atopid, member and t (year of formation), one row per member that had entered, sorted."""
    year = members["atopid"].map(begyr)
    present = members[members["yrent"] <= year + joined_within].assign(t=year)
    present = present.drop_duplicates(["atopid", "member"]).sort_values(["atopid", "member"])
    return present[["atopid", "member", "t"]].reset_index(drop=True)


def outcomes_of(alliances: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the outcomes by column name; alliances: indexed by atopid."""
    term, ended = alliances["term"], alliances["endyr"]
    lasted = ended.where(ended > 0, 2018.0) - alliances["begyr"]
    violated = (term == 2).astype(float).where(term.notna())
    found = {"y_A_all": violated, "y_B_ended": violated.where(term > 0), "y_term": term, "y_dur": lasted}
    for name, years in (("y_C_10y", 10), ("y_C20_20y", 20)):
        found[name] = ((term == 2) & (lasted <= years)).astype(float).where(~((term == 0) & (lasted < years)))
    return found


def _treaty(first: pd.DataFrame) -> dict[str, pd.Series]:
    """Return the columns that the text of the first phase gives."""

    def is_one_of(name: str, *levels: int) -> pd.Series:
        return first[name].isin(levels).astype(float).where(first[name].notna())

    found: dict[str, pd.Series] = {}
    for column in columns():
        name = column.name.removeprefix("t_")
        if column.name == name or column.sources != ("phases",):
            continue
        base, _, level = name.partition("=")
        if level:
            found[column.name] = is_one_of(base, int(level))
        elif base in ("specthrt", "compag", "agprois", "interv"):
            found[column.name] = (first[base] > 0).astype(float).where(first[base].notna())
        elif base in first:
            found[column.name] = first[base]
    promises = first[["defense", "offense", "neutral", "nonagg", "consul"]]
    known = promises.notna().all(axis=1)
    found["t_promises"] = promises.sum(axis=1).where(known)
    found["t_nonaggonly"] = ((first["nonagg"] == 1) & (found["t_promises"] == 1)).astype(float).where(known)
    active = (first["defense"] == 1) | (first["offense"] == 1)
    found["t_neutral_only"] = ((first["neutral"] == 1) & ~active).astype(float).where(known)
    conditions = first[["defcon", "offcon", "neucon"]]
    found["t_conditional"] = (conditions == 1).any(axis=1).astype(float).where(conditions.notna().all(axis=1))
    found["t_namedstate"] = is_one_of("specthrt", 1, 3)
    found["t_natrefal1"] = is_one_of("natrefal", 1)
    found["t_len_years"] = (first["length"].fillna(0) / 12).clip(upper=30)
    term, exit_ = is_one_of("speclgth", 1, 2), is_one_of("renounce", 1, 2, 3)
    # One yes is enough; a no needs both to be known.
    found["t_way_out"] = (
        ((term == 1) | (exit_ == 1)).astype(float).where((term == 1) | (exit_ == 1) | (term.notna() & exit_.notna()))
    )
    points = [
        is_one_of("milcon", 1, 2, 3),
        is_one_of("milcon", 2, 3),
        is_one_of("milcon", 3),
        first["intcom"],
        is_one_of("subord", 1, 2),
        is_one_of("organ1", 1, 2, 3),
        is_one_of("base", 1, 2, 3),
        first["contrib"],
        is_one_of("milaid", 1, 2, 3, 4),
        ((first["compag"] == 1) | first["agprois"].isin((3, 5))).astype(float).where(first["agprois"].notna()),
    ]
    found["t_depth"] = sum(points[1:], start=points[0])
    return found


def _agree(alliances: pd.DataFrame, first: pd.DataFrame, members: pd.DataFrame) -> None:
    """Raise `AssessError` where the three files of ATOP do not belong together."""
    problems = []
    for what, ids in (
        ("no phase 0 or 1 in the file of phases", alliances.index[first["phase"].isna()]),
        ("no member in the file of members", alliances.index.difference(list(members["atopid"].unique()))),
        (
            "another year of formation in the file of phases",
            alliances.index[first["phase"].notna() & (first["begyr"] != alliances["begyr"])],
        ),
    ):
        if len(ids):
            some = ", ".join(f"{int(i)}" for i in ids[:3])
            problems.append(f"{len(ids)} alliances have {what} (such as {some}); take all files from one release")
    if problems:
        raise AssessError("\n".join(problems))


__all__ = ["LEAKS", "OUTCOMES", "columns", "first_phases", "formation_table", "members_at_formation", "outcomes_of"]
