"""The figures that docs/validity.md prints beyond the back-test's own report, computed again from the real files."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from tests.datasets.tinydata import DATA, needs_data, real_files

from assess.batch.backtest import ERAS
from assess.batch.discrimination import pairs_won
from assess.datasets.atop import formation_table
from assess.datasets.enemies import named_enemies
from assess.datasets.reliability import war_cases
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric
from assess.scoring.table import score_table

pytestmark = needs_data
PAGE = (Path(__file__).parents[1] / "docs" / "validity.md").read_text(encoding="utf-8")
WARS = DATA / "reliability" / "berkemeier_fuhrmann_2018.csv"
R10N = {
    "t_members": ((2, 3, 6), (1, 0.5, 0)),
    "t_neutral_only": ((0, 1), (0, 1)),
    "t_namedstate": ((0, 1), (0, 1)),
    "t_conditional": ((0, 1), (0, 1)),
    "c_n_shared_rivals": ((0, 1, 3), (0, 0.7, 1)),
    "t_wartime": ((0, 1), (0, 1)),
    "c_cinc_max": ((-6, -4, -2), (0, 0.5, 1)),
    "c_mids5": ((0, 0.6, 2), (0, 0.5, 1)),
    "t_nonagg": ((0, 1), (1, 0)),
    "c_poly_min": ((0.05, 0.2, 0.6), (0, 0.4, 1)),
}
"""The pilot's list of ten: facts, breakpoints and values, by equal weights."""


@cache
def alliances() -> pd.DataFrame:
    files = {name: path for name, path in real_files().items() if name not in ("rivalries2", "mid_pairs")}
    return formation_table(files, outcomes=("violated", "violated_20y"))


def share_won(order: pd.Series, better: pd.Series, group: NDArray[np.generic] | None = None) -> float:
    """Return the share of pairs won by the better outcome, among rows of one group."""
    known = order.notna().to_numpy()
    scores, good = order.to_numpy()[known], better.to_numpy(dtype=bool)[known]
    groups = np.zeros(len(scores)) if group is None else np.asarray(group)[known]
    found = [pairs_won(scores[groups == one], good[groups == one]) for one in np.unique(groups)]
    return float(sum(won[0] for won, _ in found) / sum(pairs[0] for _, pairs in found))


def era(years: pd.Series) -> NDArray[np.intp]:
    return np.asarray(np.searchsorted(ERAS, years, side="right"))


def inside(order: pd.Series, rows: pd.DataFrame, outcome: str = "y_A_all") -> tuple[str, str]:
    """Return the figures inside eras and inside 1945-89 as the page prints them."""
    modern = rows["begyr"].between(1945, 1989)
    better = rows[outcome] == 0
    return (
        f"{share_won(order, better, era(rows['begyr'])):.3f}",
        f"{share_won(order[modern], better[modern]):.3f}",
    )


def only(names: set[str]) -> Rubric:
    """Return the durability rubric with some of its criteria."""
    rubric = load_rubric("alliance-durability")
    pillar = rubric.pillars[0]
    kept = tuple(criterion for criterion in pillar.criteria if criterion.id in names)
    return rubric.model_copy(update={"pillars": (pillar.model_copy(update={"criteria": kept}),)})


def scored(rows: pd.DataFrame, rubric: Rubric) -> pd.Series:
    return score_table(rows, rubric)["overall"]


def test_leaving_out_a_criterion_gives_the_printed_figures() -> None:
    rubric = load_rubric("alliance-durability")
    whole = scored(alliances(), rubric)
    rows = alliances()[whole.notna()]
    assert (len(rows), int(rows["y_A_all"].sum())) == (582, 118)
    names = {criterion.id for criterion in rubric.all_criteria()}
    printed = dict(re.findall(r"^\| (nothing|`\w+`)[^|]*\| (0\.\d{3} \| 0\.\d{3}) \|$", PAGE, re.MULTILINE))
    assert len(printed) == len(names) + 1
    for name, figures in printed.items():
        left = only(names - {name.strip("`")})
        assert (name, " | ".join(inside(scored(rows, left), rows))) == (name, figures)


def test_two_facts_and_the_outcome_within_twenty_years_give_the_printed_figures() -> None:
    rows = alliances()[scored(alliances(), load_rubric("alliance-durability")).notna()]
    pair = rows[rows["c_poly_min"].notna() & rows["c_thr_mean"].notna()]
    two = inside(scored(pair, only({"c_poly_min", "c_thr_mean"})), pair)
    assert [f"{float(figure):.2f}" for figure in two] == ["0.69", "0.72"]
    assert f"on the {len(pair)} alliances that have both" in PAGE.replace("\n", " ")
    known = rows[rows["y_C20_20y"].notna()]
    within = inside(scored(known, load_rubric("alliance-durability")), known, "y_C20_20y")
    assert [f"{float(figure):.2f}" for figure in within] == ["0.72", "0.75"]
    assert f"on {len(known)} alliances with {int(known['y_C20_20y'].sum())} violations" in PAGE


def test_every_definition_of_reliability_gives_the_printed_figures(tmp_path: Path) -> None:
    wars = pd.read_csv(WARS)
    called = (wars["honorLLM"] == 1) | (wars["violateLLM"] == 1)
    wars.loc[called & (wars[["defense", "offense", "neutral"]].max(axis=1) != 1), "defense"] = 1
    wars.to_csv(tmp_path / "wars.csv", index=False)  # leaves promises of non-aggression alone in
    computed = []
    for file in (WARS, tmp_path / "wars.csv"):
        rows, _ = war_cases(file, alliances())
        honoured = rows["honoured"] == 1
        shipped = scored(rows, load_rubric("alliance-reliability"))
        values = {
            name: pd.Series(np.interp(rows[name], *points)).where(rows[name].notna()) for name, points in R10N.items()
        }
        ten = pd.DataFrame(values).mean(axis=1)
        for groups in (
            era(rows["war_year"]),
            (rows["war_year"] >= 1945).to_numpy(),
            era(rows["begyr"]),
            (rows["begyr"] >= 1945).to_numpy(),
        ):
            figures = [(share_won(one, honoured), share_won(one, honoured, groups)) for one in (shipped, ten)]
            computed.append(" | ".join(f"{whole:.3f} / {within:.3f}" for whole, within in figures))
    printed = re.findall(r"^\|[^|]*\| (0\.\d{3} / 0\.\d{3} \| 0\.\d{3} / 0\.\d{3}) \|$", PAGE, re.MULTILINE)
    assert computed == printed


def test_misses_and_counts_are_the_printed_ones() -> None:
    scores = scored(alliances(), load_rubric("alliance-durability"))
    rows = alliances()[scores.notna()].assign(score=scores)
    high = rows[(rows["y_A_all"] == 1) & (rows["score"] > rows["score"].median())].sort_values("score", ascending=False)
    listed = re.search(r"All 14 violated alliances .*: (.*)\.$", PAGE, re.MULTILINE)
    assert listed is not None
    printed = re.findall(r"(\d+) \((\d+), (\d+)\)", listed[1])
    assert printed == [
        (str(row.atopid), str(row.begyr), f"{row.score:.0f}") for row in high[["atopid", "begyr", "score"]].itertuples()
    ]
    late = alliances()[alliances()["begyr"] >= 1990]
    assert f"{int(late['y_A_all'].sum())} of the {len(late)} alliances formed since 1990" in PAGE


def test_durability_on_the_war_cases_and_promises_of_neutrality_are_the_printed_ones() -> None:
    rows, _ = war_cases(WARS, alliances())
    honoured = rows["honoured"] == 1
    durable = scored(rows, load_rubric("alliance-durability"))
    assert re.search(
        rf"^{share_won(durable, honoured, era(rows['war_year'])):.2f} \[.*inside eras: no better", PAGE, re.M
    )
    neutral = rows["t_neutral_only"] == 1
    assert f"{int(honoured[neutral].sum())} of {int(neutral.sum())} cases in which neutrality is the only" in PAGE


def test_named_enemies_and_depth_are_the_printed_ones() -> None:
    found = named_enemies({name: path for name, path in real_files().items() if name != "rivalries2"})
    both = named_enemies(real_files())
    areas = {f"{share_won(one['rivals'], one['named'] == 1):.2f}" for one in (found, both)}
    assert areas == {"0.91"}
    assert "names, at least 0.88 | 0.91 [" in PAGE
    for file, column, who in (
        ("atop-milsup-latent-depth.csv", "latent.depth.mean", "Alley's latent depth"),
        ("benson-clinton-scores.csv", "Depth.score", "Benson & Clinton's depth"),
    ):
        joined = pd.read_csv(DATA / "depth" / file).merge(alliances(), on="atopid").dropna(subset=[column, "t_depth"])
        figure = joined[column].corr(joined["t_depth"], method="spearman")
        assert re.search(rf"{who}.*Spearman {figure:.2f}, {len(joined)} alliances", PAGE)
