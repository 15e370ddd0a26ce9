"""`assess list`: every shipped document with its title."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_everything_shipped_is_listed(run: Run) -> None:
    result = run("list")
    assert result.code == 0
    for word in (
        "rubrics:",
        "partnership-default",
        "small-state",
        "partnerships:",
        "nato",
        "csto",
        "us-israel",
        "quad",
    ):
        assert word in result.out


def test_one_kind_alone(run: Run) -> None:
    assert "partnership-default" in run("list", "rubrics").out
    assert "nato" not in run("list", "rubrics").out
