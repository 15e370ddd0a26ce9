"""Imprecise statements: what each sentence means, centres that are known, and what is refused."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import UsageError
from assess.robustness.sampling import Constraint
from assess.tuning.elicited import Elicited
from assess.tuning.ranks import rank_order_centroid
from assess.tuning.statements import parse_statements, ratio_constraints, share_constraints, statement_weights

ITEMS = {
    "stability": "Stability",
    "threat_coverage": "Threat coverage",
    "interoperability": "Interoperability",
    "legal": "Law and sovereignty",
}
NAMES = tuple(ITEMS)
S, T, N, L = np.eye(4)


def rows(text: str) -> list[tuple[tuple[float, ...], float]]:
    return [(constraint.coefficients, constraint.at_most) for constraint in parse_statements([text], ITEMS)]


def meant(*pairs: tuple[np.ndarray, float]) -> list[tuple[tuple[float, ...], float]]:  # type: ignore[type-arg]
    return [(tuple(float(number) for number in row + 0.0), bound) for row, bound in pairs]


@pytest.mark.parametrize(
    "text",
    [
        "stability matters at least as much as interoperability",
        "Stability is at least as important as Interoperability.",
        "stability matters more than interoperability",
        "stability is more important than interoperability",
        "stability >= interoperability",
        "stability > interoperability",
        "interoperability <= stability",
        "interoperability matters less than stability",
        "interoperability is at most as important as stability",
        "interoperability  is no more important than  stability",
        "stability at least 1 times interoperability",
    ],
)
def test_ways_to_say_at_least_as_much(text: str) -> None:
    assert rows(text) == meant((N - S, 0.0))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("stability at least 2 times legal", meant((2 * L - S, 0))),
        ("stability is at least twice as important as law and sovereignty", meant((2 * L - S, 0))),
        ("stability at most 3x legal", meant((S - 3 * L, 0))),
        ("stability is 2 to 3 times as important as legal", meant((2 * L - S, 0), (S - 3 * L, 0))),
        ("stability between 2 and 3 times threat coverage", meant((2 * T - S, 0), (S - 3 * T, 0))),
        ("stability is twice as important as legal", meant((2 * L - S, 0), (S - 2 * L, 0))),
        ("stability between 20% and 40%", meant((-S, -0.2), (S, 0.4))),
        ("stability 20-40 %", meant((-S, -0.2), (S, 0.4))),
        ("stability gets from 20 to 40%", meant((-S, -0.2), (S, 0.4))),
        ("stability at least 0.2", meant((-S, -0.2))),
        ("threat_coverage at most 25%", meant((T, 0.25))),
        ("stability is 30%", meant((-S, -0.3), (S, 0.3))),
        ("stability and legal together at least 50%", meant((-S - L, -0.5))),
        ("stability matters at least as much as legal and threat coverage together", meant((L + T - S, 0))),
        ("stability and legal matter equally", meant((L - S, 0), (S - L, 0))),
        ("stability matters as much as legal", meant((L - S, 0), (S - L, 0))),
        ("stability matters most", meant((T - S, 0), (N - S, 0), (L - S, 0))),
        ("legal is the least important", meant((L - S, 0), (L - T, 0), (L - N, 0))),
        ("stability > legal >= threat coverage = interoperability",
         meant((L - S, 0), (T - L, 0), (N - T, 0), (T - N, 0))),
    ],
)  # fmt: skip
def test_sentences_mean_what_they_say(text: str, expected: list[tuple[tuple[float, ...], float]]) -> None:
    assert rows(text) == expected


def test_structured_statements_mean_the_same_as_sentences() -> None:
    two = ratio_constraints(NAMES, "stability", "legal", 2, 3)
    assert [(one.coefficients, one.at_most) for one in two] == rows("stability between 2 and 3 times legal")
    assert two[0].name == "stability between 2 and 3 times legal"
    one = share_constraints(NAMES, "stability", 0.2, None)
    assert [(row.coefficients, row.at_most) for row in one] == rows("stability at least 20%")
    assert share_constraints(NAMES, "legal", None, 0.4)[0].name == "legal at most 0.4"


def weights(*texts: str) -> Elicited:
    return statement_weights(NAMES, parse_statements(texts, ITEMS))


def test_an_order_has_the_rank_order_centroid_for_its_centre() -> None:
    found = weights("stability > threat coverage > interoperability > legal")
    error = next(remark.value for remark in found.diagnostics if remark.name == "sampling error")
    assert error is not None
    assert error < 2e-3
    assert list(found.weights.values()) == pytest.approx(rank_order_centroid(4), abs=4 * error)
    assert list(found.low.values()) == pytest.approx([1 / 4, 0, 0, 0], abs=1e-9)
    assert list(found.high.values()) == pytest.approx([1, 1 / 2, 1 / 3, 1 / 4], abs=1e-9)


def test_without_statements_the_centre_is_equal_weights_and_all_is_open() -> None:
    found = weights()
    assert list(found.weights.values()) == pytest.approx([0.25] * 4, abs=0.01)
    assert [remark.name for remark in found.diagnostics if remark.warning] == ["open weights"]


def test_a_circle_of_strict_statements_is_a_warning_that_names_them() -> None:
    found = weights("stability > threat coverage", "threat coverage > legal", "legal > stability", "legal >= 10%")
    said = next(remark for remark in found.diagnostics if remark.name == "no room")
    assert said.warning
    assert "“stability > threat coverage”; “threat coverage > legal”; “legal > stability”; if" in said.text
    equal = weights("stability = threat coverage", "legal is 20%", "stability at least 2 times interoperability")
    assert not [remark for remark in equal.diagnostics if remark.name == "no room"]


def test_statements_that_leave_one_point_give_it() -> None:
    found = weights("stability is 40%", "threat coverage = interoperability = legal")
    assert list(found.weights.values()) == pytest.approx([0.4, 0.2, 0.2, 0.2], abs=1e-7)
    assert list(found.high.values()) == pytest.approx(list(found.low.values()), abs=1e-7)


@given(st.integers(0, 2**31))
@settings(max_examples=10)
def test_the_same_seed_gives_the_same_weights(seed: int) -> None:
    constraints = (Constraint("a", (1.0, -2.0), 0.0),)
    once = statement_weights(["a", "b"], constraints, draws=20, seed=seed)
    assert once == statement_weights(["a", "b"], constraints, draws=20, seed=seed)
    assert sum(once.weights.values()) == pytest.approx(1)
    assert once.weights["a"] <= 2 * once.weights["b"] + 1e-9


def test_statements_that_contradict_each_other_are_named_and_no_others() -> None:
    with pytest.raises(UsageError) as caught:
        weights(
            "stability > legal", "threat coverage at most 50%", "legal at least 2 times interoperability",
            "interoperability matters at least as much as stability",
            "interoperability at least 10%",
        )  # fmt: skip
    message = str(caught.value)
    assert "“stability > legal”" in message
    assert "“legal at least 2 times interoperability”" in message
    assert "threat coverage" not in message


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("peace matters most", "names no item"),
        ("stability likes legal", "is not understood; say for example"),
        ("", "names no item"),
        ("stability at least 50", "a share is at most 100 %"),
        ("stability at least -20%", "is not understood"),
        ("stability between 40% and 20%", "lower bound 0.4 is above the upper bound 0.2"),
        ("stability between 3 and 2 times legal", "lower bound 3 is above"),
        ("stability matters more than stability", "compares an item with itself"),
        ("stability at least 20% times legal", "mixes a share with a ratio"),
        ("stability matters more than peace", "is not understood"),
    ],
)
def test_sentences_that_make_no_sense_are_refused(text: str, words: str) -> None:
    with pytest.raises(UsageError) as caught:
        parse_statements([text], ITEMS)
    assert words in str(caught.value)


def test_every_sentence_that_is_not_understood_is_named() -> None:
    with pytest.raises(UsageError) as caught:
        parse_statements(["stability > legal", "nonsense", "legal blah"], ITEMS)
    assert str(caught.value).count("\n") == 1
    same = {"a": "Same", "b": "Same"}
    with pytest.raises(UsageError, match="names no item"):
        parse_statements(["same matters most"], same)


def test_structured_statements_that_make_no_sense_are_refused() -> None:
    with pytest.raises(UsageError, match="unknown item 'x'"):
        ratio_constraints(NAMES, "x", "legal", 1, None)
    with pytest.raises(UsageError, match="compared with itself"):
        ratio_constraints(NAMES, "legal", "legal", 1, None)
    with pytest.raises(UsageError, match="sets no bound"):
        ratio_constraints(NAMES, "stability", "legal", None, None, "so what")
    with pytest.raises(UsageError, match="unknown item"):
        share_constraints(NAMES, "x", 0.1, None)
    with pytest.raises(UsageError, match="must be numbers of 0 or more"):
        share_constraints(NAMES, "legal", float("nan"), None)
