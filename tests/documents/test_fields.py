from __future__ import annotations

import datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from assess.documents.fields import (
    Key,
    Level,
    Months,
    Number,
    PartialDate,
    Percent,
    Rank5,
    Record,
    Slug,
    Text,
    date_span,
    months_between,
)

DATE = TypeAdapter(PartialDate)
dates = st.dates(datetime.date(1900, 1, 1), datetime.date(2100, 12, 31)).map(str)
known_to = st.sampled_from([4, 7, 10])
"""How many characters of an ISO date are known: the year, the month or the day."""


class Sample(Record):
    name: Text
    count: int = 3


# ------------------------------------------------------------------------------------------------- base model


def test_an_unknown_key_is_refused_even_when_it_is_empty() -> None:
    for extra in (1, None):
        with pytest.raises(ValidationError, match="Extra inputs"):
            Sample.model_validate({"name": "x", "nmae": extra})


def test_an_empty_entry_counts_as_absent() -> None:
    assert Sample.model_validate({"name": "x", "count": None}).count == 3
    with pytest.raises(ValidationError, match="Field required"):
        Sample.model_validate({"name": None})


def test_a_record_does_not_change_once_built() -> None:
    with pytest.raises(ValidationError, match="frozen"):
        Sample(name="x").name = "y"


# ------------------------------------------------------------------------------------------------- field types


@pytest.mark.parametrize("value", ["3", True, False, None, float("nan"), float("inf"), float("-inf"), [3]])
@pytest.mark.parametrize("kind", [Number, Percent, Level, Rank5, Months])
def test_a_number_is_never_guessed_from_something_else(kind: Any, value: Any) -> None:
    with pytest.raises(ValidationError):
        TypeAdapter(kind).validate_python(value)


@pytest.mark.parametrize(
    ("kind", "lowest", "highest"),
    [(Percent, 0, 100), (Level, 0, 4), (Rank5, 1, 5), (Months, 1, 1200)],
)
def test_a_number_keeps_to_its_range(kind: Any, lowest: float, highest: float) -> None:
    adapter = TypeAdapter(kind)
    assert adapter.validate_python(lowest) == lowest
    assert adapter.validate_python(highest) == highest
    with pytest.raises(ValidationError, match="greater than or equal to"):
        adapter.validate_python(lowest - 1)
    with pytest.raises(ValidationError, match="less than or equal to"):
        adapter.validate_python(highest + 1)


@pytest.mark.parametrize("kind", [Level, Rank5, Months])
def test_a_whole_number_takes_no_fraction(kind: Any) -> None:
    for value in (2.5, 2.0):
        with pytest.raises(ValidationError):
            TypeAdapter(kind).validate_python(value)


def test_text_is_trimmed_and_never_empty() -> None:
    assert TypeAdapter(Text).validate_python("  two words \n") == "two words"
    for value in ("", " \n", 3, None):
        with pytest.raises(ValidationError):
            TypeAdapter(Text).validate_python(value)


@pytest.mark.parametrize(
    ("name", "slug", "key"),
    [
        ("nato", True, True),
        ("us-israel", True, True),
        ("threat_coverage", True, True),
        ("2025x", True, True),
        ("USA", False, True),
        ("E1.2", False, True),
        ("_x", False, False),
        ("-x", False, False),
        ("a b", False, False),
        ("a/b", False, False),
        ("../a", False, False),
        ("a\n", False, False),
        ("é", False, False),
        ("", False, False),
        (1, False, False),
    ],
)
def test_ids_are_plain_words(name: Any, slug: bool, key: bool) -> None:
    for kind, fine in ((Slug, slug), (Key, key)):
        adapter = TypeAdapter(kind)
        if fine:
            assert adapter.validate_python(name) == name
        else:
            with pytest.raises(ValidationError):
                adapter.validate_python(name)


# ------------------------------------------------------------------------------------------------- dates


@settings(max_examples=100)
@given(dates, known_to)
def test_every_real_date_is_taken_as_far_as_it_is_known(date: str, length: int) -> None:
    assert DATE.validate_python(date[:length]) == date[:length]


@pytest.mark.parametrize(
    "value",
    [
        "2025-13", "2025-00", "2025-02-29", "2100-02-29", "2025-04-31", "2025-06-00", "0000", "0000-01-01",
        "25", "025", "20255", "2025-6", "2025-06-1", "2025/06/01", "01.06.2025", "June 2025", "2025-06-01T00:00",
        " 2025", "2025\n", "", "-2025", "٢٠٢٥", 25, 20255, True, 2025.0, None, ["2025"],
    ],
)  # fmt: skip
def test_what_is_not_a_date_is_refused(value: Any) -> None:
    with pytest.raises(ValidationError):
        DATE.validate_python(value)


def test_a_bare_year_may_be_written_as_a_number() -> None:
    assert DATE.validate_python(2025) == "2025"


def test_a_leap_day_is_a_date() -> None:
    assert DATE.validate_python("2024-02-29") == "2024-02-29"


@settings(max_examples=100)
@given(st.dates(max_value=datetime.date(9998, 12, 31)), known_to)
def test_a_span_holds_exactly_the_days_that_a_date_can_mean(day: datetime.date, length: int) -> None:
    partial = str(day)[:length]
    first, last = (datetime.date(*end) for end in date_span(partial))
    assert first <= day <= last
    assert str(first)[:length] == partial == str(last)[:length]
    one = datetime.timedelta(days=1)
    assert str(last + one)[:length] != partial
    if first > datetime.date.min:
        assert str(first - one)[:length] != partial


def test_the_span_of_something_else_is_an_error() -> None:
    with pytest.raises(ValueError, match="not a date: soon"):
        date_span("soon")


@settings(max_examples=100)
@given(dates, dates)
def test_months_between_two_days_counts_the_months_completed(earlier: str, later: str) -> None:
    year, month, day = map(int, earlier.split("-"))
    completed = 0
    while (year + (month + completed) // 12, (month + completed) % 12 + 1, day) <= tuple(map(int, later.split("-"))):
        completed += 1
    assert months_between(earlier, later) == completed


@settings(max_examples=100)
@given(dates, dates, known_to, known_to)
def test_vagueness_never_ages_evidence(earlier: str, later: str, known_a: int, known_b: int) -> None:
    vague = months_between(earlier[:known_a], later[:known_b])
    assert 0 <= vague <= months_between(earlier, later)


@pytest.mark.parametrize(
    ("earlier", "later", "months"),
    [
        ("2024-01-31", "2024-02-29", 0),
        ("2024-01-31", "2024-03-31", 2),
        ("2020", "2025", 48),  # from the end of 2020 to the start of 2025
        ("2020-06", "2025-06", 59),
        ("2025-06", "2025-06", 0),
        ("2025", "2020", 0),
    ],
)
def test_months_between_worked_by_hand(earlier: str, later: str, months: int) -> None:
    assert months_between(earlier, later) == months
