from __future__ import annotations

import pytest
from tests.conftest import default_rubric

from assess.documents.errors import UsageError
from assess.tuning.conditions import conditions_of


def test_each_sentence_finds_the_node_whose_children_it_names() -> None:
    first, second = conditions_of(
        default_rubric(), ["stability >= interoperability", "fulfilment_record between 10% and 30%"]
    )[:2]
    assert (first.node, first.text) == ("overall", "stability >= interoperability")
    assert first.coefficients == {"stability": -1.0, "interoperability": 1.0}
    assert first.at_most == 0.0
    assert second.node == "stability"


def test_neighbours_only_and_all_mistakes_at_once() -> None:
    with pytest.raises(UsageError) as caught:
        conditions_of(default_rubric(), ["peace > war", "stability is nice"])
    message = str(caught.value)
    assert "“peace > war” names no pillar or criterion of partnership-default" in message
    assert "“stability is nice” is not understood" in message


@pytest.mark.parametrize("text", ["stability >= fulfilment_record", "fulfilment_record + stability at least 20%"])
def test_what_stands_in_different_nodes_is_not_compared(text: str) -> None:
    with pytest.raises(UsageError, match="compares what stands in different nodes; a condition speaks of pillars"):
        conditions_of(default_rubric(), [text])
