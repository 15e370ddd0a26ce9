"""Questions about the weights of one node, asked one by one in the terminal.

Each function returns the fields that its method has in a judgement document. Prompts go to stderr, so that stdout
holds the result alone. An answer that cannot be used is asked for again; the end of the input stops everything.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from itertools import combinations
from math import isfinite
from typing import Any

import click

Answers = dict[str, Any]


def ask(method: str, children: Mapping[str, str]) -> Answers:
    """Return the answers for a method of the judgement document. children: title by id, two or more."""
    return METHODS[method](children)


def ask_points(children: Mapping[str, str]) -> Answers:
    """Ask for points for each child."""
    _say("Hand out points; only their ratios matter.")
    return {"points": {name: _prompt(f"{title}: points", _number(0)) for name, title in children.items()}}


def ask_swing(children: Mapping[str, str]) -> Answers:
    """Ask which move from worst to best matters most, then how much each other matters against its 100 points."""
    _say("Think of each item at its worst. One of them may rise to its best.")
    top = _choose("Which rise matters most", children)
    _say(f"{children[top]} has 100 points. Answer with points, or with a range such as 40-60.")
    rest = {name: _prompt(f"{title}: points from 0 to 100", _span) for name, title in children.items() if name != top}
    return {"swings": {name: 100.0 if name == top else rest[name] for name in children}}


def ask_ranks(children: Mapping[str, str]) -> Answers:
    """Ask for the most important of those that are left, until one is left."""
    left, order = dict(children), []
    while len(left) > 1:
        order.append(_choose("Which of these matters most", left))
        del left[order[-1]]
    return {"order": [*order, *left]}


def ask_pairs(children: Mapping[str, str]) -> Answers:
    """Ask about each pair, which may be left open."""
    _say(
        "1 matters as much, 3 moderately more, 5 strongly, 7 very strongly, 9 extremely more; 1/3 the other way round."
    )
    _say("Write - to leave a pair open.")
    comparisons = []
    for (a, first), (b, second) in combinations(children.items(), 2):
        value = _prompt(f"How many times as much does {first} matter as {second}", _ratio)
        if value is not None:
            comparisons.append({"a": a, "over": b, "value": value})
    return {"comparisons": comparisons}


def ask_best_worst(children: Mapping[str, str]) -> Answers:
    """Ask for the best and the worst, then 1 to 9 for the best over each and each over the worst."""
    best = _choose("Which matters most", children)
    worst = _choose("Which matters least", {name: title for name, title in children.items() if name != best})
    _say("1 matters as much, 9 extremely more.")
    over = {
        name: _prompt(f"How much more does {children[best]} matter than {title}", _number(1, 9))
        for name, title in children.items()
        if name != best
    }
    under = {
        name: _prompt(f"How much more does {title} matter than {children[worst]}", _number(1, 9))
        for name, title in children.items()
        if name not in (best, worst)
    }
    return {"best": best, "worst": worst, "best_to_others": over, "others_to_worst": {**under, best: over[worst]}}


def ask_statements(children: Mapping[str, str]) -> Answers:
    """Ask for sentences until an empty line; each is read at once."""
    from assess.documents.errors import UsageError
    from assess.tuning.statements import parse_statements

    def understood(text: str) -> str:
        try:
            if text:
                parse_statements([text], children)
        except UsageError as error:
            raise click.UsageError(str(error)) from None
        return text

    _say(f"Items: {', '.join(f'{title} ({name})' for name, title in children.items())}.")
    _say("Say for example 'a matters at least as much as b' or 'a between 20% and 40%'. An empty line ends.")
    said: list[str] = []
    while True:
        text = _prompt("Statement", understood, default="")
        if text:
            said.append(text)
        elif said:
            return {"statements": said}


METHODS: Mapping[str, Callable[[Mapping[str, str]], Answers]] = {
    "points": ask_points,
    "swing": ask_swing,
    "ranks": ask_ranks,
    "ahp": ask_pairs,
    "best_worst": ask_best_worst,
    "statements": ask_statements,
}


def _say(text: str) -> None:
    click.echo(text, err=True)


def _prompt(text: str, read: Callable[[str], Any], default: str | None = None) -> Any:
    return click.prompt(text, value_proc=read, default=default, show_default=False, err=True)


def _choose(text: str, children: Mapping[str, str]) -> str:
    """Ask for one child, by its number or its id."""
    names = list(children)

    def chosen(answer: str) -> str:
        if answer in names:
            return answer
        if answer.isdecimal() and 1 <= int(answer) <= len(names):
            return names[int(answer) - 1]
        raise click.UsageError(f"'{answer}' is none of them; write a number from 1 to {len(names)} or an id")

    for number, (name, title) in enumerate(children.items(), start=1):
        _say(f"  {number}  {title} ({name})")
    return str(_prompt(text, chosen))


def _number(least: float, most: float | None = None) -> Callable[[str], float]:
    span = f"a number of {least:g} or more" if most is None else f"a number from {least:g} to {most:g}"

    def read(answer: str) -> float:
        try:
            number = float(answer)
        except ValueError:
            number = float("nan")
        if not isfinite(number) or number < least or (most is not None and number > most):
            raise click.UsageError(f"write {span}")
        return number

    return read


def _span(answer: str) -> Any:
    """Return points, or low and high points."""
    low, dash, high = answer.partition("-")
    points = _number(0, 100)
    if not dash:
        return points(answer)
    ends = {"low": points(low), "high": points(high)}
    if ends["low"] > ends["high"]:
        raise click.UsageError("the lower end comes first")
    return ends


def _ratio(answer: str) -> float | str | None:
    """Return a comparison as it was written; None for a pair left open."""
    if answer.strip() == "-":
        return None
    over, slash, under = answer.partition("/")
    numbers = [_number(1)(part) for part in ((over, under) if slash else ())]
    if numbers:
        return answer.replace(" ", "")
    value = _number(0)(answer)
    if value == 0:
        raise click.UsageError("write a number above 0, such as 3 or 1/3")
    return value
