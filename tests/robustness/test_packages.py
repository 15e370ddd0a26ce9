"""What it would take, proved on amended documents."""

from __future__ import annotations

from collections.abc import Callable
from itertools import combinations
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import criterion, level, small_partnership, small_rubric

from assess.documents.errors import UsageError
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.robustness.packages import COST_POINTS, Package, PackageItem, Packages, clauses_to_add, packages
from assess.robustness.whatif import amend, parse_changes
from assess.rubric.models import Rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import score

BANDS = ("Strong", "Sound", "Conditional", "Fragile", "Weak")
ITEMS = [
    {"id": "notice", "text": "Notice", "critical": True, "clause": "Either party may end it."},
    {"id": "claims", "text": "Claims", "clause": "Claims are settled."},
    {"id": "tax", "text": "Tax"},
]
LINES = [
    {"id": "stop", "title": "Stop", "criterion": "a", "when": "w", "effect": "block", "clears": "Repeal it."},
    {"id": "cap", "criterion": "a", "when": "w", "effect": "cap_overall_conditional", "clears": "End it."},
    {"id": "pillar", "criterion": "b", "when": "w", "effect": "cap_pillar_49", "clears": "End that."},
    {"id": "stuck", "title": "Stuck", "criterion": "b", "when": "w", "effect": "block"},
]


def way(text: str, **more: Any) -> dict[str, Any]:
    return {"text": text, "cost": "low", "feasibility": "high", "months": 6, "owner": "ministries"} | more


def rubric(**more: Any) -> Rubric:
    """Two pillars: levels with several ways up, a number, a criterion read per party, and a checklist."""
    number = {"kind": "quantitative", "unit": "days", "breakpoints": [[0, 100.0], [50, 80.0], [100, 0.0]]}
    one = [
        criterion("a", 3.0, mitigations=[way("a2", to=2), way("a4", to=4, cost="high", months=36)]),
        criterion("b", 1.0, measure=number, mitigations=[way("b3", to=3, cost="moderate")]),
    ]
    ways = [
        way("both", items=["notice", "claims"], cost="moderate", months=12),
        way("claims", items=["claims"]),
        way("tax", items=["tax"], cost=None, months=None),
    ]
    two = [
        criterion("c", 2.0, per_party=True, mitigations=[way("c3", to=3), way("c next")]),
        criterion("d", 1.0, measure={"kind": "checklist", "items": ITEMS}, mitigations=ways),
    ]
    pillars = [
        {"id": "one", "title": "One", "criteria": one},
        {"id": "two", "title": "Two", "criteria": two},
    ]
    return small_rubric(**({"pillars": pillars, "red_lines": LINES} | more))


RUBRIC = rubric()


def partnership(a: float = 1, b: float = 90.0, c: float = 1, d: str = "no", **more: Any) -> Partnership:
    observed = {
        "a": level(a),
        "b": {"number": b, "evidence": ["E1"]},
        "c": {"parties": {"NO": level(4), "SE": level(c)}},
        "d": {"items": {"notice": d, "claims": "no", "tax": "unknown"}, "evidence": ["E1"]},
    }
    return small_partnership(**({"observations": observed} | more))


def tripped(*names: str) -> dict[str, Any]:
    return {name: {"status": "tripped", "fact": "It is."} for name in names}


def ask(case: Partnership, target: str, by: Rubric = RUBRIC) -> tuple[Assessment, Packages]:
    assessment = score(case, by, draws=100)
    return assessment, packages(assessment, case, by, target)


def done(case: Partnership, items: tuple[PackageItem, ...], by: Rubric = RUBRIC) -> Assessment:
    """Score the case with items done, by the texts a user would write."""
    texts: dict[str, str] = {}
    for item in items:
        if item.kind == "red_line":
            texts[f"{item.red_line}"] = "clear"
        elif item.kind == "items":
            texts |= {f"{item.criterion}.{name}": "yes" for name in item.items}
        else:
            values = [0.0, 25.0, 50.0, 75.0, 100.0]
            name = f"{item.criterion}.level" if item.criterion == "b" else item.criterion
            texts[name] = str(values.index(item.to_value or 0))
    changes = parse_changes([f"{name}={value}" for name, value in texts.items()], by)
    return score(amend(case, changes), by, draws=100)


def reaches(assessment: Assessment, target: str) -> bool:
    rating = assessment.overall.rating
    return rating in BANDS and BANDS.index(rating) <= BANDS.index(target)


CASES = st.builds(
    partnership,
    a=st.sampled_from([0, 1, 2.5]),
    b=st.sampled_from([40.0, 80.0, 100.0]),
    c=st.sampled_from([0, 1, 2, 3]),
    d=st.sampled_from(["yes", "partial", "no", "unknown"]),
    red_lines=st.lists(st.sampled_from(["stop", "cap", "pillar"]), unique=True).map(lambda names: tripped(*names)),
)


@settings(max_examples=80)
@given(CASES, st.sampled_from(BANDS))
def test_a_package_reaches_the_target_and_misses_it_without_any_item(case: Partnership, target: str) -> None:
    assessment, result = ask(case, target)
    assert (result.status == "reached") == reaches(assessment, target)
    assert bool(result.packages) == (result.status == "reachable")
    assert (result.reason is None) == (result.status == "reachable")
    for package in result.packages:
        after = done(case, package.items)
        assert package.verified == "document"
        assert after.overall.rating == package.rating
        assert after.overall.score == pytest.approx(package.score)
        assert reaches(after, target)
        assert package.points == sum(item.points for item in package.items)
        for fewer in combinations(package.items, len(package.items) - 1):
            assert not reaches(done(case, fewer), target)


@settings(max_examples=40)
@given(CASES, st.sampled_from(BANDS))
def test_no_set_of_mitigations_is_cheaper(case: Partnership, target: str) -> None:
    """Brute force over the mitigations themselves, each tried on an amended document."""
    assessment, result = ask(case, target)
    if result.status == "reached":
        return
    options: list[tuple[int, str, str]] = []
    for pillar in assessment.pillars:
        for found in pillar.criteria:
            for one in found.mitigations:
                points = COST_POINTS[one.cost or "high"]
                if one.items:
                    options += [(points, found.id, ",".join(one.items))]
                elif one.value is not None and found.value is not None and one.value > found.value:
                    options += [(points, found.id, f"{one.value / 25:g}")]
    lines = [line.id for line in assessment.red_lines if line.status == "tripped" and line.id != "pillar"]
    cheapest = None
    for size in range(len(options) + 1):
        for chosen in combinations(options, size):
            cost = sum(points for points, *_ in chosen)
            levels = [name for _, name, what in chosen if what[0].isdigit()]
            if len(set(levels)) < len(levels) or (cheapest is not None and cost >= cheapest):
                continue
            texts = {f"{line}=clear" for line in lines}
            for _, name, what in chosen:
                is_level = what[0].isdigit()
                stem = f"{name}.level" if name == "b" else name
                texts |= {f"{stem}={what}"} if is_level else {f"{name}.{item}=yes" for item in what.split(",")}
            if reaches(score(amend(case, parse_changes(sorted(texts), RUBRIC)), RUBRIC, draws=100), target):
                cheapest = cost
    first = next(iter(result.packages), None)
    needed = [line for line in lines if line == "stop" or BANDS.index(target) < BANDS.index("Conditional")]
    assert cheapest == (None if first is None else first.points - COST_POINTS["high"] * len(needed))


def only(result: Packages) -> Package:
    assert len(result.packages) == 1
    return result.packages[0]


def test_an_item_says_what_it_takes() -> None:
    _, result = ask(partnership(a=4, b=40.0, c=1, d="yes"), "Strong")
    item = result.packages[0].items[0]
    assert (item.kind, item.criterion, item.text) == ("level", "c", "c3")
    assert (item.from_value, item.to_value) == (25, 75)
    assert (item.cost, item.points, item.feasibility, item.months, item.owner) == ("low", 1, "high", 6, "ministries")


def test_checklist_changes_add_up_and_an_unstated_cost_counts_as_high() -> None:
    by = rubric(pillars=[RUBRIC.model_dump(by_alias=True)["pillars"][1] | {"criteria": _criteria("d")}], red_lines=[])
    case = small_partnership(observations={"d": {"items": dict.fromkeys(("notice", "claims", "tax"), "no")}})
    _, result = ask(case, "Strong", by)
    package = only(result)
    assert [(i.text, i.from_value, i.to_value, i.points) for i in package.items] == [
        ("both", 0, 75, 2),
        ("tax", 75, 100, 4),
    ]
    assert (package.points, package.months, package.untimed) == (6, 12, 1)


def _criteria(*names: str) -> list[dict[str, Any]]:
    return [c.model_dump(exclude_none=True) for c in RUBRIC.all_criteria() if c.id in names]


def test_a_red_line_that_keeps_the_target_away_is_in_every_package() -> None:
    case = partnership(a=4, b=40.0, c=3, d="yes", red_lines=tripped("stop", "cap", "pillar"))
    _, sound = ask(case, "Sound")
    assert [(item.red_line, item.text) for item in only(sound).items] == [("stop", "Repeal it."), ("cap", "End it.")]
    assert only(sound).points == 2 * COST_POINTS["high"]
    _, conditional = ask(case, "Conditional")
    assert [item.red_line for item in only(conditional).items] == ["stop"]
    assert only(conditional).rating == "Conditional"


def test_a_red_line_that_nothing_clears_stands_in_the_way() -> None:
    _, result = ask(partnership(a=4, red_lines=tripped("stuck")), "Fragile")
    assert result.status == "not_reachable"
    assert result.reason == "Tripped, with nothing on record that would clear it, is: 'Stuck'."
    assert result.best_rating == "Do not proceed"
    remedied = {"stuck": {"status": "tripped", "fact": "It is.", "remedy": "Amend the law.", "owner": "Parliament"}}
    item = ask(partnership(a=4, red_lines=remedied), "Fragile")[1].packages[0].items[0]
    assert (item.text, item.owner) == ("Amend the law.", "Parliament")


def test_a_target_out_of_reach_names_the_best_there_is() -> None:
    by = rubric(pillars=[{"id": "one", "title": "One", "criteria": [criterion("a", mitigations=[way("x", to=2)])]}])
    by = by.model_copy(update={"red_lines": ()})
    _, result = ask(small_partnership(observations={"a": level(1)}), "Sound", by)
    assert (result.status, result.best_rating) == ("not_reachable", "Conditional")
    assert result.best_score == pytest.approx(50)
    assert result.reason == "With everything listed done the score is 50 (Conditional); Sound begins at 65."


def test_a_missing_pillar_is_named() -> None:
    case = small_partnership(observations={"a": level(3), "b": {"number": 40.0, "evidence": ["E1"]}})
    _, result = ask(case, "Weak")
    assert (result.status, result.best_score, result.packages) == ("not_reachable", None, ())
    assert "in Two." in (result.reason or "")
    nothing = {name: {"not_applicable": "There is none."} for name in "abcd"}
    _, empty = ask(small_partnership(observations=nothing), "Weak")
    assert (empty.status, empty.reason) == (
        "not_reachable",
        "Nothing in the rubric applies, so there is no score to raise.",
    )


def test_open_red_lines_that_could_keep_the_target_away_are_named() -> None:
    found = {"cap": {"status": "disputed", "fact": "Some say so."}, "stuck": {"status": "clear"}}
    _, result = ask(partnership(red_lines=found), "Sound")
    assert result.open_red_lines == ("stop", "cap")
    assert ask(partnership(red_lines=found), "Conditional")[1].open_red_lines == ("stop",)


def test_what_no_document_can_say_is_verified_by_the_kernel() -> None:
    covered = {"kind": "quantitative", "unit": "%", "breakpoints": [[0, 0.0], [100, 100.0]]}
    measure = covered | {"computed_from": "threat_register"}
    a = criterion("a", measure=measure, mitigations=[way("fill the gaps", to=3)])
    by = rubric(pillars=[{"id": "one", "title": "One", "criteria": [a, criterion("b")]}])
    threat = {"id": "T1", "threat": "Raid", "domain": "land", "severity": 3, "likelihood": 3, "adequacy": "partial"}
    case = small_partnership(threats=[threat | {"capability": "Guards"}], observations={"b": level(3)})
    assessment, result = ask(case, "Sound", by)
    package = result.packages[0]
    assert assessment.overall.rating == "Conditional"
    assert (package.verified, package.not_amended, package.low) == ("kernel", ("a",), None)
    assert package.score == pytest.approx(75)
    assert package.rating == "Sound"


def test_ordered_weights_and_long_checklists_are_not_worked_out() -> None:
    by = rubric(aggregation={"method": "owa", "exponent": 2.0})
    result = ask(partnership(), "Conditional", by)[1]
    assert (result.status, result.packages) == ("not_worked_out", ())
    assert "ordered weighted average" in (result.reason or "")
    items = [{"id": f"i{k}", "text": "I"} for k in range(13)]
    ways = [way(f"w{k}", items=[f"i{k}"]) for k in range(13)]
    a = criterion("a", measure={"kind": "checklist", "items": items}, mitigations=ways)
    long = rubric(pillars=[{"id": "one", "title": "One", "criteria": [a, criterion("b")]}])
    answers = {"items": dict.fromkeys((f"i{k}" for k in range(13)), "no"), "evidence": ["E1"]}
    case = small_partnership(observations={"a": answers, "b": level(1)})
    assert ask(case, "Sound", long)[1].reason == "More than 12 ways to meet checklist items stand under a."


def test_an_unknown_rating_names_the_nearest() -> None:
    with pytest.raises(UsageError, match="did you mean 'Sound'"):
        ask(partnership(), "Sond")
    with pytest.raises(UsageError, match="at least one package"):
        case = partnership()
        packages(score(case, RUBRIC, draws=100), case, RUBRIC, "Sound", top=0)


def test_the_same_input_gives_the_same_bytes() -> None:
    texts = {ask(partnership(), "Sound")[1].model_dump_json() for _ in range(3)}
    assert len(texts) == 1
    assert Packages.model_validate_json(texts.pop()).packages


@pytest.mark.parametrize(("case", "target"), [("nato", "Strong"), ("csto", "Sound"), ("quad", "Conditional")])
def test_shipped_cases(case: str, target: str, rubric: Rubric, assessment_of: Callable[[str], Assessment]) -> None:
    result = packages(assessment_of(case), load_partnership(case), rubric, target)
    assert result.status == "reachable"
    assert len(result.packages) == 3
    assert all(package.rating == target and package.score >= result.edge - 1e-9 for package in result.packages)
    orders = [(package.points, len(package.items)) for package in result.packages]
    assert orders == sorted(orders)
    for first, second in combinations(result.packages, 2):
        assert {i.criterion for i in first.items} != {i.criterion for i in second.items} or first.items != second.items


def test_clauses_to_add_are_those_a_draft_lacks() -> None:
    draft = partnership(d="partial", stage="negotiating")
    clauses = clauses_to_add(score(draft, RUBRIC, draws=100))
    assert [(c.criterion, c.item, c.clause, c.critical, c.answer) for c in clauses] == [
        ("d", "notice", "Either party may end it.", True, "partial"),
        ("d", "claims", "Claims are settled.", False, "no"),
    ]
    assert clauses_to_add(score(partnership(d="partial"), RUBRIC, draws=100)) == ()
