"""The judgement document: what people said about weights, node by node, before any formula was run on it.

A document is YAML (`assess/judgements@1`) or a CSV table. It names the version of the rubric that it was made on, and
is refused for another one: a weight judged beside nine criteria means something else beside ten.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from math import isfinite
from pathlib import Path as FilePath
from typing import Annotated, Any, Literal, Self

import yaml
from pydantic import BeforeValidator, Field, model_validator

from assess.documents.document import Document
from assess.documents.errors import DocumentError, Located, Path, Problem, UsageError
from assess.documents.fields import SHA256, VERSION, Number, PartialDate, PartnershipType, Record, Slug, Text
from assess.documents.source import Source, read_bytes, read_source
from assess.documents.validation import build, entries, items, mapping, nearest, walk
from assess.documents.yamltext import decode, parse
from assess.rubric.loading import load_rubric
from assess.rubric.models import OVERALL, Rubric
from assess.tuning.version import reference

SCHEMA = "assess/judgements@1"
COLUMNS = ("node", "method", "item", "over", "value", "low", "high", "part", "statement")
"""Columns of a table of judgements; only node and method are always needed."""

PARTS = ("best_to_others", "others_to_worst")
_FRACTION = re.compile(r"\s*([0-9]+)\s*/\s*([1-9][0-9]*)\s*\Z", re.ASCII)


def _fraction(value: Any) -> Any:
    match = _FRACTION.match(value) if isinstance(value, str) else None
    return int(match[1]) / int(match[2]) if match else value


Size = Annotated[Number, Field(ge=0, le=1e6)]
"""Points. Beyond a million the sum would lose what the small ones say."""

Multiple = Annotated[
    Number,
    BeforeValidator(_fraction, json_schema_input_type=float | str),
    Field(ge=1e-6, le=1e6, description="how many times as much; a number, or a fraction such as 1/3"),
]
Order = Annotated[
    tuple[Slug | tuple[Slug, ...], ...],
    Field(min_length=1, description="the most important first; a list inside it holds items that tie"),
]
Formula = Literal["rank_order_centroid", "rank_sum", "rank_reciprocal"]


class Interval(Record):
    """Points that are known from low to high only."""

    low: Size
    high: Size

    @model_validator(mode="after")
    def _ordered(self) -> Self:
        if self.low > self.high:
            raise ValueError(f"low ({self.low:g}) is above high ({self.high:g})")
        return self


def _interval(value: Any) -> Any:
    return {"low": value, "high": value} if isinstance(value, (int, float)) and not isinstance(value, bool) else value


Swing = Annotated[Interval, BeforeValidator(_interval, json_schema_input_type=float | Interval)]


class Points(Record):
    """Points handed out directly; only ratios matter."""

    node: Slug
    method: Literal["points"]
    points: Annotated[dict[Slug, Size], Field(min_length=1, description="points by child of the node")]


class Swings(Record):
    """How much the move from worst to best matters on each child: points up to 100, intervals, or an order alone."""

    node: Slug
    method: Literal["swing"]
    swings: Annotated[
        dict[Slug, Swing], Field(description="points by child, 100 for the swing that matters most; low and high")
    ] = {}
    order: Annotated[Order | None, Field(description="instead of points: the swing that matters most first")] = None
    formula: Annotated[Formula, Field(description="how an order becomes weights")] = "rank_order_centroid"

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.swings) == (self.order is not None):
            raise ValueError("give swings or an order, one of the two")
        return self


class Ranks(Record):
    """An order of importance."""

    node: Slug
    method: Literal["ranks"]
    order: Order
    formula: Annotated[Formula, Field(description="how an order becomes weights")] = "rank_order_centroid"


class Comparison(Record):
    """One comparison: `a` matters `value` times as much as `over`."""

    a: Slug
    over: Slug
    value: Multiple


class Matrix(Record):
    """Comparisons as rows: all of them, or the numbers right of the diagonal alone."""

    items: Annotated[tuple[Slug, ...], Field(min_length=2, description="in the order of the rows")]
    rows: Annotated[
        tuple[tuple[Multiple | None, ...], ...],
        Field(min_length=1, description="n rows of n numbers, null where nobody judged; or n-1 rows of n-1, ..., 1"),
    ]

    def square(self) -> list[list[float | None]]:
        """Return the rows as n rows of n; those of a triangle are filled up with None."""
        n = len(self.items)
        if [len(row) for row in self.rows] == list(range(n - 1, 0, -1)):
            return [[*[None] * (i + 1), *row] for i, row in enumerate(self.rows)] + [[None] * n]
        return [list(row) for row in self.rows]


class Pairwise(Record):
    """Comparisons in pairs (AHP), not necessarily all of them."""

    node: Slug
    method: Literal["ahp"]
    comparisons: tuple[Comparison, ...] = ()
    matrix: Matrix | None = None
    priority: Annotated[
        Literal["eigenvector", "geometric_mean"], Field(description="how the matrix becomes weights")
    ] = "eigenvector"
    random_index: Annotated[
        Literal["saaty_1980", "saaty_2005", "donegan_dodd"], Field(description="table behind the consistency ratio")
    ] = "saaty_1980"

    @model_validator(mode="after")
    def _one_form(self) -> Self:
        if bool(self.comparisons) == (self.matrix is not None):
            raise ValueError("give comparisons or a matrix, one of the two")
        return self


class BestWorst(Record):
    """The best child over all others, and all others over the worst, each 1 to 9."""

    node: Slug
    method: Literal["best_worst"]
    best: Slug
    worst: Slug
    best_to_others: Annotated[dict[Slug, Number], Field(description="how much the best matters over each")]
    others_to_worst: Annotated[dict[Slug, Number], Field(description="how much each matters over the worst")]
    model: Literal["linear", "nonlinear"] = "linear"


class Statements(Record):
    """Sentences such as 'stability matters at least as much as interoperability'."""

    node: Slug
    method: Literal["statements"]
    statements: Annotated[tuple[Text, ...], Field(min_length=1, description="each with ids or titles of children")]


NodeJudgements = Annotated[Points | Swings | Ranks | Pairwise | BestWorst | Statements, Field(discriminator="method")]


class RubricReference(Record):
    """The rubric that was judged, as it stood."""

    rubric: Annotated[Text, Field(description="shipped id, or path of its file, relative to this file")]
    version: Annotated[str, Field(pattern=VERSION, description="the version that was judged")]
    sha256: Annotated[
        str | None, Field(pattern=SHA256, description="hash of its file; where given, another file is refused")
    ] = None


class Judgements(Document):
    """What one person or group said about the weights of a rubric."""

    schema_: Annotated[Literal["assess/judgements@1"], Field(alias="schema")]
    id: Slug
    rubric: RubricReference
    by: Annotated[Text | None, Field(description="names or offices of those who judged")] = None
    on: Annotated[PartialDate | None, Field(description="when they judged")] = None
    note: Annotated[Text | None, Field(description="why, and under which assumptions")] = None
    types: Annotated[
        tuple[PartnershipType, ...],
        Field(description="types of partnership whose pillar weights these are; all of the rubric's where absent"),
    ] = ()
    nodes: Annotated[tuple[NodeJudgements, ...], Field(min_length=1)]


def children_of(rubric: Rubric, node: str) -> dict[str, str] | None:
    """Return the title by id of the children of a node, in document order; None for a node that does not exist."""
    if node == OVERALL:
        return {pillar.id: pillar.title for pillar in rubric.pillars}
    for pillar in rubric.all_pillars():
        if pillar.id == node:
            below = [(inner.id, inner.title) for inner in pillar.pillars]
            return dict(below + [(criterion.id, criterion.title) for criterion in pillar.criteria])
    return None


def load_judgements(
    file: FilePath, rubric: Rubric | None = None, *, by: str | None = None, on: str | None = None
) -> tuple[Judgements, Rubric]:
    """Return the judgements of a YAML document or a CSV table, and the rubric they are about.

    rubric: the one at hand; the document must have been made on this very version. Where absent, it is the one the
    document names; a CSV names none, so it needs one. by, on: who and when, for a CSV. Raises `DocumentError` with
    every problem of the document.
    """
    if file.suffix.lower() == ".csv":
        rubric = rubric or load_rubric("partnership-default")
        source: Source = _read_table(file, rubric, by, on)
    else:
        source = read_source(file)
        rubric = rubric or _named(source)
    judgements = build_judgements(source, rubric)
    assert rubric is not None, "judgements that name no rubric are refused"
    return judgements, rubric


def parse_judgements(text: str, file: str, rubric: Rubric) -> Judgements:
    """Return the judgements of a document that is about to be saved as `file`. Raises `DocumentError`."""
    from hashlib import sha256

    data, faults = parse(text, file)
    return build_judgements(Source(file, text, sha256(text.encode()).hexdigest(), data, tuple(faults)), rubric)


def document_text(
    rubric: Rubric,
    nodes: Sequence[Mapping[str, Any]],
    file: FilePath | None,
    *,
    by: str | None = None,
    on: str | None = None,
) -> str:
    """Return the document of judgements about a rubric as YAML. file: where it will be saved, for its id and paths."""
    judged = {"rubric": reference(rubric, file.parent if file else FilePath()), "version": rubric.version}
    if rubric.source is not None:
        judged["sha256"] = rubric.source.sha256
    head = {"schema": SCHEMA, "id": _slug(file.stem if file else "answers"), "rubric": judged}
    given = {key: value for key, value in (("by", by), ("on", on)) if value is not None}
    return str(yaml.safe_dump({**head, **given, "nodes": list(nodes)}, sort_keys=False, allow_unicode=True, width=110))


def _slug(name: str) -> str:
    return re.sub(r"[^a-z0-9_-]+", "-", name.lower()).strip("-_") or "judgements"


def build_judgements(source: Source, rubric: Rubric | None) -> Judgements:
    """Return judgements from a source, checked against the rubric where there is one."""
    checks = [fits(rubric)] if rubric else []
    return build(source, Judgements, SCHEMA, checks).read_from(source)


def fits(rubric: Rubric) -> Callable[[Mapping[Any, Any]], Iterator[Problem]]:
    """Return the check that judgements are about this version of this rubric, node by node and child by child."""

    def check(data: Mapping[Any, Any]) -> Iterator[Problem]:
        yield from _same_version(mapping(data.get("rubric")), rubric)
        seen: set[str] = set()
        for path, entry in entries(data.get("nodes"), ("nodes",)):
            node = entry.get("node")
            if not isinstance(node, str):
                continue
            children = children_of(rubric, node)
            if children is None:
                known = [OVERALL, *(pillar.id for pillar in rubric.all_pillars())]
                yield Problem((*path, "node"), f"unknown node '{node}'", nearest(node, known))
                continue
            if node in seen:
                yield Problem((*path, "node"), f"node '{node}' is judged twice", "keep one, or put it in another file")
            seen.add(node)
            yield from _children(path, entry, node, list(children))

    return check


def _same_version(given: Mapping[Any, Any], rubric: Rubric) -> Iterator[Problem]:
    name, version, sha256 = given.get("rubric"), given.get("version"), given.get("sha256")
    at: Path = ("rubric",)
    if isinstance(name, str) and not _is_path(name) and name != rubric.id:
        what = f"the judgements are about rubric '{name}', the rubric at hand is '{rubric.id}'"
        yield Problem((*at, "rubric"), what, f"score with --rubric {name}, or judge again")
    elif isinstance(version, str) and version != rubric.version:
        what = f"the judgements are about version {version} of '{rubric.id}', the rubric at hand is {rubric.version}"
        yield Problem((*at, "version"), what, "look at what changed ('assess rubric diff'), then judge again")
    elif isinstance(sha256, str) and rubric.source is not None and sha256 != rubric.source.sha256:
        what = f"the file of '{rubric.id}' has another hash ({rubric.source.sha256}) than the one that was judged"
        yield Problem((*at, "sha256"), what, "it was edited without a new version; compare the two, then judge again")


def _children(path: Path, entry: Mapping[Any, Any], node: str, children: list[str]) -> Iterator[Problem]:
    """Yield a problem for each name that is no child of the node, and one for the children nothing is said of."""
    said: set[str] = set()
    for place, name, on_key in _mentions(path, entry):
        if isinstance(name, str) and name not in children:
            yield Problem(place, f"'{name}' is no child of '{node}'", nearest(name, children), on_key=on_key)
        elif isinstance(name, str):
            said.add(name)
    missing = [child for child in children if child not in said]
    if said and missing and entry.get("method") != "statements":
        what = f"node '{node}': nothing is said of {', '.join(missing)}"
        yield Problem(path, what, "judge every child of the node")


def _mentions(path: Path, entry: Mapping[Any, Any]) -> Iterator[tuple[Path, Any, bool]]:
    """Yield every place at which an entry names a child, and whether it is a key."""
    for key in ("points", "swings", *PARTS):
        for name in mapping(entry.get(key)):
            yield (*path, key, name), name, True
    for key in ("best", "worst"):
        yield (*path, key), entry.get(key), False
    for place, name in walk(items(entry.get("order")), (*path, "order")):
        yield place, name, False
    for place, comparison in entries(entry.get("comparisons"), (*path, "comparisons")):
        for key in ("a", "over"):
            yield (*place, key), comparison.get(key), False
    for index, name in enumerate(items(mapping(entry.get("matrix")).get("items"))):
        yield (*path, "matrix", "items", index), name, False


def _is_path(name: str) -> bool:
    return FilePath(name).suffix in (".yaml", ".yml") or len(FilePath(name).parts) > 1


def _named(source: Source) -> Rubric | None:
    """Return the rubric that a document names; None where it names none that could be read as a name."""
    name = mapping(mapping(source.data).get("rubric")).get("rubric")
    if not isinstance(name, str) or not name.strip():
        return None
    try:
        return load_rubric(FilePath(source.file).parent / name if _is_path(name) else name)
    except UsageError as error:
        raise source.error([Problem(("rubric", "rubric"), str(error))]) from None


@dataclass(frozen=True)
class _Table(Source):
    """A CSV table turned into the data of a document. `places` has the line of what each row says."""

    places: Mapping[Path, int] = field(default_factory=dict)

    def locate(self, problem: Problem) -> Located:
        """Return the problem at the row that says it, else at the head."""
        path = problem.path
        while path not in self.places and path:
            path = path[:-1]
        return Located(self.places.get(path, 1), 1, str(problem))


def _read_table(file: FilePath, rubric: Rubric, by: str | None, on: str | None) -> Source:
    """Return a table of judgements as the data of a document."""
    from hashlib import sha256

    raw = read_bytes(file)
    text = decode(raw, str(file))
    reader = csv.DictReader(io.StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, row) for row in reader]
    except csv.Error as error:
        raise DocumentError(str(file), [Located(reader.line_num, 1, f"this is no CSV: {error}")]) from None
    head = list(reader.fieldnames or ())
    faults = [
        Located(1, 1, f"unknown column '{name}'; {nearest(name, COLUMNS)}") for name in head if name not in COLUMNS
    ]
    faults += [Located(1, 1, f"no column '{name}'; add it") for name in ("node", "method") if name not in head]
    faults += [Located(1, 1, f"column '{name}' stands twice; keep one") for name in head if head.count(name) > 1]
    faults += [Located(line, 1, "more fields than columns; check the commas") for line, row in rows if None in row]
    if faults:
        raise DocumentError(str(file), faults)
    nodes: list[dict[str, Any]] = []
    places: dict[Path, int] = {}
    for line, row in rows:
        said = {key: value.strip() for key, value in row.items() if value and value.strip()}
        if said:
            faults += [Located(line, 1, problem) for problem in _add_row(nodes, places, said, line)]
    for node in nodes:
        ranked = node.pop("ranked", None)
        if ranked is not None:
            node["order"] = [ranked[rank] if len(ranked[rank]) > 1 else ranked[rank][0] for rank in sorted(ranked)]
    data = {
        "schema": SCHEMA,
        "id": _slug(file.stem),
        "rubric": {"rubric": rubric.id, "version": rubric.version},
        "by": by,
        "on": on,
        "nodes": nodes,
    }
    return _Table(str(file), text, sha256(raw).hexdigest(), data, tuple(faults), places)


def _add_row(nodes: list[dict[str, Any]], places: dict[Path, int], said: Mapping[str, str], line: int) -> Iterator[str]:
    """Add what a row says to the judgements of its node; yield what is wrong with the row."""
    name, method = said.get("node"), said.get("method")
    if name is None or method is None:
        yield "a row needs a node and a method; fill them in"
        return
    index = next((i for i, entry in enumerate(nodes) if entry["node"] == name), len(nodes))
    if index == len(nodes):
        nodes.append({"node": name, "method": method})
        places["nodes", index] = line
    entry = nodes[index]
    if entry["method"] != method:
        yield f"node '{name}' is judged by '{entry['method']}' above and by '{method}' here; keep one method"
        return
    wanted = _FIELDS.get(method)
    if wanted is None:
        places["nodes", index, "method"] = line
        return
    missing = [key for key in wanted if key not in said and not (method == "swing" and {"low", "high"} <= said.keys())]
    if missing:
        yield f"{method} needs {', '.join(missing)} in every row; fill it in"
        return
    value, item, over = _number(said.get("value", "")), said.get("item", ""), said.get("over", "")
    if method == "statements":
        entry.setdefault("statements", []).append(said["statement"])
    elif method == "ranks":
        if not isinstance(value, (int, float)) or value < 1:
            yield f"the rank of '{item}' must be a number of 1 or more (found '{said['value']}'); 1 matters most"
            return
        entry.setdefault("ranked", {}).setdefault(value, []).append(item)
    elif method == "ahp":
        listed = entry.setdefault("comparisons", [])
        places["nodes", index, "comparisons", len(listed)] = line
        listed.append({"a": item, "over": over, "value": said["value"] if isinstance(value, str) else value})
    elif method == "best_worst":
        yield from _add_best_worst(entry, said, value)
        places["nodes", index, said["part"], over if said["part"] == PARTS[0] else item] = line
    else:
        key = "points" if method == "points" else "swings"
        if item in entry.setdefault(key, {}):
            yield f"'{item}' has points twice; keep one row"
        span = {"low": _number(said.get("low", "")), "high": _number(said.get("high", ""))}
        entry[key][item] = value if "value" in said else span
        places["nodes", index, key, item] = line


_FIELDS: Mapping[str, Sequence[str]] = {
    "points": ("item", "value"),
    "swing": ("item", "value"),
    "ranks": ("item", "value"),
    "ahp": ("item", "over", "value"),
    "best_worst": ("part", "item", "over", "value"),
    "statements": ("statement",),
}
"""Columns each method needs in a table; a swing takes low and high in place of value."""


def _add_best_worst(entry: dict[str, Any], said: Mapping[str, str], value: Any) -> Iterator[str]:
    part, item, over = said["part"], said["item"], said["over"]
    if part not in PARTS:
        yield f"part must be {PARTS[0]} or {PARTS[1]} (found '{part}')"
        return
    role, end, other = ("best", item, over) if part == PARTS[0] else ("worst", over, item)
    if entry.setdefault(role, end) != end:
        yield f"the {role} is '{entry[role]}' above and '{end}' here; name one"
    if other in entry.setdefault(part, {}):
        yield f"'{item}' over '{over}' is judged twice in {part}; keep one row"
    entry[part][other] = value


def _number(text: str) -> Any:
    """Return the number that a field says, and the text itself where it says none."""
    try:
        number = float(text)
    except ValueError:
        return text
    return number if isfinite(number) else text
