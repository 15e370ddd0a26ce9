"""Two rubrics as text: the numbers are those of the difference, and nothing is shown as changed that is not."""

from __future__ import annotations

from tests.conftest import criterion, default_rubric, small_rubric

from assess.partnership.loading import load_partnership
from assess.reporting.difference import difference_sections
from assess.reporting.markdown import sections_markdown
from assess.rubric.loading import load_rubric
from assess.rubric.models import Rubric
from assess.tuning.difference import difference


def text(before: Rubric, after: Rubric, *cases: str) -> str:
    found = difference(before, after, [load_partnership(name) for name in cases])
    return sections_markdown(difference_sections(found, before.bands, after.bands))


def test_nothing_changed_says_so() -> None:
    shown = text(default_rubric(), default_rubric(), "nato")
    assert "Cases: 0 of 1 rated otherwise, 0 of 1 ranked otherwise" in shown
    assert "Weights: no share differs" in shown
    assert "Everything else is the same" in shown


def test_cases_weights_and_the_rest_are_shown() -> None:
    shown = text(default_rubric(), load_rubric("deterrence-first"), "nato", "csto", "quad")
    assert "| Threat coverage | the pillars | multilateral alliance | 27 % | 40 % |" in shown
    assert "test_vectors.weak-pillar-not-bought-off.expect.rating | changed | Weak | Fragile |" in shown
    nato = next(line for line in shown.splitlines() if line.startswith("| North Atlantic"))
    assert nato.endswith("| 1 | 1 |")
    assert "Sound (Sound to Conditional)" in nato


def test_a_case_that_cannot_be_scored_and_a_missing_share_are_named() -> None:
    other = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    shown = text(default_rubric(), other, "nato")
    assert "Cases that one of the two cannot score" in shown
    assert "Cases: none that both can score" in shown
    assert "Unknown criterion" in shown
    assert "not there" in shown


def test_one_name_for_two_rubrics_is_a_caution() -> None:
    after = small_rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a")]}])
    assert "Both call themselves small 1.0.0 and differ" in text(small_rubric(), after)


def test_long_texts_are_cut() -> None:
    before, after = small_rubric(), small_rubric(references=[{"id": "X", "citation": "x" * 500, "checked": "read"}])
    assert "x" * 150 in text(before, after)
    assert "x" * 170 not in text(before, after)
