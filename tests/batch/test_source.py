"""Files cut into spans: every row once, wherever the cuts fall."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from assess.batch import source as module
from assess.batch.source import Reader, Source, open_source
from assess.documents.errors import UsageError


def everything(source: Source) -> tuple[list[int], list[object], list[int]]:
    """Return row numbers, the cells of column `a`, and the numbers of broken rows."""
    reader = Reader(source, ["a"], ["a"])
    parts = [reader.read(span) for span in source.spans]
    numbers = [int(n) for part in parts for n in part.numbers]
    cells = [cell for part in parts for cell in part.table.column("a").to_pylist()]
    return numbers, cells, [number for part in parts for number, _ in part.broken]


@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    notes=st.lists(st.sampled_from(["", "x", 'say "no"', "two\nlines", "a,b", "\n\n", "é"]), max_size=25),
    chunk=st.integers(1, 9),
    scan=st.integers(1, 40),
    ending=st.sampled_from(["\n", "\r\n"]),
    last=st.booleans(),
)
def test_csv_rows_are_those_of_the_csv_module(
    tmp_path: Path, notes: list[str], chunk: int, scan: int, ending: str, last: bool
) -> None:
    file = tmp_path / "t.csv"
    text = io.StringIO()
    writer = csv.writer(text, lineterminator=ending)
    writer.writerows([["note", "a"], *((note, place) for place, note in enumerate(notes))])
    raw = text.getvalue().encode()
    file.write_bytes(raw if last else raw.removesuffix(ending.encode()))
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "SCAN", scan)
        source = open_source(file, chunk)
    assert source.rows == len(notes)
    assert all(span.rows <= chunk for span in source.spans)
    numbers, cells, broken = everything(source)
    assert numbers == list(range(1, len(notes) + 1))
    assert cells == [float(place) for place in range(len(notes))]
    assert broken == []


@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(groups=st.lists(st.integers(0, 12), max_size=6), chunk=st.integers(1, 15), order=st.randoms())
def test_parquet_rows_come_once_whatever_the_row_groups(
    tmp_path: Path, groups: list[int], chunk: int, order: object
) -> None:
    file = tmp_path / "t.parquet"
    with pq.ParquetWriter(file, pa.schema([("a", pa.int64())])) as writer:
        at = 0
        for size in groups:
            writer.write_table(pa.table({"a": np.arange(at, at + size)}))
            at += size
    source = open_source(file, chunk)
    numbers, cells, _ = everything(source)
    assert numbers == list(range(1, at + 1))
    assert cells == list(range(at))
    reader = Reader(source, ["a"], [])
    spans = list(source.spans)
    order.shuffle(spans)  # type: ignore[attr-defined]
    for span in spans:
        assert reader.read(span).table.column("a").to_pylist() == list(
            range(span.first - 1, span.first - 1 + span.rows)
        )


def test_ragged_rows_keep_their_numbers_and_empty_lines_are_none(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text("a,b\n1,1\n\n2\n\r\n3,3\n4,4,4\n5,5\n")
    for chunk in (1, 2, 3, 100):
        assert everything(open_source(file, chunk)) == ([1, 3, 5], [1.0, 3.0, 5.0], [2, 4])


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_bytes(b"\xef\xbb\xbfa,b\n1,2\n")
    assert open_source(file, 5).columns == ("a", "b")


@pytest.mark.parametrize(
    ("name", "content", "message"),
    [
        ("t.xlsx", b"", "suffix must be .csv or .parquet"),
        ("t.csv", b"", "header is empty"),
        ("t.csv", b"a;b\n1;2\n", "separated by ';'; separate them by commas"),
        ("t.csv", "a,b".encode("utf-16"), "not UTF-8"),
        ("t.csv", b"a,a\n1,2\n", "more than one column is named a"),
        ("t.parquet", b"PAR1 and no more", "no whole Parquet file"),
    ],
)
def test_a_file_that_is_no_table_says_so(tmp_path: Path, name: str, content: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(content)
    with pytest.raises(UsageError, match=message):
        open_source(tmp_path / name, 10)


def test_a_missing_file_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"none\.csv: cannot be read: No such file"):
        open_source(tmp_path / "none.csv", 10)


def test_a_quote_that_is_never_closed_says_where(tmp_path: Path) -> None:
    file = tmp_path / "t.csv"
    file.write_text('a,b\n1,x"y\n2,z\n3,z\n')
    source = open_source(file, 10)
    with pytest.raises(UsageError, match="quotes may not pair up"):
        everything(source)
