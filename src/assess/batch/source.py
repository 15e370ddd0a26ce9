"""A CSV or Parquet file of any size, cut into spans of rows that can be read one by one, in any order."""

from __future__ import annotations

import csv
import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from assess.documents.errors import UsageError

if TYPE_CHECKING:
    import pyarrow as pa

SUFFIXES = {".csv": "csv", ".parquet": "parquet", ".pq": "parquet"}
SCAN = 16 * 1024 * 1024
"""Bytes of a CSV looked through at once."""
ENDS = 65536
"""Bytes at each end of a file that go into its fingerprint; the end of a Parquet file is its table of contents."""


@dataclass(frozen=True)
class Span:
    """Rows that are read together."""

    first: int
    """Number of the first row; rows count from 1, without the header."""
    rows: int
    start: int
    """First row group, or first byte."""
    stop: int
    """The row group or byte after the last."""
    skip: int = 0
    """Rows to pass over in the row group."""


@dataclass(frozen=True)
class Source:
    """A table on disk. Small, so that it can be sent to a worker."""

    path: str
    form: Literal["csv", "parquet"]
    columns: tuple[str, ...]
    types: tuple[str, ...]
    """Arrow's names for the types of the columns; all `string` for CSV."""
    rows: int
    spans: tuple[Span, ...]
    """At least one, in order, covering every row."""
    fingerprint: str


@dataclass(frozen=True)
class Lines:
    """What was read of a span: the rows that could be parsed, and those that could not."""

    table: pa.Table
    numbers: np.ndarray[Any, np.dtype[np.int64]]
    """Row number of each row of the table."""
    broken: tuple[tuple[int, str], ...]
    """Row number and reason of each row that is not in the table."""


def form_of(path: Path) -> Literal["csv", "parquet"]:
    """Return the form of a table by its suffix; raises `UsageError` for another."""
    form = SUFFIXES.get(path.suffix.lower())
    if form is None:
        raise UsageError(f"{path}: the suffix must be .csv or .parquet")
    return "csv" if form == "csv" else "parquet"


def open_source(path: Path, chunk: int) -> Source:
    """Look through a table without reading its values; spans have at most `chunk` rows.

    Raises `UsageError` for a file that cannot be read, is damaged, or has two columns of one name.
    """
    form = form_of(path)
    try:
        columns, types, spans = (_plan_csv if form == "csv" else _plan_parquet)(path, chunk)
        fingerprint = _fingerprint(path)
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror or error}") from None
    twice = sorted({name for name in columns if columns.count(name) > 1})
    if twice:
        raise UsageError(f"{path}: more than one column is named {', '.join(twice)}; keep one of each")
    rows = sum(span.rows for span in spans)
    return Source(str(path), form, tuple(columns), tuple(types), rows, tuple(spans) or (_NOTHING,), fingerprint)


_NOTHING = Span(1, 0, 0, 0)


class Reader:
    """Reads spans of one source; going on where the last one ended costs nothing extra."""

    def __init__(self, source: Source, columns: Sequence[str], numeric: Sequence[str]) -> None:
        """Take the columns to read and, of a CSV, those to read as numbers."""
        self.source, self.columns, self.numeric = source, list(columns), frozenset(numeric)
        self._group, self._at = -1, 0
        self._batches: Iterator[pa.RecordBatch] = iter(())

    def read(self, span: Span) -> Lines:
        """Return the rows of a span. A CSV column that holds anything but numbers is returned as text.

        Raises `UsageError` where the file is damaged.
        """
        import pyarrow as pa

        try:
            return self._csv(span) if self.source.form == "csv" else self._parquet(span)
        except (OSError, pa.ArrowException, EOFError) as error:
            last = span.first + span.rows - 1
            raise UsageError(
                f"{self.source.path}: rows {span.first} to {last} cannot be read: {_line(error)}"
            ) from None

    def _parquet(self, span: Span) -> Lines:
        import pyarrow.parquet as pq

        numbers = np.arange(span.first, span.first + span.rows, dtype=np.int64)
        with pq.ParquetFile(self.source.path) as file:
            if not span.rows:
                return Lines(file.schema_arrow.empty_table().select(self.columns), numbers, ())
            if span.stop - span.start > 1 or (not span.skip and _group_rows(file, span.start) == span.rows):
                groups = range(span.start, span.stop)
                return Lines(file.read_row_groups(groups, self.columns, use_threads=False), numbers, ())
        return Lines(self._part(span), numbers, ())

    def _part(self, span: Span) -> pa.Table:
        """Return part of a large row group. Its batches stay open, for the next span is mostly asked next."""
        import pyarrow as pa
        import pyarrow.parquet as pq

        if self._group != span.start or self._at > span.skip:
            file = pq.ParquetFile(self.source.path)
            size = max(piece.rows for piece in self.source.spans)
            self._batches = file.iter_batches(size, [span.start], self.columns, use_threads=False)
            self._group, self._at = span.start, 0
        found: list[pa.RecordBatch] = []
        while (here := sum(map(len, found))) < span.rows:
            batch = next(self._batches, None)
            if batch is None:
                raise EOFError("the file ends before its last row")
            self._at += len(batch)
            if self._at > span.skip:
                found.append(batch)
        if here != span.rows:
            raise EOFError("the row group does not come in even batches")
        return pa.Table.from_batches(found)

    def _csv(self, span: Span) -> Lines:
        import pyarrow as pa
        from pyarrow import csv as arrow_csv

        if not span.rows:
            empty = pa.table({name: pa.array([], pa.string()) for name in self.columns})
            return Lines(empty, np.empty(0, np.int64), ())
        with Path(self.source.path).open("rb") as file:
            file.seek(span.start)
            data = file.read(span.stop - span.start)
        broken: list[tuple[int, str]] = []

        def parse(numeric: frozenset[str]) -> pa.Table:
            broken.clear()

            def strange(row: Any) -> str:
                what = f"{row.actual_columns} cells in place of {row.expected_columns}"
                broken.append((span.first + row.number - 1, what))
                return "skip"

            return arrow_csv.read_csv(
                pa.BufferReader(data),
                arrow_csv.ReadOptions(
                    use_threads=False, column_names=self.source.columns, block_size=max(len(data) + 1, 1024)
                ),
                arrow_csv.ParseOptions(newlines_in_values=True, invalid_row_handler=strange),
                arrow_csv.ConvertOptions(
                    include_columns=self.columns,
                    column_types={n: pa.float64() if n in numeric else pa.string() for n in self.source.columns},
                ),
            )

        try:
            table = parse(self.numeric)
        except pa.ArrowInvalid:
            table = parse(frozenset())
        if len(table) + len(broken) != span.rows:
            raise EOFError(f"{len(table) + len(broken)} rows found where {span.rows} end; quotes may not pair up")
        numbers = np.arange(span.first, span.first + span.rows, dtype=np.int64)
        return Lines(table, np.setdiff1d(numbers, [number for number, _ in broken]), tuple(broken))


def _group_rows(file: Any, group: int) -> int:
    return int(file.metadata.row_group(group).num_rows)


def _plan_parquet(path: Path, chunk: int) -> tuple[list[str], list[str], list[Span]]:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        with pq.ParquetFile(path) as file:
            schema = file.schema_arrow
            sizes = [_group_rows(file, group) for group in range(file.num_row_groups)]
    except pa.ArrowInvalid as error:
        raise UsageError(f"{path}: is no whole Parquet file: {_line(error)}") from None
    spans: list[Span] = []
    first, group = 1, 0
    while group < len(sizes):
        stop, rows = group, 0
        while stop < len(sizes) and rows + sizes[stop] <= chunk:
            rows, stop = rows + sizes[stop], stop + 1
        if stop > group:
            if rows:
                spans.append(Span(first, rows, group, stop))
            first, group = first + rows, stop
            continue
        for skip in range(0, sizes[group], chunk):
            rows = min(chunk, sizes[group] - skip)
            spans.append(Span(first, rows, group, group + 1, skip))
            first += rows
        group += 1
    return list(schema.names), [str(field.type) for field in schema], spans


def _plan_csv(path: Path, chunk: int) -> tuple[list[str], list[str], list[Span]]:
    header, start = _header(path)
    spans: list[Span] = []
    first, rows, at, end = 1, 0, start, start
    for end in _record_ends(path, start):
        rows += 1
        if rows == chunk:
            spans.append(Span(first, rows, at, end))
            first, rows, at = first + rows, 0, end
    if rows:
        spans.append(Span(first, rows, at, end))
    return header, ["string"] * len(header), spans


def _header(path: Path) -> tuple[list[str], int]:
    """Return the column names of a CSV and the place where its rows begin."""
    with path.open("rb") as file:
        line = file.readline(1_000_000)
    try:
        text = line.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(f"{path}:1: the header is not UTF-8; save the table as UTF-8") from None
    if "\0" in text:
        raise UsageError(f"{path}:1: the header is not UTF-8 text; save the table as CSV in UTF-8")
    names = next(csv.reader([text.rstrip("\r\n")]), [])
    if not any(names):
        raise UsageError(f"{path}:1: the header is empty; the first line must name the columns")
    other = next((sign for sign in ";\t|" if len(names) == 1 and sign in text), None)
    if other:
        raise UsageError(f"{path}:1: cells are separated by {other!r}; separate them by commas")
    return names, len(line)


def _record_ends(path: Path, start: int) -> Iterator[int]:
    """Yield the place after each row; a line break between quotes ends no row, and an empty line is none."""
    inside, offset, last = 0, start, start
    tail = b""
    with path.open("rb") as file:
        file.seek(start)
        while data := file.read(SCAN):
            signs = np.frombuffer(data, dtype=np.uint8)
            breaks = np.flatnonzero(signs == ord("\n"))
            if inside or b'"' in data:
                quotes = np.cumsum(signs == ord('"'), dtype=np.int64) + inside
                breaks = breaks[quotes[breaks] % 2 == 0]
                inside = int(quotes[-1]) % 2
            for end in (breaks + (offset + 1)).tolist():
                if end - last > 2 or _holds_something(data, tail, last - offset, end - offset):
                    yield end
                last = end
            tail = (tail + data)[-2:]
            offset += len(data)
    if offset - last > 2 or (offset > last and tail[-(offset - last) :].strip(b"\r\n")):
        yield offset


def _holds_something(data: bytes, tail: bytes, begin: int, end: int) -> bool:
    """Tell whether a line of at most two signs is more than its line break; `begin` may lie in the tail before."""
    line = tail[begin:] + data[:end] if begin < 0 else data[begin:end]
    return bool(line.strip(b"\r\n"))


def _fingerprint(path: Path) -> str:
    """Return a hash over the size, the time of the last change and both ends of a file."""
    state = path.stat()
    digest = hashlib.sha256(f"{state.st_size}/{state.st_mtime_ns}/".encode())
    with path.open("rb") as file:
        digest.update(file.read(ENDS))
        file.seek(max(0, state.st_size - ENDS))
        digest.update(file.read())
    return digest.hexdigest()


def _line(error: BaseException) -> str:
    """Return the first line of an error of Arrow's; the rest names its own source."""
    return str(error).splitlines()[0] if str(error) else type(error).__name__
