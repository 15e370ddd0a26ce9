from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import CASES, evidence, json_like, marked, partnership_data, places, with_change

from assess.documents.errors import DocumentError, Problem, UsageError
from assess.documents.shipped import resolve
from assess.documents.source import Source, read_source
from assess.documents.validation import build, walk
from assess.partnership.loading import check_dates, check_ids, check_parties, load_partnership
from assess.partnership.models import SCHEMA, Partnership
from assess.rubric.models import Rubric
from assess.scoring.binding import fits

THREAT = "threats:\n  - {id: t, threat: T, domain: sea, severity: 1, likelihood: 1, adequacy: none, "
STRUCTURE = "structures:\n  - {id: s, title: T, kind: other, status: working, "
EVENT = "events:\n  - {id: v, title: T, kind: exercise, "
JUDGEMENT = "key_judgements:\n  - {id: k, confidence: low, because: b, "
CHECKS = (check_ids, check_parties, check_dates)
BASE = """\
schema: assess/partnership@1
id: case
title: Case
type: coalition
stage: signed
as_of: 2025-06
parties:
  - {id: NO, name: Norway}
  - {id: SWE, name: Sweden, key: false}
instruments:
  - id: T
    title: Treaty
    form: treaty
    status: binding
    signed: 2020-05-01
    evidence: [E1]
observations:
  burden_sharing:
    level: {low: 1, best: 2, high: 3}
    evidence: [E1]
  domestic_political_durability:
    parties:
      NO: {level: 3}
      SWE: {level: 2}
evidence:
  - {id: E1, fact: F, citation: C, date: 2025-01, kind: treaty, grade: A1, confidence: high, verified: yes}
"""


def load(folder: Path, text: str, **more: Any) -> Partnership:
    path = folder / "case.yaml"
    path.write_text(text, encoding="utf-8")
    return load_partnership(path, **more)


def refused(folder: Path, text: str, **more: Any) -> tuple[list[tuple[int, int]], str]:
    """Return the places and the message of the error, the file's name taken off."""
    with pytest.raises(DocumentError) as caught:
        load(folder, text, **more)
    return places(caught.value), str(caught.value).replace(f"{caught.value.file}:", "")


def test_a_partnership_is_loaded_with_its_source(tmp_path: Path) -> None:
    case = load(tmp_path, BASE)
    assert [party.id for party in case.parties] == ["NO", "SWE"]
    assert case.source is not None
    assert case.source.text == BASE


def test_an_unknown_id_and_a_missing_file_are_errors_of_their_own_kind(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match=r"'natoo' is neither a file nor a shipped id .*; did you mean 'nato'"):
        load_partnership("natoo")
    with pytest.raises(DocumentError, match=r"nothing\.yaml:1:1: no such file"):
        load_partnership(tmp_path / "nothing.yaml")
    with pytest.raises(DocumentError, match=":1:1: this is a directory"):
        load_partnership(tmp_path)


# ------------------------------------------------------------------------------------------------- places


@pytest.mark.parametrize(
    ("edits", "says"),
    [
        # keys, types and forms
        ({"stage:": "¦stag: x\nstage:"}, "stag: unknown key 'stag'; did you mean 'stage'?"),
        ({"name: Norway": "name: Norway, ¦kez: true"}, "parties.0.kez: unknown key 'kez'; did you mean 'key'?"),
        ({"best: 2": "best: 2, ¦hihg: 3"}, "unknown key 'hihg'; did you mean 'high'?"),
        ({"NO: {level: 3}": "NO: {¦levle: 3}"}, "unknown key 'levle'; did you mean 'level'?"),
        ({"type: coalition": "type: ¦alliance"}, "type: input should be 'bilateral_agreement'"),
        ({"type: coalition\n": "", "schema": "¦schema"}, "type: missing; add 'type'"),
        ({"type: coalition": "¦type:"}, "type: missing; add 'type'"),
        ({"key: false": "key: ¦no"}, "input should be a valid boolean (found 'no')"),
        ({"title: Case": "title: ¦2025"}, "title: input should be a valid string (found 2025)"),
        ({"title: Case": "title: ¦[Case]"}, "title: input should be a valid string"),
        ({"NO: {level: 3}": "NO: ¦3"}, "should be a mapping of keys (found number)"),
        ({"NO: {level: 3}": "NO: {level: ¦'3'}"}, "write a number, or a mapping with low, best and high (found '3')"),
        ({"  burden_sharing:": "  ¦Burden sharing:"}, "'Burden sharing' is not of the right form; use small letters"),
        ({"  - {id: SWE, name: Sweden, key: false}\n": "", "      SWE: {level: 2}\n": "", "- {id: NO": "¦- {id: NO"},
         "parties: too few entries (found 1, needs at least 2)"),
        ({"title: Case": "title: Case\n¦title: Other"}, "key 'title' stands twice, first on line 3; keep one"),
        ({"title: Case": "title: ¦*name"}, "alias *name is not allowed"),
        ({"title: Case": "title: ¦&name Case"}, "anchor &name is not allowed"),
        ({"title: Case": "title: ¦!!str Case"}, "tag tag:yaml.org,2002:str is not allowed"),
        # numbers and ranges
        ({"best: 2": "best: ¦.nan"}, ".nan is not a finite number"),
        ({"high: 3": "high: ¦.inf"}, ".inf is not a finite number"),
        ({"{low: 1": "¦{low: 2.5"}, "level: low (2.5) is above best (2)"),
        ({"{low: 1": "¦{low: 1", "high: 3": "high: 1"}, "level: high (1) is below best (2)"),
        ({"{low: 1, best: 2, high: 3}": "¦{low: 3, best: 2, high: 1}"}, "level: low (3) is above best (2)"),
        # ids
        ({"name: Norway": "name: Norway, ¦name: Norge"}, "key 'name' stands twice"),
        ({"id: SWE": "id: ¦NO", "      SWE:": "      ¦SWE:"}, "party 'NO' is defined twice; rename one of them"),
        ({"      SWE:": "      ¦SVE:"}, "unknown party 'SVE'; did you mean 'SWE'?"),
        ({"status: binding\n    signed: 2020-05-01\n    evidence: [E1]": "status: binding\n    evidence: [E1, ¦E2]"},
         "unknown evidence 'E2'; known: E1"),
        ({"high: 3}\n    evidence: [E1]": "high: 3}\n    evidence: [¦zzz]"}, "unknown evidence 'zzz'; known: E1"),
        ({"NO: {level: 3}": "NO: {level: 3, evidence: [¦E11]}"}, "unknown evidence 'E11'; did you mean 'E1'?"),
        ({"id: NO, name": "id: ¦NRW, name", "      NO:": "      ¦NO:"}, "'NRW' is not an ISO 3166-1 code; use"),
        ({"id: NO, name": "kind: , id: ¦X, name", "      NO:": "      X:"}, "'X' is not an ISO 3166-1 code"),
        ({"id: T\n": "id: T\n    clauses:\n      - {id: a, article: A, obligation: O, status: binding}\n"
          "      - {id: ¦a, article: B, obligation: O, status: binding}\n"}, "clause 'a' is defined twice"),
        ({"  - {id: NO, name: Norway}": "  ¦- {id: NO, name: Norway, key: false}"},
         "no party is key; mark at least one with 'key: true'"),
        # dates
        ({"date: 2025-01": "date: ¦2025-07"}, "evidence dated 2025-07 is later than the as-of date 2025-06; remove it"),
        ({"date: 2025-01": "date: ¦2026"}, "evidence dated 2026 is later than the as-of date 2025-06"),
        ({"date: 2025-01": "date: ¦2025-13"}, "not a date; write 2025, 2025-06 or 2025-06-25 (found '2025-13')"),
        ({"as_of: 2025-06": "as_of: ¦2025-06-31"}, "as_of: not a date"),
        ({"signed: 2020-05-01": "signed: 2020-05-01\n    ended: ¦2020-04"}, "ended 2020-04 is before signed"),
        # registers
        ({"evidence:\n": THREAT + "lead: ¦SE}\nevidence:\n"}, "unknown party 'SE'; did you mean 'SWE'?"),
        (
            {"evidence:\n": "scenarios:\n  - {id: s, title: T, text: t, without: [¦SE]}\nevidence:\n"},
            "unknown party 'SE'; did you mean 'SWE'?",
        ),
        ({"evidence:\n": THREAT + "likelyhood: 2}\nevidence:\n", ", likely": ", ¦likely"}, "unknown key 'likelyhood'"),
        ({"evidence:\n": EVENT + "date: ¦2025-07}\nevidence:\n"}, "date 2025-07 is later than the as-of date 2025-06"),
        ({"evidence:\n": EVENT + "date: ¦soon}\nevidence:\n"}, "not a date; write 2025, 2025-06 or 2025-06-25"),
        ({"evidence:\n": EVENT + "date: 2024, ended: ¦2023-12}\nevidence:\n"}, "ended 2023-12 is before 2024"),
        ({"evidence:\n": EVENT + "date: 2024, evidence: [¦E2]}\nevidence:\n"}, "unknown evidence 'E2'; known: E1"),
        ({"evidence:\n": STRUCTURE + "last_met: ¦2026}\nevidence:\n"},
         "last_met 2026 is later than the as-of date 2025-06"),
        ({"title: Case": "title: Case\nreview_by: ¦2025-06-01"}, "review_by 2025-06-01 is not after the as-of date"),
        ({"title: Case": "title: Case\nreview_by: ¦2024"}, "review_by 2024 is not after the as-of date 2025-06"),
        ({"evidence:\n": JUDGEMENT + "statement: It holds, likelihood: likely, by: ¦2025-05}\nevidence:\n"},
         "by 2025-05 is not after the as-of date 2025-06; a likelihood looks ahead"),
        ({"evidence:\n": JUDGEMENT.replace("{", "¦{") + "statement: It is likely to hold}\nevidence:\n"},
         "the statement says 'likely'; likelihood and confidence have fields of their own"),
        ({"evidence:\n": JUDGEMENT.replace("{", "¦{") + "statement: It holds, likelihood: likely}\nevidence:\n"},
         "a likelihood needs the date up to which it speaks, and the date a likelihood: give both"),
        ({"evidence:\n": JUDGEMENT.replace("{", "¦{") + "statement: It holds, by: 2026}\nevidence:\n"}, "give both"),
        ({"evidence:\n": JUDGEMENT + "statement: S, likelihood: ¦probable, by: 2026}\nevidence:\n"},
         "'almost no chance'"),
        ({"evidence:\n": JUDGEMENT + "statement: S}\n" + JUDGEMENT.partition("\n")[2].replace("id: k", "id: ¦k")
          + "statement: T}\nevidence:\n"}, "key judgement 'k' is defined twice"),
        ({"name: Norway": "name: Norway, benefits: [{text: t, evidence: [E1, ¦E3]}]"},
         "unknown evidence 'E3'; known: E1"),
        ({"evidence:\n": "options:\n  - {id: o, title: T, kind: ¦deep, text: t}\nevidence:\n"}, "'none', 'lighter'"),
        ({"evidence:\n": "assumptions:\n  - ¦{id: a, text: t}\nevidence:\n"}, "if_wrong: missing; add 'if_wrong'"),
        ({"evidence:\n": "indicators:\n  - ¦{id: i, text: t}\nevidence:\n"}, "threshold: missing; add 'threshold'"),
    ],
)  # fmt: skip
def test_a_problem_is_named_at_its_place(tmp_path: Path, edits: dict[str, str], says: str) -> None:
    text = BASE
    for old, new in edits.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    text, expected = marked(text)
    found, message = refused(tmp_path, text)
    assert list(dict.fromkeys(found)) == expected
    assert says in message


@pytest.mark.parametrize(
    "edits",
    [
        {"date: 2025-01": "date: 2025-06-30"},  # as-of is the whole of June
        {"date: 2025-01": "date: 2025"},  # may lie before June
        {"signed: 2020-05-01": "signed: 2020-05-01\n    ended: 2020"},
        {"id: NO, name": "id: NATO, kind: organisation, name", "      NO:": "      NATO:"},
        {"id: SWE, name": "id: DDR, kind: former_state, name", "      SWE:": "      DDR:"},
        {"name: Norway}": "name: Norway, key: }"},
        {"title: Case": "title: Case\nreview_by: 2025"},  # may lie after June
        {"evidence:\n": EVENT + "date: 2025-06-30, ended: 2025}\nevidence:\n"},
        {"evidence:\n": THREAT + "lead: SWE}\nevidence:\n"},
        {"evidence:\n": JUDGEMENT + "statement: It holds, likelihood: very unlikely, by: 2025-07}\nevidence:\n"},
    ],
)
def test_what_may_be_right_is_taken(tmp_path: Path, edits: dict[str, str]) -> None:
    text = BASE
    for old, new in edits.items():
        assert text.count(old) == 1
        text = text.replace(old, new)
    assert load(tmp_path, text).id == "case"


def test_every_problem_of_a_partnership_is_told_in_one_run(tmp_path: Path) -> None:
    def no_burden(data: Mapping[Any, Any]) -> Iterator[Problem]:
        yield Problem(("observations", "burden_sharing"), "not in this rubric", "remove it", on_key=True)

    text, expected = marked(
        BASE.replace("title: Case", "title: ¦!t Case\n¦titel: x")
        .replace("as_of: 2025-06", "as_of: 2024")
        .replace("{id: NO, name: Norway}", "{id: ¦NRW, name: ¦3}")
        .replace("  burden_sharing:\n    level: {", "  ¦burden_sharing:\n    level: ¦{")
        .replace("best: 2", "best: 4")
        .replace("high: 3}\n    evidence: [E1]", "high: 3}\n    evidence: [¦E9]")
        .replace("      NO:", "      ¦NO:")
        .replace("date: 2025-01", "date: ¦2025-01")
        .replace("verified: yes", "verified: maybe, ¦verified: yes")
    )
    found, message = refused(tmp_path, text, checks=[no_burden])
    assert found == expected
    assert len(message.splitlines()) == len(expected)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "1:1: the document is empty, not a mapping of keys; begin it with 'schema: assess/partnership@1'"),
        ("schema: assess/rubric@1\n", "1:9: schema is 'assess/rubric@1', not 'assess/partnership@1'; begin"),
        ("id: x\n", "1:1: there is no schema; begin the document with 'schema: assess/partnership@1'"),
    ],
)
def test_another_kind_of_document_is_refused_as_such(tmp_path: Path, text: str, says: str) -> None:
    assert refused(tmp_path, text)[1].startswith(says)


# ------------------------------------------------------------------------------------------------- any data

FULL: dict[str, Any] = partnership_data(
    judgements="draft",
    objectives=[{"id": "O1", "text": "t"}],
    instruments=[
        {
            "id": "T",
            "title": "Treaty",
            "form": "treaty",
            "status": "binding",
            "signed": "2020",
            "ended": "2024-05",
            "evidence": ["E1"],
            "clauses": [{"id": "T1", "article": "1", "obligation": "o", "status": "binding", "evidence": ["E1"]}],
        }
    ],
    structures=[{"id": "S", "title": "Staff", "kind": "secretariat", "status": "working", "last_met": "2024"}],
    review_by="2026",
    events=[{"id": "V", "title": "t", "kind": "exercise", "date": "2020", "ended": "2021-03", "evidence": ["E1"]}],
    key_judgements=[
        {
            "id": "K",
            "statement": "s",
            "likelihood": "likely",
            "by": "2027",
            "confidence": "low",
            "because": "b",
            "criteria": ["a"],
            "base_rates": ["r"],
            "dissent": "d",
            "evidence": ["E1"],
        }
    ],
    assumptions=[{"id": "A", "text": "t", "if_wrong": "w", "criteria": ["a"], "evidence": ["E1"]}],
    indicators=[{"id": "I", "text": "t", "threshold": "h", "criteria": ["a"]}],
    options=[{"id": "P", "title": "t", "kind": "none", "text": "t", "evidence": ["E1"]}],
    threats=[
        {
            "id": "H",
            "threat": "t",
            "domain": "sea",
            "severity": 3,
            "likelihood": 2,
            "adequacy": "partial",
            "capability": "c",
            "lead": "NO",
        }
    ],
    observations={
        "a": {"level": {"low": 1, "best": 2, "high": 3}, "confidence": "high", "evidence": ["E1"]},
        "b": {"parties": {"NO": {"number": 3.5}, "SE": {"items": {"i": "yes"}}}},
        "c": {"not_applicable": "reason"},
    },
    red_lines={"r": {"status": "tripped", "fact": "f", "evidence": ["E1"]}},
    evidence=[evidence("E1"), evidence("E2", verified="partly", open="part", shelf_life=12)],
)
PLACES = [path for path, _ in walk(FULL) if len(path) > 0 and path != ("schema",)]
WORDS = sorted({part for path in PLACES for part in path if isinstance(part, str)})
shapes = json_like(st.sampled_from(WORDS) | st.text(max_size=3) | st.integers(0, 4), st.sampled_from(WORDS))


def test_the_document_that_is_bent_below_is_a_good_one() -> None:
    assert build(Source("f", "", "", FULL), Partnership, SCHEMA, CHECKS).id == "case"


@settings(max_examples=300)
@given(st.sampled_from(PLACES), shapes | st.just(...))
def test_a_partnership_with_anything_anywhere_is_taken_or_refused(path: tuple[Any, ...], change: Any) -> None:
    data = with_change(FULL, path, change)
    try:
        build(Source("f", "", "", data), Partnership, SCHEMA, CHECKS)
    except DocumentError as error:
        assert error.problems


@settings(max_examples=100)
@given(st.dictionaries(st.sampled_from(sorted(Partnership.model_fields)) | st.text(max_size=3), shapes))
def test_data_of_any_shape_is_taken_or_refused(data: dict[Any, Any]) -> None:
    with pytest.raises(DocumentError):
        build(Source("f", "", "", {**data, "title": None, "schema": SCHEMA}), Partnership, SCHEMA, CHECKS)


@settings(max_examples=200)
@given(st.sampled_from(PLACES), shapes | st.just(...))
@example(("parties", 0, "id"), ["NO"])
@example(("evidence", 1, "id"), {"E2": None})
@example(("observations", "a", "evidence"), [["E1"], {}])
def test_the_checks_bear_any_shape_of_data(path: tuple[Any, ...], change: Any) -> None:
    data = with_change(FULL, path, change)
    assert all(problem.what for check in CHECKS for problem in check(data))


# ------------------------------------------------------------------------------------------------- the shipped cases


@pytest.fixture(params=CASES)
def case(request: pytest.FixtureRequest) -> dict[str, Any]:
    """The plain data of each shipped case in turn."""
    data: dict[str, Any] = read_source(resolve("partnerships", request.param)).data
    return data


@pytest.mark.parametrize("name", CASES)
def test_every_shipped_case_loads(name: str) -> None:
    assert load_partnership(name).id == name


def test_every_shipped_fact_carries_its_citation_date_confidence_and_state(case: dict[str, Any]) -> None:
    assert len(case["evidence"]) > 50
    for fact in case["evidence"]:
        written = {key for key, value in fact.items() if isinstance(value, (str, int)) and str(value).strip()}
        assert written >= {"fact", "citation", "date", "confidence", "verified", "grade", "kind"}, fact["id"]
        assert fact["verified"] in ("yes", "partly", "no")
        assert fact["verified"] != "partly" or fact["open"], fact["id"]


def test_every_shipped_fact_is_used(case: dict[str, Any]) -> None:
    used = {
        name
        for path, value in walk(case)
        if len(path) > 1 and path[-1] == "evidence" and isinstance(value, list)
        for name in value
    }
    assert {fact["id"] for fact in case["evidence"]} == used


def test_shipped_judgements_are_marked_as_illustrative_in_the_text(case: dict[str, Any]) -> None:
    assert case["judgements"] == "illustrative"
    text = resolve("partnerships", case["id"]).read_text(encoding="utf-8")
    assert re.search(r"^judgements: illustrative$", text, re.MULTILINE)


def test_every_criterion_of_the_shipped_rubric_is_observed(case: dict[str, Any], rubric: Rubric) -> None:
    criteria = list(rubric.all_criteria())
    assert len(criteria) == 35
    assert set(case["observations"]) == {criterion.id for criterion in criteria}
    assert set(case["red_lines"]) == {line.id for line in rubric.red_lines}
    for criterion in criteria:
        observation = case["observations"][criterion.id]
        if criterion.per_party and "not_applicable" not in observation:
            assert observation["parties"], criterion.id


def test_every_shipped_reading_says_why(case: dict[str, Any]) -> None:
    for name, observation in case["observations"].items():
        readings = [observation, *(observation.get("parties") or {}).values()]
        assert any(reading.get("rationale") or reading.get("not_applicable") for reading in readings), name


# ------------------------------------------------------------------------------------------------- with a rubric


@pytest.mark.parametrize(
    ("group", "entry"),
    [
        ("key_judgements", "id: k, statement: s, confidence: low, because: b"),
        ("assumptions", "id: a, text: t, if_wrong: w"),
        ("indicators", "id: i, text: t, threshold: h"),
    ],
)
def test_criteria_and_base_rates_unknown_to_the_rubric_are_named_at_their_place(
    tmp_path: Path, rubric: Rubric, group: str, entry: str
) -> None:
    rates = ", base_rates: [¦kept]" if group == "key_judgements" else ""
    text, expected = marked(f"{BASE}{group}:\n  - {{{entry}, criteria: [burden_sharing, ¦burden_sharng]{rates}}}\n")
    found, message = refused(tmp_path, text, checks=[fits(rubric)])
    assert found == expected
    assert "unknown criterion 'burden_sharng'; did you mean 'burden_sharing'?" in message
    assert ("unknown base rate 'kept'" in message) == bool(rates)
