from __future__ import annotations

import csv
import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.reporting.table import COLUMNS, FORMULA, to_csv
from assess.scoring.assessment import Assessment, all_criteria

from .conftest import hostile, sample, with_criteria
from .payloads import PAYLOADS


def read(assessment: Assessment) -> list[dict[str, str]]:
    return list(csv.DictReader(io.StringIO(to_csv(assessment), newline="")))


def test_every_criterion_has_a_row_in_full_precision(assessment: Assessment) -> None:
    rows = {row["criterion"]: row for row in read(assessment)}
    criteria = [criterion for pillar in assessment.pillars for criterion in all_criteria(pillar)]
    assert list(rows) == [criterion.id for criterion in criteria]
    for criterion in criteria:
        row = rows[criterion.id]
        for name in ("value", "low", "high", "weight", "overall_weight", "contribution"):
            number = getattr(criterion, name)
            assert row[name] == "" if number is None else float(row[name]) == number
        assert row["applicable"] == ("yes" if criterion.applicable else "no")
        assert row["evidence"].split() == list(criterion.evidence)


def test_zero_is_a_number_and_what_is_missing_is_empty() -> None:
    rows = {row["criterion"]: row for row in read(sample())}
    assert (rows["zero"]["value"], rows["zero"]["level"]) == ("0.0", "0")
    assert (rows["missing"]["value"], rows["missing"]["level"], rows["missing"]["rationale"]) == ("", "", "")
    assert rows["zero"]["pillar"] == "first"
    assert rows["inside"]["pillar"] == "inner"


@given(st.sampled_from(FORMULA), st.text(max_size=5))
def test_no_text_is_a_formula(start: str, rest: str) -> None:
    text = read(with_criteria(sample(), inside={"rationale": start + rest}))
    for row in text:
        assert not row["rationale"].startswith(FORMULA)


@pytest.mark.parametrize("payload", PAYLOADS)
def test_hostile_text_adds_no_row_and_no_column(payload: str) -> None:
    rows = list(csv.reader(io.StringIO(to_csv(hostile(sample(), payload)), newline="")))
    assert len(rows) == len(read(sample())) + 1
    assert {len(row) for row in rows} == {len(COLUMNS)}
