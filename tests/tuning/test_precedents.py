"""Tables of precedents: the kernel's own values, gaps that score as the kernel scores them, and what is refused."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import default_rubric, rubric_data

from assess.documents.errors import UsageError
from assess.rubric.measures import breakpoints_of
from assess.rubric.models import Rubric
from assess.scoring.table import score_table
from assess.tuning.learning import tree_of, tree_score
from assess.tuning.precedents import Precedents, outcome_columns, read_precedents, read_table


def small(**more: Any) -> Rubric:
    return Rubric.model_validate(rubric_data(**more))


def table(n: int = 60, seed: int = 0, **more: Any) -> pd.DataFrame:
    random = np.random.default_rng(seed)
    frame = pd.DataFrame(random.integers(0, 5, (n, 4)), columns=["a", "b", "c", "d"]).astype(float)
    frame["held"] = (np.arange(n) % 3 > 0).astype(int)
    return frame.assign(**more)


def whole(precedents: Precedents) -> np.ndarray:
    nodes = tree_of(precedents.compiled, precedents.learned)
    return tree_score(nodes, [node.current for node in nodes], precedents.values)


def test_scores_at_the_current_weights_are_those_of_score_table() -> None:
    rubric = default_rubric()
    random = np.random.default_rng(1)
    frame = pd.DataFrame(
        {
            c.id: random.uniform(*(breakpoints_of(c.measure, rubric.level_values)[end][0] for end in (0, -1)), 80)
            for c in rubric.all_criteria()
        }
    )
    for kind in (None, "multilateral_alliance", "strategic_dialogue"):
        given = frame if kind is None else frame.assign(type=kind)
        known = score_table(given, rubric)["overall"].to_numpy()
        found = read_precedents(given.assign(held=np.arange(80) % 2), rubric, "held")
        np.testing.assert_allclose(whole(found), known, rtol=1e-12)
        assert found.compiled.type == kind


@settings(max_examples=25)
@given(st.integers(0, 10_000))
def test_a_gap_scores_as_the_kernel_scores_it(seed: int) -> None:
    frame = table(seed=seed)
    random = np.random.default_rng(seed)
    for name in "abcd":
        frame.loc[random.random(60) < 0.1, name] = np.nan
    rubric = small(coverage={"insufficient_below": 20.0, "provisional_below": 80.0})
    known = score_table(frame, rubric)["overall"].to_numpy()
    found = read_precedents(frame, rubric, "held")
    np.testing.assert_allclose(whole(found), known[~np.isnan(known)], rtol=1e-12)
    assert found.left_out.get("too few readings", 0) == np.isnan(known).sum()


def test_gaps_and_rows_left_out_are_counted() -> None:
    frame = table()
    frame.loc[0, "a"] = np.nan  # 3 of 4 parts of the pillar's weight: under 60 % remains
    frame.loc[1, "b"] = np.nan  # 1 of 4
    frame["held"] = frame["held"].astype(float)
    frame.loc[2, "held"] = np.nan
    found = read_precedents(frame, small(), "held")
    assert dict(found.left_out) == {"too few readings": 1, "no outcome": 1}
    assert (found.filled, len(found.outcome)) == (1, 58)


def test_other_columns_are_left_alone_and_named() -> None:
    found = read_precedents(table(endyr=1950, y_broken=1, region="x"), small(), "held")
    assert found.ignored == ("endyr", "y_broken", "region")
    assert found.criteria() == ("a", "b", "c", "d")


def test_groups_and_places_are_read() -> None:
    frame = table(state=[f"s{row % 7}" for row in range(60)], year=np.arange(60.0), place=np.arange(60) // 2 + 1)
    found = read_precedents(frame, small(), "place", kind="ranking", group="state", time="year")
    assert found.groups is not None
    assert len(np.unique(found.groups)) == 7
    assert found.outcome[0] == -1.0
    assert found.time is not None


def test_columns_named_as_outcomes_are_known_and_no_shipped_criterion_is_one() -> None:
    leaks = [
        "term",
        "endyr",
        "end_year",
        "ended",
        "outcome_10y",
        "y_broken10",
        "y_A_all",
        "dur",
        "violated",
        "is_broken",
        "term2",
        "Terminated",
        "label",
    ]
    assert outcome_columns(leaks) == tuple(leaks)
    fine = [
        "end_state_agreed",
        "termination_clause",
        "endurance",
        "terms_of_presence",
        "durability",
        "year",
        "record",
        "way_out",
    ]
    assert outcome_columns(fine) == ("end_state_agreed",)  # when in doubt it is refused, with what to do
    assert outcome_columns([criterion.id for criterion in default_rubric().all_criteria()]) == ()


def named(name: str) -> Rubric:
    data = rubric_data()
    data["pillars"][0]["criteria"][0]["id"] = name
    return Rubric.model_validate(data)


@pytest.mark.parametrize("leak", ["endyr", "y_broken", "term", "violated"])
def test_a_criterion_named_as_an_outcome_is_refused(leak: str) -> None:
    with pytest.raises(UsageError, match=f"column '{leak}' is named as an outcome: it would tell the answer"):
        read_precedents(table().rename(columns={"a": leak}), named(leak), "held")


def test_a_criterion_that_tells_the_outcome_alone_is_suspected() -> None:
    frame = table()
    frame["a"] = frame["held"] * 4.0
    found = read_precedents(frame, small(), "held")
    assert found.warnings == (
        "'a' alone tells the outcomes apart almost without an error; check that it was known at the time",
    )
    assert read_precedents(table(), small(), "held").warnings == ()


def refused(frame: pd.DataFrame, words: str, outcome: str = "held", **more: Any) -> None:
    with pytest.raises(UsageError) as caught:
        read_precedents(frame, small(), outcome, **more)
    assert words in str(caught.value)


def test_tables_that_cannot_be_learned_from_are_refused_with_what_to_do() -> None:
    refused(table(), "there is no column 'heldd' for --outcome; did you mean 'held'?", "heldd")
    refused(table(), "--outcome a is a criterion of small", "a")
    refused(table(), "there is no column 'state' for --group", group="state")
    refused(table()[["held"]], "the table has no column named after a criterion of small")
    refused(table()[["a", "held"]], "'a' is the only criterion in the table")
    refused(table(19), "19 usable precedents are too few; at least 20 are needed")
    refused(table(held=1), "every outcome is of one class")
    refused(table(held=np.arange(60) < 4), "4 precedents have the outcome 1; at least 5 are needed")
    refused(table(held=np.arange(60) % 3), "use --kind classes")
    refused(table(held=np.arange(60) % 2 + 1), "labels must be 0 and 1")
    refused(table(held="yes"), "column 'held' is not numeric")
    refused(table(held=np.where(np.arange(60) > 3, 1.0, np.inf)), "infinite")
    refused(table(b=2.0), "column 'b' never varies, so nothing can be learned about it; drop it")
    refused(table(b=np.nan), "column 'b' never varies")
    refused(table(b=np.where(np.arange(60) % 2, 2.0, np.nan)), "column 'b' never varies")
    refused(table(a=7.0), "column 'a' must be 0 to 4")
    refused(table(), "preferences need --group", kind="pairs")
    refused(table(g=np.arange(60)), "nothing to compare", kind="pairs", group="g")
    refused(table(g=np.arange(60) % 4), "4 groups are too few", group="g")
    refused(table(g=[None, *range(59)]), "column 'g' has empty cells (first: row 0)", group="g")
    refused(table(t=[None, *range(59)]), "column 't' has empty cells", time="t")
    refused(table(t="soon"), "column 't' is not numeric", time="t")
    refused(table(type="pact"), "column 'type' holds 'pact'")
    refused(table(type=["coalition", "strategic_dialogue"] * 30), "several types (coalition, strategic_dialogue)")
    refused(table(type="coalition"), "0 usable precedents are too few", partnership_type="strategic_dialogue")
    two = table()
    two.columns = pd.Index(["a", "b", "c", "c", "held"])
    refused(two, "column 'c' stands twice")


def test_a_misspelt_criterion_is_named() -> None:
    frame = table().rename(columns={"a": "stabilty"})
    with pytest.raises(UsageError, match="column 'stabilty' is no criterion of small; did you mean 'stability'"):
        read_precedents(frame, named("stability"), "held")


def test_all_wrong_columns_are_named_in_one_run() -> None:
    refused(table(), "for --outcome; known: a, b, c, d, held\nthere is no column 'g' for --group", "zz", group="g")


def test_one_type_is_used_at_a_time() -> None:
    frame = table(120, type=["coalition", "strategic_dialogue"] * 60)
    found = read_precedents(frame, small(), "held", partnership_type="coalition")
    assert found.compiled.type == "coalition"
    assert dict(found.left_out) == {"of another type": 60}


def test_a_mean_that_cannot_be_learned_is_refused() -> None:
    data = rubric_data(aggregation={"method": "minimum"})
    with pytest.raises(UsageError, match="'overall' combines by minimum, whose weights cannot be learned"):
        read_precedents(table(), Rubric.model_validate(data), "held")


def test_tables_are_read_by_suffix_and_bad_files_are_refused(tmp_path: Path) -> None:
    table().to_csv(tmp_path / "t.csv", index=False)
    table().to_parquet(tmp_path / "t.parquet")
    pd.testing.assert_frame_equal(read_table(tmp_path / "t.csv"), read_table(tmp_path / "t.parquet"), check_dtype=False)
    (tmp_path / "empty.csv").write_text("")
    (tmp_path / "bad.csv").write_bytes(b"\xff\xfe\x00a")
    (tmp_path / "ragged.csv").write_text("a,b\n1,2\n1,2,3\n")
    (tmp_path / "bad.parquet").write_text("no")
    for name, words in (
        ("t.txt", "the suffix must be"),
        ("none.csv", "no such file"),
        ("empty.csv", r"empty\.csv:1:1: the table is empty"),
        ("bad.csv", "not UTF-8; save the table"),
        ("ragged.csv", "not a csv table: .* line 3"),
        ("bad.parquet", "not a parquet table"),
    ):
        with pytest.raises(UsageError, match=words):
            read_table(tmp_path / name)
