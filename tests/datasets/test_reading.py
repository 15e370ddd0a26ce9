"""Reading files: what is right comes through, what is wrong is named with its place, number and examples."""

from __future__ import annotations

import gzip
from pathlib import Path

import numpy as np
import pytest
from tests.datasets.tinydata import ALLIANCES, MEMBERS, table

from assess.datasets.reading import read, read_all, recognise
from assess.documents.errors import AssessError, DocumentError, UsageError


def test_numbers_come_through_and_missing_is_missing(tmp_path: Path) -> None:
    rows = [{"ccode": 2, "year": 1950, "milex": -9, "milper": "", "cinc": 0.2}]
    frame = read("nmc", table(tmp_path, "nmc", [*rows, {**rows[0], "year": 1951, "cinc": 0}]))
    assert frame["cinc"].tolist() == [0.2, 0.0]
    assert frame["milex"].isna().all()
    assert frame["milper"].isna().all()


def test_codes_of_interruption_in_polity_are_missing(tmp_path: Path) -> None:
    rows = [{"ccode": 2, "year": 1950 + i, "polity2": code} for i, code in enumerate((-66, -77, -88, -10, 10))]
    values = read("democracy", table(tmp_path, "democracy", rows))["polity2"]
    np.testing.assert_array_equal(values, [np.nan, np.nan, np.nan, -10, 10])


def test_latin_1_a_mark_at_the_start_and_gzip_are_read(tmp_path: Path) -> None:
    text = table(tmp_path, "sipri", [{"Country": "Côte d'Ivoire", "1949": 3, "2000": ""}]).read_text(encoding="utf-8")
    for number, data in enumerate((text.encode("latin-1"), text.encode("utf-8-sig"), gzip.compress(text.encode()))):
        path = tmp_path / f"{number}.csv"
        path.write_bytes(data)
        assert recognise(path) == "sipri"
        assert read("sipri", path)["Country"].tolist() == ["Côte d'Ivoire"]


def test_every_problem_of_every_file_comes_in_one_run(tmp_path: Path) -> None:
    members = table(tmp_path, "members", [*MEMBERS, {**MEMBERS[0]}, {**MEMBERS[1], "moent": "x", "termmode": 9}])
    alliances = table(tmp_path, "alliances", [{**ALLIANCES[0], "endyr": 1940}, {**ALLIANCES[1], "begyr": 19}])
    with pytest.raises(AssessError) as caught:
        read_all({"members": members, "alliances": alliances, "nmc": tmp_path / "none.csv"})
    text = str(caught.value)
    assert "members.csv:10:1: atopid repeats the atopid and member and phase and yrent and moent" in text
    assert "moent is not a number ('x' in line 11)" in text
    assert "termmode is no code of the codebook ('9' in line 11); known are 0 to 6 and -9" in text
    assert "alliances.csv:2:4: endyr lies before begyr ('1940' in line 2)" in text
    assert "alliances.csv:3:2: begyr is no year ('19' in line 3)" in text
    assert "none.csv: cannot be read" in text


def test_many_wrong_cells_are_counted_and_the_first_are_shown(tmp_path: Path) -> None:
    rows = [{"ccode": 2, "year": 1900 + i, "cinc": 2} for i in range(40)]
    with pytest.raises(DocumentError) as caught:
        read("nmc", table(tmp_path, "nmc", rows))
    assert len(caught.value.problems) == 1
    assert "40 cells of cinc: each lies outside 0 to 1 ('2' in line 2, '2' in line 3, '2' in line 4)" in str(
        caught.value
    )


def test_another_release_is_told_by_its_columns_and_its_version(tmp_path: Path) -> None:
    path = table(tmp_path, "alliances", [{**ALLIANCES[0], "version": 4.01}])
    with pytest.raises(DocumentError, match=r"version is another release \('4.01' in line 2\); expected 5.1"):
        read("alliances", path)
    path.write_text(path.read_text().replace("nomicoop", "nomilcoop"))
    with pytest.raises(DocumentError, match=r"columns nomicoop are missing; expected ATOP, alliances, release 5.1"):
        read("alliances", path)


def test_a_file_given_for_another_is_named(tmp_path: Path) -> None:
    with pytest.raises(DocumentError, match="the columns are those of External threat by state and year"):
        read("nmc", table(tmp_path, "threat", [{"ccode": 2, "year": 1950, "lsthreat": 0.5}]))


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"ccode;year;lsthreat\n2;1950;0.5\n", "separated by semicolons"),
        (b"ccode\tyear\tlsthreat\n", "separated by tabs"),
        (b"ccode,year,lsthreat\n", "there is no row"),
        (
            b"ccode,year,lsthreat\n2,1950,0.1,7,8\n2,1951,0.1\n",
            "threat.csv:2:1: 1 rows have more or fewer fields than the 3",
        ),
        (b"ccode,year,lsthreat\n2,1950,0.1\n2,1951,0.1,7\n", "threat.csv:3:1: 1 rows have more or fewer"),
        (b"ccode,year,lsthreat\n2,1950,0.1\n2,1951\n", "threat.csv:3:1: 1 rows have more or fewer"),
        (b"ccode,year,lsthreat,year\n2,1950,0.1,1950\n", "column year stands twice"),
        (b"PK\x03\x04\0\0\0", "this is not text"),
        (b'ccode,year,lsthreat\n2,1950,"0.1\n', "threat.csv:"),
    ],
)
def test_what_is_no_table_is_refused_with_its_place(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "threat.csv"
    path.write_bytes(content)
    with pytest.raises(DocumentError) as caught:
        read("threat", path)
    assert words in str(caught.value)


def test_a_damaged_archive_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "x.csv.gz"
    path.write_bytes(gzip.compress(b"ccode,year,lsthreat\n" * 50)[:30])
    with pytest.raises(UsageError, match="the archive is damaged"):
        read("threat", path)


def test_dates_that_are_none_are_refused(tmp_path: Path) -> None:
    row = {"ccode1": 2, "ccode2": 20, "conttype": 1, "stdate": "1920-13-01", "enddate": "2016-12-01"}
    with pytest.raises(DocumentError, match=r"stdate is not a date \('1920-13-01' in line 2\)"):
        read("contiguity", table(tmp_path, "contiguity", [row]))


def test_an_unknown_file_names_the_nearest(tmp_path: Path) -> None:
    path = tmp_path / "x.csv"
    path.write_text("ccode,year\n2,1950\n")
    with pytest.raises(DocumentError, match="no known data set"):
        recognise(path)
