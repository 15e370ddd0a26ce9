"""An Assessment read back from the JSON that an earlier run wrote."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from assess.documents.errors import DocumentError, Located
from assess.documents.source import read_bytes
from assess.documents.yamltext import decode
from assess.reporting.words import listed
from assess.scoring.assessment import SCHEMA, Assessment

AGAIN = "write it again with 'assess score CASE --format json'"
SHOWN = 8
"""Up to so many problems of the shape are listed; the rest are counted."""


def read_assessment(path: Path) -> Assessment:
    """Return the Assessment in a JSON file; raises `DocumentError` for one of another version, cut short or edited."""
    return parse_assessment(read_bytes(path), str(path))


def parse_assessment(content: bytes, shown: str) -> Assessment:
    """Return the Assessment in JSON text; errors name the file as `shown`."""
    text = decode(content, shown)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        what = f"not valid JSON: {error.msg}"
        if error.pos >= len(text.rstrip()):
            what = "the file ends too early: it was cut short"
        raise DocumentError(shown, [Located(error.lineno, error.colno, f"{what}; {AGAIN}")]) from None
    found = data.get("schema") if isinstance(data, dict) else None
    if found != SCHEMA:
        raise DocumentError(shown, [Located(1, 1, f"schema is {found!r}, not {SCHEMA!r}; {AGAIN}")])
    try:
        assessment = Assessment.model_validate_json(text)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()[:SHOWN]]
        rest = error.error_count() - len(problems)
        problems += [f"and {rest} more"] if rest else []
        problems[-1] += f"; {AGAIN}"
        raise DocumentError(shown, [Located(1, 1, problem) for problem in problems]) from None
    _check_seal(assessment, shown)
    return assessment


def _check_seal(assessment: Assessment, shown: str) -> None:
    if not assessment.seal:
        raise DocumentError(shown, [Located(1, 1, f"it has no seal, so nothing shows that it is whole; {AGAIN}")])
    parts = assessment.parts()
    differ = [name for name in {**parts, **assessment.seal} if parts.get(name) != assessment.seal.get(name)]
    if differ:
        what = f"changed since it was written: {listed(differ)} (hash mismatch); {AGAIN}"
        raise DocumentError(shown, [Located(1, 1, what)])
