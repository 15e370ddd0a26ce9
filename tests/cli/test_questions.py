"""Questions one by one: each method's answers are the fields of its judgement document."""

from __future__ import annotations

import io
from typing import Any

import pytest

from assess.cli.questions import ask

CHILDREN = {"a": "Item A", "b": "Item B", "c": "Item C"}


@pytest.mark.parametrize(
    ("method", "answers", "expected"),
    [
        ("points", "5 0 2.5", {"points": {"a": 5, "b": 0, "c": 2.5}}),
        ("swing", "b 40-60 70", {"swings": {"a": {"low": 40, "high": 60}, "b": 100, "c": 70}}),
        ("ranks", "3 a", {"order": ["c", "a", "b"]}),
        (
            "ahp",
            "3 - 1/3",
            {"comparisons": [{"a": "a", "over": "b", "value": 3}, {"a": "b", "over": "c", "value": "1/3"}]},
        ),
        (
            "best_worst",
            "a c 2 8 4",
            {
                "best": "a",
                "worst": "c",
                "best_to_others": {"b": 2, "c": 8},
                "others_to_worst": {"b": 4, "a": 8},
            },
        ),
    ],
)
def test_answers_become_the_fields_of_the_method(
    monkeypatch: pytest.MonkeyPatch, method: str, answers: str, expected: dict[str, Any]
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers.split()) + "\n"))
    assert ask(method, CHILDREN) == expected


@pytest.mark.parametrize(
    ("method", "answers", "words"),
    [
        ("points", ["-1", "nan", "1", "1", "1"], "write a number of 0 or more"),
        ("swing", ["x", "9", "a", "60-40", "101", "50", "50"], "the lower end comes first"),
        ("ahp", ["0", "1/0", "x", "2", "2", "2"], "write a number above 0"),
        ("best_worst", ["a", "a", "c", "0", "10", "2", "2", "2"], "write a number from 1 to 9"),
        ("statements", ["", "a beats b", "a >= b", ""], "is not understood"),
    ],
)
def test_what_cannot_be_used_is_asked_again(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], method: str, answers: list[str], words: str
) -> None:
    monkeypatch.setattr("sys.stdin", io.StringIO("\n".join(answers) + "\n"))
    assert ask(method, CHILDREN)
    captured = capsys.readouterr()
    assert words in captured.err
    assert captured.out == ""
