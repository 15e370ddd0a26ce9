"""Steps that commands share."""

from __future__ import annotations

import hashlib
import io
import sys
from pathlib import Path

import pytest
from tests.conftest import default_rubric

from assess.cli.options import load_cases, load_results, progress
from assess.documents.errors import AssessError
from assess.documents.shipped import resolve
from assess.reporting.edition import Edition
from assess.reporting.render import render
from assess.rubric.models import Rubric

RUBRIC = "partnership-default"


def test_errors_of_several_cases_come_together(rubric: Rubric) -> None:
    with pytest.raises(AssessError) as caught:
        load_cases(("natoo", "quadd", "nato"), rubric)
    assert str(caught.value).count("did you mean") == 2


def test_a_case_is_scored_and_what_an_earlier_run_wrote_is_read_in_the_order_given(tmp_path: Path) -> None:
    (scored,) = load_results(("quad",), RUBRIC, 200, 5)
    for name in ("q.json", "q.pdf"):
        render(scored.assessment, tmp_path / name, Edition(documents=scored.documents))
    paths = (str(tmp_path / "q.pdf"), "csto", str(tmp_path / "q.json"))
    from_pdf, fresh, from_json = load_results(paths, RUBRIC, 150, 6)
    assert [r.assessment.partnership.id for r in (from_pdf, fresh, from_json)] == ["quad", "csto", "quad"]
    assert [r.assessment.provenance.draws for r in (from_pdf, fresh, from_json)] == [200, 150, 200]
    assert from_pdf.assessment.to_json() == from_json.assessment.to_json() == scored.assessment.to_json()
    assert from_pdf.documents == scored.documents
    assert from_json.documents == {}


def test_files_alone_need_no_rubric(tmp_path: Path) -> None:
    (scored,) = load_results(("quad",), RUBRIC, 100, 5)
    path = tmp_path / "quad.json"
    path.write_text(scored.assessment.to_json())
    assert len(load_results((str(path),), "no such rubric", 0, 0)) == 1


def test_a_scored_case_comes_with_the_documents_whose_hashes_it_names() -> None:
    (scored,) = load_results(("quad",), RUBRIC, 100, 5)
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in scored.documents.items()}
    assert hashes == {
        "quad.yaml": scored.assessment.provenance.partnership_sha256,
        "partnership-default.yaml": scored.assessment.rubric.sha256,
    }
    assert scored.documents["quad.yaml"] == resolve("partnerships", "quad").read_bytes()


def test_a_version_brings_the_files_of_its_parents_and_reads_back_from_a_pdf(tmp_path: Path) -> None:
    default = default_rubric()
    text = f"""\
schema: assess/rubric@1
id: {default.id}
title: The next version
version: 9.0.0
extends: {{rubric: {default.id}, version: {default.version}}}
"""
    (tmp_path / "next.yaml").write_text(text)
    (scored,) = load_results(("quad",), str(tmp_path / "next.yaml"), 100, 5)
    parents = scored.assessment.rubric.parents
    hashes = {name: hashlib.sha256(content).hexdigest() for name, content in scored.documents.items()}
    assert hashes == {
        "quad.yaml": scored.assessment.provenance.partnership_sha256,
        f"{default.id}.yaml": scored.assessment.rubric.sha256,
        f"{default.id}-{default.version}.yaml": parents[0].sha256,
    }
    render(scored.assessment, tmp_path / "q.pdf", Edition(documents=scored.documents))
    (again,) = load_results((str(tmp_path / "q.pdf"),), RUBRIC, 100, 5)
    assert again.documents == scored.documents
    render(again.assessment, tmp_path / "r.pdf", Edition(documents=again.documents))
    assert (tmp_path / "q.pdf").read_bytes() == (tmp_path / "r.pdf").read_bytes()


@pytest.mark.parametrize(("terminal", "steps", "shown"), [(True, 3, True), (False, 3, False), (True, 2, False)])
def test_progress_is_shown_for_long_work_on_a_terminal_only(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], terminal: bool, steps: int, shown: bool
) -> None:
    errors = io.StringIO()
    monkeypatch.setattr(errors, "isatty", lambda: terminal)
    monkeypatch.setattr(sys, "stderr", errors)
    with progress("working", steps) as step:
        for _ in range(steps):
            step()
    assert ("working" in errors.getvalue()) == shown
    assert ("100%" in errors.getvalue()) == shown
    assert capsys.readouterr().out == ""
