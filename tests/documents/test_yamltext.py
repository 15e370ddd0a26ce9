"""The reader: what it takes, what it refuses, and where it says things stand; with the C and the pure parser alike."""

from __future__ import annotations

import math
from typing import Any

import pytest
import yaml
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tests.conftest import marked, places

from assess.documents import yamltext
from assess.documents.errors import DocumentError, Located
from assess.documents.validation import walk

PURE = yaml.SafeLoader
LOADERS = [PURE, *([yaml.CSafeLoader] if yaml.__with_libyaml__ else [])]


@pytest.fixture(params=LOADERS, ids=lambda loader: loader.__name__)
def loader(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> Any:
    """Each of the two parsers in turn."""
    monkeypatch.setattr(yamltext, "_Loader", request.param)
    return request.param


def outcome(text: str, parser: Any) -> Any:
    """Return all that one parser makes of a text: data, faults and positions, or where and why it stopped."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(yamltext, "_Loader", parser)
        try:
            data, faults = yamltext.parse(text, "f")
            return repr(data), faults, yamltext.positions(text, "f")
        except DocumentError as error:
            return error.problems


def refuse(text: str) -> DocumentError:
    with pytest.raises(DocumentError) as caught:
        yamltext.parse(text, "f")
    return caught.value


class Quoted(yaml.SafeDumper):
    """Writes every text in double quotes, so that no text looks like anything else, and no aliases."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


Quoted.add_representer(str, lambda dumper, text: dumper.represent_scalar("tag:yaml.org,2002:str", text, style='"'))


def dump(data: Any, **options: Any) -> str:
    return yaml.dump(data, Dumper=Quoted, width=math.inf, sort_keys=False, **options)


def same(one: Any, other: Any) -> bool:
    """Tell whether two pieces of data are equal in types too: 1 is neither 1.0 nor true."""
    return repr(one) == repr(other)


numbers = st.integers(-(10**18) + 1, 10**18 - 1) | st.floats(allow_nan=False, allow_infinity=False)
scalars = st.none() | st.booleans() | numbers | st.text(max_size=12)
nested = st.recursive(
    scalars, lambda below: st.lists(below, max_size=4) | st.dictionaries(st.text(max_size=6), below, max_size=4)
)
styles = st.fixed_dictionaries(
    {
        "default_flow_style": st.sampled_from([True, False, None]),
        "allow_unicode": st.booleans(),
        "indent": st.integers(2, 6),
        "explicit_start": st.booleans(),
    }
)


# ------------------------------------------------------------------------------------------------- round trips


@settings(max_examples=150)
@given(nested, styles)
@example({"NO": "NO", "on": True, "x": [[], {}, [{}], {"": []}]}, {"default_flow_style": False})
def test_plain_data_comes_back_unchanged_from_both_parsers(data: Any, style: dict[str, Any]) -> None:
    text = dump(data, **style)
    outcomes = [outcome(text, parser) for parser in LOADERS]
    assert outcomes[0][:2] == (repr(data), [])
    assert outcomes[0] == outcomes[-1]


@settings(max_examples=100)
@given(nested, styles)
def test_every_position_points_at_the_text_it_names(data: Any, style: dict[str, Any]) -> None:
    style["allow_unicode"] = False
    text = dump(data, **style)
    lines = text.split("\n")
    values, keys = yamltext.positions(text, "f")

    def rest(place: tuple[int, int]) -> str:
        return lines[place[0] - 1][place[1] - 1 :]

    below = dict(walk(data))
    assert set(values) == set(below)
    assert set(keys) == {path for path in below if path and isinstance(path[-1], str)}
    for path, place in keys.items():
        assert rest(place).startswith(dump(path[-1]).rstrip("\n"))
    for path, value in below.items():
        found = rest(values[path])
        if isinstance(value, list):
            assert found.startswith("[" if value == [] or style["default_flow_style"] else ("[", "- "))
        elif isinstance(value, dict):
            first = next(iter(value), None)
            assert found.startswith(("{", "? ")) or (first is not None and values[path] == keys[(*path, first)])
        else:
            assert found.startswith(dump(value).split("\n")[0])


@pytest.mark.parametrize(
    "text",
    [
        "a:\nb: # comment\n\nc:\n  - d:\n    e: 1\n  -\n",
        "{a: , b: 1, c: }\n",
        "a: {b: , c: {d: }}\n",
        "? \n",
        "a: ''\nb: |\n  text\n   more\nc: >-\n\n  folded\n  text\n# end\n",
        "--- # comment\na: 1\n...\n",
        "%YAML 1.2\n---\na: [1,\n  {b: 'x',\n   c: \"y\\\n    z\"}]\n",
        "a: plain text\n  on two lines\nb: [http://x, a:b, c#d]\n",
    ],
)
def test_what_people_write_by_hand_is_read_alike_by_both_parsers(text: str) -> None:
    outcomes = [outcome(text, parser) for parser in LOADERS]
    assert outcomes[0] == outcomes[-1]


def test_an_empty_entry_stands_at_its_key_and_an_empty_item_at_its_dash(loader: Any) -> None:
    text, expected = marked("¦a:\nb:\n  ¦c: # comment\nd: {¦e: , f: 1}\ng:\n  -¦\n")
    values, _ = yamltext.positions(text, "f")
    assert [values[path] for path in (("a",), ("b", "c"), ("d", "e"), ("g", 0))] == expected


# ------------------------------------------------------------------------------------------------- scalars


@pytest.mark.parametrize(
    ("text", "value"),
    [
        *[(word, word) for word in ("NO", "no", "No", "yes", "Yes", "on", "off", "y", "n", "nULL", "tRUE", "none")],
        *[(word, word) for word in ("1:30", "190:20:30", "012", "-012", "00", "0x1F", "0o7", "1_000", "1,000", "12%")],
        *[(word, word) for word in ("2025-06-25", "2025-06", "2025-06-25T10:00:00Z", "12-31")],
        *[(word, word) for word in ("nan", "inf", "NaN", "Infinity", "+.nan", ".", "+", "1e", "e5", "1.2.3")],
        *[(word, word) for word in ("=", "<<", "a:b", "1e1000")],
        *[(word, None) for word in ("", "~", "null", "Null", "NULL")],
        *[(word, True) for word in ("true", "True", "TRUE")],
        *[(word, False) for word in ("false", "False", "FALSE")],
        ("0", 0), ("-0", 0), ("+12", 12), ("-7", -7), ("2025", 2025), ("999999999999999999", 10**18 - 1),
        ("1.5", 1.5), ("-1.5", -1.5), ("+.5", 0.5), (".5", 0.5), ("1.", 1.0), ("0.0", 0.0), ("-0.0", -0.0),
        ("1e3", 1000.0), ("1E-3", 0.001), ("1.5e+3", 1500.0), ("1e-999", 0.0), ("10000000000000000000", 1e19),
    ],
)  # fmt: skip
def test_plain_scalars_follow_the_core_schema(loader: Any, text: str, value: Any) -> None:
    data, faults = yamltext.parse(f"x: {text}\n", "f")
    assert faults == []
    assert same(data, {"x": value})


@pytest.mark.parametrize("text", ["1", "true", "null", "~", "", ".nan", "1e999", "1.5"])
@pytest.mark.parametrize("form", ["'{}'", '"{}"', "|-\n  {}", ">-\n  {}"])
def test_quoted_and_block_scalars_are_always_text(loader: Any, text: str, form: str) -> None:
    assert yamltext.parse(f"x: {form.format(text)}\n", "f") == ({"x": text}, [])


def test_keys_are_scalars_too(loader: Any) -> None:
    assert yamltext.parse("0: a\nNO: b\n'1': c\n", "f") == ({0: "a", "NO": "b", "1": "c"}, [])


@settings(max_examples=100)
@given(numbers)
def test_every_finite_number_parses_to_itself(number: float) -> None:
    assert same(yamltext.parse(repr(number), "f")[0], number)


@pytest.mark.parametrize("text", ["", "\n\n", "# only a comment\n", "---\n", "~"])
def test_a_text_without_content_is_none(loader: Any, text: str) -> None:
    assert yamltext.parse(text, "f") == (None, [])


# ------------------------------------------------------------------------------------------------- what is refused


FAULTS = [
    pytest.param("a: 1\nb:\n  - {c: 1, ¦c: 2}\n¦a: 3\n", "stands twice, first on line", id="duplicate keys"),
    pytest.param("a: 1\n¦'a': 2\n¦\"a\": 3\n", "key 'a' stands twice", id="duplicate keys in other quotes"),
    pytest.param("a: ¦&x 1\n", "anchor &x is not allowed", id="anchor"),
    pytest.param("a: ¦&x [1]\nb: ¦&y {c: 1}\n", " is not allowed", id="anchors of collections"),
    pytest.param("¦&x a: 1\n", "anchor &x is not allowed", id="anchor of a key"),
    pytest.param("a: ¦*x\nb: [1, ¦*y]\n", "alias *", id="alias"),
    pytest.param("a: {<<: ¦*x}\n", "alias *x is not allowed", id="merge key"),
    pytest.param("a: ¦!!str 1\n", "tag tag:yaml.org,2002:str is not allowed", id="core tag"),
    pytest.param("a: ¦!x 1\nb: ¦!x [1]\nc: ¦!x {d: 1}\n¦!x e: 1\n", "tag !x is not allowed", id="custom tags"),
    pytest.param("a: ¦! 1\nb: ¦! [1]\n", "tag ! is not allowed", id="the non-specific tag"),
    pytest.param("a: ¦!<tag:x,1:y> 1\n", "tag tag:x,1:y is not allowed", id="verbatim tag"),
    pytest.param("a: ¦!!python/object/apply:os.system [ls]\n", "tag tag:yaml.org,2002:python", id="python tag"),
    pytest.param("a: ¦.nan\nb: [¦.NaN, ¦.NAN]\n", "is not a finite number", id="NaN"),
    pytest.param("a: ¦.inf\nb: ¦-.Inf\nc: ¦+.INF\n", "is not a finite number", id="infinities"),
    pytest.param("a: ¦1e999\nb: ¦-9.9e308\n", "too large for a number", id="too large"),
    pytest.param("a: 1\n¦---\nb: 2\n", "a second document begins here", id="two documents"),
    pytest.param("? ¦[a, b]\n: 1\n? ¦{a: 1}\n: 2\n", "a key must be a plain word", id="collections as keys"),
    pytest.param("¦~: 1\nb: 2\n", "a key must be a plain word", id="null as key"),
    pytest.param("é: 1\n日本: {é: 1, ü: ¦.nan}\n", "finite", id="columns count characters"),
]


@pytest.mark.parametrize(("text", "says"), FAULTS)
def test_a_fault_is_named_at_its_place(loader: Any, text: str, says: str) -> None:
    plain, expected = marked(text)
    _, faults = yamltext.parse(plain, "f")
    assert [(fault.line, fault.column) for fault in faults] == expected
    assert all(says in fault.text for fault in faults)
    assert all("; " in fault.text for fault in faults), "every fault says what to do"


def test_all_faults_of_a_text_are_found_in_one_run(loader: Any) -> None:
    text, expected = marked(
        "a: ¦&x .5\nb: ¦*x\n¦a: ¦!t {c: ¦.nan}\n? ¦[k, ¦!u l]\n: [¦1e999, ¦-.inf]\nlast: fine\n¦---\n"
    )
    data, faults = yamltext.parse(text, "f")
    assert sorted((fault.line, fault.column) for fault in faults) == expected
    assert data["last"] == "fine"


def test_a_collection_used_as_a_key_does_not_move_the_places_of_the_rest() -> None:
    text, expected = marked("title: ¦x\n? {title: 1, list: 2}\n: 3\nlist: [¦y]\n? [z]\n: 4\n")
    values, keys = yamltext.positions(text, "f")
    assert [values[("title",)], values[("list", 0)]] == expected
    assert keys[("title",)] == (1, 1)


@pytest.mark.parametrize(
    ("opening", "closing"), [("[", "]"), ("- ", ""), ("{a: ", "}"), ("? ", "")], ids=["flow", "block", "map", "key"]
)
def test_nesting_stops_at_forty_levels(loader: Any, opening: str, closing: str) -> None:
    most = yamltext.MAX_DEPTH
    data, _ = yamltext.parse(opening * most + "1" + closing * most, "f")
    assert data is not None
    error = refuse(opening * (most + 1) + "1" + closing * (most + 1))
    assert error.problems[-1] == Located(
        1, most * len(opening) + 1, "nested deeper than 40 levels; flatten the document"
    )


@pytest.mark.parametrize("opening", ["[", "- ", "{a: ", "[{a: "])
def test_a_nesting_bomb_is_refused_before_it_is_read(loader: Any, opening: str) -> None:
    assert "nested deeper than 40 levels" in str(refuse(opening * 200_000))


def test_a_laughing_bomb_stays_small(loader: Any) -> None:
    laughs = ["l0: &l0 ha", *(f"l{i}: &l{i} [{', '.join([f'*l{i - 1}'] * 9)}]" for i in range(1, 10))]
    data, faults = yamltext.parse("\n".join(laughs), "f")
    assert len(faults) == 10 + 9 * 9
    assert data["l9"] == [None] * 9


@pytest.mark.parametrize(
    "text",
    [
        "a: b¦: c\n",
        "a: 1\n¦\tb: 2\n",
        "a: ¦@b\n",
        "a: ¦`b\n",
        "a: 1\n b¦: 2\n",
        "a: [1, 2¦}\n",
        "a: [1\nb¦: 2\n",
        "a: 'b'¦c\n",
        "a: ¦'b\nc: 1\n",
        "a: ¦[1, 2\n",
        "a: ¦{b: 1,\n  c: 2\n\n",
        "a:\n - 1\n¦b\n\n",
        "a: 1\n¦b\nc: 2\n",
    ],
)
def test_broken_yaml_is_refused_where_it_breaks(loader: Any, text: str) -> None:
    plain, expected = marked(text)
    error = refuse(plain)
    assert places(error) == expected
    assert "not valid YAML" in str(error)


def test_what_was_found_before_broken_yaml_is_reported_with_it(loader: Any) -> None:
    text, expected = marked("a: ¦.nan\n¦a: ¦*x\nb: c¦: d\n")
    assert places(refuse(text)) == expected


@pytest.mark.parametrize("character", ["\x00", "\x01", "\x07", "\x1b", "\x7f", "\x80", "\ufffe", "\ud800", "\ufeff"])
@pytest.mark.parametrize("before", ["a: ¦", "é: 日本\nb: \U0001f600é¦", "a: [1\n¦", "¦"])
def test_a_character_that_yaml_does_not_allow_is_named_at_its_place(loader: Any, before: str, character: str) -> None:
    text, expected = marked(before + character + "c: 1\n")
    error = refuse(text)
    assert places(error) == expected
    assert f"character U+{ord(character):04X} is not allowed" in str(error)


# ------------------------------------------------------------------------------------------------- bytes


@pytest.mark.parametrize(
    ("raw", "place", "byte"),
    [
        (b"a: \xff\n", (1, 4), "0xff"),
        (b"a: 1\nb: x\xc3(\n", (2, 5), "0xc3"),
        ("é: 日本 ".encode() + b"\xe9\n", (1, 7), "0xe9"),
        (b"\xef\xbb\xbfa: \xff", (1, 4), "0xff"),
        (b"a: 1\r\nb: \xed\xa0\x80", (2, 4), "0xed"),
        (b"a: \xe6\x97", (1, 4), "0xe6"),
        ("a: 1\n".encode("utf-16"), (1, 1), "0xff"),
    ],
)
def test_the_first_byte_that_is_not_utf8_is_named_at_its_place(raw: bytes, place: tuple[int, int], byte: str) -> None:
    with pytest.raises(DocumentError) as caught:
        yamltext.decode(raw, "f")
    assert places(caught.value) == [place]
    assert f"not UTF-8: byte {byte}; save the file as UTF-8" in str(caught.value)


def test_a_byte_order_mark_is_taken_off() -> None:
    assert yamltext.decode(b"\xef\xbb\xbfa: 1", "f") == "a: 1"


def test_four_mebibytes_are_the_most() -> None:
    most = b"#" * yamltext.MAX_BYTES
    assert yamltext.MAX_BYTES == 4 * 2**20
    assert len(yamltext.decode(most, "f")) == len(most)
    with pytest.raises(DocumentError, match=r"^f:1:1: the file is over 4 MiB; split it"):
        yamltext.decode(most + b"#", "f")


@pytest.mark.parametrize("ending", ["\n", "\r\n"])
def test_line_endings_do_not_move_positions(loader: Any, ending: str) -> None:
    text = "a: 1\nb:\n  - x\n  - c: y\n"
    expected = yamltext.positions(text, "f")
    assert yamltext.positions(text.replace("\n", ending), "f") == expected


# ------------------------------------------------------------------------------------------------- any input

TOKENS = (
    "a", "b: ", "- ", "[", "]", "{", "}", ", ", ": ", "? ", "\n", "\n  ", "\t", "\r", "\x85", "\u2028", '"', "'", "&x ",
    "*x", "!t ", "! ", "!!str ", "# c", "|\n ", ">\n ", "\n---\n", "\n...\n", "%YAML 1.2\n", "%TAG ! x\n", ".nan", "1",
    "1e999", "~", "null", "yes", "012", "<<", "=", "@", "`", "é", "😀", "\x01", "\ufeff", "\ud800",
)  # fmt: skip
tokens = st.lists(st.sampled_from(TOKENS), max_size=14).map("".join)


@settings(max_examples=300)
@given(st.text(max_size=40) | tokens)
@example("é\x01")
def test_any_text_is_read_or_refused_and_never_anything_else(text: str) -> None:
    for parser in LOADERS:
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(yamltext, "_Loader", parser)
            try:
                data, faults = yamltext.parse(text, "f")
            except DocumentError as error:
                assert error.problems
                continue
            values, keys = yamltext.positions(text, "f")
            lines = len(text.splitlines()) + 1
            assert all(1 <= line <= lines and column >= 1 for line, column in [*values.values(), *keys.values()])
            assert all(1 <= fault.line <= lines for fault in faults)
            assert data is None or {path for path, _ in walk(data)} <= set(values)


@settings(max_examples=200)
@given(st.binary(max_size=60) | st.text(max_size=30).map(str.encode) | tokens.map(lambda t: t.encode(errors="replace")))
def test_any_bytes_are_read_or_refused_and_never_anything_else(raw: bytes) -> None:
    try:
        yamltext.parse(yamltext.decode(raw, "f"), "f")
    except DocumentError as error:
        assert all(str(error).startswith("f:") and p.line >= 1 and p.column >= 1 for p in error.problems)
