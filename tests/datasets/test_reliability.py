"""The wars in which a promise was called upon: what is kept, what is left out, what is refused."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from assess.datasets.reliability import war_cases
from assess.documents.errors import UsageError

HEAD = "warid,atopid,warname,honorLLM,violateLLM,defense,offense,neutral\n"
ROWS = """4,1020,Sample1848-1849,,1,1,0,0
38,1030,WorldWarI,1,,0,1,0
39,1030,OtherWar1920,,,0,1,0
40,1040,ThirdWar1930,,1,0,0,0
41,9999,FourthWar1940,1,,1,0,0
"""
FACTS = pd.DataFrame({"atopid": [1020, 1030, 1040], "t_members": [2, 3, 4]})


def test_only_promises_called_upon_are_kept_and_the_rest_is_counted(tmp_path: Path) -> None:
    file = tmp_path / "wars.csv"
    file.write_text(HEAD + ROWS)
    frame, left_out = war_cases(file, FACTS)
    assert frame["war_case"].tolist() == ["1020 in Sample1848-1849", "1030 in WorldWarI"]
    assert frame["war_year"].tolist() == [1848, 1914]
    assert frame["honoured"].tolist() == [0, 1]
    assert frame["t_members"].tolist() == [2, 3]
    assert list(left_out.values()) == [1, 1, 1]
    assert len(frame) + sum(left_out.values()) == 5


@pytest.mark.parametrize(
    ("text", "facts", "said"),
    [
        ("a,b\n1,2\n", FACTS, "no column warid, atopid"),
        (HEAD + "4,1020,W1848,7,,1,0,0\n", FACTS, "column honorLLM must be 1, 0 or empty; row 2"),
        (HEAD + ROWS, pd.concat([FACTS, FACTS]), "one row an alliance"),
        ("", FACTS, "cannot be read as CSV"),
    ],
)
def test_another_file_is_refused(tmp_path: Path, text: str, facts: pd.DataFrame, said: str) -> None:
    file = tmp_path / "wars.csv"
    file.write_text(text)
    with pytest.raises(UsageError, match=said):
        war_cases(file, facts)


def test_no_file_is_said(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="no such file"):
        war_cases(tmp_path / "none.csv", FACTS)


DATA = Path(__file__).parents[3] / "shared" / "data"


@pytest.mark.skipif(not DATA.is_dir(), reason="the public data on alliances are not beside the repository")
def test_the_real_file_has_the_known_counts() -> None:
    file = DATA / "reliability" / "berkemeier_fuhrmann_2018.csv"
    frame, left_out = war_cases(file, pd.DataFrame({"atopid": pd.read_csv(file)["atopid"].unique()}))
    assert len(frame) + left_out["non-aggression or consultation alone"] == 120
    assert frame["honoured"].sum() == 56
    assert frame["war_year"].notna().all()
