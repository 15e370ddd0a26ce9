"""Reading public data sets: recognised by their columns, checked against the codebook, all problems at once."""

from __future__ import annotations

import csv
import gzip
import io
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from assess.datasets.sources import SOURCES, YEARS, Source
from assess.documents.errors import AssessError, DocumentError, Located, UsageError

if TYPE_CHECKING:
    import pandas as pd

SHOWN = 3
"""Examples shown of each kind of problem."""


def read_all(files: Mapping[str, Path]) -> dict[str, pd.DataFrame]:
    """Return the checked tables by source; the problems of all files are raised together.

    files: path by source, the names of `SOURCES`. Used columns are numbers, with NaN for what is missing; the columns
    named as text are strings. Rows keep their order.
    """
    tables, errors = {}, []
    for name, path in files.items():
        try:
            tables[name] = read(name, path)
        except AssessError as error:
            errors.append(str(error))
    if errors:
        raise AssessError("\n".join(errors))
    return tables


def read(name: str, path: Path) -> pd.DataFrame:
    """Return one checked table. Raises `DocumentError` with line and column of everything that is wrong."""
    pandas = _pandas()
    source = SOURCES[name]
    text = _text(path)
    header = _header(text, path)
    _fits(source, header, path)
    frame = _cells_of(text, source, path)
    problems: list[Located] = []
    used = [column for column in _used(source) if column in frame.columns]
    if name == "sipri":
        used = [column for column in frame.columns if column.isdigit()]
    columns = {column: frame[column] for column in frame.columns if column in source.text}
    raw = frame[used].apply(lambda values: values.str.strip())
    for column in used:
        if column in source.dates or column in source.text:
            continue
        values = pandas.to_numeric(raw[column].replace({"": None, "NA": None, ".": None}), errors="coerce")
        wrong = values.isna() & ~raw[column].isin(("", "NA", "."))
        problems += _cells(frame, column, wrong, "is not a number", "write a number or leave the cell empty")
        columns[column] = values.astype(float).mask(values.isin(source.missing))
    for column in source.dates:
        values = pandas.to_datetime(raw[column], format="%Y-%m-%d", errors="coerce")
        wrong = values.isna()
        problems += _cells(frame, column, wrong, "is not a date", "write year-month-day")
        columns[column] = values.dt.year.astype(float)
    table = pandas.DataFrame(columns)
    if table.empty:
        raise DocumentError(str(path), [Located(1, 1, f"there is no row; {_get(source)}")])
    problems += _checked(source, table, frame)
    if problems:
        raise DocumentError(str(path), problems)
    kept: pd.DataFrame = table.dropna(subset=list(source.key)) if source.blank_keys else table
    return kept


def _cells_of(text: str, source: Source, path: Path) -> pd.DataFrame:
    """Return every cell as text. Raises `DocumentError` where a row has more or fewer fields than the header."""
    lines = text.splitlines()
    widths = [len(row) for row in csv.reader(lines)] if '"' in text else [line.count(",") + 1 for line in lines if line]
    wrong = [line for line, width in enumerate(widths, 1) if width not in (widths[0], 0)]
    if wrong:
        what = f"{len(wrong)} rows have more or fewer fields than the {widths[0]} of the header; {_get(source)}"
        raise DocumentError(str(path), [Located(wrong[0], 1, what)])
    try:
        frame: pd.DataFrame = _pandas().read_csv(io.StringIO(text), dtype="str", keep_default_na=False, index_col=False)
    except ValueError as error:
        raise DocumentError(
            str(path), [Located(1, 1, f"the rows cannot be told apart ({error}); {_get(source)}")]
        ) from None
    return frame


def recognise(path: Path) -> str:
    """Return the source that a file is, by its columns. Raises `DocumentError` where it is none or several."""
    header = set(_header(_text(path, whole=False), path))
    fits = [name for name, source in SOURCES.items() if _holds(source, header)]
    # A file of phases has every column of one of alliances' needs but mem59; the richer description wins.
    best = max(fits, key=lambda name: len(SOURCES[name].columns), default=None)
    if best is None:
        near = max(SOURCES, key=lambda name: len(header & set(SOURCES[name].columns)) / len(SOURCES[name].columns))
        absent = [column for column in SOURCES[near].columns if column not in header]
        what = "the columns are those of no known data set; see 'assess import atop --help' for those that are"
        if 2 * len(absent) <= len(SOURCES[near].columns):
            what += (
                f". Nearest is {SOURCES[near].title}, release {SOURCES[near].release}, which also has {_some(absent)}"
            )
        raise DocumentError(str(path), [Located(1, 1, what)])
    return best


def _pandas() -> Any:
    try:
        import pandas
    except ImportError:
        raise UsageError("public data need pandas; install assess-partnerships[history]") from None
    return pandas


def _text(path: Path, whole: bool = True) -> str:
    try:
        data = path.read_bytes()
        if data[:2] == b"\x1f\x8b":
            data = gzip.decompress(data)
    except (OSError, EOFError) as error:
        reason = getattr(error, "strerror", None) or "the archive is damaged"
        raise UsageError(f"{path}: cannot be read: {reason}; give the path of a data file") from None
    if not whole:
        data = data.split(b"\n", 1)[0]
    if b"\0" in data[:4096]:
        raise DocumentError(str(path), [Located(1, 1, "this is not text; give the CSV file")])
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return data.decode("latin-1")


def _header(text: str, path: Path) -> list[str]:
    first = text.split("\n", 1)[0].rstrip("\r")
    if not first.strip():
        raise DocumentError(str(path), [Located(1, 1, "the file is empty; give the CSV file of the publisher")])
    names = [name.strip().strip('"') for name in first.split(",")]
    for mark, word in ((";", "semicolons"), ("\t", "tabs"), ("|", "bars")):
        if len(names) == 1 and first.count(mark) > 1:
            what = f"the fields are separated by {word}; save the file with commas"
            raise DocumentError(str(path), [Located(1, 1, what)])
    twice = sorted({name for name in names if name and names.count(name) > 1})
    if twice:
        place = names.index(twice[0]) + 1
        raise DocumentError(str(path), [Located(1, place, f"column {twice[0]} stands twice; keep one")])
    return names


def _holds(source: Source, header: set[str]) -> bool:
    return header.issuperset(source.columns) and (not source.any_of or bool(header & set(source.any_of)))


def _fits(source: Source, header: list[str], path: Path) -> None:
    """Raise `DocumentError` where columns are absent: another release, or another data set altogether."""
    absent = [column for column in source.columns if column not in header]
    if source.any_of and not set(source.any_of) & set(header):
        absent.append(" or ".join(source.any_of))
    if not absent:
        return
    other = [name for name, known in SOURCES.items() if known is not source and _holds(known, set(header))]
    hint = f"; the columns are those of {SOURCES[other[0]].title}" if other else ""
    what = f"columns {_some(absent)} are missing{hint}; expected {source.title}, release {source.release}"
    raise DocumentError(str(path), [Located(1, 1, what)])


def _used(source: Source) -> list[str]:
    """Return the columns that are read, each once."""
    given = (*source.columns, *source.any_of, *source.key, *source.codes, *source.ranges)
    extra = ("statthr1", "statthr2", "secrart", "begday", "dayent", "renewlgt", "v2x_polyarchy") if source.codes else ()
    return list(dict.fromkeys((*given, *extra)))


def _checked(source: Source, table: pd.DataFrame, frame: pd.DataFrame) -> list[Located]:
    """Return what is wrong with the values of a table whose cells are numbers."""
    problems: list[Located] = []
    for column in () if source.blank_keys else source.key:
        if column in table and column not in source.text:
            problems += _cells(frame, column, table[column].isna(), "is empty", "it names the row")
    for column, known in source.codes.items():
        if column in table:
            wrong = table[column].notna() & ~table[column].isin(known)
            allowed = f"{min(known):g} to {max(known):g}"
            problems += _cells(frame, column, wrong, "is no code of the codebook", f"known are {allowed} and -9")
    for column, (low, high) in source.ranges.items():
        if column in table:
            wrong = table[column].notna() & ~table[column].between(low, high)
            problems += _cells(frame, column, wrong, f"lies outside {low:g} to {high:g}", "check the file")
    for column in (*source.years, *source.open_years):
        impossible = ~table[column].between(*YEARS)
        if column in source.open_years:
            impossible &= table[column].notna() & (table[column] != 0)
        problems += _cells(frame, column, impossible, "is no year", f"years lie between {YEARS[0]} and {YEARS[1]}")
    for first, last in source.spans:
        backwards = (table[first] > table[last]) & (table[last] > YEARS[0])
        problems += _cells(frame, last, backwards, f"lies before {first}", "check both years")
    if source.version and "version" in table:
        other = ~table["version"].round(2).isin([float(version) for version in source.version])
        problems += _cells(frame, "version", other, "is another release", f"expected {source.release}")
    key = [column for column in source.key if column in table]
    if key:
        twice = table.duplicated(key) & table[key].notna().all(axis=1)
        problems += _cells(
            frame, key[0], twice, f"repeats the {' and '.join(key)} of an earlier row", "keep one of them"
        )
    return problems


def _cells(frame: pd.DataFrame, column: str, wrong: pd.Series, what: str, todo: str) -> list[Located]:
    """Return one problem for all wrong cells of a column: the first place, how many, the first examples."""
    rows = wrong.to_numpy().nonzero()[0]
    if not len(rows):
        return []
    examples = ", ".join(f"'{frame[column].iloc[row]}' in line {row + 2}" for row in rows[:SHOWN])
    count = f"{len(rows)} cell{'s' * (len(rows) > 1)} of {column}: each {what}" if len(rows) > 1 else f"{column} {what}"
    place = list(frame.columns).index(column)
    return [Located(int(rows[0]) + 2, place + 1, f"{count} ({examples}); {todo}")]


def _some(names: list[str]) -> str:
    shown = ", ".join(names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"


def _get(source: Source) -> str:
    return f"get {source.title}, release {source.release}, again"
