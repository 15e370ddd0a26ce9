"""Weights beside those of the rubric."""

from __future__ import annotations

from assess.reporting.elicitation import node_sections
from assess.reporting.markdown import sections_markdown
from assess.rubric.models import Diagnostic, NodeWeighting, Rubric


def overall(rubric: Rubric, **more: object) -> NodeWeighting:
    weights = dict(zip((pillar.id for pillar in rubric.pillars), (0.4, 0.3, 0.2, 0.1), strict=True))
    return NodeWeighting.model_validate({"node": "overall", "method": "points", "weights": weights, **more})


def test_new_weights_stand_beside_the_range_over_profiles(rubric: Rubric) -> None:
    shown = sections_markdown(node_sections([overall(rubric)], rubric))
    shares = [
        profile.pillars[rubric.pillars[0].id] / sum(profile.pillars.values()) for profile in rubric.profiles.values()
    ]
    row = f"| {rubric.pillars[0].title} | {min(shares) * 100:.0f} % to {max(shares) * 100:.0f} % | 40 % | none given |"
    assert row in shown
    assert "over 5 profiles" in shown


def test_one_type_shows_its_profile_and_a_pillar_its_criteria(rubric: Rubric) -> None:
    shown = sections_markdown(node_sections([overall(rubric)], rubric, ["coalition"]))
    assert "profile coalition" in shown
    assert " to " not in shown
    pillar = rubric.pillars[0]
    weights = {child.id: 1 / len(pillar.criteria) for child in pillar.criteria}
    entry = NodeWeighting(node=pillar.id, method="ranks", weights=weights)
    assert f"## {pillar.title}, ranks: most weight on" in sections_markdown(node_sections([entry], rubric))


def test_ranges_and_warnings_are_printed(rubric: Rubric) -> None:
    remark = Diagnostic(name="xi*", value=0.25, text="too much", warning=True)
    first = rubric.pillars[0].id
    entry = overall(rubric, low={first: 0.3}, high={first: 0.5}, diagnostics=(remark,))
    shown = sections_markdown(node_sections([entry], rubric))
    assert "| 40 % | 30 % to 50 % |" in shown
    assert "xi\\* 0.25: too much." in shown
