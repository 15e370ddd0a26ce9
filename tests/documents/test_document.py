"""A document knows its file only while the two are the same."""

from __future__ import annotations

from tests.conftest import small_partnership

from assess.partnership.loading import load_partnership
from assess.rubric.models import Rubric
from assess.scoring.score import score


def test_a_changed_copy_has_no_source(rubric: Rubric) -> None:
    case = load_partnership("nato")
    assert case.source is not None
    assert case.model_copy().source is case.source
    changed = case.model_copy(update={"title": "Changed"})
    assert changed.source is None
    assert score(changed, rubric, draws=100).provenance.partnership_sha256 is None


def test_a_document_built_in_memory_has_none() -> None:
    assert small_partnership().source is None
