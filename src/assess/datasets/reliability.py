"""Promises called upon in war, as coded by Berkemeier & Fuhrmann (2018): one row an alliance and a war."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pandas as pd

NEEDED = ("warid", "atopid", "warname", "honorLLM", "violateLLM", "defense", "offense", "neutral")
YEARS = {"WorldWarI": 1914.0, "WorldWarII": 1939.0}
"""First years of the wars that the file names without one."""


def war_cases(file: Path, facts: pd.DataFrame) -> tuple[pd.DataFrame, dict[str, int]]:
    """Return the wars in which a promise was called upon, with the facts of each alliance, and what was left out.

    file: the CSV of Berkemeier & Fuhrmann (2018). facts: a formation table with the column `atopid`, a row an alliance.
    The result adds `war`, `war_year` (the first year in the name of the war, or its known beginning), `war_case` (a
    name) and `honoured` (1 or 0, their primary coding, which follows Leeds, Long & Mitchell). It has no `atopid`: a
    number is no fact that a model may learn from. Left out: rows in which nothing was called upon, promises of
    non-aggression or consultation alone (not honoured by construction), alliances without facts.
    Raises UsageError for another file, a repeated alliance in the facts, or a code that is not 1 or empty.
    """
    import pandas as pd

    try:
        wars = pd.read_csv(file)
    except FileNotFoundError:
        raise UsageError(f"{file}: no such file") from None
    except (OSError, ValueError) as error:
        raise UsageError(f"{file}: cannot be read as CSV: {str(error).splitlines()[0]}") from None
    lacking = [name for name in NEEDED if name not in wars]
    if lacking:
        raise UsageError(
            f"{file}: not the file of Berkemeier & Fuhrmann (2018): no column {', '.join(lacking)}; name that file"
        )
    if "atopid" not in facts or facts["atopid"].duplicated().any():
        raise UsageError("the table must hold one row an alliance, with its number in the column 'atopid'")
    for column in ("honorLLM", "violateLLM"):
        strange = wars.index[~(wars[column].isna() | wars[column].isin([0, 1]))]
        if len(strange):
            raise UsageError(f"{file}: column {column} must be 1, 0 or empty; row {strange[0] + 2} is not")
    names = wars["warname"].astype(str).str.strip()
    years = names.str.extract(r"(1[89]\d\d|20\d\d)")[0].astype(float).fillna(names.map(YEARS))
    wars = wars.assign(
        war=wars["warid"],
        war_year=years,
        war_case=wars["atopid"].astype(str) + " in " + wars["warname"].astype(str),
        honoured=(wars["honorLLM"] == 1).astype(float),
    )
    called = (wars["honorLLM"] == 1) | (wars["violateLLM"] == 1)
    active = wars[["defense", "offense", "neutral"]].max(axis=1) == 1
    known = wars["atopid"].isin(facts["atopid"])
    left_out = {
        "nothing called upon": int((~called).sum()),
        "non-aggression or consultation alone": int((called & ~active).sum()),
        "no facts of the alliance": int((called & active & ~known).sum()),
    }
    kept = wars.loc[called & active & known, ["atopid", "war", "war_year", "war_case", "honoured"]]
    return kept.merge(facts, on="atopid", validate="many_to_one").drop(columns="atopid"), left_out
