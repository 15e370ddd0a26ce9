"""Weights from imprecise statements: each becomes linear constraints, whose centre and range are reported.

The centre is the mean of draws spread evenly over all weights that the statements allow, an estimate of the centroid
whose sampling error is given. The range comes from linear programs and is exact.

Sentences that are understood, with names or ids of items in any case:

- "stability matters at least as much as interoperability"; more than, at most as much as, less than, as much as
- "stability at least 2 times interoperability"; at most, between 2 and 3 times, 2 to 3 times, exactly 2 times, twice
- "stability between 20% and 40%"; at least, at most, more than, less than, exactly; 0.2 is 20%
- "stability and terms together at least 50%"; a sum may stand on either side of a comparison
- "stability > terms >= legal = interoperability"
- "stability matters most"; least

A strict statement is read as the loose one: "more than" as "at least as much as", "less than" as "at most as much as".
Statements that can hold together only as equalities are named in a warning.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from itertools import pairwise
from math import isfinite

import numpy as np

from assess.documents.errors import UsageError
from assess.robustness.sampling import Constraint, conflicting, constrained_weights
from assess.rubric.measures import Floats
from assess.tuning.elicited import Elicited, Remark, by_name, check_names, refuse, unknown
from assess.tuning.linear import minimise, weight_range

DRAWS = 10_000

ROOM = 1e-8
"""Weights that miss a bound by no more than this stand on it: what linear programs cannot tell apart."""

METHOD = "imprecise statements, mean of even draws over all weights they allow"

NUMBER = r"(\d+(?:\.\d+)?%?)"
SIDE = r"(#\d+(?:(?:, and | and |, | \+ )#\d+)*)(?: together| combined)?"
VERB = (
    r"(?: (?:is|are|matters?|weighs?|counts?|has|have|gets?|should be|should get|must be|lies?|"
    r"is worth|are worth|has a weight of|has weight))?"
)
AS = r"(?: as (?:much|important|heavy|heavily) as| than| the weight of| as| of)?"
IMPORTANT = r"(?: (?:as )?(?:much|important))?"

LEAST = r"(?:at least|no less than|not less than|>=)"
MOST = r"(?:at most|no more than|not more than|<=)"

SHARE = re.compile(
    rf"{SIDE}{VERB} (?:(?P<least>{LEAST}|more than|over|above|>) {NUMBER}|"
    rf"(?P<most>{MOST}|less than|under|below|<) {NUMBER}|"
    rf"(?:(?:between|from) )?{NUMBER} (?:and|to|-) {NUMBER}|(?:exactly |=\s*)?{NUMBER})"
)
RATIO = re.compile(
    rf"{SIDE}{VERB} (?:(?P<least>{LEAST}|more than) {NUMBER}|(?P<most>{MOST}|less than) {NUMBER}|"
    rf"(?:(?:between|from) )?{NUMBER} (?:and|to|-) {NUMBER}|(?:exactly )?{NUMBER}) times{IMPORTANT}{AS} {SIDE}"
)
COMPARED = re.compile(
    rf"{SIDE}{VERB} (?P<how>"
    rf"{LEAST} as (?:much|important|heavy|heavily) as|no less(?: important)? than|"
    rf"more(?: important| heavily)? than|heavier than|"
    rf"{MOST} as (?:much|important|heavy|heavily) as|no more(?: important)? than|"
    rf"less(?: important| heavily)? than|lighter than|"
    rf"(?:exactly |just )?as (?:much|important|heavy|heavily) as|the same as|equal to) {SIDE}"
)
EQUAL = re.compile(rf"{SIDE} (?:matter|weigh|count|are) (?:the same|equally(?: important| much)?|equal|alike)")
EXTREME = re.compile(rf"{SIDE}{VERB} (?:the )?(?P<end>most|least)(?: important)?(?: of all| item)?")
CHAIN = re.compile(rf"{SIDE}(?: (?:>=|>|=|<=|<) {SIDE})+")


def statement_weights(
    names: Sequence[str], constraints: Sequence[Constraint], *, draws: int = DRAWS, seed: int = 1
) -> Elicited:
    """Return the centre of all weights that constraints allow, with the smallest and largest weight of each item.

    Raises UsageError naming a smallest set of constraints that contradict each other.
    """
    check_names(names)
    k = len(names)
    conflict = conflicting(k, constraints)
    if conflict:
        said = "; ".join(dict.fromkeys(f"“{c.name}”" for c in conflict))
        raise UsageError(f"these statements contradict each other: {said}; take back or loosen one of them")
    a = np.array([c.coefficients for c in constraints], dtype=np.float64).reshape(-1, k)
    found = weight_range(k, a, np.array([c.at_most for c in constraints], dtype=np.float64))
    assert found is not None, "constraints without a conflict have weights"
    low, high = found
    drawn = constrained_weights(k, constraints, draws, seed, labels=names, name="statements")
    centre = drawn.mean(axis=0) / drawn.mean(axis=0).sum()
    error = float(drawn.std(axis=0).max() / np.sqrt(draws))
    remarks = (
        Remark(
            "centre",
            None,
            f"mean of {draws} draws spread evenly over all weights that the statements allow, seed {seed}",
        ),
        Remark("sampling error", error, "largest standard error of a weight of the centre"),
        Remark("range", None, "smallest and largest weight that the statements allow, by linear programs"),
        *_idle(names, constraints, low, high),
        *_tight(constraints, a),
    )
    return Elicited(
        METHOD,
        by_name(names, centre),
        by_name(names, np.minimum(low, centre)),
        by_name(names, np.maximum(high, centre)),
        remarks,
    )


def parse_statements(texts: Sequence[str], items: Mapping[str, str]) -> tuple[Constraint, ...]:
    """Return the constraints of sentences, each named by its sentence.

    items: the title of each item by its id, in the order of the weights; ids and titles are understood in any case.
    Raises UsageError naming every sentence that is not understood.
    """
    spoken = _spoken(items)
    constraints: list[Constraint] = []
    problems = []
    for text in texts:
        try:
            constraints += _parse(text, spoken, len(items))
        except UsageError as error:
            problems.append(str(error))
    refuse(problems)
    return tuple(constraints)


def ratio_constraints(
    names: Sequence[str], first: str, second: str, low: float | None, high: float | None, name: str | None = None
) -> tuple[Constraint, ...]:
    """Return the constraints low <= w_first / w_second <= high; None is no bound. Raises UsageError."""
    refuse(unknown((first, second), names))
    if first == second:
        raise UsageError(f"'{first}' is compared with itself; name two items")
    name = name or f"{first} {_span(low, high)} times {second}"
    return _bounded(_unit(names, first), _unit(names, second), low, high, name)


def share_constraints(
    names: Sequence[str], item: str, low: float | None, high: float | None, name: str | None = None
) -> tuple[Constraint, ...]:
    """Return the constraints low <= w_item <= high, shares 0-1; None is no bound. Raises UsageError."""
    refuse(unknown((item,), names))
    return _shares(_unit(names, item), low, high, name or f"{item} {_span(low, high)}")


def _idle(names: Sequence[str], constraints: Sequence[Constraint], low: Floats, high: Floats) -> list[Remark]:
    """Return a warning where the statements leave a weight open altogether."""
    free = [name for name, least, most in zip(names, low, high, strict=True) if least <= 1e-9 and most >= 1 - 1e-9]
    if not free:
        return []
    text = f"nothing was said that bounds {', '.join(free)}: any weight from 0 to 1 is allowed"
    return [Remark("open weights", float(len(free)), text, warning=True)]


def _tight(constraints: Sequence[Constraint], a: Floats) -> list[Remark]:
    """Return a warning naming the statements that can hold together only as equalities, although none says so."""
    ends = np.array([c.at_most for c in constraints])
    said = [
        c.name
        for c, row in zip(constraints, a, strict=True)
        if not any(other.name == c.name and np.array_equal(row, -np.array(other.coefficients)) for other in constraints)
        and (best := minimise(row, a, ends, a.shape[1])) is not None
        and c.at_most - row @ best < ROOM
    ]
    if not said:
        return []
    named = "; ".join(dict.fromkeys(f"“{name}”" for name in said))
    text = f"these hold together only as equalities: {named}; if more than was meant, they contradict each other"
    return [Remark("no room", float(len(said)), text, warning=True)]


def _unit(names: Sequence[str], item: str) -> Floats:
    return np.array([float(name == item) for name in names])


def _span(low: float | None, high: float | None) -> str:
    if high is None:
        return f"at least {low:g}"
    return f"at most {high:g}" if low is None else f"between {low:g} and {high:g}"


def _check_span(low: float | None, high: float | None, name: str) -> None:
    given = [end for end in (low, high) if end is not None]
    if not given:
        raise UsageError(f"“{name}” sets no bound; say at least, at most or between")
    if not all(isfinite(end) and end >= 0 for end in given):
        raise UsageError(f"“{name}”: bounds must be numbers of 0 or more")
    if len(given) == 2 and given[0] > given[1]:
        raise UsageError(f"“{name}”: the lower bound {given[0]:g} is above the upper bound {given[1]:g}; swap them")


def _bounded(first: Floats, second: Floats, low: float | None, high: float | None, name: str) -> tuple[Constraint, ...]:
    """Return low second w <= first w <= high second w."""
    _check_span(low, high, name)
    rows = [] if low is None else [low * second - first]
    rows += [] if high is None else [first - high * second]
    return tuple(Constraint(name, _coefficients(row), 0.0) for row in rows)


def _shares(side: Floats, low: float | None, high: float | None, name: str) -> tuple[Constraint, ...]:
    """Return low <= side w <= high."""
    _check_span(low, high, name)
    if any(end is not None and end > 1 for end in (low, high)):
        raise UsageError(f"“{name}”: a share is at most 100 %; write 20% or 0.2")
    rows = [] if low is None else [Constraint(name, _coefficients(-side), -low)]
    rows += [] if high is None else [Constraint(name, _coefficients(side), high)]
    return tuple(rows)


def _coefficients(row: Floats) -> tuple[float, ...]:
    return tuple(float(number) for number in row + 0.0)  # never -0


def _spoken(items: Mapping[str, str]) -> dict[str, int]:
    """Return the column of every way to name an item, in lower case; ways that two items share are left out."""
    found: dict[str, set[int]] = {}
    for index, (item, title) in enumerate(items.items()):
        for way in {item.lower(), item.replace("_", " ").lower(), " ".join(title.lower().split())}:
            found.setdefault(way, set()).add(index)
    return {way: next(iter(columns)) for way, columns in found.items() if len(columns) == 1}


def _parse(text: str, spoken: Mapping[str, int], k: int) -> tuple[Constraint, ...]:
    name = " ".join(text.split())
    plain = name.lower().rstrip(".;").replace("≥", ">=").replace("≤", "<=").replace("–", "-").replace("×", " times")
    ways = "|".join(re.escape(way) for way in sorted(spoken, key=lambda way: (-len(way), way)))
    plain = re.sub(rf"(?<![\w-])(?:{ways})(?![\w-])", lambda found: f"#{spoken[found.group()]}", plain)
    plain = re.sub(r"\btwice\b", "2 times", plain)
    plain = re.sub(r"(\d)\s*(?:x|times)(?= )", r"\1 times", plain)
    plain = re.sub(r"(\d)\s+%", r"\1%", plain)
    plain = re.sub(r"\s*(>=|<=|(?<![<>])=|>(?!=)|<(?!=))\s*", r" \1 ", plain)
    plain = re.sub(r"(?<=[\d%]) ?- ?(?=\d)", " - ", plain)
    plain = " ".join(plain.split())
    if found := SHARE.fullmatch(plain):
        low, high = _ends(found, plain)
        return _shares(_side(found.group(1), k), low, high, name)
    if found := RATIO.fullmatch(plain):
        if "%" in plain:
            raise UsageError(f"“{name}” mixes a share with a ratio; say either 20% or 2 times another item")
        low, high = _ends(found, plain)
        first, second = _two(found.group(1), found.groups()[-1], k, name)
        return _bounded(first, second, low, high, name)
    if found := COMPARED.fullmatch(plain):
        first, second = _two(found.group(1), found.groups()[-1], k, name)
        how = found["how"]
        if re.match(rf"{LEAST}|no less|more|heavier", how):
            return _bounded(first, second, 1.0, None, name)
        if re.match(rf"{MOST}|no more|less|lighter", how):
            return _bounded(first, second, None, 1.0, name)
        return _bounded(first, second, 1.0, 1.0, name)
    if found := EQUAL.fullmatch(plain):
        columns = _columns(found.group(1))
        if len(columns) > 1:
            unit = np.eye(k)
            return tuple(
                row
                for before, after in pairwise(columns)
                for row in _bounded(unit[before], unit[after], 1.0, 1.0, name)
            )
    if found := EXTREME.fullmatch(plain):
        columns = _columns(found.group(1))
        if len(columns) == 1:
            unit, sign = np.eye(k), 1.0 if found["end"] == "most" else -1.0
            rows = [sign * (unit[other] - unit[columns[0]]) for other in range(k) if other != columns[0]]
            return tuple(Constraint(name, _coefficients(row), 0.0) for row in rows)
    if CHAIN.fullmatch(plain):
        return _chain(plain, k, name)
    if "#" not in plain:
        raise UsageError(f"“{name}” names no item of this node; use ids or titles")
    raise UsageError(
        f"“{name}” is not understood; say for example 'a matters at least as much as b', 'a at least 2 times b' or "
        f"'a between 20% and 40%', with ids or titles of items"
    )


def _chain(plain: str, k: int, name: str) -> tuple[Constraint, ...]:
    parts = re.split(r" (>=|>|=|<=|<) ", plain)
    constraints: list[Constraint] = []
    for before, sign, after in zip(parts[::2], parts[1::2], parts[2::2], strict=False):
        first, second = _two(before, after, k, name)
        low, high = (None if "<" in sign else 1.0), (None if ">" in sign else 1.0)
        constraints += _bounded(first, second, low, high, name)
    return tuple(constraints)


def _ends(found: re.Match[str], plain: str) -> tuple[float | None, float | None]:
    """Return the bounds of a sentence: the numbers between its two sides."""
    body = plain[found.end(1) :]
    written = re.findall(rf"(?<![#\d.]){NUMBER}(?![\d.])", body)
    percent = any(text.endswith("%") for text in written)  # in "20 to 40%" the 20 is a percentage too
    numbers = [float(text.rstrip("%")) / (100.0 if percent else 1.0) for text in written]
    if found["least"]:
        return numbers[0], None
    if found["most"]:
        return None, numbers[0]
    return numbers[0], numbers[-1]


def _columns(side: str) -> list[int]:
    return [int(column) for column in re.findall(r"#(\d+)", side)]


def _side(side: str, k: int) -> Floats:
    """Return the sum of the items of a side, shape (k,)."""
    result: Floats = np.zeros(k)
    for column in _columns(side):
        result[column] = 1.0
    return result


def _two(before: str, after: str, k: int, name: str) -> tuple[Floats, Floats]:
    first, second = _side(before, k), _side(after, k)
    if (first * second).any():
        raise UsageError(f"“{name}” compares an item with itself; name each item on one side only")
    return first, second
