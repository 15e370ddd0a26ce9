"""Make `.venv` from `requirements.lock`; do nothing when it is up to date.

Needs Python and pip only. The environment is made without ensurepip, which Debian ships apart
(`python3-venv`); the running interpreter's pip installs into it instead.
"""

from __future__ import annotations

import hashlib
import json
import os
import shutil
import subprocess
import sys
import time
import venv
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
STAMP = VENV / "stamp"
MINIMUM = (3, 11)


def base_python() -> str:
    """Return the interpreter behind any activated environment, so that .venv never has to remove itself."""
    return str(getattr(sys, "_base_executable", sys.executable))


def fingerprint() -> str:
    """Hash of everything that decides what is installed; settings of the linters and tests are left out."""
    import tomllib  # not before the version check: older Pythons have none

    project = tomllib.loads((ROOT / "pyproject.toml").read_text())
    decides = {key: project[key] for key in ("build-system", "project")} | {"hatch": project["tool"]["hatch"]}
    parts = (base_python(), sys.version, str(ROOT), json.dumps(decides), (ROOT / "requirements.lock").read_text())
    return hashlib.sha256("\0".join(parts).encode()).hexdigest()


def main() -> int:
    """Build or refresh the environment; returns the process exit code."""
    if tuple(sys.version_info) < MINIMUM:
        wanted_version = ".".join(map(str, MINIMUM))
        print(f"assess needs Python {wanted_version} or newer; this is {sys.version.split()[0]}", file=sys.stderr)
        return 2
    wanted = fingerprint()
    if STAMP.is_file() and STAMP.read_text() == wanted:
        return 0
    started = time.monotonic()
    print("setting up .venv from requirements.lock ...", flush=True)
    shutil.rmtree(VENV, ignore_errors=True)
    venv.create(VENV, with_pip=False)
    python = VENV / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    pip = [base_python(), "-m", "pip", "--python", str(python), "-qq", "--disable-pip-version-check"]
    installs = (
        ["install", "--require-hashes", "-r", str(ROOT / "requirements.lock")],
        ["install", "--no-deps", "--no-build-isolation", "-e", str(ROOT)],
    )
    for arguments in installs:
        if subprocess.run([*pip, *arguments], check=False).returncode:
            print("set-up failed; see pip's message above (pip 22.3 or newer is needed)", file=sys.stderr)
            return 1
    STAMP.write_text(wanted)
    print(f"set up in {time.monotonic() - started:.0f} s", flush=True)
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
