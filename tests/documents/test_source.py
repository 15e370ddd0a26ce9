from __future__ import annotations

import hashlib
import os
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import marked, places

from assess.documents.errors import DocumentError, Located, Problem
from assess.documents.source import Source, read_bytes, read_source
from assess.documents.yamltext import MAX_BYTES, parse

TEXT, (TITLE, PARTIES, SECOND, SECOND_NAME, NOTE) = marked(
    "# a comment\nschema: x\ntitle: ¦Title\nparties:\n  ¦- {id: NO}\n  - ¦id: SE\n    name: ¦Sweden\n¦note: \n"
)


def source_of(text: str) -> Source:
    data, faults = parse(text, "f")
    return Source("f", text, "", data, tuple(faults))


def refuse(path: Path) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        read_source(path)
    return caught.value


# ------------------------------------------------------------------------------------------------- reading


@settings(max_examples=50)
@given(raw=st.binary(max_size=60) | st.text(max_size=30).map(str.encode))
def test_any_file_is_read_or_refused_and_never_anything_else(
    raw: bytes, tmp_path_factory: pytest.TempPathFactory
) -> None:
    path = tmp_path_factory.getbasetemp() / "any.yaml"
    path.write_bytes(raw)
    try:
        source = read_source(path)
    except DocumentError as error:
        assert error.file == str(path)
        return
    assert source.file == str(path)
    assert source.text.encode() == raw.removeprefix(b"\xef\xbb\xbf")
    assert source.sha256 == hashlib.sha256(raw).hexdigest()
    assert source.raw() == raw


def test_a_source_holds_text_data_hash_and_faults(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(b"\xef\xbb\xbfparty: NO\r\nb: .nan\r\n")
    source = read_source(path)
    assert source.data == {"party": "NO", "b": None}
    assert source.text == "party: NO\r\nb: .nan\r\n"
    assert source.sha256 == hashlib.sha256(path.read_bytes()).hexdigest()
    assert [(fault.line, fault.column) for fault in source.faults] == [(2, 4)]


@pytest.mark.parametrize("mark", [b"", b"\xef\xbb\xbf"])
@pytest.mark.parametrize("end", [b"\n", b"\r\n"])
def test_the_bytes_come_back_as_they_stood_on_disk(tmp_path: Path, mark: bytes, end: bytes) -> None:
    path = tmp_path / "case.yaml"
    path.write_bytes(mark + end.join(line.encode() for line in ("party: NO", "title: Türkiye", "")))
    source = read_source(path)
    assert source.raw() == path.read_bytes()
    assert hashlib.sha256(source.raw()).hexdigest() == source.sha256


# ------------------------------------------------------------------------------------------------- what cannot be read


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    path = tmp_path / "nothing.yaml"
    assert str(refuse(path)) == (f"{path}:1:1: no such file; check the path, or run 'assess list' for the shipped ids")


def test_a_directory_is_named(tmp_path: Path) -> None:
    assert str(refuse(tmp_path)) == f"{tmp_path}:1:1: this is a directory; name a file inside it"


def test_a_file_as_a_folder_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    assert "case.yaml:1:1: the file cannot be read: " in str(refuse(tmp_path / "file" / "case.yaml"))


def test_a_name_too_long_for_a_file_is_named() -> None:
    assert ".yaml:1:1: the file cannot be read: " in str(refuse(Path("x" * 5000 + ".yaml")))


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may read every file")
def test_a_file_that_may_not_be_read_is_named(tmp_path: Path) -> None:
    path = tmp_path / "case.yaml"
    path.touch(0)
    assert str(refuse(path)) == f"{path}:1:1: the file may not be read; check its permissions"


def test_a_file_of_four_mebibytes_is_read_and_one_byte_more_is_not(tmp_path: Path) -> None:
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: 1\n#".ljust(MAX_BYTES, b"x"))
    assert read_source(path).data == {"a": 1}
    path.write_bytes(b"a: 1\n#".ljust(MAX_BYTES + 1, b"x"))
    assert str(refuse(path)) == f"{path}:1:1: the file is over 4 MiB; split it or remove what is not used"


def test_no_more_of_a_large_file_is_read_than_shows_that_it_is_too_large(tmp_path: Path) -> None:
    path = tmp_path / "huge.yaml"
    with path.open("wb") as handle:
        handle.truncate(64 * MAX_BYTES)
    assert len(read_bytes(path)) == MAX_BYTES + 1


def test_a_file_that_is_not_utf8_is_refused_where_it_stops_being_so(tmp_path: Path) -> None:
    path = tmp_path / "latin.yaml"
    path.write_bytes("title: Türkiye".encode("latin-1"))
    assert str(refuse(path)) == f"{path}:1:9: not UTF-8: byte 0xfc; save the file as UTF-8"


@pytest.mark.parametrize("text", ["[" * 300_000, "- " * 300_000, '{"a":' * 300_000], ids=["[", "- ", "{"])
def test_a_nesting_bomb_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "bomb.yaml"
    path.write_text(text)
    assert "nested deeper than 40 levels" in str(refuse(path))


# ------------------------------------------------------------------------------------------------- locating


@pytest.mark.parametrize(
    ("path", "on_key", "place"),
    [
        ((), False, (2, 1)),
        (("title",), False, TITLE),
        (("title",), True, (3, 1)),
        (("parties",), False, PARTIES),
        (("parties", 1), False, SECOND),
        (("parties", 1, "name"), False, SECOND_NAME),
        (("parties", 1, "name"), True, (7, 5)),
        (("note",), False, NOTE),
        (("parties", 1, "key"), False, SECOND),
        (("parties", 1, "key"), True, SECOND),
        (("parties", 7, "id"), False, PARTIES),
        (("nothing", "at", "all"), False, (2, 1)),
    ],
)
def test_a_problem_stands_at_its_text_or_at_the_nearest_thing_around_it(
    path: tuple[Any, ...], on_key: bool, place: tuple[int, int]
) -> None:
    assert source_of(TEXT).locate(Problem(path, "wrong", "mend it", on_key)) == Located(*place, "wrong; mend it")


def test_a_problem_of_an_empty_text_stands_at_its_beginning() -> None:
    assert source_of("").locate(Problem(("a",), "wrong")) == Located(1, 1, "wrong")


def test_one_error_holds_the_faults_of_the_reader_and_all_problems_in_order() -> None:
    text, expected = marked("a: ¦1\nb: ¦.nan\nc: ¦2\n")
    error = source_of(text).error([Problem(("c",), "late"), Problem(("a",), "early")])
    assert places(error) == expected
    assert [problem.text.split(";")[0] for problem in error.problems] == [
        "early",
        ".nan is not a finite number",
        "late",
    ]
