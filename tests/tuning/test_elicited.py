"""What every way of finding weights shares: names, numbers, messages."""

from __future__ import annotations

import pytest

from assess.documents.errors import UsageError
from assess.tuning.elicited import by_name, check_names, check_numbers, refuse, unknown


def test_numbers_are_kept_by_name_in_order() -> None:
    assert list(by_name(["b", "a"], [0.25, 0.75]).items()) == [("b", 0.25), ("a", 0.75)]


@pytest.mark.parametrize(
    ("names", "words"), [([], "found 0: none"), (["a"], "found 1: a"), (["a", "b", "a"], "named twice: a")]
)
def test_fewer_than_two_items_or_one_twice_is_refused(names: list[str], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        check_names(names)
    check_names(["a", "b"])


def test_an_unknown_item_is_named_once_with_advice() -> None:
    assert unknown(["stabilty", "stability", "stabilty"], ["stability"]) == [
        "unknown item 'stabilty'; did you mean 'stability'?"
    ]


def test_everything_wrong_with_numbers_is_said_at_once() -> None:
    numbers = {"a": -1.0, "b": float("nan"), "x": 1.0}
    problems = check_numbers(numbers, ["a", "b", "c"], "the weight")
    assert len(problems) == 4
    with pytest.raises(UsageError) as caught:
        refuse(problems)
    assert str(caught.value).count("\n") == 3
    for words in ("unknown item 'x'", "'c' is missing", "found -1", "found nan"):
        assert words in str(caught.value)
    refuse([])
    assert check_numbers({"a": 0.0}, ["a"], "the weight") == []
