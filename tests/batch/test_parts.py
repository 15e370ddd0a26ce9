"""The work folder: whose it is, what is finished, and what is damaged."""

from __future__ import annotations

from pathlib import Path

import pyarrow as pa
import pytest

from assess.batch.parts import Parts, checked_target, work_folder
from assess.batch.rows import refused_schema
from assess.documents.errors import UsageError

ROWS = pa.table({"row": [1, 2], "overall": [50.0, None]})
NONE = refused_schema().empty_table()


def test_a_part_comes_back_as_it_was(tmp_path: Path) -> None:
    refused = pa.table({"row": [3], "column": ["a"], "value": ["x"], "reason": ["r"]}, schema=refused_schema())
    with work_folder(tmp_path / "out.csv", {"a": 1}, fresh=False) as parts:
        parts.write(0, ROWS, refused)
        parts.write(1, ROWS, NONE)
    with work_folder(tmp_path / "out.csv", {"a": 1}, fresh=False) as parts:
        assert [parts.has(number) for number in range(3)] == [True, True, False]
        assert parts.read(0) == (ROWS, refused)
        assert parts.read(1) == (ROWS, NONE)
    with work_folder(tmp_path / "out.csv", {"a": 1}, fresh=True) as parts:
        assert not parts.has(0)


def test_other_work_is_refused_with_what_differs(tmp_path: Path) -> None:
    with work_folder(tmp_path / "out.csv", {"rubric": "x", "chunk": 1}, fresh=False):
        pass
    with (
        pytest.raises(
            UsageError, match=r"an unfinished run differs in chunk, seed; repeat it as it was, or .* --fresh"
        ),
        work_folder(tmp_path / "out.csv", {"rubric": "x", "chunk": 2, "seed": 3}, fresh=False),
    ):
        pass


def test_two_runs_do_not_share_a_folder(tmp_path: Path) -> None:
    with (
        work_folder(tmp_path / "out.csv", {}, fresh=False),
        pytest.raises(UsageError, match="another run is at work"),
        work_folder(tmp_path / "out.csv", {}, fresh=True),
    ):
        pass


def test_a_folder_of_something_else_is_left_alone(tmp_path: Path) -> None:
    (tmp_path / "out.csv.parts").mkdir()
    (tmp_path / "out.csv.parts" / "letter.txt").write_text("mine")
    with (
        pytest.raises(UsageError, match="was not made by an earlier run"),
        work_folder(tmp_path / "out.csv", {}, fresh=False),
    ):
        pass
    assert (tmp_path / "out.csv.parts" / "letter.txt").read_text() == "mine"


def test_damage_is_named(tmp_path: Path) -> None:
    with work_folder(tmp_path / "out.csv", {}, fresh=False) as parts:
        parts.path(0, "scored").write_bytes(b"no table")
        with pytest.raises(UsageError, match=r"00000000.scored.arrow: is damaged .*; take the file away and run again"):
            parts.read(0)
        (parts.folder / "manifest.json").write_text("{")
    with (
        pytest.raises(UsageError, match="is damaged; start over with --fresh"),
        work_folder(tmp_path / "out.csv", {}, fresh=False),
    ):
        pass


def test_targets_that_cannot_be_written_are_named(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is a directory"):
        checked_target(tmp_path)
    with pytest.raises(UsageError, match="does not exist; make it first"):
        checked_target(tmp_path / "none" / "out.csv")
    with pytest.raises(UsageError, match="is a device or a pipe"):
        checked_target(Path("/dev/null"))


def test_a_half_written_part_is_no_part(tmp_path: Path) -> None:
    parts = Parts(tmp_path)
    parts.path(0, "scored").with_suffix(".tmp").write_bytes(b"half")
    assert not parts.has(0)
