"""Fixtures that several rooms share: small rubrics and partnerships built in memory, and the shipped ones."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable
from copy import deepcopy
from functools import cache
from typing import Any

import pytest
from hypothesis import settings
from hypothesis import strategies as st

from assess.documents.errors import DocumentError
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import score

settings.register_profile("assess", deadline=None)  # what takes long is measured in benchmarks, not by tests
settings.load_profile("assess")

CASES = ("nato", "csto", "us-israel", "quad")
ANCHORS = {level: f"anchor {level}" for level in range(5)}


def require(program: str) -> str:
    """Return the path of a program; skip without it, or fail where `.ci/run` promises it."""
    found = shutil.which(program)
    if found is None and os.environ.get("ASSESS_REQUIRE_BROWSER"):
        pytest.fail(f"{program} is required here and not installed")
    if found is None:
        pytest.skip(f"{program} is not installed")
    return found


@cache
def default_rubric() -> Rubric:
    return load_rubric("partnership-default")


@cache
def shipped_assessment(case: str) -> Assessment:
    return score(load_partnership(case), default_rubric())


@pytest.fixture(scope="session")
def rubric() -> Rubric:
    """The shipped rubric."""
    return default_rubric()


@pytest.fixture(params=CASES)
def shipped(request: pytest.FixtureRequest) -> Assessment:
    """The Assessment of each shipped case in turn."""
    return shipped_assessment(request.param)


@pytest.fixture(scope="session")
def assessment_of() -> Callable[[str], Assessment]:
    """The Assessment of a shipped case by its id."""
    return shipped_assessment


def criterion(name: str, weight: float = 1.0, **more: Any) -> dict[str, Any]:
    """A plain ordinal criterion."""
    base = {"id": name, "title": name.upper(), "question": f"{name}?", "weight": weight}
    return base | {"measure": {"kind": "ordinal"}, "anchors": ANCHORS} | more


def rubric_data(**more: Any) -> dict[str, Any]:
    """A rubric of two pillars with two ordinal criteria each."""
    return {
        "schema": "assess/rubric@1",
        "id": "small",
        "title": "Small",
        "version": "1.0.0",
        "bands": [
            {"label": "Strong", "at_least": 80.0},
            {"label": "Sound", "at_least": 65.0},
            {"label": "Conditional", "at_least": 50.0},
            {"label": "Fragile", "at_least": 35.0},
            {"label": "Weak", "at_least": 0.0},
        ],
        "pillars": [
            {"id": "one", "title": "One", "criteria": [criterion("a", 3.0), criterion("b", 1.0)]},
            {"id": "two", "title": "Two", "criteria": [criterion("c", 1.0), criterion("d", 1.0)]},
        ],
    } | more


def small_rubric(**more: Any) -> Rubric:
    return Rubric.model_validate(rubric_data(**more))


def partnership_data(**more: Any) -> dict[str, Any]:
    """A partnership of two states with one piece of evidence and no observation."""
    return {
        "schema": "assess/partnership@1",
        "id": "case",
        "title": "Case",
        "type": "bilateral_agreement",
        "stage": "in_force",
        "as_of": "2025-06-30",
        "parties": [{"id": "NO", "name": "Norway"}, {"id": "SE", "name": "Sweden"}],
        "evidence": [evidence("E1")],
    } | more


def evidence(name: str, **more: Any) -> dict[str, Any]:
    base = {"id": name, "fact": "A fact.", "citation": "A source, 2025", "date": "2025-01", "kind": "official"}
    return base | {"grade": "A1", "confidence": "high", "verified": "yes"} | more


def small_partnership(**more: Any) -> Partnership:
    return Partnership.model_validate(partnership_data(**more))


def level(low: float, best: float | None = None, high: float | None = None, **more: Any) -> dict[str, Any]:
    """An observed level with evidence: a bare one, or low, best and high."""
    reading: Any = low if best is None else {"low": low, "best": best, "high": high}
    return {"level": reading, "confidence": "high", "evidence": ["E1"], "rationale": "Because."} | more


def marked(text: str) -> tuple[str, list[tuple[int, int]]]:
    """Return a text without its `¦` marks, and the 1-based (line, column) of the character after each of them."""
    plain, places = "", []
    for part in text.split("¦")[:-1]:
        plain += part
        places.append((plain.count("\n") + 1, len(plain) - plain.rfind("\n")))
    return plain + text.rpartition("¦")[2], places


def places(error: DocumentError) -> list[tuple[int, int]]:
    """Return the (line, column) of every problem, in the order in which they are reported."""
    return [(problem.line, problem.column) for problem in error.problems]


def json_like(keys: st.SearchStrategy[Any], leaves: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    """Nested lists and mappings of any shape, as a document could hold them."""
    numbers = st.integers(-3, 300) | st.floats(allow_nan=False, allow_infinity=False)
    plain = st.none() | st.booleans() | numbers | st.text(max_size=4) | leaves
    return st.recursive(
        plain, lambda below: st.lists(below, max_size=3) | st.dictionaries(keys, below, max_size=4), max_leaves=8
    )


def with_change(data: dict[str, Any], path: tuple[Any, ...], change: Any) -> dict[str, Any]:
    """Return a copy of a document in which something else stands at a path; `...` takes the entry out."""
    copied = deepcopy(data)
    above: Any = copied
    for part in path[:-1]:
        above = above[part]
    if change is ...:
        del above[path[-1]]
    else:
        above[path[-1]] = change
    return copied
