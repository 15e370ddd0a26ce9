"""The result of scoring as plain text: for pipes, files and the terminal alike."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from assess.reporting.numbers import coverage, percent, whole
from assess.reporting.words import STAGES, TYPES, clean, counted, interval, listed, rating, spelled
from assess.scoring.assessment import Assessment, PillarResult, Rated, all_criteria

RATED = ("score", "low", "high", "bound_low", "bound_high", "rating", "uncapped_rating", "basis", "coverage")
"""Columns of the CSV that pillars and the whole have."""

HEADINGS = ("Pillar", "Weight", "Score", "80 % interval", "Rating", "Coverage", "Weakest criterion")


@dataclass(frozen=True)
class Summary:
    """What a reader of one result needs on one screen."""

    title: str
    subtitle: str
    bottom_line: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    notes: tuple[str, ...]


def summarise(result: Assessment) -> Summary:
    """Return the screen's worth of text for one result."""
    case, rubric, overall = result.partnership, result.rubric, result.overall
    lines = [f"{rating(overall)}   {_score(overall, result)}"]
    if overall.capped_by and overall.uncapped_rating:
        lines.append(f"without red lines: {overall.uncapped_rating}")
    rows = tuple(tuple(clean(cell) for cell in _row(pillar, result)) for pillar in result.pillars)
    return Summary(
        title=clean(f"{case.title} ({case.id})"),
        subtitle=f"{TYPES[case.type]}, {STAGES[case.stage]}, as of {spelled(case.as_of)}; "
        f"rubric {rubric.id} {rubric.version}, profile {rubric.profile.replace('_', ' ')}",
        bottom_line=tuple(lines),
        rows=rows,
        notes=tuple(clean(note) for note in _notes(result)),
    )


def _row(pillar: PillarResult, result: Assessment) -> Iterator[str]:
    bands = result.rubric.bands
    risk = (
        f" (risk {100 - whole(pillar.score, bands)})" if pillar.display == "risk" and pillar.score is not None else ""
    )
    yield pillar.title + risk
    yield percent(pillar.weight)
    yield "-" if pillar.score is None else str(whole(pillar.score, bands))
    yield "-" if pillar.low is None or pillar.high is None else interval(pillar.low, pillar.high, bands)
    yield "insufficient basis" if pillar.score is None else rating(pillar)
    yield coverage(pillar.coverage, result.rubric.coverage)
    yield _weakest(pillar)


def text(results: Sequence[Assessment], form: str) -> str:
    """Return results as text in a form: table, json, csv or md."""
    if form == "json":
        if len(results) == 1:
            return results[0].to_json()
        listed_ = [json.loads(result.to_json()) for result in results]
        return json.dumps(listed_, indent=2, ensure_ascii=False) + "\n"
    if form == "csv":
        return _csv(results)
    layout = _markdown if form == "md" else _plain
    return "\n".join(layout(summarise(result)) for result in results)


def _score(overall: Rated, result: Assessment) -> str:
    bands = result.rubric.bands
    if overall.score is None or overall.low is None or overall.high is None:
        return f"no score: {coverage(overall.coverage, result.rubric.coverage)} of the weight has an observation"
    shown = interval(overall.low, overall.high, bands)
    return f"score {whole(overall.score, bands)}, 80 % interval {shown} (0 worst, 100 best; not a probability)"


def _weakest(pillar: PillarResult) -> str:
    seen = [c for c in all_criteria(pillar) if c.value is not None and c.applicable]
    if not seen:
        return "-"
    lowest = min(seen, key=lambda c: (c.value or 0.0, -c.weight))
    return f"{lowest.title}{f' ({lowest.weakest_party})' if lowest.weakest_party else ''}"


def _notes(result: Assessment) -> Iterator[str]:
    if result.partnership.judgements == "illustrative":
        yield "Levels are illustrative judgements set to show the method, not findings about the parties."
    for status in ("tripped", "disputed", "unknown"):
        ids = [line.id for line in result.red_lines if line.status == status]
        if ids:
            yield f"{counted(len(ids), 'red line').capitalize()} {status}: {listed(ids)}."
    important = [c.text for c in result.warnings if c.at == "overall" or c.code.startswith("basis")]
    yield from important
    rest = len(result.warnings) - len(important)
    if rest:
        yield f"{counted(rest, 'further warning').capitalize()} in the report and in the JSON."


def _plain(summary: Summary) -> str:
    table = [HEADINGS, *summary.rows]
    widths = [max(len(row[i]) for row in table) for i in range(len(HEADINGS))]
    lines = [summary.title, summary.subtitle, "", *summary.bottom_line, ""]
    for row in table:
        cells = [
            cell.rjust(width) if i in (1, 2, 5) else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return "\n".join([*lines, "", *summary.notes]) + "\n"


def _markdown(summary: Summary) -> str:
    from assess.reporting.environments import markdown_text

    def row(cells: Sequence[str]) -> str:
        return "| " + " | ".join(markdown_text(cell) for cell in cells) + " |"

    rule = ["---", "---:", "---:", "---", "---", "---:", "---"]
    lines = [f"## {markdown_text(summary.title)}", "", f"{summary.subtitle}.", ""]
    lines += [f"**{line}**" for line in summary.bottom_line]
    lines += ["", row(HEADINGS), "| " + " | ".join(rule) + " |", *(row(cells) for cells in summary.rows), ""]
    return "\n".join([*lines, *(f"- {markdown_text(note)}" for note in summary.notes)]) + "\n"


def _csv(results: Sequence[Assessment]) -> str:
    """Return one row per case, pillar and criterion, with full precision and empty cells where nothing is known."""
    stream = io.StringIO()
    writer = csv.writer(stream, lineterminator="\n")
    writer.writerow(["case", "kind", "id", "title", "parent", "weight", *RATED, "applicable", "confidence", "evidence"])
    for result in results:
        case = result.partnership
        row = [case.id, "overall", "overall", case.title, "", 1.0, *_rated_cells(result.overall), "", "", ""]
        writer.writerow(map(_cell, row))
        for pillar in result.pillars:
            _pillar_rows(writer, case.id, pillar, "overall")
    return stream.getvalue()


def _pillar_rows(writer: Any, case: str, pillar: PillarResult, parent: str) -> None:
    row = [case, "pillar", pillar.id, pillar.title, parent, pillar.weight, *_rated_cells(pillar), "", "", ""]
    writer.writerow(map(_cell, row))
    for inner in pillar.pillars:
        _pillar_rows(writer, case, inner, pillar.id)
    for c in pillar.criteria:
        found: dict[str, object] = {"score": c.value, "low": c.low, "high": c.high, "coverage": c.observed_share}
        cells = [found.get(name) for name in RATED]
        row = [case, "criterion", c.id, c.title, pillar.id, c.weight, *cells, c.applicable, c.confidence]
        writer.writerow(map(_cell, [*row, " ".join(c.evidence)]))


def _cell(value: object) -> object:
    """Return a CSV cell; text that a spreadsheet would run as a formula gets an apostrophe in front."""
    if not isinstance(value, str):
        return value
    line = clean(value)
    return f"'{line}" if line.startswith(("=", "+", "-", "@")) else line


def _rated_cells(rated: Rated) -> list[object]:
    return [getattr(rated, name) for name in RATED]
