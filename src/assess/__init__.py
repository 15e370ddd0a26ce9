"""assess: score a military partnership, and render the report that people act on.

    >>> import assess
    >>> rubric = assess.load_rubric("partnership-default")
    >>> result = assess.score(assess.load_partnership("nato"), rubric)
    >>> result.overall.rating
    'Sound'

Everything is loaded on first use, so that `import assess` stays cheap.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

__version__ = "0.1.0"

if TYPE_CHECKING:
    from assess.documents.errors import AssessError, DocumentError, UsageError
    from assess.partnership.loading import load_partnership
    from assess.reporting.render import render
    from assess.rubric.loading import load_rubric
    from assess.scoring.assessment import Assessment
    from assess.scoring.score import score
    from assess.scoring.table import score_table

_HOME = {
    "AssessError": "assess.documents.errors",
    "Assessment": "assess.scoring.assessment",
    "DocumentError": "assess.documents.errors",
    "UsageError": "assess.documents.errors",
    "load_partnership": "assess.partnership.loading",
    "load_rubric": "assess.rubric.loading",
    "render": "assess.reporting.render",
    "score": "assess.scoring.score",
    "score_table": "assess.scoring.table",
}

__all__ = [
    "AssessError",
    "Assessment",
    "DocumentError",
    "UsageError",
    "load_partnership",
    "load_rubric",
    "render",
    "score",
    "score_table",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'assess' has no attribute '{name}'")
    from importlib import import_module

    return getattr(import_module(_HOME[name]), name)


def __dir__() -> list[str]:
    return sorted([*globals(), *__all__])
