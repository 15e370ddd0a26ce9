"""`assess list`: every shipped document with its title."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_everything_shipped_is_listed(run: Run) -> None:
    result = run("list")
    assert result.code == 0
    for word in ("rubrics:", "partnership-default", "partnerships:", "nato", "csto", "us-israel", "quad"):
        assert word in result.out


def test_one_kind_alone(run: Run) -> None:
    assert run("list", "rubrics").out.startswith("partnership-default")
    assert "nato" not in run("list", "rubrics").out
