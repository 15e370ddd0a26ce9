from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, Any, Literal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pydantic import Field, model_validator
from tests.conftest import json_like, marked, places

from assess.documents.errors import DocumentError, Problem
from assess.documents.fields import Number, Record, Slug, Text
from assess.documents.source import Source
from assess.documents.validation import (
    build,
    defined_twice,
    entries,
    ids_of,
    items,
    known_keys,
    mapping,
    nearest,
    walk,
)
from assess.documents.yamltext import parse

SCHEMA = "test/menu@1"


class Soup(Record):
    kind: Literal["soup"]
    litres: Number


class Cake(Record):
    kind: Literal["cake"]
    slices: Annotated[int, Field(strict=True)]
    vegan: Annotated[bool, Field(strict=True)] = False

    @model_validator(mode="after")
    def _even(self) -> Cake:
        if self.slices % 2:
            raise ValueError("slices must be even")
        return self


Dish = Annotated[Soup | Cake, Field(discriminator="kind")]


class Menu(Record):
    schema_: Annotated[str, Field(alias="schema")]
    title: Text
    dishes: dict[Slug, Dish] = {}
    courses: Annotated[tuple[Text, ...], Field(min_length=1)] = ("all",)
    best: Dish | None = None


HEAD = f"schema: {SCHEMA}\ntitle: Lunch\n"


def source_of(text: str) -> Source:
    data, faults = parse(text, "f")
    return Source("f", text, "", data, tuple(faults))


def refused(text: str, *checks: Any) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        build(source_of(text), Menu, SCHEMA, checks)
    return caught.value


def test_a_good_document_becomes_its_model() -> None:
    menu = build(source_of(HEAD + "dishes: {a: {kind: soup, litres: 2}}\n"), Menu, SCHEMA)
    assert menu == Menu(schema=SCHEMA, title="Lunch", dishes={"a": Soup(kind="soup", litres=2.0)})


# ------------------------------------------------------------------------------------------------- the document


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "the document is empty, not a mapping of keys"),
        ("# only a comment\n", "the document is empty, not a mapping of keys"),
        ("¦- a\n- b\n", "the document is a list, not a mapping of keys"),
        ("\n\n  ¦just words\n", "the document is a text, not a mapping of keys"),
        ("¦12\n", "the document is a number, not a mapping of keys"),
        ("¦true\n", "the document is a true/false, not a mapping of keys"),
        ("# c\n¦title: Lunch\n", "there is no schema"),
        ("title: Lunch\nschema: ¦test/menu@2\n", "schema is 'test/menu@2', not 'test/menu@1'"),
        ("¦schema:\ntitle: x\n", "there is no schema"),
        ("schema: ¦[1]\n", "schema is [1], not"),
        ("¦{}\n", "there is no schema"),
    ],
)
def test_a_document_of_another_kind_is_refused_as_such(text: str, says: str) -> None:
    plain, expected = marked(text)
    error = refused(plain)
    assert places(error) == (expected or [(1, 1)])
    assert says in str(error)
    assert f"'schema: {SCHEMA}'" in str(error)


def test_faults_are_told_even_when_the_document_is_of_another_kind() -> None:
    text, expected = marked("¦- a\n- ¦.nan\n")
    assert places(refused(text)) == expected


# ------------------------------------------------------------------------------------------------- what a model refuses


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("¦titel: x\n", "titel: unknown key 'titel'; did you mean 'title'?"),
        ("¦zzz:\n", "zzz: unknown key 'zzz'; known: schema, title, dishes, courses, best"),
        (
            "dishes:\n  a: {kind: cake, slices: 2, ¦vegam: true}\n",
            "dishes.a.vegam: unknown key 'vegam'; did you mean 'vegan'?",
        ),
        ("best: {kind: soup, litres: 1, ¦liters: 2}\n", "best.liters: unknown key 'liters'; did you mean 'litres'?"),
        ("¦1: x\n", "1: keys should be strings (found 1)"),
        ("courses: ¦one\n", "courses: should be a list (found text)"),
        ("courses: [a, ¦2, b]\n", "courses.1: input should be a valid string (found 2)"),
        ("courses: ¦[]\n", "courses: too few entries (found 0, needs at least 1)"),
        ("dishes: ¦[a]\n", "dishes: should be a mapping of keys (found list)"),
        ("dishes: {a: ¦soup}\n", "dishes.a: should be a mapping of keys (found text)"),
        ("best: ¦3\n", "best: should be a mapping of keys (found number)"),
        (
            "dishes: {¦A B: {kind: soup, litres: 1}}\n",
            "dishes.A B: 'A B' is not of the right form; use small letters, digits",
        ),
        ("dishes: {a: {kind: soup, litres: ¦'1'}}\n", "dishes.a.litres: input should be a valid number (found '1')"),
        ("dishes: {a: {kind: cake, slices: ¦2.5}}\n", "dishes.a.slices: input should be a valid integer (found 2.5)"),
        (
            "dishes: {a: {kind: cake, slices: 2, vegan: ¦yes}}\n",
            "dishes.a.vegan: input should be a valid boolean (found 'yes')",
        ),
        ("dishes: {a: {kind: cake, slices: ¦no}}\n", "(found 'no')"),
        ("dishes: {a: ¦{kind: cake, slices: 3}}\n", "dishes.a: slices must be even"),
        ("dishes: {a: {kind: ¦stew}}\n", "dishes.a.kind: should be one of 'soup', 'cake' (found 'stew')"),
        ("dishes: {a: {kind: ¦[soup]}}\n", "dishes.a.kind: should be one of 'soup', 'cake' (found ['soup'])"),
        ("dishes: {a: ¦{litres: 2}}\n", "dishes.a.kind: missing; add 'kind'"),
        ("best:\n  ¦kind:\n", "best.kind: missing; add 'kind'"),
        ("dishes: {a: ¦{kind: soup}}\n", "dishes.a.litres: missing; add 'litres'"),
        ("dishes: {a: {kind: soup, ¦litres: }}\n", "dishes.a.litres: missing; add 'litres'"),
        (f"best: {{kind: soup, litres: ¦{'x' * 200}}}\n", f"(found '{'x' * 59})"),
    ],
)
def test_what_a_model_refuses_is_said_in_plain_words_at_its_place(text: str, message: str) -> None:
    plain, expected = marked(HEAD + text)
    error = refused(plain)
    assert places(error) == expected
    assert message in str(error)
    assert "pydantic" not in str(error)
    assert "Value error" not in str(error)


@pytest.mark.parametrize(("entry", "place"), [("", (1, 1)), ("title:\n", (2, 1)), ("title: ~\n", (2, 8))])
def test_a_missing_entry_is_told_at_its_key_or_else_at_what_lacks_it(entry: str, place: tuple[int, int]) -> None:
    error = refused(f"schema: {SCHEMA}\n{entry}courses: [a]\n")
    assert [(p.line, p.column, p.text) for p in error.problems] == [(*place, "title: missing; add 'title'")]


def test_a_list_is_not_called_too_short_because_its_items_were_refused() -> None:
    text, expected = marked(HEAD + "courses: [¦1]\n")
    assert places(refused(text)) == expected


# ------------------------------------------------------------------------------------------------- all in one run


def _no_lunch(data: Mapping[Any, Any]) -> Iterator[Problem]:
    if data.get("title") == "Lunch":
        yield Problem(("title",), "no lunch today", "make it dinner")


def test_reader_model_and_checks_are_all_heard_in_one_run_and_in_order() -> None:
    text, expected = marked(
        f"schema: {SCHEMA}\n¦titel: x\ntitle: ¦Lunch\ncourses: [¦.nan, ¦3]\nbest:\n  ¦kind: soup\n  ¦litre: 1\n"
    )
    error = refused(text, _no_lunch)
    assert sorted(set(places(error))) == expected
    says = ["titel: unknown", "no lunch", "not a finite", "best.litres: missing", "best.litre: unknown"]
    assert all(part in str(error) for part in says)


def test_a_check_alone_refuses_a_document_that_the_model_takes() -> None:
    error = refused(HEAD, _no_lunch)
    assert str(error) == "f:2:8: no lunch today; make it dinner"


def test_a_fault_alone_refuses_a_document_that_the_model_takes() -> None:
    assert "stands twice" in str(refused(HEAD + "title: Lunch\n"))


@settings(max_examples=150)
@given(
    st.dictionaries(
        st.sampled_from(["title", "dishes", "courses", "best"]),
        json_like(
            st.sampled_from(["kind", "litres", "slices", "vegan", "soup", "cake"])
            | st.text(max_size=2)
            | st.integers(0, 3)
            | st.booleans(),
            st.sampled_from(["soup", "cake", "x"]),
        ),
    )
)
def test_data_of_any_shape_is_taken_or_refused_and_never_anything_else(data: dict[Any, Any]) -> None:
    try:
        build(Source("f", HEAD, "", {"schema": SCHEMA, **data}), Menu, SCHEMA, [_no_lunch])
    except DocumentError as error:
        assert error.problems


# ------------------------------------------------------------------------------------------------- helpers


@pytest.mark.parametrize(
    ("word", "known", "advice"),
    [
        ("titel", ["title", "id"], "did you mean 'title'?"),
        ("zzz", ["title", "id"], "known: title, id"),
        ("zzz", [f"word{i}" for i in range(12)], "known: " + ", ".join(f"word{i}" for i in range(12))),
        ("zzz", [f"word{i}" for i in range(13)], "known: " + ", ".join(f"word{i}" for i in range(12)) + " and 1 more"),
        (12, ["title"], "known: title"),
    ],
)
def test_advice_names_the_nearest_known_word(word: object, known: list[str], advice: str) -> None:
    assert nearest(word, known) == advice


@pytest.mark.parametrize(
    ("loc", "keys"),
    [
        ((), ["schema", "title", "dishes", "courses", "best"]),
        (("dishes", "x"), ["kind", "litres", "slices", "vegan"]),
        (("best", "cake"), ["kind", "litres", "slices", "vegan"]),
    ],
)
def test_known_keys_are_those_of_the_models_at_a_place(loc: tuple[str, ...], keys: list[str]) -> None:
    assert known_keys(Menu, loc) == keys


def test_walk_yields_every_value_with_its_path_depth_first() -> None:
    data = {"a": [1, {"b": 2}], 3: {}}
    assert list(walk(data)) == [
        ((), data),
        (("a",), [1, {"b": 2}]),
        (("a", 0), 1),
        (("a", 1), {"b": 2}),
        (("a", 1, "b"), 2),
        ((3,), {}),
    ]


@pytest.mark.parametrize("value", [None, 1, "text", [1], {"a": 1}, True])
def test_mapping_and_items_bear_any_value(value: Any) -> None:
    assert mapping(value) == (value if isinstance(value, dict) else {})
    assert items(value) == (value if isinstance(value, list) else [])


@pytest.mark.parametrize("listed", [None, "text", 3, {"id": "a"}])
def test_what_is_no_list_has_no_entries(listed: object) -> None:
    assert entries(listed, ("things",)) == []


def test_entries_know_their_place_and_ids_are_defined_once() -> None:
    group = entries([{"id": "a"}, "no mapping", {"id": 3}, {"id": "a"}, {"id": "b"}, {"id": "a"}], ("things",))
    assert [path for path, _ in group] == [("things", index) for index in range(6)]
    assert ids_of(group) == ["a", "a", "b", "a"]
    found = list(defined_twice("thing", group))
    assert [problem.path for problem in found] == [("things", 3, "id"), ("things", 5, "id")]
    assert str(found[0]) == "thing 'a' is defined twice; rename one of them"
