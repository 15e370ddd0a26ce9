"""Where the rubrics, partnerships and templates that come with assess are found."""

from __future__ import annotations

from pathlib import Path

from assess.documents.errors import UsageError
from assess.documents.validation import nearest

_PACKAGE = Path(__file__).resolve().parent.parent
_CHECKOUT = {"rubrics": "rubrics", "partnerships": "partnerships", "templates": "reports/templates"}


def shipped_dir(kind: str) -> Path:
    """Return the folder of a kind (`rubrics`, `partnerships`, `templates`), in a wheel or in a checkout."""
    inside = _PACKAGE / "_data" / kind
    return inside if inside.is_dir() else _PACKAGE.parent.parent / _CHECKOUT[kind]


def shipped_ids(kind: str) -> list[str]:
    """Return the ids of the shipped documents of a kind, sorted."""
    return sorted(path.stem for path in shipped_dir(kind).glob("*.yaml"))


def resolve(kind: str, reference: str | Path) -> Path:
    """Return the file for a shipped id or a path.

    Anything with a path separator or a YAML suffix is a path; the rest must be a shipped id.
    """
    path = Path(reference)
    if isinstance(reference, Path) or path.suffix in (".yaml", ".yml") or len(path.parts) > 1 or _exists(path):
        return path
    known = shipped_ids(kind)
    if reference not in known:
        raise UsageError(f"'{reference}' is neither a file nor a shipped id in {kind}; {nearest(reference, known)}")
    return shipped_dir(kind) / f"{reference}.yaml"


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:  # too long for a file name, or in a folder that may not be searched
        return False
