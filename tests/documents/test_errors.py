from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from assess.documents.errors import AssessError, DocumentError, Located, Problem, UsageError

located = st.builds(Located, st.integers(1, 9), st.integers(1, 9), st.sampled_from(["wrong", "missing", "twice"]))


@pytest.mark.parametrize("kind", [UsageError, DocumentError])
def test_every_error_is_an_assess_error(kind: type[Exception]) -> None:
    assert issubclass(kind, AssessError)


@pytest.mark.parametrize(
    ("problem", "text"),
    [(Problem(("a",), "wrong", "change it"), "wrong; change it"), (Problem(("a",), "wrong"), "wrong")],
)
def test_a_problem_says_what_is_wrong_and_what_to_do(problem: Problem, text: str) -> None:
    assert str(problem) == text


def test_a_document_error_prints_one_line_per_problem_as_file_line_column() -> None:
    error = DocumentError("dir/case.yaml", [Located(12, 3, "wrong; change it"), Located(4, 10, "missing; add it")])
    assert str(error) == "dir/case.yaml:4:10: missing; add it\ndir/case.yaml:12:3: wrong; change it"
    assert error.file == "dir/case.yaml"


@settings(max_examples=50)
@given(st.lists(located), st.randoms())
def test_problems_come_in_the_order_of_the_text_and_each_once(problems: list[Located], random: object) -> None:
    shuffled = [*problems, *problems]
    random.shuffle(shuffled)  # type: ignore[attr-defined]
    error = DocumentError("f", shuffled)
    assert error.problems == DocumentError("f", problems).problems
    assert set(error.problems) == set(problems)
    assert len(error.problems) == len(set(problems))
    places = [(p.line, p.column) for p in error.problems]
    assert places == sorted(places)
