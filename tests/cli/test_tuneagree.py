"""`assess tune agree`: cases, tables or judgements in; alpha, a map and one answer of all out."""

from __future__ import annotations

from pathlib import Path

from tests.cli.conftest import GOOD_CASE, Run

from assess.rubric.loading import load_rubric

PILLARS = ("stability", "threat_coverage", "interoperability", "legal_sovereignty")


def weights_table(folder: Path) -> None:
    rows = [
        f"{assessor},{pillar},{weight}\n"
        for assessor, given in (("ann", (4, 3, 2, 1)), ("ben", (1, 1, 1, 1)))
        for pillar, weight in zip(PILLARS, given, strict=True)
    ]
    (folder / "w.csv").write_text("assessor,criterion,weight\n" + "".join(rows))


def test_cases_of_several_assessors(run: Run, tmp_path: Path) -> None:
    extra = "  intelligence_sharing: {level: 2, confidence: high, evidence: [E1], rationale: Because.}\n"
    (tmp_path / "ann.yaml").write_text(GOOD_CASE + extra)
    (tmp_path / "ben.yaml").write_text(GOOD_CASE.replace("level: 3", "level: 1") + extra)
    result = run("tune", "agree", "ann.yaml", "ben.yaml")
    assert (result.code, result.err) == (0, "")
    assert "Agreement on A draft" in result.out
    assert "| Burden and risk sharing | 50 | 25 to 75 | ann 75, ben 25 | ann, ben |" in result.out
    assert "best: 2" in result.out


def test_a_table_of_levels(run: Run, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(
        "assessor,criterion,level\nann,burden_sharing,3\nben,burden_sharing,2\n"
        "ann,intelligence_sharing,1\nben,intelligence_sharing,1\n"
    )
    result = run("tune", "agree", "t.csv", "--metric", "interval", "--draws", "100")
    assert result.code == 0
    assert "Metric: interval" in result.out
    assert run("tune", "agree", "t.csv", "--metric", "interval", "--draws", "100").out == result.out


def test_weights_become_an_agreed_version(run: Run, tmp_path: Path) -> None:
    weights_table(tmp_path)
    result = run("tune", "agree", "w.csv", "--by", "Ann and Ben", "--on", "2026-11", "-o", "new.yaml")
    assert result.code == 0
    assert "Agreement on the weights of the pillars" in result.out
    assert "agreed by several" in result.out
    weighting = load_rubric(tmp_path / "new.yaml").weighting
    assert weighting is not None
    assert (weighting.method, weighting.by, weighting.source) == ("agreed", "Ann and Ben", "w.csv")
    assert weighting.source_sha256 is not None


def test_judgements_of_several(run: Run, tmp_path: Path) -> None:
    version = load_rubric("partnership-default").version
    for name, order in (("ann", PILLARS), ("ben", PILLARS[::-1])):
        (tmp_path / f"{name}.yaml").write_text(
            f"schema: assess/judgements@1\nid: {name}\nrubric: {{rubric: partnership-default, version: {version}}}\n"
            f"nodes:\n  - {{node: overall, method: ranks, order: [{', '.join(order)}]}}\n"
        )
    result = run("tune", "agree", "ann.yaml", "ben.yaml", "-o", "new.yaml")
    assert result.code == 0
    made = load_rubric(tmp_path / "new.yaml")
    assert made.weighting is not None
    assert made.weighting.by == "ann, ben"
    shares = made.weighting.nodes[0].weights
    assert abs(shares["stability"] - shares["legal_sovereignty"]) < 1e-9
    text = (tmp_path / "ben.yaml").read_text()
    (tmp_path / "ben.yaml").write_text(text.replace("nodes:", "types: [coalition]\nnodes:"))
    assert "compare one type at a time" in run("tune", "agree", "ann.yaml", "ben.yaml").err


def test_wrong_calls_are_refused_with_advice(run: Run, case: Path, tmp_path: Path) -> None:
    weights_table(tmp_path)
    (tmp_path / "t.csv").write_text("assessor,criterion,level\nann,burden_sharing,3\n")
    (tmp_path / "j.yaml").write_text("schema: assess/judgements@1\n")
    before = sorted(tmp_path.iterdir())
    for arguments, words in (
        (("draft.yaml",), "at least two assessors"),
        (("draft.yaml", "draft.yaml"), "given twice"),
        (("draft.yaml", "w.csv"), "give it alone"),
        (("draft.yaml", "j.yaml"), "give one kind"),
        (("draft.yaml", "nato"), "not of the same case"),
        (("draft.yaml", "none.yaml"), "no such file"),
        (("t.csv",), "at least two assessors"),
        (("t.csv", "-o", "new.yaml"), "readings of a case are printed only"),
        (("w.csv", "--on", "soon"), "is not a date"),
        (("none.csv",), "no such file"),
    ):
        result = run("tune", "agree", *arguments)
        assert (result.code, result.out) == (2, ""), arguments
        assert words in result.err
    assert sorted(tmp_path.iterdir()) == before
