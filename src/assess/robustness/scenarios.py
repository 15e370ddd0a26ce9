"""A case scored again under named assumptions: crisis or war, the loss of a party, another reading of its purpose."""

from __future__ import annotations

from typing import Annotated

from pydantic import Field

from assess.documents.errors import AssessError, UsageError
from assess.documents.fields import Frozen
from assess.partnership.models import Observation, Partnership, Scenario
from assess.robustness.whatif import amend, parse_changes
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import score


class ScenarioResult(Frozen):
    """The overall result of a case under one scenario, or as it stands."""

    id: Annotated[str | None, Field(description="id of the scenario; null for the case as it stands")]
    title: str
    text: str
    score: float | None
    low: float | None
    high: float | None
    rating: str | None
    rating_low: str | None
    rating_high: str | None
    pillars: Annotated[dict[str, float | None], Field(description="score by pillar id")]


def scenarios(partnership: Partnership, rubric: Rubric, assessment: Assessment) -> tuple[ScenarioResult, ...]:
    """Return the case as its Assessment has it, then under each of its scenarios; nothing where it has none.

    The scenarios are scored with the draws and the seed of the Assessment. Raises `UsageError` naming the scenario
    whose assumptions do not fit the case or the rubric.
    """
    if not partnership.scenarios:
        return ()
    draws, seed = assessment.provenance.draws, assessment.provenance.seed
    found = [_result(assessment, "As it stands", "The case as the document has it.")]
    for scenario in partnership.scenarios:
        try:
            made = score(assumed(partnership, scenario, rubric), rubric, draws=draws, seed=seed)
        except AssessError as error:
            raise UsageError(f"scenario '{scenario.id}': {error}") from None
        found.append(_result(made, scenario.title, scenario.text, scenario.id))
    return tuple(found)


def assumed(partnership: Partnership, scenario: Scenario, rubric: Rubric) -> Partnership:
    """Return a copy of a partnership in which a scenario holds: parties gone first, then readings changed.

    Raises `UsageError` where fewer than two parties, or no key party, would be left, or a change does not fit.
    """
    left = tuple(party for party in partnership.parties if party.id not in scenario.without)
    if len(left) < 2 or not any(party.key for party in left):
        raise UsageError("too few parties would be left; a partnership needs two, one of them key")
    observations = {
        name: _without(observation, scenario.without) for name, observation in partnership.observations.items()
    }
    threats = tuple(
        threat.model_copy(update={"lead": None}) if threat.lead in scenario.without else threat
        for threat in partnership.threats
    )
    smaller = partnership.model_copy(
        update={
            "parties": left,
            "observations": {name: seen for name, seen in observations.items() if seen is not None},
            "threats": threats,
            "type": scenario.read_as or partnership.type,
        }
    )
    return amend(smaller, parse_changes(scenario.changes, rubric))


def _without(observation: Observation, gone: tuple[str, ...]) -> Observation | None:
    """Return an observation without the readings of parties that are gone; None where no reading is left."""
    if observation.parties is None or not gone:
        return observation
    left = {party: reading for party, reading in observation.parties.items() if party not in gone}
    return observation.model_copy(update={"parties": left}) if left else None


def _result(made: Assessment, title: str, text: str, scenario: str | None = None) -> ScenarioResult:
    overall = made.overall
    return ScenarioResult(
        id=scenario,
        title=title,
        text=text,
        **{name: getattr(overall, name) for name in ("score", "low", "high", "rating", "rating_low", "rating_high")},
        pillars={pillar.id: pillar.score for pillar in made.pillars},
    )
