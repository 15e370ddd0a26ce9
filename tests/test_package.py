"""The package as a program imports it: the names promised, and a cheap import."""

from __future__ import annotations

import inspect
import subprocess
import sys

import pytest

import assess


def test_every_promised_name_is_there() -> None:
    promised = {"load_rubric", "load_partnership", "score", "score_table", "render"}
    assert promised <= set(assess.__all__) <= set(dir(assess))
    for name in assess.__all__:
        assert getattr(assess, name).__name__ == name
        assert inspect.getdoc(getattr(assess, name))


def test_an_unknown_name_is_an_attribute_error() -> None:
    with pytest.raises(AttributeError, match="nonsense"):
        assess.nonsense  # noqa: B018


def test_import_is_cheap() -> None:
    program = (
        "import assess, sys; sys.exit(any(name in sys.modules for name in ('numpy', 'pydantic', 'yaml', 'click')))"
    )
    assert subprocess.run([sys.executable, "-c", program], check=False).returncode == 0


def test_score_follows_the_contract() -> None:
    parameters = inspect.signature(assess.score).parameters
    assert list(parameters) == ["partnership", "rubric", "draws", "seed"]
    assert parameters["draws"].kind is inspect.Parameter.KEYWORD_ONLY
    assert parameters["draws"].default == 10_000
