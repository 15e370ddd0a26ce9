"""An Assessment read back from the JSON or the PDF report that an earlier run wrote."""

from __future__ import annotations

import json
from hashlib import sha256
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
READABLE = (".json", ".pdf")
DATA = "assessment.json"
"""Name under which a PDF report holds its Assessment."""


def read_assessment(path: Path) -> Assessment:
    """Return the Assessment in a JSON file or a PDF report.

    Raises `DocumentError` for one of another version, cut short or edited, and for a PDF that holds none.
    """
    return read_result(path)[0]


def read_result(path: Path) -> tuple[Assessment, dict[str, bytes]]:
    """Return the Assessment in a file as `read_assessment` does, and the documents attached to it by name."""
    shown = str(path)
    if path.suffix.lower() != ".pdf":
        return parse_assessment(read_bytes(path), shown), {}
    attached = _attachments(path, shown)
    if DATA not in attached:
        what = f"no {DATA} is attached: this is no report of assess, or the attachment was removed"
        raise DocumentError(shown, [Located(1, 1, f"{what}; {AGAIN}")])
    assessment = parse_assessment(attached.pop(DATA), f"{shown} ({DATA})")
    known = {assessment.provenance.partnership_sha256, assessment.rubric.sha256}
    known |= {parent.sha256 for parent in assessment.rubric.parents}
    strange = [name for name, content in attached.items() if sha256(content).hexdigest() not in known]
    if strange:
        what = f"not the documents the Assessment was made from: {listed(strange)} (hash mismatch)"
        raise DocumentError(shown, [Located(1, 1, f"{what}; {AGAIN}")])
    return assessment, attached


def _attachments(path: Path, shown: str) -> dict[str, bytes]:
    import logging

    import pypdf

    logger = logging.getLogger("pypdf")
    if not logger.handlers:
        logger.addHandler(logging.NullHandler())  # its warnings would stand among the errors on the terminal
    try:
        with path.open("rb") as handle, pypdf.PdfReader(handle) as reader:
            return {name: contents[0] for name, contents in reader.attachments.items()}
    except OSError as error:
        raise DocumentError(shown, [Located(1, 1, f"the file cannot be read: {error.strerror}")]) from None
    except Exception as error:  # whatever a damaged file leads pypdf into
        raise DocumentError(shown, [Located(1, 1, f"not a PDF that can be read: {error}; {AGAIN}")]) from None


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
    except (ValueError, RecursionError) as error:
        raise DocumentError(shown, [Located(1, 1, f"not JSON that can be read: {error}; {AGAIN}")]) from None
    found = data.get("schema") if isinstance(data, dict) else None
    if found != SCHEMA:
        raise DocumentError(shown, [Located(1, 1, f"schema is {found!r}, not {SCHEMA!r}; {AGAIN}")])
    try:
        assessment = Assessment.model_validate_json(text)
    except ValidationError as error:
        problems = sorted(f"{'.'.join(map(str, detail['loc']))}: {detail['msg']}" for detail in error.errors()[:SHOWN])
        rest = error.error_count() - len(problems)
        problems[-1] += f"; and {rest} more; {AGAIN}" if rest else f"; {AGAIN}"
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
