"""Write the generated documents: the catalogue of criteria, and the field tables of both kinds of document.

With `--check` nothing is written; every stale file is named and the exit code is 1.
"""

from __future__ import annotations

import argparse
import re
import sys
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, get_args

from assess.documents.fields import Mitigation, PartnershipType
from assess.partnership.models import Partnership
from assess.rubric.loading import load_rubric
from assess.rubric.models import (
    Aggregation,
    BaseRate,
    Checklist,
    Criterion,
    Pillar,
    Quantitative,
    RedLine,
    Reference,
    Rubric,
    RubricVersion,
    TradeOff,
)
from assess.scoring.compiled import CompiledRubric, compile_rubric

ROOT = Path(__file__).resolve().parent.parent
RUBRIC = ROOT / "rubrics" / "partnership-default.yaml"
BEGIN, END = "<!-- fields: begin -->", "<!-- fields: end -->"

Schema = Mapping[str, Any]
Shares = Mapping[PartnershipType, CompiledRubric]

PATTERNS = {
    r"^[a-z0-9][a-z0-9_-]*$": "id (small letters, digits, `-`, `_`)",
    r"^[A-Za-z0-9][A-Za-z0-9._-]*$": "id (letters, digits, `.`, `-`, `_`)",
    r"^[A-F][1-6]$": "`A` to `F` and `1` to `6`, as in `B2`",
    r"^[0-9]+\.[0-9]+\.[0-9]+$": "version, as in `1.0.0`",
}
STAGE_RULES = {
    "full": "read now, as for a partnership in force",
    "design": "read the draft or the plan; confidence counts as moderate at most",
    "proxy": "read the parties' record in comparable arrangements; confidence counts as moderate at most",
}
EFFECTS = {
    "block": "`block`: the overall rating is “Do not proceed”",
    "cap_overall_conditional": "`cap_overall_conditional`: the overall rating is at most the band that holds 64",
    "cap_pillar_49": "`cap_pillar_49`: the rating of its pillar is at most the band that holds 49",
}
CHECKED = {
    "read": "the text was read",
    "excerpt": "the abstract, an article or a part was read",
    "unverified": "cited from memory",
}


# ------------------------------------------------------------------------------------------------ Markdown


def inline(text: object) -> str:
    """Return plain text for Markdown: one line, every mark outside `code` escaped."""
    line = " ".join(str(text).split())
    return re.sub(r"(`[^`]*`)|([\\*\[\]<>|`]|(?<!\w)_|_(?!\w))", lambda m: m[1] or f"\\{m[2]}", line)


def cell(text: object) -> str:
    """Return plain text for a table cell, where a pipe must be escaped even inside `code`."""
    return re.sub(r"(?<!\\)\|", r"\\|", inline(text))


def table(heads: Sequence[str], rows: Sequence[Sequence[str]], numbers: Sequence[int] = ()) -> list[str]:
    """Return the lines of a table; the columns in `numbers` are aligned to the right. Cells are escaped already."""
    rule = ["---:" if place in numbers else "---" for place in range(len(heads))]
    return ["| " + " | ".join(line) + " |" for line in (heads, rule, *rows)] + [""]


def bullets(lines: Sequence[str]) -> list[str]:
    """Return the lines of a list."""
    return [*(f"- {line}" for line in lines), ""] if lines else []


def number(value: float) -> str:
    """Return a number as a person would write it."""
    return f"{value:.6g}"


def anchor(title: str) -> str:
    """Return the link target that Markdown readers give a heading."""
    return re.sub(r"[^a-z0-9 _-]", "", title.lower()).replace(" ", "-")


# ------------------------------------------------------------------------------------------------ criteria.md


def criteria_document(rubric: Rubric) -> str:
    """Return the catalogue of a rubric as Markdown."""
    shares: Shares = {kind: compile_rubric(rubric, kind) for kind in get_args(PartnershipType)}
    lines = [
        f"# Criteria of {rubric.id} {rubric.version}",
        "",
        "This page is generated from `rubrics/partnership-default.yaml` by `make docs`; edit the rubric instead.",
        "How a reading becomes a score is in [method.md](method.md).",
        "",
        inline(rubric.description or ""),
        "",
        "Weights, breakpoints, anchors, bands and profiles are judgement informed by research; no study yields them. "
        "The reason for each weight stands as a comment beside it in the rubric.",
        "",
        *_contents(rubric),
        *_profiles(rubric),
        *_scales(rubric),
    ]
    for pillar in rubric.pillars:
        lines += _pillar(rubric, pillar, shares, depth=2)
    lines += [*_red_lines(rubric.red_lines), *_trade_offs(rubric.trade_offs), *_base_rates(rubric.base_rates)]
    lines += [*_references(rubric.references)]
    return "\n".join(lines).rstrip() + "\n"


def _contents(rubric: Rubric) -> list[str]:
    lines = ["Contents: [profiles](#profiles), [scales and bands](#scales-and-bands),"]
    lines += [f"[{pillar.title}](#{anchor(pillar.title)})," for pillar in rubric.pillars]
    return [
        *lines,
        "[red lines](#red-lines), [trade-offs](#trade-offs), [base rates](#base-rates), [references](#references).",
        "",
    ]


def _profiles(rubric: Rubric) -> list[str]:
    heads = ["Type", *(inline(pillar.title) for pillar in rubric.pillars), "Main question of its reader"]
    rows = []
    for kind, profile in rubric.profiles.items():
        weights = [number(profile.pillars.get(pillar.id, pillar.weight)) for pillar in rubric.pillars]
        rows.append([f"`{kind}`", *weights, cell(profile.question or "")])
    notes = [f"`{kind}`: {inline(profile.note)}" for kind, profile in rubric.profiles.items() if profile.note]
    text = "Weights of the pillars by type of partnership. Only their ratios matter."
    return ["## Profiles", "", text, "", *table(heads, rows, range(1, len(heads) - 1)), *bullets(notes)]


def _scales(rubric: Rubric) -> list[str]:
    levels = ", ".join(f"{level} is {number(value)}" for level, value in enumerate(rubric.level_values))
    widths, rule = rubric.half_widths, rubric.coverage
    return [
        "## Scales and bands",
        "",
        *bullets(
            [
                f"Value of a level: {levels}; straight lines between.",
                f"Half-width of a bare reading, in levels: high confidence {number(widths.high)}, "
                f"moderate {number(widths.moderate)}, low {number(widths.low)}.",
                f"Coverage: under {number(rule.insufficient_below)} % a pillar has no score; "
                f"under {number(rule.provisional_below)} % its score is provisional.",
                f"Across pillars: {_aggregation(rubric.aggregation)}.",
                "State of the research on a criterion: strong, moderate, contested, normative (law or doctrine, not "
                "statistics) or practice.",
            ]
        ),
        *table(["Band", "At least"], [[cell(b.label), number(b.at_least)] for b in rubric.bands], [1]),
    ]


def _aggregation(rule: Aggregation) -> str:
    settings = rule.model_dump(exclude={"method"})
    shown = ", ".join(f"{name} {number(value)}" for name, value in settings.items())
    return f"`{rule.method}`{f' ({shown})' if shown else ''}"


def _pillar(rubric: Rubric, pillar: Pillar, shares: Shares, depth: int) -> Iterator[str]:
    yield from (f"{'#' * depth} {inline(pillar.title)}", "")
    yield from (f"`{pillar.id}`. {inline(pillar.question or '')}", "")
    shown = " Displayed as risk, which is 100 - score." if pillar.display == "risk" else ""
    yield from (f"Inside the pillar: {_aggregation(pillar.aggregation)}.{shown}", "")
    for inner in pillar.pillars:
        yield from _pillar(rubric, inner, shares, depth + 1)
    for criterion in pillar.criteria:
        yield from _criterion(rubric, criterion, shares, depth + 1)


def _criterion(rubric: Rubric, criterion: Criterion, shares: Shares, depth: int) -> Iterator[str]:
    yield from (f"{'#' * depth} {inline(criterion.title)}", "")
    yield from (f"`{criterion.id}`. **{inline(criterion.question)}**", "")
    if criterion.note:
        yield from (inline(criterion.note), "")
    yield from _weights(criterion, shares)
    yield from _measure(criterion)
    if criterion.anchors:
        rows = [
            [str(level), number(rubric.level_values[level]), cell(criterion.anchors[level])]
            for level in sorted(criterion.anchors)
        ]
        yield from table(["Level", "Value", "Anchor"], rows, [0, 1])
    facts = [
        ("Evidence", criterion.evidence),
        ("Data", criterion.data),
        ("State of the research", criterion.evidence_base),
        ("Before entry into force", f"{criterion.when_proposed}: {STAGE_RULES[criterion.when_proposed]}"),
    ]
    lines = [f"{name}: {inline(text)}" for name, text in facts if text]
    if criterion.per_party:
        lines.append("Observed for each party; the weakest key party counts.")
    lines += [f"Red line: [`{line.id}`](#{line.id})" for line in rubric.red_lines if line.criterion == criterion.id]
    yield from bullets(lines)
    if criterion.mitigations:
        yield from ("What would raise it:", "")
        yield from table(
            ["Measure", "Brings it to", "Cost", "Feasibility", "Months", "Owner"],
            [_mitigation(entry) for entry in criterion.mitigations],
            [4],
        )
    if criterion.sources:
        yield from ("Sources and what was taken from them:", "")
        yield from bullets(
            [
                f"[{entry.ref}](#{entry.ref}){f': {inline(entry.finding)}' if entry.finding else ''}"
                for entry in criterion.sources
            ]
        )


def _mitigation(entry: Mitigation) -> list[str]:
    """Return the cells of one mitigation; what is not said stays empty."""
    reach = "one level up" if entry.to is None else f"level {entry.to}"
    reach = f"meets {', '.join(f'`{name}`' for name in entry.items)}" if entry.items else reach
    months = "" if entry.months is None else str(entry.months)
    return [cell(entry.text), reach, entry.cost or "", entry.feasibility or "", months, cell(entry.owner or "")]


def _weights(criterion: Criterion, shares: Shares) -> list[str]:
    """Return the weight of a criterion, and what it comes to for each type of partnership."""
    rows = []
    for kind, compiled in shares.items():
        column = compiled.column[criterion.id]
        own, whole = compiled.weights[column], compiled.leaf_share[column, -1]
        applies = [f"{100 * own:.1f} %", f"{100 * whole:.1f} %"] if own > 0 else ["not applicable", "not applicable"]
        rows.append([f"`{kind}`", number(criterion.types.get(kind, 1.0)), *applies])
    heads = ["Type", "Multiplier", "Share of its pillar", "Share of all weight"]
    return [f"Weight {number(criterion.weight)}.", "", *table(heads, rows, [1, 2, 3])]


def _measure(criterion: Criterion) -> Iterator[str]:
    measure = criterion.measure
    if isinstance(measure, Checklist):
        yield from ("Measure: checklist (yes 1, partial 0.5, no 0; critical items count double).", "")
        rows = [[f"`{item.id}`", cell(item.text), "yes" if item.critical else ""] for item in measure.items]
        yield from table(["Item", "Text", "Critical"], rows)
        if criterion.anchors:
            yield from ("Without answers to the items, the reading may be a level:", "")
    elif isinstance(measure, Quantitative):
        computed = " Computed from the threat register where there is one." if measure.computed_from else ""
        yield from (f"Measure: a number, {inline(measure.unit)}.{computed}", "")
        numbers = [number(raw) for raw, _ in measure.breakpoints]
        values = [number(value) for _, value in measure.breakpoints]
        yield from table(["Number", *numbers], [["Value", *values]], range(1, len(numbers) + 1))
        if criterion.anchors:
            yield from ("Where there is no number, the reading may be a level:", "")
    else:
        yield from ("Measure: level 0 to 4.", "")


def _red_lines(red_lines: Sequence[RedLine]) -> list[str]:
    lines = ["## Red lines", "", "A red line caps a rating and never changes a number.", ""]
    for line in red_lines:
        lines += [f"### {line.id}", "", inline(line.when), ""]
        lines += bullets(
            [
                f"Effect: {EFFECTS[line.effect]}",
                f"Belongs to: `{line.criterion}`",
                *([f"Reference: {inline(line.reference)}"] if line.reference else []),
                *([f"Clears when: {inline(line.clears)}"] if line.clears else []),
            ]
        )
    return lines


def _trade_offs(trade_offs: Sequence[TradeOff]) -> list[str]:
    text = "Two things that a partnership can rarely have more of at once. They change no number."
    lines = ["## Trade-offs", "", text, ""]
    for pair in trade_offs:
        sides = [f"{inline(s.title)}: {', '.join(f'`{name}`' for name in s.criteria)}" for s in pair.sides]
        lines += [f"### {inline(pair.title)}", "", f"`{pair.id}`. {inline(pair.question)}", "", *bullets(sides)]
    return lines


def _base_rates(base_rates: Sequence[BaseRate]) -> list[str]:
    text = "How often something happened in a stated set of past cases. Never the probability of the case at hand."
    rows = [
        [
            f"`{rate.id}`",
            cell(rate.statement),
            f"{number(rate.share)} %",
            cell(rate.definition),
            f"[{rate.ref}](#{rate.ref})",
            ", ".join(f"`{name}`" for name in rate.criteria),
        ]
        for rate in base_rates
    ]
    heads = ["Id", "Statement", "Share", "What was counted", "Source", "Shown beside"]
    return ["## Base rates", "", text, "", *table(heads, rows, [2])]


def _references(references: Sequence[Reference]) -> list[str]:
    meanings = "; ".join(f"{status}: {meaning}" for status, meaning in CHECKED.items())
    rows = [[f'<a id="{entry.id}"></a>`{entry.id}`', cell(entry.citation), entry.checked] for entry in references]
    return ["## References", "", f"How far each was checked: {meanings}.", "", *table(["Id", "Work", "Checked"], rows)]


# ------------------------------------------------------------------------------------------------ field tables


def field_tables(*schemas: Schema) -> str:
    """Return one heading and one table per model of JSON Schemas, each document first, then in order of mention."""
    models: dict[str, Schema] = {}
    for schema in schemas:
        named = {schema["title"]: schema} | {name: schema["$defs"][name] for name in _mentioned(schema)}
        models |= {name: model for name, model in named.items() if name not in models}
    lines: list[str] = []
    for name, model in models.items():
        lines += [f"### {name}", "", inline(model.get("description", "")), "", *_fields(model)]
    return "\n".join(lines).rstrip() + "\n"


def _mentioned(schema: Schema) -> list[str]:
    """Return the names of nested models in the order in which a reader meets them."""
    found: list[str] = []
    waiting = list(_references_in(schema["properties"]))
    while waiting:
        name = waiting.pop(0)
        if name not in found:
            found.append(name)
            waiting[:0] = _references_in(schema["$defs"][name]["properties"])
    return found


def _references_in(part: Any) -> Iterator[str]:
    if isinstance(part, Mapping):
        if "$ref" in part:
            yield part["$ref"].rsplit("/", 1)[1]
        for key, below in part.items():
            if key != "discriminator":
                yield from _references_in(below)
    elif isinstance(part, list):
        for below in part:
            yield from _references_in(below)


def _fields(model: Schema) -> list[str]:
    required = model.get("required", ())
    rows = [
        [
            f"`{name}`",
            form(field),
            "required" if name in required else default(field),
            cell(field.get("description", "")),
        ]
        for name, field in model["properties"].items()
    ]
    return table(["Field", "Form", "Default", "Meaning"], rows)


def form(field: Schema) -> str:
    """Return in words what may stand in a field."""
    if "$ref" in field:
        name = field["$ref"].rsplit("/", 1)[1]
        return f"[{name}](#{anchor(name)})"
    for union in ("anyOf", "oneOf"):
        if union in field:
            forms = dict.fromkeys(form(option) for option in field[union] if option.get("type") != "null")
            return (
                "year, month or day, as in `2025-06`" if set(forms) == {"text", "whole number"} else " or ".join(forms)
            )
    if "const" in field:
        return f"`{field['const']}`"
    if "enum" in field:
        return ", ".join(f"`{choice}`" for choice in field["enum"])
    if field.get("type") == "array":
        return _list_form(field)
    if field.get("type") == "object":
        return _mapping_form(field)
    return _scalar_form(field)


def _list_form(field: Schema) -> str:
    if "prefixItems" in field:
        forms = [form(entry) for entry in field["prefixItems"]]
        return f"{len(forms)} times {forms[0]}" if len(set(forms)) == 1 else f"[{'; '.join(forms)}]"
    least = field.get("minItems", 0)
    return f"list of {form(field['items'])}{f' (at least {least})' if least else ''}"


def _mapping_form(field: Schema) -> str:
    values: Schema = field.get("additionalProperties") or next(iter(field["patternProperties"].values()))
    keys = field.get("propertyNames", {})
    by = "type of partnership" if "bilateral_agreement" in keys.get("enum", ()) else "id"
    by = "level 0 to 4" if field.get("title") == "Anchors" else by
    return f"mapping by {by} to {form(values)}"


def _scalar_form(field: Schema) -> str:
    kind = {"string": "text", "number": "number", "integer": "whole number", "boolean": "`true` or `false`"}[
        field["type"]
    ]
    if "pattern" in field:
        return PATTERNS.get(field["pattern"], f"text that matches `{field['pattern']}`")
    limits = [
        f"{word} {number(field[key])}"
        for key, word in (("exclusiveMinimum", "above"), ("minimum", "at least"), ("maximum", "at most"))
        if key in field
    ]
    return " ".join([kind, *([", ".join(limits)] if limits else [])])


def default(field: Schema) -> str:
    """Return in words what holds where a field is left out."""
    value = field.get("default")
    if value is None:
        return "its defaults" if "$ref" in field or "oneOf" in field else "none"
    if value in ([], {}):
        return "empty"
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return f"`[{', '.join(number(entry) for entry in value)}]`"
    return f"`{number(value) if isinstance(value, float) else value}`"


def with_fields(text: str, tables: str) -> str:
    """Return a page with the part between its markers replaced; raises `ValueError` where the markers are not."""
    before, found, rest = text.partition(BEGIN)
    _, closed, after = rest.partition(END)
    if not (found and closed):
        raise ValueError(f"the markers {BEGIN} and {END} are missing")
    return f"{before}{BEGIN}\n\n{tables}\n{END}{after}"


# ------------------------------------------------------------------------------------------------ files


def documents() -> dict[Path, str]:
    """Return the wanted text of every generated file."""
    docs = ROOT / "docs"
    wanted = {docs / "criteria.md": criteria_document(load_rubric(RUBRIC))}
    for name, models in (("partnerships.md", [Partnership]), ("rubrics.md", [Rubric, RubricVersion])):
        path = docs / name
        tables = field_tables(*(model.model_json_schema(by_alias=True) for model in models))
        wanted[path] = with_fields(path.read_text(encoding="utf-8"), tables)
    return wanted


def main(arguments: Sequence[str] | None = None) -> int:
    """Write the generated files, or name the stale ones; return the process exit code."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 if a file is stale")
    check = parser.parse_args(arguments).check
    stale = [
        (path, text)
        for path, text in documents().items()
        if not path.is_file() or path.read_text(encoding="utf-8") != text
    ]
    for path, text in stale:
        name = path.relative_to(ROOT)
        if check:
            print(f"{name}: stale; run 'make docs'", file=sys.stderr)
        else:
            path.write_text(text, encoding="utf-8")
            print(f"wrote {name}")
    return 1 if check and stale else 0


if __name__ == "__main__":
    raise SystemExit(main())
