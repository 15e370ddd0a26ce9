"""The list of data sets: told apart by their columns, consistent in itself."""

from __future__ import annotations

from pathlib import Path

import pytest
from tests.datasets.tinydata import needs_data, real_files, table

from assess.datasets.reading import read, recognise
from assess.datasets.sources import SOURCES


def test_every_source_names_only_columns_it_has() -> None:
    for name, source in SOURCES.items():
        known = {*source.columns, *source.any_of, "version"}
        for column in (*source.years, *source.open_years, *source.dates, *(c for span in source.spans for c in span)):
            assert column in known, (name, column)
        assert source.cite
        assert source.release


@pytest.mark.parametrize("name", SOURCES)
def test_no_source_is_taken_for_another(name: str, tmp_path: Path) -> None:
    assert recognise(table(tmp_path, name, [{}], extra=SOURCES[name].any_of[:1])) == name


@needs_data
def test_the_real_files_are_recognised_and_have_the_rows_their_readme_says() -> None:
    files = real_files()
    assert {name: recognise(path) for name, path in files.items()} == {name: name for name in files}
    counts = {
        "alliances": 591,
        "phases": 643,
        "members": 2022,
        "institutions": 643,
        "nmc": 17121,
        "states": 243,
        "majors": 14,
        "contiguity": 1874,
        "mids": 5217,
        "mid_pairs": 10234,
        "rivalries": 197,
        "rivalries2": 264,
        "democracy": 17706,
        "threat": 14393,  # 14,400 in the file, 7 of them without a state
        "unga": 11440,
        "dcad": 1871,
        "sipri": 173,
        "cow_alliances": 3252,
    }
    assert {name: len(read(name, files[name])) for name in counts} == counts
