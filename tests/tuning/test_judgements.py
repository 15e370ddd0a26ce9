"""Judgement documents: YAML and CSV say the same, and what does not fit the rubric is shown where it stands."""

from __future__ import annotations

from pathlib import Path

import pytest

from assess.documents.errors import DocumentError
from assess.rubric.models import Rubric
from assess.tuning.judgements import (
    BestWorst,
    Pairwise,
    Swings,
    children_of,
    document_text,
    load_judgements,
    parse_judgements,
)

HEAD = """\
schema: assess/judgements@1
id: staff
rubric: {rubric: partnership-default, version: VERSION}
nodes:
"""
POINTS = "  - {node: overall, method: points, points: {stability: 30, threat_coverage: 30, interoperability: 20, "


def document(folder: Path, rubric: Rubric, nodes: str, head: str = HEAD) -> Path:
    path = folder / "j.yaml"
    path.write_text(head.replace("VERSION", rubric.version) + nodes)
    return path


def problems(path: Path, rubric: Rubric | None = None) -> str:
    with pytest.raises(DocumentError) as caught:
        load_judgements(path, rubric)
    return str(caught.value)


def test_a_document_finds_its_rubric_by_itself(tmp_path: Path, rubric: Rubric) -> None:
    said, found = load_judgements(document(tmp_path, rubric, POINTS + "legal_sovereignty: 20}}\n"))
    assert found.id == "partnership-default"
    assert said.source is not None
    assert said.nodes[0].node == "overall"


def test_children_of_every_node(rubric: Rubric) -> None:
    assert list(children_of(rubric, "overall") or ()) == [pillar.id for pillar in rubric.pillars]
    assert "burden_sharing" in (children_of(rubric, "stability") or ())
    assert children_of(rubric, "burden_sharing") is None


def test_what_does_not_fit_the_rubric_is_shown_in_one_run(tmp_path: Path, rubric: Rubric) -> None:
    text = problems(
        document(
            tmp_path,
            rubric,
            POINTS
            + "legal_sovreignty: 20}}\n  - {node: stabilty, method: ranks, order: [a, b]}\n"
            + "  - {node: overall, method: statements, statements: [stability matters most]}\n",
        )
    )
    assert "j.yaml:5:5: node 'overall': nothing is said of legal_sovereignty; judge every child" in text
    assert ": 'legal_sovreignty' is no child of 'overall'; did you mean 'legal_sovereignty'?" in text
    assert "j.yaml:6:12: unknown node 'stabilty'; did you mean 'stability'?" in text
    assert "j.yaml:7:12: node 'overall' is judged twice" in text


@pytest.mark.parametrize(
    ("reference", "words"),
    [
        ("{rubric: partnership-default, version: 0.9.0}", "j.yaml:3:48: the judgements are about version 0.9.0"),
        (f"{{rubric: partnership-default, version: VERSION, sha256: {'0' * 64}}}", "has another hash"),
        ("{rubric: other, version: VERSION}", "the judgements are about rubric 'other'"),
        ("{version: VERSION}", "rubric.rubric: missing"),
    ],
)
def test_judgements_on_another_version_are_refused(tmp_path: Path, rubric: Rubric, reference: str, words: str) -> None:
    head = HEAD.replace("{rubric: partnership-default, version: VERSION}", reference)
    path = document(tmp_path, rubric, POINTS + "legal_sovereignty: 20}}\n", head)
    assert words in problems(path, rubric)


def test_an_unknown_rubric_is_named_at_its_place(tmp_path: Path, rubric: Rubric) -> None:
    head = HEAD.replace("partnership-default", "partnership-defalt")
    path = document(tmp_path, rubric, POINTS + "legal_sovereignty: 20}}\n", head)
    assert "j.yaml:3:18: 'partnership-defalt' is neither a file nor a shipped id" in problems(path)


@pytest.mark.parametrize(
    ("node", "words"),
    [
        ("{node: overall, method: delphi}", "should be one of"),
        ("{node: overall, method: ahp}", "give comparisons or a matrix"),
        ("{node: overall, method: swing}", "give swings or an order"),
        ("{node: overall, method: swing, swings: {stability: {low: 5, high: 2}}}", "low (5) is above high (2)"),
        (
            "{node: overall, method: best_worst, worst: stability, best_to_others: {}, others_to_worst: {}}",
            "add 'best'",
        ),
        (
            "{node: overall, method: ahp, comparisons: [{a: stability, over: threat_coverage, value: -1}]}",
            "equal to 0.000001",
        ),
        ("{node: overall, method: points, points: [1, 2]}", "should be a mapping"),
        ("[overall]", "nodes.0"),
        ("{node: overall, method: points, points: {stability: 1e308}}", "less than or equal to 1000000"),
    ],
)
def test_bad_shapes_get_a_message(tmp_path: Path, rubric: Rubric, node: str, words: str) -> None:
    assert words in problems(document(tmp_path, rubric, f"  - {node}\n"), rubric)


def test_fractions_and_triangles(tmp_path: Path, rubric: Rubric) -> None:
    nodes = """\
  - node: overall
    method: ahp
    matrix:
      items: [stability, threat_coverage, interoperability, legal_sovereignty]
      rows: [[4, 3, 7], [1/3, 3], [null]]
"""
    entry = load_judgements(document(tmp_path, rubric, nodes), rubric)[0].nodes[0]
    assert isinstance(entry, Pairwise)
    assert entry.matrix is not None
    assert entry.matrix.square() == [
        [None, 4, 3, 7],
        [None, None, pytest.approx(1 / 3), 3],
        [None, None, None, None],
        [None] * 4,
    ]


TABLE = """\
node,method,item,over,value,low,high,part,statement
overall,best_worst,threat_coverage,stability,2,,,best_to_others,
overall,best_worst,threat_coverage,interoperability,8,,,best_to_others,
overall,best_worst,threat_coverage,legal_sovereignty,4,,,best_to_others,
overall,best_worst,stability,interoperability,4,,,others_to_worst,
overall,best_worst,legal_sovereignty,interoperability,2,,,others_to_worst,
stability,swing,interest_alignment,,100,,,,
"""


def test_a_table_says_the_same_as_a_document(tmp_path: Path, rubric: Rubric) -> None:
    rest = [name for name in children_of(rubric, "stability") or () if name != "interest_alignment"]
    path = tmp_path / "My table.csv"
    path.write_text(TABLE + "".join(f"stability,swing,{name},,,20,40,,\n" for name in rest))
    said, _ = load_judgements(path, rubric, by="Staff", on="2026-11")
    best_worst, swing = said.nodes
    assert (said.id, said.by, said.on) == ("my-table", "Staff", "2026-11")
    assert isinstance(best_worst, BestWorst)
    assert (best_worst.best, best_worst.worst) == ("threat_coverage", "interoperability")
    assert best_worst.best_to_others == {"stability": 2, "interoperability": 8, "legal_sovereignty": 4}
    assert isinstance(swing, Swings)
    assert swing.swings["interest_alignment"].low == swing.swings["interest_alignment"].high == 100
    assert (swing.swings[rest[0]].low, swing.swings[rest[0]].high) == (20, 40)


def test_a_table_of_ranks_keeps_ties(tmp_path: Path, rubric: Rubric) -> None:
    path = tmp_path / "t.csv"
    ranks = {"stability": 2, "threat_coverage": 1, "interoperability": 3, "legal_sovereignty": 2}
    path.write_text("node,method,item,value\n" + "".join(f"overall,ranks,{k},{v}\n" for k, v in ranks.items()))
    entry = load_judgements(path, rubric)[0].nodes[0]
    assert entry.model_dump()["order"] == ("threat_coverage", ("stability", "legal_sovereignty"), "interoperability")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("node,method,itm\n", "t.csv:1:1: unknown column 'itm'; did you mean 'item'?"),
        ("method,item\n", "t.csv:1:1: no column 'node'; add it"),
        ("node,method,item,value\n,points,stability,1\n", "t.csv:2:1: a row needs a node and a method"),
        ("node,method,item,value\noverall,ahp,stability,1\n", "t.csv:2:1: ahp needs over in every row"),
        (
            "node,method,item,value\noverall,points,stability,x\n",
            "t.csv:2:1: nodes.0.points.stability: input should be",
        ),
        ("node,method,item,value\noverall,points,stabilty,1\n", "t.csv:2:1: 'stabilty' is no child of 'overall'"),
        ("node,method,item,value\noverall,ranks,stability,nan\n", "t.csv:2:1: the rank of 'stability' must be"),
        ("node,method,item,value\noverall,delphi,stability,1\n", "t.csv:2:1: nodes.0.method: should be one of"),
        (
            "node,method,item,value\noverall,points,stability,1\noverall,ranks,stability,1\n",
            "t.csv:3:1: node 'overall'",
        ),
        ("node,method,item,value\noverall,points,stability,1,2\n", "t.csv:2:1: more fields than columns"),
        ("node,method,item,value\n", "t.csv:1:1: nodes: too few entries"),
        ("", "t.csv:1:1: no column 'node'"),
    ],
)
def test_a_bad_table_names_the_line(tmp_path: Path, rubric: Rubric, text: str, words: str) -> None:
    path = tmp_path / "t.csv"
    path.write_text(text)
    assert words in problems(path, rubric)


def test_answers_become_a_document_that_reads_back(tmp_path: Path, rubric: Rubric) -> None:
    points = dict.fromkeys(children_of(rubric, "overall") or (), 25.0)
    text = document_text(rubric, [{"node": "overall", "method": "points", "points": points}], None, by="Me", on="2026")
    said = parse_judgements(text, "answers", rubric)
    assert (said.by, said.on, said.rubric.version) == ("Me", "2026", rubric.version)
    path = tmp_path / "saved.yaml"
    path.write_text(text)
    again, _ = load_judgements(path)
    assert again.nodes == said.nodes
    assert again.source is not None
    assert said.source is not None
    assert again.source.sha256 == said.source.sha256
