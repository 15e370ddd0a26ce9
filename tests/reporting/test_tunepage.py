from __future__ import annotations

import base64
import hashlib
import json
import math
import random
import re
from collections.abc import Iterator, Mapping, Sequence
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import pytest
from tests.conftest import criterion, level, partnership_data, small_partnership, small_rubric
from tests.reporting.browsertools import Opened, chromium
from tests.reporting.htmltools import Page

from assess.documents.errors import UsageError
from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.partnership.models import Partnership
from assess.reporting.tunepage import page_data, ranked, standings, to_page
from assess.robustness.sensitivity import tornado
from assess.rubric.loading import load_rubric
from assess.rubric.models import DO_NOT_PROCEED, Pillar, Rubric
from assess.scoring.kernel import basis, rate
from assess.scoring.prepared import prepare
from assess.scoring.score import score
from assess.scoring.vectors import failed_vectors

if TYPE_CHECKING:
    from playwright.sync_api import Browser
    from playwright.sync_api import Page as Tab

SETTINGS = 50
Weights = Mapping[str, float]


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@cache
def rubric() -> Rubric:
    return load_rubric("partnership-default")


@cache
def cases() -> tuple[Partnership, ...]:
    return tuple(load_partnership(name) for name in shipped_ids("partnerships"))


@cache
def shipped_page() -> str:
    return to_page(cases(), rubric())


# Rubrics and cases with everything the kernel knows: nested pillars, five ways to combine, caps, gaps, parties.


@cache
def rich_rubric() -> Rubric:
    def four(name: str) -> list[dict[str, Any]]:
        return [criterion(f"{name}{place}", weight) for place, weight in enumerate((3.0, 2.0, 1.0, 2.5))]

    power, owa = {"method": "power", "exponent": -1.0, "floor": 2.0}, {"method": "owa", "exponent": 2.5}
    parted = [criterion("p0", 1.0, per_party=True), criterion("p1", 2.0, types={"coalition": 0.5})]
    inner = {"id": "inner", "title": "Inner", "weight": 2.0, "aggregation": owa, "criteria": four("i")}
    deep = {"id": "deep", "title": "Deep", "weight": 1.0, "pillars": [inner], "criteria": [criterion("d0", 2.0)]}
    return small_rubric(
        pillars=[
            {"id": "one", "title": "One", "weight": 30.0, "aggregation": power, "criteria": four("a")},
            {
                "id": "two",
                "title": "Two & <b>",
                "weight": 20.0,
                "display": "risk",
                "pillars": [deep],
                "criteria": parted,
            },
            {"id": "three", "title": "Three", "aggregation": {"method": "minimum"}, "criteria": four("m")},
            {
                "id": "four",
                "title": "Four",
                "aggregation": {"method": "geometric", "floor": 1.0},
                "criteria": four("g"),
            },
        ],
        aggregation={"method": "geometric", "floor": 1.0},
        profiles={"coalition": {"pillars": {"one": 5.0, "two": 40.0, "three": 1.0, "four": 4.0, "inner": 7.0}}},
        red_lines=[
            {"id": "stop", "criterion": "a0", "when": "when", "effect": "block"},
            {"id": "hold", "criterion": "a1", "when": "when", "effect": "cap_overall_conditional"},
            {"id": "part", "criterion": "g0", "when": "when", "effect": "cap_pillar_49"},
        ],
    )


@cache
def rich_cases() -> tuple[Partnership, ...]:
    made, luck = [], random.Random(5)
    names = [c.id for c in rich_rubric().all_criteria() if not c.per_party]
    for number in range(12):
        gaps = luck.choice((0.0, 0.1, 0.3))
        seen: dict[str, Any] = {
            name: level(luck.randint(0, 4), confidence=luck.choice(("high", "moderate", "low")))
            for name in names
            if luck.random() >= gaps
        }
        parties = ("NO", "SE", "DK")[: luck.choice((1, 2, 2, 3))]
        seen["p0"] = {"parties": {name: level(luck.randint(0, 4)) for name in parties}}
        if number % 4 == 0:
            seen["m2"] = {"not_applicable": "no such thing here"}
        tripped = luck.choice(([], ["stop"], ["hold"], ["part"], ["hold", "part"]))
        lines = {name: {"status": "tripped", "evidence": ["E1"], "fact": "A fact."} for name in tripped}
        data = partnership_data(id=f"case-{number}", title=f"Case {number} <i>", observations=seen, red_lines=lines)
        data["parties"] = [{"id": name, "name": name} for name in ("NO", "SE", "DK")]
        data["type"] = ("coalition", "bilateral_agreement")[number % 2]
        made.append(Partnership.model_validate(data))
    return tuple(made)


# What Python makes of the same weights.


def reweighted(rubric: Rubric, criteria: Weights, pillars: Mapping[str, Weights]) -> Rubric:
    """Return a rubric with weights by id, those of pillars by type; without the checks, so that all may be 0."""

    def change(pillar: Pillar) -> Pillar:
        inner = tuple(change(below) for below in pillar.pillars)
        own = tuple(c.model_copy(update={"weight": criteria[c.id]}) for c in pillar.criteria)
        return pillar.model_copy(update={"pillars": inner, "criteria": own})

    profiles = {
        kind: {"pillars": dict(weights)} | {"note": None, "question": None} for kind, weights in pillars.items()
    }
    made = rubric.model_copy(update={"pillars": tuple(map(change, rubric.pillars))})
    built = Rubric.model_construct(**{name: getattr(made, name) for name in Rubric.model_fields})
    known = type(next(iter(rubric.profiles.values())))
    return built.model_copy(update={"profiles": {kind: known.model_construct(**own) for kind, own in profiles.items()}})


def by_python(cases: Sequence[Partnership], rubric: Rubric) -> list[tuple[float | None, str, int | None]]:
    """Return score, rating and rank of cases; a rank counts the cases of the type that score higher."""
    found = []
    for case in cases:
        prepared = prepare(case, rubric)
        scores = prepared.scores.score
        code = int(rate(prepared.compiled, scores, prepared.tripped[None, :]).capped[0, -1])
        labels = [band.label for band in rubric.bands] + [DO_NOT_PROCEED, "insufficient basis"]
        thin = basis(prepared.compiled, prepared.scores.coverage[0], -1) == "provisional" and code >= 0
        found.append((case.type, float(scores[0, -1]), labels[code] + ", provisional" * thin))
    ranks = [sum(kind == other[0] and other[1] > value + 1e-9 for other in found) + 1 for kind, value, _ in found]
    return [
        (None, label, None) if math.isnan(value) else (value, label, rank)
        for (_, value, label), rank in zip(found, ranks, strict=True)
    ]


READ = """() => [...document.querySelectorAll('tr[data-case]')]
    .sort((a, b) => a.dataset.case - b.dataset.case)
    .map((row) => [
        row.querySelector('.score').value === '' ? null : Number(row.querySelector('.score').value),
        row.querySelector('.rating').textContent,
        parseInt(row.querySelector('.place').textContent) || null])"""
ENDS = """() => [...document.querySelectorAll('#tornado tr:not([hidden])')]
    .map((row) => row.dataset.ends.split(' ').map(Number))"""
MOVE = """async (moves) => {
    for (const [kind, index, type, value, field] of moves) {
        if (kind === 'pillar') {
            const select = document.getElementById('type');
            if (Number(select.value) !== type) { select.value = type; select.dispatchEvent(new Event('change')); }
        }
        const input = document.querySelector(`.slider[data-kind=${kind}][data-index="${index}"] input[type=${field}]`);
        input.value = value;
        input.dispatchEvent(new Event('input', { bubbles: true }));
    }
    await new Promise(requestAnimationFrame);
    await new Promise(requestAnimationFrame);
}"""


def read(tab: Tab) -> list[tuple[float | None, str, int | None]]:
    return [(value, rating, rank) for value, rating, rank in tab.evaluate(READ)]


def agree(found: Sequence[tuple[Any, ...]], wanted: Sequence[tuple[Any, ...]]) -> None:
    assert [one[1:] for one in found] == [one[1:] for one in wanted]
    for (got, *_), (want, *_) in zip(found, wanted, strict=True):
        assert got == want if want is None or got is None else math.isclose(got, want, rel_tol=0, abs_tol=1e-9)


@pytest.mark.browser
@pytest.mark.parametrize("which", ["shipped", "rich"])
def test_after_random_settings_the_page_says_what_python_says(which: str, tmp_path: Path, browser: Browser) -> None:
    mine, base = (cases(), rubric()) if which == "shipped" else (rich_cases(), rich_rubric())
    data = page_data([prepare(case, base) for case in mine], (), base.id)
    types, presets = data["types"], data["presets"]
    names, nodes = [c["id"] for c in data["criteria"]], [p["id"] for p in data["pillars"]]
    criteria = dict(zip(names, presets[0]["criteria"], strict=True))
    pillars = [dict(zip(nodes, column, strict=True)) for column in presets[0]["pillars"]]
    luck, seen = random.Random(11), set()
    with Opened(browser, tmp_path / "page.html", to_page(mine, base)) as opened:
        agree(read(opened.page), by_python(mine, base))
        for _ in range(SETTINGS):
            moves: list[tuple[str, int, int, float, str]] = []
            for index, name in enumerate(names):
                if luck.random() < 0.5:
                    criteria[name] = float(luck.choice((name == "m0", luck.randint(1, 20), luck.randint(1, 20))))
                    moves.append(("criterion", index, 0, criteria[name], "range"))
            for kind in range(len(types)):
                for index, name in enumerate(nodes):
                    if luck.random() < 0.5:
                        pillars[kind][name] = luck.choice((0.0, round(luck.uniform(0, 60), 3), luck.uniform(0, 60)))
                        moves.append(("pillar", index, kind, pillars[kind][name], "number"))
            opened.page.evaluate(MOVE, moves)
            wanted = by_python(mine, reweighted(base, criteria, dict(zip(types, pillars, strict=True))))
            agree(read(opened.page), wanted)
            seen |= {rating for _, rating, _ in wanted}
        assert opened.said == []
    assert len(seen) > 2


@pytest.mark.browser
@pytest.mark.parametrize("name", ["csto", "us-israel"])
def test_the_tornado_is_that_of_python_and_follows(name: str, tmp_path: Path, browser: Browser) -> None:
    case = load_partnership(name)
    data = page_data([prepare(case, rubric())], (), "x")
    weights = {c["id"]: w for c, w in zip(data["criteria"], data["presets"][0]["criteria"], strict=True)}
    pillars = {p["id"]: w for p, w in zip(data["pillars"], data["presets"][0]["pillars"][0], strict=True)}
    with Opened(browser, tmp_path / "page.html", to_page([case], rubric())) as opened:
        for value in (None, 70.0, 0.0):
            if value is not None:
                opened.page.evaluate(MOVE, [("pillar", 0, 0, value, "range"), ("criterion", 9, 0, 30, "range")])
                pillars["stability"], weights[data["criteria"][9]["id"]] = value, 30.0
            new = reweighted(rubric(), weights, {case.type: pillars})
            wanted = [(row.score_low, row.score_high) for row in tornado(prepare(case, new)).inputs[:10]]
            swings = [high - low for low, high in wanted]
            found = opened.page.evaluate(ENDS)
            assert np.allclose([high - low for low, high in found], swings, rtol=0, atol=1e-9)
            apart = [place for place, swing in enumerate(swings) if swings.count(swing) == 1]
            assert np.allclose([found[i] for i in apart], [wanted[i] for i in apart], rtol=0, atol=1e-9)


# The file


def test_the_file_stands_alone_and_may_run_its_own_script_only() -> None:
    text = shipped_page()
    page = Page(text)
    assert page.wrong == []
    assert not {"link", "iframe", "object", "embed", "img", "form", "base"} & {node.tag for node in page.root.all()}
    for node in page.root.all():
        assert not {"src", "style", "srcdoc", "action"} & set(node.given)
        assert not any(name.startswith("on") for name in node.given)
    assert "url(" not in text
    (policy,) = (node.given["content"] for node in page.root.all("meta") if "http-equiv" in node.given)
    (style,) = re.findall(r"<style>(.*?)</style>", text, re.DOTALL)
    (script,) = re.findall(r"<script>(.*?)</script>", text, re.DOTALL)
    digests = [base64.b64encode(hashlib.sha256(part.encode()).digest()).decode() for part in (script, style)]
    assert policy == f"default-src 'none'; script-src 'sha256-{digests[0]}'; style-src 'sha256-{digests[1]}'"


def test_hostile_names_stay_text() -> None:
    nasty = "</script><script>alert(1)</script><img src=x onerror=alert(2)>\u202e"
    case = small_partnership(title=nasty, observations={"a": level(3)})
    text = to_page([case], small_rubric(title=nasty))
    assert text.count("<script") == 2
    assert "<img" not in text
    assert "\u202e" not in text
    (data,) = re.findall(r'id="data">(.*?)</script>', text, re.DOTALL)
    assert json.loads(data)["cases"][0]["title"].startswith("</script>")


def test_the_same_input_gives_the_same_bytes() -> None:
    assert to_page(cases(), rubric()) == shipped_page()


def test_without_a_script_the_table_shows_what_score_says() -> None:
    page = Page(shipped_page())
    rows = {node.given["data-case"]: node for node in page.root.all("tr") if "data-case" in node.given}
    assert "hidden" not in page.ids["needs"].given
    assert all("hidden" in page.ids[name].given for name in ("controls", "detail", "keep"))
    for index, case in enumerate(cases()):
        row, result = rows[str(index)], score(case, rubric(), draws=100)
        (value,) = row.all("data")
        assert result.overall.score is not None
        assert math.isclose(float(value.given["value"]), result.overall.score, abs_tol=1e-9)
        provisional = ", provisional" * (result.overall.basis == "provisional")
        (rating,) = (cell for cell in row.all("td") if "rating" in cell.classes)
        assert rating.text == f"{result.overall.rating}{provisional}"


def test_without_a_script_a_capped_rating_is_marked() -> None:
    page = Page(to_page(rich_cases(), rich_rubric()))
    rows = {row.given["data-case"]: row for row in page.root.all("tr") if "data-case" in row.given}
    for index, case in enumerate(rich_cases()):
        result = score(case, rich_rubric(), draws=100)
        (rating,) = (cell for cell in rows[str(index)].all("td") if "rating" in cell.classes)
        assert ("capped" in rating.classes) == (result.overall.rating != result.overall.uncapped_rating)


def test_ranks_share_ties_leave_out_what_has_no_score_and_stay_within_a_type() -> None:
    assert ranked([50.0, 70.0, float("nan"), 50.0 + 1e-12, 10.0]) == [2, 1, None, 2, 4]
    groups = standings([prepare(case, rubric()) for case in cases()])
    for group in groups:
        assert sorted(s.rank for s in group.standings if s.rank) == list(range(1, len(group.standings) + 1))
    (alliances,) = (group for group in groups if group.type == "multilateral_alliance")
    assert not any(standing.settled for standing in alliances.standings)  # their ranges overlap


def test_what_cannot_be_shown_is_refused() -> None:
    with pytest.raises(UsageError, match="at least one case"):
        to_page([], rubric())
    with pytest.raises(UsageError, match="given twice: nato"):
        to_page([load_partnership("nato")] * 2, rubric())
    with pytest.raises(UsageError, match="small has other pillars or criteria than partnership-default"):
        to_page(cases(), rubric(), [small_rubric()])


def test_a_preset_that_judges_otherwise_is_marked() -> None:
    case = prepare(small_partnership(observations={"a": level(3)}), small_rubric())
    bands = [{"label": "Good", "at_least": 40.0}, {"label": "Bad", "at_least": 0.0}]
    data = page_data([case], [small_rubric(id="same"), small_rubric(id="other", bands=bands)], "small")
    assert [preset["partial"] for preset in data["presets"]] == [False, False, False, True]


# In a browser


@pytest.mark.browser
@pytest.mark.parametrize(
    ("scheme", "width", "script"),
    [("light", 1280, True), ("dark", 1280, True), ("light", 360, True), ("dark", 360, True), ("light", 360, False)],
)
def test_an_audit_of_accessibility_finds_nothing_serious(
    scheme: str, width: int, script: bool, tmp_path: Path, browser: Browser
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    text = shipped_page() if script else re.sub(r"<script>.*?</script>", "", shipped_page(), flags=re.DOTALL)
    with Opened(browser, tmp_path / "page.html", text, width=width, scheme=scheme) as opened:
        assert opened.page.is_visible("#needs") is not script
        opened.page.evaluate("document.querySelectorAll('details').forEach((node) => { node.open = true; })")
        if script:
            opened.page.evaluate(MOVE, [("pillar", 0, 0, 60, "range"), ("criterion", 3, 0, 0, "range")])
        found = Axe().run(opened.page).response["violations"]
    assert [(one["id"], len(one["nodes"])) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.browser
def test_the_file_asks_for_nothing_complains_of_nothing_and_fits(tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "page.html", shipped_page()) as opened:
        assert opened.too_wide(1280, 640, 360) == []
        opened.page.evaluate(MOVE, [("pillar", 0, 0, 60, "range")])
        opened.page.wait_for_timeout(700)
        assert opened.asked == [opened.home]
        assert opened.said == []


@pytest.mark.browser
def test_the_downloaded_rubric_gives_the_scores_of_the_page(tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "page.html", shipped_page()) as opened:
        tab = opened.page
        assert "declared ones" in tab.inner_text("#said")
        tab.evaluate(MOVE, [("criterion", 5, 0, 37, "number"), ("criterion", 12, 0, 0, "range")])
        tab.evaluate(MOVE, [("pillar", 0, 0, 33.25, "number"), ("pillar", 2, 1, 12, "range")])
        tab.fill("#new-id", "mine")
        tab.fill("#new-by", 'The "office": of\\ #things')
        tab.fill("#new-on", "2026-11-23")
        tab.fill("#new-note", "first line\nsecond: line")
        with tab.expect_download() as waited:
            tab.click("#download")
        file = tmp_path / "mine.yaml"
        waited.value.save_as(file)
        shown = read(tab)
        assert waited.value.suggested_filename == "mine.yaml"
    made = load_rubric(file)
    assert (made.id, made.version) == ("mine", "1.0.0")
    assert made.extends is not None and rubric().source is not None
    assert made.extends.sha256 == rubric().source.sha256  # type: ignore[union-attr]
    assert made.weighting is not None
    assert (made.weighting.method, made.weighting.on) == ("page", "2026-11-23")
    assert made.weighting.by == 'The "office": of\\ #things'
    assert "set apart by type" in (made.weighting.note or "")
    assert {node.node for node in made.weighting.nodes} == {"stability", "threat_coverage"}
    assert failed_vectors(made) == []
    agree(shown, by_python(cases(), made))
    assert shown != by_python(cases(), rubric())


@pytest.mark.browser
def test_broken_test_vectors_are_those_of_python_and_are_restated_only_by_consent(
    tmp_path: Path, browser: Browser
) -> None:
    data = page_data([prepare(case, rubric()) for case in cases()], (), "x")
    types, names = data["types"], [c["id"] for c in data["criteria"]]
    nodes = [p["id"] for p in data["pillars"]]
    criteria = dict(zip(names, data["presets"][0]["criteria"], strict=True))
    pillars = [dict(zip(nodes, column, strict=True)) for column in data["presets"][0]["pillars"]]
    luck, most = random.Random(3), 0
    with Opened(browser, tmp_path / "page.html", shipped_page()) as opened:
        tab = opened.page
        assert not tab.is_visible("#vectors")
        for _ in range(10):
            moves: list[tuple[str, int, int, float, str]] = []
            for index in luck.sample(range(len(names)), 12):
                criteria[names[index]] = float(luck.randint(0, 30))
                moves.append(("criterion", index, 0, criteria[names[index]], "number"))
            for kind in range(len(types)):
                name = luck.choice(nodes)
                pillars[kind][name] = float(luck.randint(1, 60))
                moves.append(("pillar", nodes.index(name), kind, pillars[kind][name], "number"))
            tab.evaluate(MOVE, moves)
            made = reweighted(rubric(), criteria, dict(zip(types, pillars, strict=True)))
            found = {str(problem).split("'")[1] for problem in failed_vectors(made)}
            shown = tab.locator("#vector-list li").all_text_contents() if tab.is_visible("#vectors") else []
            assert {line.split(":")[0] for line in shown} == found
            most = max(most, len(found))
        assert most > 2
        tab.locator("#download").dispatch_event("click")
        assert "agree to restate" in tab.inner_text("#said")
        tab.check("#restate")
        tab.fill("#new-id", "mine")
        with tab.expect_download() as waited:
            tab.click("#download")
        waited.value.save_as(tmp_path / "mine.yaml")
    made = load_rubric(tmp_path / "mine.yaml")
    assert failed_vectors(made) == []
    assert made.weighting is not None and all(name in (made.weighting.note or "") for name in found)


@pytest.mark.browser
def test_an_address_brings_the_weights_back_and_that_of_another_rubric_is_refused(
    tmp_path: Path, browser: Browser
) -> None:
    with Opened(browser, tmp_path / "page.html", shipped_page()) as opened:
        tab = opened.page
        before = read(tab)
        tab.select_option("#case", label=cases()[1].title)
        tab.evaluate(MOVE, [("criterion", 5, 0, 1 / 3, "number"), ("pillar", 1, 1, 61, "range")])
        tab.wait_for_timeout(400)
        address, moved, chosen = tab.url, read(tab), tab.input_value("#case")
        assert "hash=" in address and moved != before
        tab.click("#reset")
        tab.wait_for_timeout(400)
        assert read(tab) == before
        tab.goto("about:blank")
        tab.goto(address)
        assert (read(tab), tab.input_value("#case")) == (moved, chosen)
        assert not tab.is_visible("#refused")
        assert rubric().source is not None
        short = rubric().source.sha256[:12]  # type: ignore[union-attr]
        for wrong, said in (
            (address.replace(short, "0" * 12), f"hash {'0' * 12}"),
            (address.replace("rubric=partnership-default", "rubric=other"), "another rubric (other"),
            (address + "&w.nothing=3", "w.nothing=3"),
            (address + "&w.exit=-3", "w.exit=-3"),
            (address + "&w.coalition.stability=", "w.coalition.stability="),
            (re.sub("type=[a-z_]+", "type=club", address), "unknown type (club)"),
        ):
            tab.goto("about:blank")
            tab.goto(wrong)
            assert said in tab.inner_text("#refused")
            assert read(tab) == before


@pytest.mark.browser
def test_weights_that_make_no_rubric_are_not_downloaded(tmp_path: Path, browser: Browser) -> None:
    case = small_partnership(observations={name: level(3) for name in "abcd"})
    with Opened(browser, tmp_path / "page.html", to_page([case], small_rubric())) as opened:
        tab = opened.page
        tab.evaluate(MOVE, [("criterion", 0, 0, 0, "range"), ("criterion", 1, 0, 0, "range")])
        assert "all weights are zero in One" in tab.inner_text("#said")
        tab.evaluate(MOVE, [("criterion", 0, 0, 5, "range")])
        for name, value, said in (
            ("#new-id", "No good", "small letters"),
            ("#new-id", "small", "must differ"),
            ("#new-title", " ", "needs a title"),
        ):
            old = tab.input_value(name)
            tab.fill(name, value)
            tab.wait_for_timeout(50)
            tab.locator("#download").dispatch_event("click")
            assert said in tab.inner_text("#said")
            tab.fill(name, old)
            tab.wait_for_timeout(50)
        assert tab.get_attribute("#download", "aria-disabled") == "false"
        tab.evaluate("document.querySelector('details').open = true")
        number = tab.locator(".slider[data-kind=criterion][data-index='0'] input[type=number]")
        for bad in ("-3", ""):
            number.fill(bad)
            assert tab.evaluate("document.querySelectorAll('.slider input:invalid').length") == 1
        number.press("Tab")
        assert number.input_value() == "5"


@pytest.mark.browser
def test_it_works_by_keyboard_and_tells_a_screen_reader(tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "page.html", shipped_page()) as opened:
        tab = opened.page
        first = tab.locator(".slider[data-kind=pillar] input[type=range]").first
        first.focus()
        before = float(first.input_value())
        for _ in range(5):
            tab.keyboard.press("ArrowRight")
        tab.wait_for_timeout(800)
        assert float(first.input_value()) == before + 5
        assert re.fullmatch(r"[\d.]+ points, \d+ %", first.get_attribute("aria-valuetext") or "")
        assert re.search(r": \d+ \(.*\), \w+.*; .*\. \d+ ratings? of \d+ differ", tab.text_content("#summary") or "")
        tab.select_option("#preset", label="Equal weights")
        tab.wait_for_timeout(100)
        assert float(first.input_value()) == 10
        assert (
            tab.evaluate("new Set([...document.querySelectorAll('.share')].map((node) => node.textContent)).size") <= 4
        )
        tab.select_option("#preset", label="Strategic dialogue")
        tab.wait_for_timeout(100)
        assert tab.input_value("#preset") == ""
        tab.click("#reset")
        tab.wait_for_timeout(100)
        assert float(first.input_value()) == before
        assert tab.input_value("#preset") == "0"
