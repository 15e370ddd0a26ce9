from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
import yaml

from assess.documents import yamltext
from assess.documents.errors import Problem, UsageError
from assess.documents.shipped import resolve, shipped_dir, shipped_ids
from assess.documents.source import read_source

SHIPPED = [(kind, name) for kind in ("rubrics", "partnerships") for name in shipped_ids(kind)]


def test_what_is_shipped() -> None:
    alternatives = {
        "capability-partnership",
        "deterrence-first",
        "host-nation-sovereignty",
        "parliamentary-scrutiny",
        "small-state",
    }
    assert {"partnership-default"} | alternatives <= set(shipped_ids("rubrics"))
    assert shipped_ids("partnerships") == ["csto", "nato", "quad", "us-israel"]


@pytest.mark.parametrize("kind", ["rubrics", "partnerships", "templates"])
def test_every_kind_has_a_folder(kind: str) -> None:
    assert shipped_dir(kind).is_dir()


@pytest.mark.parametrize(("kind", "name"), SHIPPED)
def test_a_shipped_document_is_found_by_its_id_and_carries_it(kind: str, name: str) -> None:
    source = read_source(resolve(kind, name))
    assert source.faults == ()
    assert source.data["id"] == name


def test_a_shipped_document_is_read_alike_without_libyaml(monkeypatch: pytest.MonkeyPatch) -> None:
    path = resolve("partnerships", "quad")
    one = read_source(path)
    monkeypatch.setattr(yamltext, "_Loader", yaml.SafeLoader)
    other = read_source(path)
    assert other.data == one.data
    assert other.locate(Problem(("observations",), "x")) == one.locate(Problem(("observations",), "x"))


@pytest.mark.parametrize(("kind", "name"), SHIPPED)
def test_a_shipped_document_never_cites_the_draft_it_grew_from(kind: str, name: str) -> None:
    assert re.findall(r"(?i).*\bthe brief\b.*", resolve(kind, name).read_text(encoding="utf-8")) == []


@pytest.mark.parametrize(
    "reference", ["case.yaml", "case.yml", "nato.yaml", "folder/nato", Path("nato"), Path("case.yaml")]
)
def test_what_looks_like_a_path_is_one_even_when_no_file_is_there(reference: str | Path) -> None:
    assert resolve("partnerships", reference) == Path(reference)


def test_a_file_without_suffix_is_found(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "case").touch()
    assert resolve("partnerships", "case") == Path("case")


@pytest.mark.parametrize(
    ("reference", "says"),
    [
        ("natoo", r"^'natoo' is neither a file nor a shipped id in partnerships; did you mean 'nato'\?$"),
        ("zzz", r"^'zzz' is .*; known: csto, nato, quad, us-israel$"),
        ("partnership-default", "is neither a file nor a shipped id in partnerships"),
        ("x" * 5000, "is neither a file nor a shipped id"),
        ("a\0b", "is neither a file nor a shipped id"),
    ],
)
def test_an_unknown_id_is_an_error_that_helps(reference: str, says: str) -> None:
    with pytest.raises(UsageError, match=says):
        resolve("partnerships", reference)


@pytest.mark.skipif(not hasattr(os, "geteuid") or os.geteuid() == 0, reason="root may search every folder")
def test_a_name_in_a_folder_that_may_not_be_searched_is_an_unknown_id(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    tmp_path.chmod(0)
    try:
        with pytest.raises(UsageError, match="is neither a file nor a shipped id"):
            resolve("partnerships", "case")
    finally:
        tmp_path.chmod(0o700)
