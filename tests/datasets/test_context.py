"""The context at formation against values worked out by hand."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.datasets.context import add_members, add_pairs, pairs_of, participants, plain, value_at

MEMBERS = pd.DataFrame(
    {"atopid": [1, 1, 1, 2, 2], "member": [2, 20, 200, 2, 220], "t": [1950, 1950, 1950, 1980, 1980]}
).astype(float)
SPELLS = pd.DataFrame(
    {
        "atopid": [1, 1, 1, 2, 2, 7, 7, 8, 8, 9],
        "member": [2, 20, 200, 2, 220, 2, 220, 20, 300, 2],
        "yrent": [1950, 1950, 1950, 1980, 1980, 1930, 1930, 1940, 1940, 1960],
        "yrexit": [1979, 1979, 1985, 0, 0, 1940, 1940, 1950, 1950, 1980],
        "termmode": [3, 1, 3, 0, 0, 3, 3, 3, 3, 3],
        "phase": 0,
    }
).astype(float)


def by_year(column: str, rows: Sequence[tuple[float, float, float]]) -> pd.DataFrame:
    return pd.DataFrame(rows, columns=["ccode", "year", column])


YEARS = st.integers(1935, 1990)
CODES = st.sampled_from([2, 20, 200, 220, 365])
CELLS = st.lists(st.tuples(CODES, YEARS, st.floats(0, 1)), max_size=40, unique_by=lambda cell: cell[:2])
SPANS = st.lists(st.tuples(CODES, CODES, YEARS, YEARS).filter(lambda s: s[0] < s[1] and s[2] <= s[3]), max_size=15)


def context(cells: Sequence[tuple[float, float, float]], spans: Sequence[tuple[float, ...]], last: int) -> pd.DataFrame:
    """Return the columns of alliance 1 (formed in 1950) from what the data say up to a year; lists reach 1990."""
    known = [cell for cell in cells if cell[1] <= last]
    begun = [(*span[:2], span[2], min(span[3], 1990.0)) for span in spans if span[2] <= last]
    begun += [(900, 901, 1930, 1990)]
    rivals = pd.DataFrame(begun, columns=["ccode1", "ccode2", "styear", "endyear"]).astype(float)
    tables = {
        "members": SPELLS,
        "nmc": by_year("cinc", known).astype(float),
        "threat": by_year("lsthreat", known).astype(float),
        "democracy": by_year("polity2", known).astype(float),
        "rivalries": rivals,
    }
    members = MEMBERS[MEMBERS["atopid"] == 1]
    return pd.DataFrame({**add_members(members, tables), **add_pairs(members, tables)})


@settings(max_examples=12)
@given(CELLS, SPANS)
def test_what_comes_after_formation_changes_nothing(
    cells: list[tuple[float, float, float]], spans: list[tuple[float, ...]]
) -> None:
    pd.testing.assert_frame_equal(context(cells, spans, 1990), context(cells, spans, 1950))


@settings(max_examples=12)
@given(CELLS, SPANS)
def test_shares_lie_between_0_and_1_and_ranges_are_not_negative(
    cells: list[tuple[float, float, float]], spans: list[tuple[float, ...]]
) -> None:
    made = context(cells, spans, 1990)
    for name in ("c_rival_in", "c_rival_past", "c_share_rivals", "c_prior_ally", "c_cinc_top"):
        assert made[name].dropna().between(0, 1).all()
    assert (made["c_rival_in"] <= made["c_rival_past"]).all()
    for name in ("c_thr_range", "c_power_change", "c_pol2_swing"):
        assert (made[name].dropna() >= 0).all()
    assert made["c_record"].between(-1, 1).all()


def test_every_pair_stands_once() -> None:
    assert pairs_of(MEMBERS)[["a", "b"]].to_numpy().tolist() == [[2, 20], [2, 200], [20, 200], [2, 220]]


def test_a_value_comes_from_the_first_year_that_has_one() -> None:
    values = by_year("x", [(2, 1949, 1), (2, 1948, 9), (20, 1947, 2), (200, 1951, 3), (220, 1979, math.nan)])
    found = value_at(MEMBERS, values, "x", (-1, -2, -3))
    np.testing.assert_array_equal(found, [1, 2, np.nan, np.nan, np.nan])


def test_moments_leave_out_members_without_a_value_and_never_look_past_t() -> None:
    threat = by_year("lsthreat", [(2, 1949, 0.2), (20, 1950, 0.6), (200, 1951, 0.9), (2, 1975, 0.4)])
    found = add_members(MEMBERS, {"members": SPELLS, "threat": threat})
    assert found["c_thr_mean"][1] == pytest.approx(0.4)
    assert found["c_thr_range"][1] == pytest.approx(0.4)
    assert math.isnan(found["c_thr_mean"][2])  # 1975 is more than four years before


def test_power_is_in_logarithms_and_its_change_needs_both_years() -> None:
    nmc = by_year("cinc", [(2, 1949, 0.3), (2, 1939, 0.1), (20, 1949, 0.1), (200, 1949, 0.2), (200, 1939, 0.0)])
    found = add_members(MEMBERS, {"members": SPELLS, "nmc": nmc})
    assert found["c_cinc_max"][1] == pytest.approx(math.log(0.300001))
    assert found["c_cinc_sum"][1] == pytest.approx(math.log(0.600001))
    assert found["c_cinc_top"][1] == pytest.approx(0.5)
    assert found["c_power_change"][1] == pytest.approx(math.log(0.200001 / 0.000001))
    assert math.isnan(found["c_power_change"][2])


def test_the_swing_is_the_widest_range_of_any_member_in_eleven_years() -> None:
    rows = [(2, 1938, -10), (2, 1939, 4), (2, 1949, 6), (20, 1945, 10), (20, 1949, 5), (200, 1949, -9), (20, 1950, -10)]
    found = add_members(MEMBERS, {"members": SPELLS, "democracy": by_year("polity2", rows)})["c_pol2_swing"]
    assert found[1] == 5  # 1938 is too old, 1950 too late, one value alone has no range
    assert math.isnan(found[2])


def test_the_record_shrinks_to_the_share_of_all_states_and_ends_before_formation() -> None:
    found = add_members(MEMBERS, {"members": SPELLS})["c_record"]
    # Before 1950: pact 7 alone ended, broken by both, so the share of all is 1 and nobody is worse.
    assert found[1] == pytest.approx(0)
    # Before 1980, from 1950 on: ends of 2 and 20 in 1979 and of 20 and 300 in 1950; three of four were broken.
    # Pact 9 was broken in 1980 itself and does not count.
    assert found[2] == pytest.approx((1 + 3 * 0.75) / 4 - 0.75)


def test_violations_count_alliances_of_the_twenty_years_before() -> None:
    ends = pd.DataFrame({"atopid": [1, 7, 8], "endyr": [1979, 1940, 1950], "term": [2, 2, 1]}).astype(float)
    found = add_members(MEMBERS, {"members": SPELLS, "alliances": ends})["c_past_viol"]
    assert found[1] == pytest.approx(1 / 3)  # pact 7 of member 2
    assert found[2] == pytest.approx(1 / 2)  # pact 1 of member 2
    again = add_pairs(MEMBERS, {"members": SPELLS, "alliances": ends})["c_dyad_past_viol"]
    assert again.tolist() == [0.0, 1.0]  # 2 and 220 broke pact 7


def test_major_powers_outside_the_years_covered_are_unknown_not_none() -> None:
    majors = pd.DataFrame({"ccode": [2], "styear": [1898], "endyear": [1960]}).astype(float)
    found = add_members(MEMBERS, {"members": SPELLS, "majors": majors})
    assert [found[name][1] for name in ("c_n_major", "c_any_major", "c_mixed_major")] == [1, 1, 1]
    assert all(math.isnan(found[name][2]) for name in ("c_n_major", "c_any_major", "c_mixed_major"))


def test_rivals_inside_and_outside() -> None:
    rows = [
        (2, 20, 1940, 1949),
        (20, 200, 1900, 1930),
        (2, 365, 1945, 1990),
        (20, 365, 1945, 1990),
        (20, 40, 1900, 1990),
    ]
    rivals = pd.DataFrame(rows, columns=["ccode1", "ccode2", "styear", "endyear"]).astype(float)
    found = add_pairs(MEMBERS, {"members": SPELLS, "rivalries": rivals})
    assert found["c_rival_in"][1] == pytest.approx(1 / 3)
    assert found["c_rival_past"][1] == pytest.approx(2 / 3)
    assert found["c_n_out_rivals"][1] == pytest.approx(2 / 3)
    assert found["c_n_shared_rivals"][1] == 1
    assert found["c_share_rivals"][1] == pytest.approx(1 / 2)
    late = MEMBERS.assign(t=2000.0)
    assert add_pairs(late, {"members": SPELLS, "rivalries": rivals})["c_rival_in"].isna().all()


def test_disputes_count_per_member_and_year_and_oppose_only_when_both_take_part() -> None:
    rows = [(1, 2, 1945, 1946, 1), (1, 20, 1945, 1945, 0), (1, 200, 1946, 1946, 0), (2, 2, 1900, 1901, 1)]
    mids = pd.DataFrame(rows, columns=["dispnum", "ccode", "styear", "endyear", "sidea"]).astype(float)
    for row in ([3, 900, 2000, 2000, 1], [4, 20, 1941, 1941, 1], [4, 200, 1946, 1946, 0]):  # 4: never at one time
        mids.loc[len(mids)] = row
    found = {
        **add_members(MEMBERS, {"members": SPELLS, "mids": mids}),
        **add_pairs(MEMBERS, {"members": SPELLS, "mids": mids}),
    }
    assert found["c_mids5"][1] == pytest.approx((2 + 1 + 2) / 5 / 3)
    assert found["c_mid10"][1] == pytest.approx(2 / 3)
    assert found["c_mids5"][2] == 0
    early = add_pairs(MEMBERS.assign(t=1902.0), {"members": SPELLS, "mids": mids})["c_mid10"]
    assert early.isna().all()


def test_pairs_by_year_become_participants() -> None:
    rows = [(1, 2, 20, 1945, 1, 0), (1, 20, 2, 1945, 0, 1), (1, 2, 200, 1945, 1, 0), (1, 200, 2, 1945, 0, 1)]
    pairs = pd.DataFrame(rows, columns=["dispnum", "ccode1", "ccode2", "year", "sidea1", "sidea2"])
    assert sorted(participants(pairs)["ccode"]) == [2, 20, 200]


def test_borders_allies_agreements_and_organisations() -> None:
    near = pd.DataFrame(
        {"ccode1": [2, 20, 2], "ccode2": [20, 2, 200], "conttype": [1, 1, 5], "stdate": 1920, "enddate": 2016}
    ).astype(float)
    igo = pd.DataFrame({"ccode1": [2, 2], "ccode2": [20, 200], "year": [1949, 1946], "dyadigos": [5, 2]}).astype(float)
    signed = pd.DataFrame({"ccode1": [220, 2], "ccode2": [2, 3], "signYear": [1972, 1990]}).astype(float)
    allied = pd.DataFrame(
        {"ccode1": [2, 20], "ccode2": [200, 2], "dyad_st_year": [1900, 1940], "dyad_end_year": [math.nan, 1948]}
    )
    tables = {"members": SPELLS, "contiguity": near, "igo": igo, "dcad": signed, "cow_alliances": allied}
    found = add_pairs(MEMBERS, tables)
    assert found["c_contig"].tolist() == [pytest.approx(1 / 3), 0]
    assert found["c_igos"][1] == pytest.approx(3.5)
    assert math.isnan(found["c_igos"][2])
    assert math.isnan(found["c_dca"][1])
    assert found["c_dca"][2] == 1
    assert found["c_prior_ally"].tolist() == [0, 0]  # no other alliance; its own does not count


def test_names_of_countries_are_compared_without_accents_and_points() -> None:
    assert plain("Côte d'Ivoire") == "cote divoire"
    assert plain("Congo, Dem. Rep.") == "congo dem rep"


def test_expenditure_and_age_need_every_member() -> None:
    states = pd.DataFrame(
        {
            "ccode": [2, 20, 200, 220],
            "statenme": ["United States of America", "Canada", "United Kingdom", "France"],
            "styear": [1816, 1920, 1816, 1816],
            "endyear": [2016] * 4,
        }
    )
    sipri = pd.DataFrame({"Country": ["USA", "France", "Canada"], "1979": [10.0, 4.0, 1.0], "1949": [1.0, 1.0, 1.0]})
    found = add_members(MEMBERS, {"members": SPELLS, "states": states, "sipri": sipri})
    assert found["c_sipri_sum"][2] == 14
    assert math.isnan(found["c_sipri_sum"][1])  # the United Kingdom has no figure
    assert found["c_age_min"].tolist() == [30, 164]
