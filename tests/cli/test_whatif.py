"""`assess whatif`: as amended beside as drafted, and what a rating would take."""

from __future__ import annotations

from tests.cli.conftest import Run


def test_as_amended_stands_beside_as_drafted(run: Run) -> None:
    result = run("whatif", "csto", "--set", "burden_sharing=4", "--draws", "300")
    assert (result.code, result.err) == (0, "")
    assert "Assumed: burden_sharing=4." in result.out
    before, after = (cell.split()[0] for cell in line_of(result.out, "Stability").split(" | ")[1:3])
    assert int(after) > int(before)


def test_a_target_names_packages_and_what_each_costs(run: Run) -> None:
    result = run("whatif", "csto", "--target", "Conditional", "--top", "2", "--draws", "300")
    assert "### Package 2: " in result.out
    assert "### Package 3: " not in result.out
    assert "cost point" in result.out


def test_what_cannot_be_done_is_refused_with_advice(run: Run) -> None:
    for arguments, words in (
        (("csto",), "--set, or which rating to reach with --target"),
        (("csto", "--set", "burden_sharng=3"), "did you mean 'burden_sharing'?"),
        (("csto", "--target", "Splendid"), "Splendid"),
    ):
        result = run("whatif", *arguments)
        assert result.code == 2
        assert words in result.err


def line_of(text: str, name: str) -> str:
    return next(line for line in text.splitlines() if line.startswith(f"| {name} |"))
