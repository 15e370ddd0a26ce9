"""Assessments read back from JSON and PDF: whole ones as they were, others refused with a reason."""

from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from hashlib import sha256
from pathlib import Path
from typing import Any

import pypdf
import pytest
from hypothesis import Phase, given, settings
from hypothesis import strategies as st

from assess.documents.errors import DocumentError
from assess.documents.validation import walk
from assess.reporting.edition import Edition
from assess.reporting.reading import DATA, parse_assessment, read_assessment, read_result
from assess.reporting.render import to_bytes
from assess.scoring.assessment import Assessment

from .conftest import sample

YAML = b"\xef\xbb\xbfid: case\r\n"


@cache
def data() -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(sample().to_json())
    return parsed


@cache
def pdf() -> bytes:
    return to_bytes(made_from(YAML), ".pdf", Edition(documents={"case.yaml": YAML}))


def made_from(document: bytes) -> Assessment:
    made = sample().provenance.model_copy(update={"partnership_sha256": sha256(document).hexdigest()})
    return sample().model_copy(update={"provenance": made})


def refused(content: bytes | str, name: str = "x.json", folder: Path | None = None) -> str:
    """Return why the content of a file is refused."""
    raw = content.encode() if isinstance(content, str) else content
    with pytest.raises(DocumentError) as caught:
        if folder is None:
            parse_assessment(raw, name)
        else:
            (folder / name).write_bytes(raw)
            read_assessment(folder / name)
    return str(caught.value)


def attached(contents: dict[str, bytes]) -> bytes:
    """Return a PDF of one empty page with files attached."""
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    for name, content in contents.items():
        writer.add_attachment(name, content)
    stream = io.BytesIO()
    writer.write(stream)
    return stream.getvalue()


# ------------------------------------------------------------------------------------------------- whole


def test_what_is_written_reads_back(tmp_path: Path, assessment: Assessment) -> None:
    path = tmp_path / "a.JSON"
    path.write_text(assessment.to_json())
    assert read_assessment(path).to_json() == path.read_text()


def test_a_pdf_gives_back_its_assessment_and_its_documents(tmp_path: Path) -> None:
    path = tmp_path / "a.PDF"
    path.write_bytes(pdf())
    assessment, documents = read_result(path)
    assert assessment.to_json() == made_from(YAML).to_json()
    assert documents == {"case.yaml": YAML}


def test_the_form_of_the_text_does_not_matter() -> None:
    text = json.dumps(dict(reversed(data().items())), separators=(",", ":"))
    assert parse_assessment(b"\xef\xbb\xbf" + text.encode(), "x").to_json() == sample().to_json()


# ------------------------------------------------------------------------------------------------- JSON


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "x.json:1:1: the file ends too early"),
        (" \n", "x.json:2:1: the file ends too early"),
        ("{", "x.json:1:2: the file ends too early"),
        ("{]", "x.json:1:2: not valid JSON"),
        ("schema: assess/assessment@1", "x.json:1:1: not valid JSON"),
        (b"\xff\xfe{", "x.json:1:1: not UTF-8"),
        ("[" * 100_000, "not JSON that can be read"),
        ('{"schema": ' + "9" * 5000 + "}", "not JSON that can be read"),
        ("[]", "schema is None, not 'assess/assessment@1'"),
        ("null", "schema is None, not 'assess/assessment@1'"),
        ('{"schema": "assess/assessment@2"}', "schema is 'assess/assessment@2', not 'assess/assessment@1'"),
        ('{"schema": "assess/rubric@1"}', "schema is 'assess/rubric@1', not 'assess/assessment@1'"),
        ('{"schema": "assess/assessment@1"}', "overall: Field required"),
    ],
)
def test_anything_else_is_refused_with_a_reason(text: str | bytes, message: str) -> None:
    assert message in refused(text)


@pytest.mark.parametrize("change", [{"seal": {}}, {"seal": ...}], ids=["empty", "none"])
def test_without_a_seal_nothing_shows_that_it_is_whole(change: dict[str, Any]) -> None:
    changed = {key: value for key, value in (data() | change).items() if value is not ...}
    assert "no seal" in refused(json.dumps(changed))


@settings(max_examples=60)
@given(st.data())
def test_a_text_cut_short_anywhere_is_refused_where_it_ends(choice: st.DataObject) -> None:
    text = sample().to_json().rstrip()
    cut = text[: choice.draw(st.integers(0, len(text) - 1))]
    message = refused(cut)
    assert "cut short" in message or "not valid JSON" in message
    lines = cut.rstrip().count("\n") + 1
    assert int(message.split(":")[1]) in (lines, cut.count("\n") + 1)


LEAVES = [path for path, value in walk(data()) if isinstance(value, (str, int, float)) and path[0] != "schema"]


@settings(max_examples=120)
@given(st.sampled_from(LEAVES), st.sampled_from((1, -1)))
def test_any_leaf_that_is_edited_is_noticed_and_its_part_is_named(path: tuple[Any, ...], step: int) -> None:
    edited = deepcopy(data())
    above: Any = edited
    for part in path[:-1]:
        above = above[part]
    old = above[path[-1]]
    above[path[-1]] = not old if isinstance(old, bool) else old + "x" if isinstance(old, str) else old + step
    message = refused(json.dumps(edited))
    part = f"pillars/{edited['pillars'][path[1]]['id']}" if path[0] == "pillars" else path[0]
    if "hash mismatch" in message:
        named = message.partition("written: ")[2].partition(" (hash")[0]
        if path[0] == "seal":
            part = path[1]
        assert named == part or (path[0] == "pillars" and path[2:] == ("id",) and part in named)
    else:
        assert ".".join(str(part) for part in path).startswith(message.split(": ")[1].split(".")[0])


@pytest.mark.parametrize(
    ("part", "edit"),
    [
        ("red_lines", lambda d: d["red_lines"].pop()),
        ("warnings", lambda d: d["warnings"].reverse()),
        ("evidence", lambda d: d["evidence"].append(d["evidence"][0])),
        ("pillars/second", lambda d: d["pillars"].pop(1)),
        ("pillars/first", lambda d: d["pillars"][0]["criteria"].pop()),
    ],
)
def test_entries_taken_out_added_or_moved_are_noticed(part: str, edit: Callable[[dict[str, Any]], Any]) -> None:
    edited = deepcopy(data())
    edit(edited)
    assert f"changed since it was written: {part} (hash mismatch)" in refused(json.dumps(edited))


def test_several_edited_parts_are_all_named() -> None:
    edited = deepcopy(data())
    edited["overall"]["coverage"] /= 2
    edited["provenance"]["seed"] += 1
    assert "overall and provenance (hash mismatch)" in refused(json.dumps(edited))


def test_no_more_problems_are_listed_than_a_reader_takes_in() -> None:
    lines = refused(json.dumps({"schema": "assess/assessment@1"})).splitlines()
    assert len(lines) == 8
    assert "; and 1 more; " in lines[-1]


def test_a_missing_file_is_refused(tmp_path: Path) -> None:
    for name in ("none.json", "none.pdf"):
        with pytest.raises(DocumentError, match=f"{name}:1:1: "):
            read_assessment(tmp_path / name)


# ------------------------------------------------------------------------------------------------- PDF


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "not a PDF that can be read"),
        (b"a text", "not a PDF that can be read"),
        (b"%PDF-1.7\nrubbish", "not a PDF that can be read"),
        (attached({}), f"no {DATA} is attached"),
        (attached({"case.yaml": YAML}), f"no {DATA} is attached"),
        (attached({DATA: b"{"}), f"x.pdf ({DATA}):1:2: the file ends too early"),
        (attached({DATA: b"{}"}), "schema is None"),
        (attached({DATA: sample().to_json().replace("fact 1", "fact 9").encode()}), "written: evidence (hash"),
    ],
)
def test_a_pdf_that_holds_no_whole_assessment_is_refused(tmp_path: Path, content: bytes, message: str) -> None:
    assert message in refused(content, "x.pdf", tmp_path)


def test_an_assessment_attached_by_another_program_is_read(tmp_path: Path) -> None:
    path = tmp_path / "x.pdf"
    path.write_bytes(attached({DATA: sample().to_json().encode()}))
    assert read_assessment(path).to_json() == sample().to_json()


@settings(max_examples=20, phases=(Phase.generate,))  # a smaller example says no more
@given(st.data())
def test_a_damaged_pdf_gives_its_whole_assessment_or_is_refused(
    tmp_path_factory: pytest.TempPathFactory, choice: st.DataObject
) -> None:
    raw = bytearray(pdf())
    start = choice.draw(st.integers(0, len(raw) - 1))
    raw[start : start + choice.draw(st.integers(1, 400))] = choice.draw(st.binary(max_size=4))
    path = tmp_path_factory.getbasetemp() / "damaged.pdf"
    path.write_bytes(raw)
    try:
        assert read_assessment(path).to_json() == made_from(YAML).to_json()
    except DocumentError as error:
        assert error.problems


def test_only_our_own_words_reach_the_terminal(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[logging.LogRecord] = []
    last = logging.Handler()
    monkeypatch.setattr(last, "emit", said.append)
    monkeypatch.setattr(logging, "lastResort", last)
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    refused(b"a text", "x.pdf", tmp_path)
    assert said == []


def test_an_attached_document_that_is_not_the_one_it_was_made_from_is_refused(tmp_path: Path) -> None:
    target = tmp_path / "case.pdf"
    target.write_bytes(to_bytes(made_from(YAML), ".pdf", Edition(documents={"case.yaml": YAML + b"edited: true\n"})))
    with pytest.raises(DocumentError, match=r"not the documents the Assessment was made from: case\.yaml"):
        read_assessment(target)
