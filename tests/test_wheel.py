"""The wheel alone: rubrics, cases and templates inside, working in an empty environment."""

from __future__ import annotations

import subprocess
import sys
import venv
import zipfile
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(folder)]
    subprocess.run(command, cwd=ROOT, check=True, capture_output=True)
    (built,) = folder.glob("*.whl")
    return built


def test_documents_and_templates_are_inside(wheel: Path) -> None:
    names = zipfile.ZipFile(wheel).namelist()
    for wanted in ("rubrics/partnership-default.yaml", "partnerships/nato.yaml", "templates/report.html.j2"):
        assert f"assess/_data/{wanted}" in names
    assert "assess/py.typed" in names


def test_it_works_installed_alone(wheel: Path, tmp_path: Path) -> None:
    """An empty environment with the wheel unpacked into it; the third-party packages of this one stand behind it."""
    environment = tmp_path / "venv"
    venv.create(environment, with_pip=False)
    (site,) = environment.glob("lib/python*/site-packages")
    zipfile.ZipFile(wheel).extractall(site)
    packages = next(path for path in sys.path if path.endswith("site-packages"))
    (site / "others.pth").write_text(packages + "\n")
    python = environment / "bin" / "python"
    code = "import assess; print(assess.__file__)"
    where = subprocess.run([python, "-c", code], cwd=tmp_path, check=True, capture_output=True, text=True).stdout
    assert where.startswith(str(site))
    command = [python, "-m", "assess", "report", "nato", "-o", "n.html", "-o", "n.pdf"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr
    assert (tmp_path / "n.pdf").stat().st_size > 20_000
    listing = subprocess.run([python, "-m", "assess", "check", "partnership-default"], cwd=tmp_path, check=False)
    assert listing.returncode == 0
