"""Assessments to report on: the shipped cases, one rich in edge cases, and one full of hostile text."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from functools import cache
from typing import Any

import pytest
from pydantic import BaseModel

from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment, PillarResult
from assess.scoring.score import score

CASES = shipped_ids("partnerships")

LEVELS = {level: f"anchor {level}" for level in range(5)}
BANDS = [("Strong", 80), ("Sound", 65), ("Conditional", 50), ("Fragile", 35), ("Weak", 0)]


@cache
def shipped(case: str) -> Assessment:
    return score(load_partnership(case), load_rubric("partnership-default"), draws=500)


def _ordinal(name: str, weight: float = 1.0, **more: Any) -> dict[str, Any]:
    return {
        "id": name,
        "title": f"Title of {name}",
        "question": f"What about {name}?",
        "weight": weight,
        "measure": {"kind": "ordinal"},
        "anchors": LEVELS,
        **more,
    }


@cache
def sample_rubric() -> Rubric:
    return Rubric.model_validate(
        {
            "schema": "assess/rubric@1",
            "id": "sample",
            "title": "A rubric with every kind of thing",
            "version": "0.0.1",
            "bands": [{"label": label, "at_least": at_least} for label, at_least in BANDS],
            "profiles": {
                "strategic_dialogue": {
                    "pillars": {"first": 2, "second": 1, "third": 1, "fourth": 1},
                    "question": "Is it worth it?",
                    "note": "read with care",
                }
            },
            "pillars": [
                {
                    "id": "first",
                    "title": "First things",
                    "question": "What comes first?",
                    "pillars": [{"id": "inner", "title": "Inner things", "criteria": [_ordinal("inside", 2)]}],
                    "criteria": [
                        _ordinal("zero", 3, mitigations=[{"text": "Do better than zero"}]),
                        _ordinal("full", 2, sources=[{"ref": "paper-1"}], evidence_base="contested"),
                        _ordinal("per-party", 2, per_party=True, when_proposed="proxy"),
                    ],
                },
                {
                    "id": "second",
                    "title": "Second things",
                    "display": "risk",
                    "criteria": [
                        _ordinal("missing", 1),
                        _ordinal("present", 3, when_proposed="design"),
                        _ordinal("elsewhere", 1, types={"strategic_dialogue": 0}),
                    ],
                },
                {
                    "id": "third",
                    "title": "Third things",
                    "criteria": [
                        {
                            "id": "list",
                            "title": "A checklist",
                            "question": "Which items?",
                            "weight": 1,
                            "measure": {
                                "kind": "checklist",
                                "items": [
                                    {
                                        "id": name,
                                        "text": f"item {name}",
                                        "critical": name in "ac",
                                        "clause": None if name == "e" else f"The parties do {name}",
                                    }
                                    for name in "abcde"
                                ],
                            },
                            "mitigations": [
                                {
                                    "text": "Write the clause",
                                    "items": ["c"],
                                    "cost": "low",
                                    "feasibility": "high",
                                    "months": 1,
                                    "owner": "the lawyers",
                                },
                                {"text": "Write all", "to": 4},
                            ],
                        },
                        {
                            "id": "count",
                            "title": "A number",
                            "question": "How many?",
                            "weight": 1,
                            "measure": {"kind": "quantitative", "unit": "days", "breakpoints": [[2, 100], [180, 0]]},
                        },
                        _ordinal("not-here", 1),
                    ],
                },
                {"id": "fourth", "title": "Fourth things", "criteria": [_ordinal("thin-a", 3), _ordinal("thin-b")]},
            ],
            "red_lines": [
                {
                    "id": f"line_{effect}",
                    "criterion": "zero",
                    "when": "something holds",
                    "effect": effect,
                    "clears": "something else holds",
                    "reference": "a law",
                }
                for effect in ("block", "cap_overall_conditional", "cap_pillar_49")
            ],
            "trade_offs": [
                {
                    "id": "pair",
                    "title": "This and that",
                    "question": "How much of either?",
                    "sides": [
                        {"title": "this", "criteria": ["zero", "full"]},
                        {"title": "that", "criteria": ["present"]},
                    ],
                }
            ],
            "base_rates": [
                {
                    "id": "kept",
                    "statement": "A third was kept",
                    "share": 33.3,
                    "definition": "All of them, ever",
                    "ref": "paper-1",
                    "criteria": ["zero"],
                }
            ],
            "references": [{"id": "paper-1", "citation": "Author (2020). A paper", "checked": "excerpt"}],
        }
    )


def _sample_case(**changes: Any) -> Partnership:
    return Partnership.model_validate(
        {
            "schema": "assess/partnership@1",
            "id": "sample-case",
            "title": "Łódź and Türkiye: Кыргызстан",
            "type": "bilateral_agreement",
            "stage": "in_force",
            "as_of": "2026-05",
            "judgements": "illustrative",
            "summary": "A case with every kind of thing",
            "parties": [
                {
                    "id": "AA",
                    "name": "Aland",
                    "kind": "organisation",
                    "benefits": [{"text": "it gains", "evidence": ["E01"]}],
                    "obligations": [{"text": "it owes"}],
                    "exposure": [{"text": "it risks", "evidence": ["E02"]}],
                    "dependence": [{"text": "it leans"}],
                },
                {"id": "BB", "name": "Beland", "kind": "organisation"},
                {"id": "CC", "name": "Celand", "kind": "organisation", "key": False},
            ],
            "objectives": [{"id": "O1", "text": "to be tested"}],
            "review_by": "2027",
            "prepared_by": "the authors",
            "instruments": [
                {
                    "id": "text",
                    "title": "The text",
                    "form": "treaty",
                    "status": "binding",
                    "signed": "1999-04",
                    "in_force": "2000",
                    "note": "a note",
                    "evidence": ["E01"],
                    "clauses": [
                        {"id": "c1", "article": "Article 1", "obligation": "help", "status": "binding"},
                        {
                            "id": "c2",
                            "article": "Article 2",
                            "obligation": "talk",
                            "trigger": "an attack",
                            "area": "here",
                            "duty_holder": "all",
                            "status": "draft",
                            "evidence": ["E02"],
                        },
                    ],
                }
            ],
            "structures": [
                {
                    "id": "council",
                    "title": "The council",
                    "kind": "committee",
                    "status": "working",
                    "level": "ministers",
                    "every": 12,
                    "last_met": "2024-01",
                    "decides_by": "consensus",
                    "evidence": ["E01"],
                },
                {"id": "staff", "title": "The staff", "kind": "other", "status": "planned"},
            ],
            "threats": [
                {
                    "id": "t1",
                    "threat": "an attack",
                    "domain": "land",
                    "severity": 5,
                    "likelihood": 2,
                    "capability": "an army",
                    "adequacy": "adequate",
                    "lead": "AA",
                    "rationale": "it was tried",
                    "evidence": ["E01"],
                },
                {
                    "id": "t2",
                    "threat": "a leak",
                    "domain": "cbrn",
                    "severity": 3,
                    "likelihood": 3,
                    "adequacy": "none",
                },
                {
                    "id": "t3",
                    "threat": "a rumour",
                    "domain": "information",
                    "severity": 1,
                    "likelihood": 1,
                    "adequacy": "unknown",
                },
            ],
            "events": [
                {"id": "v1", "title": "They met", "kind": "consultation", "date": "2020-02-03", "evidence": ["E01"]},
                {
                    "id": "v2",
                    "title": "They trained",
                    "kind": "exercise",
                    "date": "2020",
                    "ended": "2021",
                    "note": "twice",
                },
            ],
            "key_judgements": [
                {
                    "id": "j1",
                    "statement": "It holds",
                    "likelihood": "likely",
                    "by": "2028",
                    "confidence": "low",
                    "because": "the sources are few",
                    "criteria": ["zero"],
                    "base_rates": ["kept"],
                    "dissent": "it does not",
                    "evidence": ["E01"],
                },
                {"id": "j2", "statement": "It works", "confidence": "high", "because": "it was seen"},
            ],
            "assumptions": [
                {"id": "a1", "text": "they stay", "if_wrong": "all falls", "criteria": ["zero"], "evidence": ["E01"]}
            ],
            "indicators": [{"id": "i1", "text": "the talk", "threshold": "they stop", "criteria": ["full"]}],
            "options": [{"id": "o1", "title": "Nothing", "kind": "none", "text": "costs nothing", "evidence": ["E02"]}],
            "evidence": [
                {
                    "id": f"E0{number}",
                    "fact": f"fact {number}",
                    "citation": f"source {number}",
                    "url": f"example.org/{number}",
                    "date": "2001" if number == 3 else "2026-01-02",
                    "kind": "press",
                    "grade": "B2",
                    "confidence": ("high", "high", "moderate")[number - 1],
                    "verified": ("yes", "partly", "no")[number - 1],
                    "open": "half of it" if number == 2 else None,
                }
                for number in (1, 2, 3)
            ],
            "observations": {
                "inside": {"level": 3, "confidence": "high", "evidence": ["E01"], "rationale": "because"},
                "zero": {
                    "level": {"low": 0, "best": 0, "high": 1},
                    "confidence": "moderate",
                    "evidence": ["E02"],
                    "rationale": "nothing there",
                },
                "full": {"level": 4, "confidence": "low", "evidence": ["E03"], "rationale": "all there"},
                "per-party": {
                    "parties": {
                        name: {"level": level, "confidence": "high", "evidence": ["E01"], "rationale": f"{name} says"}
                        for name, level in (("AA", 3), ("BB", 1), ("CC", 0))
                    }
                },
                "present": {"level": 3, "confidence": "high", "evidence": ["E01"], "rationale": "present"},
                "elsewhere": {"level": 2, "confidence": "high", "evidence": ["E01"], "rationale": "elsewhere"},
                "list": {
                    "items": {"a": "yes", "b": "partial", "c": "no", "d": "yes", "e": "unknown"},
                    "confidence": "high",
                    "evidence": ["E02"],
                    "rationale": "counted",
                },
                "count": {
                    "number": {"low": 3.25, "best": 10.128, "high": 30},
                    "confidence": "moderate",
                    "evidence": ["E01"],
                    "rationale": "measured",
                },
                "not-here": {"not_applicable": "it has no such thing"},
                "thin-b": {"level": 2, "confidence": "high", "evidence": ["E01"], "rationale": "thin"},
            },
            "red_lines": {
                "line_block": {
                    "status": "disputed",
                    "fact": "they differ",
                    "evidence": ["E01"],
                    "remedy": "settle it",
                    "owner": "the court",
                },
                "line_cap_pillar_49": {"status": "clear", "fact": "it was looked for"},
            },
            **changes,
        }
    )


@cache
def sample() -> Assessment:
    """Nested pillars, 0, no evidence, n/a, a thin pillar, a disputed and an unknown red line, expired evidence."""
    return score(_sample_case(), sample_rubric(), draws=200)


@cache
def complete_dialogue() -> Assessment:
    """A dialogue in which every pillar has a score, so that the whole has one too."""
    plain = {"level": 2, "confidence": "high", "evidence": ["E01"], "rationale": "plain"}
    observations = _sample_case().model_dump(exclude_none=True)["observations"]
    observations.pop("elsewhere")
    return score(
        _sample_case(
            type="strategic_dialogue",
            judgements="reviewed",
            observations={**observations, "thin-a": plain, "missing": plain},
        ),
        sample_rubric(),
        draws=200,
    )


@cache
def capped(effect: str, stage: str = "negotiating") -> Assessment:
    """A proposal that has a score, with one red line tripped."""
    plain = {"level": 4, "confidence": "high", "evidence": ["E01"], "rationale": "plain"}
    names = [criterion.id for criterion in sample_rubric().all_criteria() if criterion.id not in ("list", "count")]
    return score(
        _sample_case(
            stage=stage,
            observations={
                **{n: {"parties": {"AA": plain, "BB": plain}} if n == "per-party" else plain for n in names},
                "list": {"items": dict.fromkeys("abcde", "yes"), "evidence": ["E01"], "confidence": "high"},
                "count": {"number": 2, "evidence": ["E01"], "confidence": "high"},
            },
            red_lines={f"line_{effect}": {"status": "tripped", "fact": "it was found", "evidence": ["E01"]}},
        ),
        sample_rubric(),
        draws=200,
    )


@cache
def empty() -> Assessment:
    """Nothing observed at all."""
    names = ("instruments", "structures", "threats", "events", "key_judgements", "assumptions", "indicators", "options")
    registers: dict[str, Any] = dict.fromkeys(names, ())
    parties = [{"id": name, "name": name, "kind": "organisation"} for name in ("AA", "BB")]
    nothing: dict[str, Any] = {"observations": {}, "red_lines": {}, "evidence": [], "summary": None, "review_by": None}
    return score(_sample_case(parties=parties, **registers, **nothing), sample_rubric(), draws=200)


KEPT = frozenset(
    [
        "schema_",
        "type",
        "stage",
        "as_of",
        "judgements",
        "kind",
        "display",
        "method",
        "basis",
        "verified",
        "confidence",
        "stated_confidence",
        "status",
        "effect",
        "stage_rule",
        "evidence_base",
        "checked",
        "answer",
        "key",
        "form",
        "domain",
        "adequacy",
        "distribution",
        "date",
        "grade",
        "id",
        "evidence",
        "used_by",
        "criterion",
        "pillar",
        "party",
        "ref",
        "capped_by",
        "weakest_pillar_id",
        "weakest_party",
        "at",
        "profile",
        "signed",
        "in_force",
        "ended",
        "criteria",
        "base_rates",
        "lead",
        "last_met",
        "level",
        "likelihood",
        "by",
        "review_by",
        "cost",
        "feasibility",
        "items",
    ]
)


def hostile(assessment: Assessment, payload: str) -> Assessment:
    """Return the assessment with the payload in place of every free text; ids, dates and choices stay."""

    def poison(value: Any, key: str) -> Any:
        if isinstance(value, BaseModel):
            fields = type(value).model_fields
            return value.model_copy(update={name: poison(getattr(value, name), name) for name in fields})
        if isinstance(value, dict):
            return {name: payload if key == "anchors" else inner for name, inner in value.items()}
        if isinstance(value, tuple):
            return tuple(poison(inner, key) for inner in value)
        return payload if isinstance(value, str) and key not in KEPT else value

    poisoned: Assessment = poison(assessment, "")
    return poisoned


def every_assessment() -> list[Assessment]:
    return [
        *(shipped(case) for case in CASES),
        sample(),
        complete_dialogue(),
        empty(),
        *(capped(effect) for effect in ("block", "cap_overall_conditional", "cap_pillar_49")),
    ]


@pytest.fixture(params=[*CASES, "sample", "dialogue", "empty", "block", "cap-overall", "cap-pillar"])
def assessment(request: pytest.FixtureRequest) -> Assessment:
    """Return each assessment in turn."""
    made: dict[str, Callable[[], Assessment]] = {
        "sample": sample,
        "dialogue": complete_dialogue,
        "empty": empty,
        "block": lambda: capped("block"),
        "cap-overall": lambda: capped("cap_overall_conditional"),
        "cap-pillar": lambda: capped("cap_pillar_49"),
    }
    name = request.param
    return made[name]() if name in made else shipped(name)


def needed(tool: str) -> str:
    """Return the path of a tool; skip where it is absent, or fail where the environment promises it."""
    path = shutil.which(tool)
    if path is None and os.environ.get("ASSESS_REQUIRE_BROWSER") == "1":
        pytest.fail(f"{tool} is not installed, and ASSESS_REQUIRE_BROWSER=1 asks for it")
    if path is None:
        pytest.skip(f"{tool} is not installed")
    return path


def with_case(assessment: Assessment, **changes: Any) -> Assessment:
    """Return the assessment with other registers or facts about its partnership."""
    case = assessment.partnership
    return assessment.model_copy(update={"partnership": type(case).model_validate(case.model_dump() | changes)})


def with_criteria(assessment: Assessment, **changes: dict[str, Any]) -> Assessment:
    """Return the assessment with other results for criteria, by id with underscores; the pillars stay as they are."""

    def changed(pillar: PillarResult) -> PillarResult:
        criteria = [c.model_copy(update=changes.get(c.id.replace("-", "_"), {})) for c in pillar.criteria]
        inner = tuple(changed(one) for one in pillar.pillars)
        return pillar.model_copy(update={"criteria": tuple(criteria), "pillars": inner})

    return assessment.model_copy(update={"pillars": tuple(changed(pillar) for pillar in assessment.pillars)})
