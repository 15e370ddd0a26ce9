"""An Assessment read back from the JSON that an earlier run wrote."""

from __future__ import annotations

import json
from pathlib import Path

from pydantic import ValidationError

from assess.documents.errors import DocumentError, Located
from assess.documents.source import read_bytes
from assess.documents.yamltext import decode
from assess.scoring.assessment import SCHEMA, Assessment


def read_assessment(path: Path) -> Assessment:
    """Return the Assessment in a JSON file; raises `DocumentError` when it is not one of this version."""
    shown = str(path)
    text = decode(read_bytes(path), shown)
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise DocumentError(shown, [Located(error.lineno, error.colno, f"not valid JSON: {error.msg}")]) from None
    found = data.get("schema") if isinstance(data, dict) else None
    if found != SCHEMA:
        what = f"schema is {found!r}, not {SCHEMA!r}; write it again with 'assess score --format json'"
        raise DocumentError(shown, [Located(1, 1, what)])
    try:
        return Assessment.model_validate_json(text)
    except ValidationError as error:
        problems = [f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()]
        raise DocumentError(shown, [Located(1, 1, problem) for problem in problems]) from None
