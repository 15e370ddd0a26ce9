"""`assess report`: several forms and cases at once, from documents or from what earlier runs wrote."""

from __future__ import annotations

import csv
import json
from pathlib import Path

import pypdf
import pytest
from tests.cli.conftest import GOOD_CASE, Run

FORMS = ("html", "pdf", "md", "csv", "json")
OPENINGS = {"html": b"<!DOCTYPE html>", "pdf": b"%PDF-", "md": b"# ", "csv": b"", "json": b"{"}
A4, LETTER = (595, 842), (612, 792)


def left(folder: Path) -> list[str]:
    """Return everything in a folder, hidden files and empty folders too."""
    return sorted(str(path.relative_to(folder)) for path in folder.rglob("*"))


def pages(path: Path) -> list[tuple[int, int]]:
    """Return the width and height of each page of a PDF, in points."""
    with pypdf.PdfReader(path) as reader:
        return [(round(page.mediabox.width), round(page.mediabox.height)) for page in reader.pages]


# ------------------------------------------------------------------------------------------------- one case


def test_every_form_is_written_in_one_run(run: Run, tmp_path: Path) -> None:
    result = run("report", "quad", *(part for form in FORMS for part in ("-o", f"q.{form}")))
    assert (result.code, result.err) == (0, "")
    assert result.out.split() == [word for form in FORMS for word in ("wrote", f"q.{form}")]
    for form, opening in OPENINGS.items():
        assert (tmp_path / f"q.{form}").read_bytes().startswith(opening)
    with (tmp_path / "q.csv").open(newline="") as handle:
        assert len({len(line) for line in csv.reader(handle)}) == 1


def test_without_a_file_it_writes_html_named_after_the_case(run: Run, tmp_path: Path) -> None:
    assert run("report", "quad").out == "wrote quad.html\n"
    assert left(tmp_path) == ["quad.html"]


def test_an_assessment_renders_as_the_case_does(run: Run, tmp_path: Path) -> None:
    run("report", "quad", "-o", "a.json", "-o", "a.pdf", "-o", "a.html")
    for earlier in ("a.json", "a.pdf"):
        assert run("report", earlier, "-o", "b.html", "-o", "b.pdf").code == 0
        assert (tmp_path / "a.html").read_bytes() == (tmp_path / "b.html").read_bytes()
    assert (tmp_path / "a.pdf").read_bytes() == (tmp_path / "b.pdf").read_bytes()


def test_a_pdf_holds_the_documents_byte_for_byte(run: Run, tmp_path: Path, case: Path) -> None:
    case.write_bytes(b"\xef\xbb\xbf" + case.read_bytes().replace(b"\n", b"\r\n"))
    assert run("report", case.name, "-o", "a.pdf").code == 0
    with pypdf.PdfReader(tmp_path / "a.pdf") as reader:
        attached = dict(reader.attachments)
    assert set(attached) == {"assessment.json", "draft.yaml", "partnership-default.yaml"}
    assert attached["draft.yaml"] == [case.read_bytes()]


def test_the_summary_is_one_page(run: Run, tmp_path: Path) -> None:
    run("report", "quad", "--summary", "-o", "short.pdf", "-o", "short.html", "-o", "short.json")
    run("report", "quad", "-o", "long.html", "-o", "long.json")
    assert len(pages(tmp_path / "short.pdf")) == 1
    assert len((tmp_path / "short.html").read_text()) < len((tmp_path / "long.html").read_text())
    assert (tmp_path / "short.json").read_bytes() == (tmp_path / "long.json").read_bytes()


def test_the_paper_is_a4_unless_it_is_chosen(run: Run, tmp_path: Path) -> None:
    run("report", "quad", "--summary", "-o", "plain.pdf")
    run("report", "quad", "--summary", "--paper", "us-letter", "-o", "letter.pdf")
    assert pages(tmp_path / "plain.pdf") == [A4]
    assert pages(tmp_path / "letter.pdf") == [LETTER]


@pytest.mark.parametrize("earlier", ["then.json", "then.pdf"])
def test_what_changed_since_an_earlier_assessment_is_shown(run: Run, tmp_path: Path, case: Path, earlier: str) -> None:
    run("report", case.name, "-o", earlier, "-o", "plain.md")
    case.write_text(case.read_text().replace("level: 3", "level: 1"))
    assert run("report", case.name, "--previous", earlier, "-o", "now.md").code == 0
    plain, now = (tmp_path / "plain.md").read_text(), (tmp_path / "now.md").read_text()
    assert "Changes since" not in plain
    changed = [line for line in now.partition("Changes since")[2].splitlines() if "Burden and risk sharing" in line]
    assert any("75" in line and "25" in line for line in changed)


# ------------------------------------------------------------------------------------------------- several cases


def test_several_cases_go_into_a_folder_in_every_form_asked_for(run: Run, tmp_path: Path) -> None:
    result = run("report", "quad", "csto", "-o", "new/reports/", "-f", "md", "-f", "json")
    names = [f"new/reports/{name}.{form}" for name in ("quad", "csto") for form in ("md", "json")]
    assert result.out.split() == [word for name in names for word in ("wrote", name)]
    assert left(tmp_path) == sorted(["new", "new/reports", *names])
    for name in ("quad", "csto"):
        assert json.loads((tmp_path / f"new/reports/{name}.json").read_text())["partnership"]["id"] == name


def test_a_folder_gets_html_and_pdf_unless_forms_are_named(run: Run, tmp_path: Path, case: Path) -> None:
    run("report", case.name, "quad")
    assert left(tmp_path / "reports") == sorted(f"{n}.{form}" for n in ("draft", "quad") for form in ("html", "pdf"))


def test_a_folder_and_a_file_go_together_for_one_case(run: Run, tmp_path: Path, case: Path) -> None:
    (tmp_path / "folder.d").mkdir()
    assert run("report", case.name, "-o", "folder.d", "-o", "one.md", "-f", "csv").code == 0
    assert left(tmp_path) == [case.name, "folder.d", "folder.d/draft.csv", "one.md"]


def test_documents_and_what_earlier_runs_wrote_mix_in_the_order_given(run: Run, tmp_path: Path, case: Path) -> None:
    run("report", case.name, "-o", "old.json")
    result = run("report", "old.json", "quad", "-f", "md")
    assert result.out.split() == ["wrote", "reports/draft.md", "wrote", "reports/quad.md"]


# ------------------------------------------------------------------------------------------------- or nothing at all


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["draft.yaml", "-o", "good.html", "-o", "none/x.pdf"], "none/x.pdf: the folder none does not exist"),
        (["draft.yaml", "-o", "good.html", "-o", "x.docx"], "'.docx' is not a form of report"),
        (["draft.yaml", "-o", "new/out", "-o", "x.docx"], "'.docx' is not a form of report"),
        (["draft.yaml", "quad", "-o", "one.html"], "one.html is one file for 2 cases; name a folder"),
        (["draft.yaml", "-o", "one.html", "-f", "pdf"], "the suffix of one.html says its own"),
        (["draft.yaml", "draft.yaml", "-o", "new/out"], "draft.html would be written twice"),
        (["draft.yaml", "-o", "a.html", "-o", "./a.html"], "a.html would be written twice"),
        (["draft.yaml", "natoo", "quadd", "-o", "new/out"], "did you mean 'quad'"),
        (["draft.yaml", "-o", "new/out", "-o", "file/out"], "file/out: cannot be made"),
        (["draft.yaml", "-o", "new/out", "-o", "file"], "file: cannot be made"),
        (["draft.yaml", "-o", "new/out", "-o", "none/x.md"], "none/x.md: the folder none does not exist"),
        (["draft.yaml", "-o", "new/out", "-o", "new/" + "x" * 300], "cannot be made: File name too long"),
        (["draft.yaml", "-o", "x" * 300 + ".html"], "cannot be written: File name too long"),
        (["draft.yaml", "-o", "new/out", "--previous", "none.json"], "none.json:1:1: no such file"),
        (["draft.yaml", "-o", "new/out", "--previous", "draft.yaml"], "draft.yaml:1:1: not valid JSON"),
        (["draft.yaml", "quad", "-o", "new/out", "--previous", "none.json"], "report the cases one by one"),
        (["draft.yaml", "-o", "new/out", "--paper", "a5"], "a5"),
        (["draft.yaml", "-o", "new/out", "--format", "docx"], "docx"),
        (["-o", "new/out"], "CASE"),
    ],
)
def test_a_mistake_is_named_and_leaves_nothing_behind(
    run: Run, tmp_path: Path, case: Path, arguments: list[str], says: str
) -> None:
    (tmp_path / "file").touch()
    result = run("report", *arguments)
    assert (result.code, result.out) == (2, "")
    assert says in result.err
    assert "Traceback" not in result.err
    assert left(tmp_path) == [case.name, "file"]


def test_what_cannot_be_written_leaves_the_files_of_an_earlier_run(run: Run, tmp_path: Path, case: Path) -> None:
    run("report", case.name, "-o", "out", "-f", "md")
    before = (tmp_path / "out/draft.md").read_bytes()
    (tmp_path / "out/draft.html").mkdir()
    case.write_text(case.read_text().replace("level: 3", "level: 1"))
    result = run("report", case.name, "-o", "out", "-f", "md", "-f", "html")
    assert (result.code, "out/draft.html: is a directory" in result.err) == (2, True)
    assert left(tmp_path) == [case.name, "out", "out/draft.html", "out/draft.md"]
    assert (tmp_path / "out/draft.md").read_bytes() == before


def test_a_bad_document_and_a_bad_assessment_are_named_in_one_run(run: Run, tmp_path: Path) -> None:
    (tmp_path / "cut.json").write_text('{"schema": "assess/assessment@1",')
    (tmp_path / "odd.yaml").write_text("schema: assess/partnership@1\nid: Odd\n")
    result = run("report", "cut.json", "odd.yaml", "quad", "-o", "out")
    assert result.code == 2
    assert "cut.json:1:" in result.err
    assert "odd.yaml:2:5: id: 'Odd' is not of the right form" in result.err
    assert left(tmp_path) == ["cut.json", "odd.yaml"]


def test_the_analysis_of_trust_goes_into_the_report_when_asked_for(run: Run, tmp_path: Path) -> None:
    assert run("report", "quad", "--robust", "--draws", "300", "-o", "q.md", "-o", "q.json").code == 0
    assert "## Robustness: " in (tmp_path / "q.md").read_text()
    result = run("report", "q.json", "--robust", "-o", "again.html")
    assert (result.code, result.out) == (2, "")
    assert "--robust needs the documents" in result.err


def test_cases_of_one_profile_are_ranked_in_their_reports_and_others_are_not(run: Run, tmp_path: Path) -> None:
    assert run("report", "nato", "csto", "--robust", "--draws", "300", "-o", "out", "-f", "md").code == 0
    assert "## Ranks: North Atlantic Treaty Organization rank 1" in (tmp_path / "out" / "csto.md").read_text()
    mixed = run("report", "nato", "csto", "quad", "--robust", "--draws", "300", "-o", "out", "-f", "md")
    assert (mixed.code, mixed.err) == (0, "quad: not ranked; no other case here has the profile strategic_dialogue\n")
    ranked = [name for name in ("nato", "csto", "quad") if "Ranks:" in (tmp_path / "out" / f"{name}.md").read_text()]
    assert ranked == ["nato", "csto"]


def test_what_assessors_read_is_compared_in_the_report_and_moves_no_score(run: Run, tmp_path: Path, case: Path) -> None:
    extra = "  intelligence_sharing: {level: 2, confidence: high, evidence: [E1], rationale: Because.}\n"
    for name, level in (("ann", 3), ("ben", 1)):
        (tmp_path / f"{name}.yaml").write_text(GOOD_CASE.replace("level: 3", f"level: {level}") + extra)
    both = ("--assessors", "ann.yaml", "--assessors", "ben.yaml")
    forms = ("-o", "r.md", "-o", "r.html", "-o", "r.pdf", "-o", "r.json")
    assert run("report", case.name, *both, *forms).code == 0
    shown, page = (tmp_path / "r.md").read_text(), (tmp_path / "r.html").read_text()
    assert "## Agreement on the readings of this case: Krippendorff's alpha" in shown
    assert "| Burden and risk sharing | 50 | 25 to 75 | ann 75, ben 25 | ann, ben |" in shown
    assert 'id="agreement"' in page
    assert "ann 75, ben 25" in page
    with pypdf.PdfReader(tmp_path / "r.pdf") as reader:
        assert any("Readings by assessor, the widest spread first" in sheet.extract_text() for sheet in reader.pages)
    assert run("report", case.name, "-o", "alone.json", "-o", "alone.md").code == 0
    assert (tmp_path / "alone.json").read_bytes() == (tmp_path / "r.json").read_bytes()
    assert "Agreement on" not in (tmp_path / "alone.md").read_text()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["draft.yaml", "--assessors", "ann.yaml"], "the documents of at least two assessors, or one table"),
        (["draft.yaml", "--assessors", "ann.yaml", "--assessors", "none.yaml"], "none.yaml:1:1: no such file"),
        (["draft.yaml", "--assessors", "ann.yaml", "--assessors", "quad"], "not documents of the case at hand (draft"),
        (["draft.yaml", "--assessors", "w.csv"], "w.csv holds weights, not readings of a case"),
        (["draft.yaml", "--assessors", "t.csv"], "t.csv:2:1: level must be a number from 0 to 4 (found '9')"),
        (["draft.yaml", "quad", "--assessors", "t.csv", "-o", "new"], "--assessors are those of one case"),
        (["read.json", "--assessors", "t.csv"], "--assessors needs the documents"),
    ],
)
def test_assessors_of_nothing_or_of_something_else_are_refused(
    run: Run, tmp_path: Path, case: Path, arguments: list[str], says: str
) -> None:
    assert run("report", case.name, "-o", "read.json").code == 0
    (tmp_path / "ann.yaml").write_text(GOOD_CASE)
    (tmp_path / "w.csv").write_text("assessor,criterion,weight\nann,stability,1\n")
    (tmp_path / "t.csv").write_text("assessor,criterion,level\nann,burden_sharing,9\n")
    before = left(tmp_path)
    result = run("report", *arguments)
    assert (result.code, result.out) == (2, "")
    assert says in result.err
    assert left(tmp_path) == before
