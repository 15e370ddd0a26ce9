"""`assess tune page`: the page as a file."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

from tests.cli.conftest import Run

from assess.documents.shipped import shipped_dir, shipped_ids
from assess.rubric.loading import load_rubric


def data_of(page: Path) -> dict[str, Any]:
    (text,) = re.findall(r'id="data">(.*?)</script>', page.read_text(encoding="utf-8"), re.DOTALL)
    found: dict[str, Any] = json.loads(text)
    return found


def test_it_writes_one_file_with_the_cases_and_the_shipped_versions(run: Run, tmp_path: Path) -> None:
    result = run("tune", "page", "nato", "quad", "-o", "w.html")
    assert (result.code, result.out, result.err) == (0, "", "wrote w.html\n")
    assert [path.name for path in tmp_path.iterdir()] == ["w.html"]
    data = data_of(tmp_path / "w.html")
    assert [case["id"] for case in data["cases"]] == ["nato", "quad"]
    assert data["rubric"]["reference"] == "partnership-default"
    titles = [preset["title"] for preset in data["presets"]]
    for name in shipped_ids("rubrics"):
        version = load_rubric(name)
        child = version.extends is not None and version.extends.rubric == "partnership-default"
        assert (f"{version.title} {version.version}" in titles) is child
    run("tune", "page", "nato", "--rubric", "deterrence-first", "-o", "v.html")
    relatives = [preset["title"] for preset in data_of(tmp_path / "v.html")["presets"]]
    assert {title.replace(" (declared)", "") for title in titles} == {
        title.replace(" (declared)", "") for title in relatives
    }
    first = (tmp_path / "w.html").read_bytes()
    run("tune", "page", "nato", "quad", "-o", "w.html")
    assert (tmp_path / "w.html").read_bytes() == first


def test_presets_can_be_chosen_and_a_rubric_of_ones_own_is_named_as_seen_from_the_page(
    run: Run, tmp_path: Path
) -> None:
    own = (shipped_dir("rubrics") / "partnership-default.yaml").read_text(encoding="utf-8")
    (tmp_path / "own.yaml").write_text(own.replace("id: partnership-default\n", "id: own\n"), encoding="utf-8")
    (tmp_path / "out").mkdir()
    result = run("tune", "page", "nato", "--rubric", "own.yaml", "--preset", "partnership-default", "-o", "out/w.html")
    assert (result.code, result.err) == (0, "wrote out/w.html\n")
    data = data_of(tmp_path / "out" / "w.html")
    assert data["rubric"]["reference"] == "../own.yaml"
    assert len(data["presets"]) == 3


def test_what_cannot_be_done_is_refused_with_advice(run: Run, case: Path, tmp_path: Path) -> None:
    (tmp_path / "small.yaml").write_text(SMALL, encoding="utf-8")
    for arguments, words in (
        (("nato",), "Missing option"),
        ((), "CASE"),
        (("nato", "-o", "w.pdf"), "the suffix must be .html"),
        (("natto", "-o", "w.html"), "nato"),
        (("nato", "nato", "-o", "w.html"), "given twice: nato"),
        (("nato", "--preset", "small.yaml", "-o", "w.html"), "small has other pillars or criteria"),
        (("nato", "--preset", "nowhere", "--preset", "else", "-o", "w.html"), "'else' is neither"),
        ((str(case), "--rubric", "small.yaml", "-o", "w.html"), "burden_sharing"),
    ):
        result = run("tune", "page", *arguments)
        assert (result.code, result.out) == (2, "")
        assert words in result.err
        assert "Traceback" not in result.err
    assert not (tmp_path / "w.html").exists()


SMALL = """\
schema: assess/rubric@1
id: small
title: Small
version: 1.0.0
bands: [{label: Good, at_least: 50}, {label: Bad, at_least: 0}]
pillars:
  - id: one
    title: One
    criteria:
      - {id: a, title: A, question: A?, weight: 1, measure: {kind: ordinal}, anchors: {0: a, 1: b, 2: c, 3: d, 4: e}}
"""
