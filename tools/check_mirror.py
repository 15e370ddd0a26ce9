"""Check that tests mirror the source: every module has its test file, and every test file its module."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
SOURCE, TESTS = ROOT / "src" / "assess", ROOT / "tests"
WHOLE = {Path(f"test_{name}.py") for name in ("cases", "oracles", "package", "pictures", "report", "validity", "wheel")}
"""Tests of the product as a whole, which belong to no single module."""


def main() -> int:
    """Print every gap; return 1 if there is any."""
    modules = {path.relative_to(SOURCE) for path in SOURCE.rglob("*.py") if not path.name.startswith("__")}
    tests = {path.relative_to(TESTS) for path in TESTS.rglob("test_*.py")} - WHOLE
    wanted = {module.with_name(f"test_{module.name}") for module in modules}
    for path in sorted(wanted - tests):
        print(f"tests/{path}: missing; its module has no tests", file=sys.stderr)
    for path in sorted(tests - wanted):
        print(f"tests/{path}: tests no module of src/assess", file=sys.stderr)
    return 1 if wanted ^ tests else 0


if __name__ == "__main__":
    raise SystemExit(main())
