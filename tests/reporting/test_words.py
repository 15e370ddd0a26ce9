from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from assess.reporting import words
from assess.rubric.models import Arithmetic, Geometric, Minimum, Owa, Power

from .conftest import sample_rubric

BANDS = sample_rubric().bands


def test_lists_and_counts_read_as_english() -> None:
    assert [words.listed(names) for names in ([], ["a"], ["a", "b"], ["a", "b", "c"])] == [
        "",
        "a",
        "a and b",
        "a, b and c",
    ]
    assert [words.counted(n, "red line") for n in (0, 1, 2)] == ["no red line", "1 red line", "2 red lines"]
    assert [words.plural(noun) for noun in ("party", "criterion", "warning")] == ["parties", "criteria", "warnings"]


NAMES = st.lists(st.text("abc", min_size=1, max_size=3), min_size=1)


@given(NAMES, st.sampled_from(["and", "or"]))
def test_a_list_holds_every_name_in_order_and_one_last_word(names: list[str], last: str) -> None:
    shown = words.listed(names, last)
    assert re.split(f", | {last} ", shown) == names
    assert shown.count(f" {last} ") == (len(names) > 1)
    assert shown.count(", ") == max(len(names) - 2, 0)


@given(st.integers(0, 10_000))
def test_only_one_thing_is_no_plural(number: int) -> None:
    shown = words.counted(number, "criterion")
    assert shown == f"{number or 'no'} criteri{'a' if number > 1 else 'on'}"


def test_names_and_sentences() -> None:
    assert words.named("forces_without_status") == "Forces without status"
    assert [words.sentence(t) for t in ("it holds", "It holds.", "does it?", " two  words\n")] == [
        "It holds.",
        "It holds.",
        "Does it?",
        "Two words.",
    ]


def test_dates_are_spelled_as_well_as_they_are_known() -> None:
    assert [words.spelled(d) for d in ("2025-06-05", "2025-06", "2025")] == ["5 June 2025", "June 2025", "2025"]
    with pytest.raises(ValueError, match="not a date"):
        words.spelled("soon")


@given(st.text())
def test_clean_text_can_stand_in_any_document(text: str) -> None:
    cleaned = words.clean(text)
    cleaned.encode()
    assert not words.CONTROL.search(cleaned)
    assert "\n" not in cleaned
    assert words.clean(cleaned) == cleaned


def test_cleaning_keeps_the_spaces_around_a_run_and_shows_what_it_replaces() -> None:
    assert words.clean(" a\tb ") == " a b "
    assert words.clean("a\x07\u202eb\ud800") == "a\ufffd\ufffdb\ufffd"
    assert words.clean("Türkiye Łódź Кыргызстан עברית 😀") == "Türkiye Łódź Кыргызстан עברית 😀"


def test_effects_name_the_band_they_cap_at() -> None:
    assert words.effect("block", "P", BANDS) == "the rating is “Do not proceed”"
    assert words.effect("cap_overall_conditional", "P", BANDS) == "the overall rating is at most “Conditional”"
    assert words.effect("cap_pillar_49", "P", BANDS) == "the rating of “P” is at most “Fragile”"


@pytest.mark.parametrize(
    ("rule", "expected"),
    [
        (Arithmetic(method="arithmetic"), "weighted arithmetic mean"),
        (Geometric(method="geometric"), "values under 1 count as 1"),
        (Power(method="power", exponent=-2), "exponent -2"),
        (Owa(method="owa", exponent=2), "quantifier exponent 2"),
        (Minimum(method="minimum"), "lowest value"),
    ],
)
def test_every_way_to_combine_has_words(rule: object, expected: str) -> None:
    assert expected in words.aggregation(rule)  # type: ignore[arg-type]
