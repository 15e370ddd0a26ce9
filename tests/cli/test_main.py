"""The command as a whole: overview, exit codes, errors without tracebacks, and what a start may import."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest
from tests.cli.conftest import Run

import assess
from assess.cli.main import COMMANDS

HEAVY = ("pandas", "sklearn", "scipy", "typst", "jinja2")


def test_help_lists_every_command(run: Run) -> None:
    result = run("--help")
    assert result.code == 0
    for name, text in COMMANDS.items():
        assert name in result.out
        assert text in result.out


@pytest.mark.parametrize("command", COMMANDS)
def test_every_command_explains_itself(run: Run, command: str) -> None:
    result = run(command, "--help")
    assert result.code == 0
    assert COMMANDS[command] in result.out


def test_version(run: Run) -> None:
    assert run("--version").out == f"assess {assess.__version__}\n"


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["scroe"], "no command 'scroe'; did you mean 'score'?"),
        (["score"], "Missing argument"),
        (["score", "natoo"], "'natoo' is neither a file nor a shipped id in partnerships; did you mean 'nato'?"),
        (["score", "nato", "--rubric", "partnership"], "did you mean 'partnership-default'?"),
        (["score", "missing.yaml"], "missing.yaml:1:1: no such file"),
        (["score", "nato", "--draws", "3"], "--draws"),
        (["score", "nato", "--nonsense"], "No such option"),
        (["report", "nato", "-o", "x.docx"], "'.docx' is not a form of report"),
    ],
)
def test_wrong_usage_exits_2_with_advice(run: Run, arguments: list[str], message: str) -> None:
    result = run(*arguments)
    assert result.code == 2
    assert message in result.err
    assert result.out == ""
    assert "Traceback" not in result.err


@pytest.mark.parametrize("arguments", [["--help"], ["score", "nato"]])
def test_a_start_imports_nothing_heavy(arguments: list[str]) -> None:
    program = (
        "import sys\n"
        f"sys.argv = ['assess', *{arguments!r}]\n"
        "from assess.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        f"loaded = [name for name in {HEAVY!r} if name in sys.modules]\n"
        "sys.exit(f'imported {loaded}' if loaded else 0)"
    )
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_help_imports_neither_numpy_nor_pydantic() -> None:
    program = (
        "import sys\nsys.argv = ['assess', '--help']\nfrom assess.cli.main import main\n"
        "try:\n    main()\nexcept SystemExit:\n    pass\n"
        "sys.exit(any(name in sys.modules for name in ('numpy', 'pydantic', 'yaml')))"
    )
    assert subprocess.run([sys.executable, "-c", program], capture_output=True, check=False).returncode == 0


def test_the_module_runs_like_the_command() -> None:
    done = subprocess.run([sys.executable, "-m", "assess", "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == f"assess {assess.__version__}\n"


def test_a_reader_that_leaves_is_no_error(tmp_path: Path) -> None:
    command = f'"{sys.executable}" -m assess score nato -f json | head -n 1'
    done = subprocess.run(command, shell=True, capture_output=True, text=True, cwd=tmp_path, check=False)
    assert done.stdout == "{\n"
    assert "Traceback" not in done.stderr
