"""Peers from PyPI, timed in the same run in environments of their own: they ask for other versions of pandas.

A program takes the arrays it works on from a file, and prints one line of JSON: seconds by way of use. Where no
package index can be reached its rows are left out, with the reason.
"""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import venv
from pathlib import Path

import numpy as np

from assess.rubric.measures import Floats

HERE = Path(__file__).resolve().parent
HOME = HERE.parent.parent / "build" / "peers"


def timed(lock: str, program: str, **arrays: Floats) -> tuple[dict[str, float], Floats]:
    """Return seconds by way of use, and the program's result; nothing where its packages cannot be had."""
    python = _python(lock)
    if python is None:
        return {}, np.empty(0)
    with tempfile.TemporaryDirectory() as folder:
        given, result = Path(folder) / "given.npz", Path(folder) / "result.npy"
        np.savez(given, allow_pickle=False, **arrays)
        command = [str(python), "-W", "ignore", str(HERE / f"{program}.py"), str(given), str(result)]
        said = subprocess.run(command, stdout=subprocess.PIPE, check=True, text=True).stdout
        return json.loads(said.splitlines()[-1]), np.load(result)


def _python(lock: str) -> Path | None:
    """Return the interpreter of an environment with the packages of a lock file; made on first use."""
    home, text = HOME / lock, (HERE / f"{lock}.lock").read_text()
    python, stamp = home / "bin" / "python", home / "stamp"
    if stamp.is_file() and stamp.read_text() == text:
        return python
    venv.create(home, with_pip=False, clear=True)
    base = str(getattr(sys, "_base_executable", sys.executable))
    pip = [base, "-m", "pip", "--python", str(python), "-qq", "--disable-pip-version-check", "install"]
    if subprocess.run([*pip, "--require-hashes", "-r", str(HERE / f"{lock}.lock")], check=False).returncode:
        print(f"the packages of benchmarks/peers/{lock}.lock cannot be installed: no rows for them", file=sys.stderr)
        return None
    stamp.write_text(text)
    return python
