from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from html.parser import HTMLParser
from itertools import pairwise

import pytest

from assess.reporting.html import to_html
from assess.reporting.links import all_criteria
from assess.reporting.numbers import whole
from assess.scoring.assessment import Assessment

from .conftest import CASES, capped, hostile, needed, sample, shipped
from .payloads import PAYLOADS

VOID = {"meta", "br", "link"}


class Page(HTMLParser):
    """A page taken apart: its tags, ids, links, headings and text by id of the row."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, dict[str, str]]] = []
        self.stack: list[tuple[str, str]] = []
        self.unbalanced: list[str] = []
        self.cells: dict[str, list[str]] = {}
        self.headings: list[tuple[int, str]] = []
        self.words: list[str] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = {name: value or "" for name, value in attrs}
        self.tags.append((tag, given))
        if tag not in VOID:
            self.stack.append((tag, given.get("id", "")))
        row = self._row()
        if tag in ("td", "th") and row:
            self.cells.setdefault(row, []).append("")
        if re.fullmatch("h[1-6]", tag):
            self.headings.append((int(tag[1]), ""))

    def handle_endtag(self, tag: str) -> None:
        if not self.stack or self.stack.pop()[0] != tag:
            self.unbalanced.append(tag)

    def handle_data(self, data: str) -> None:
        inside = [tag for tag, _ in self.stack]
        if "style" in inside:
            return
        self.words.append(data)
        if self._row() and ("td" in inside or "th" in inside):
            self.cells[self._row()][-1] += data
        if inside and re.fullmatch("h[1-6]", inside[-1]):
            level, text = self.headings[-1]
            self.headings[-1] = (level, text + data)

    def _row(self) -> str:
        return next((name for tag, name in reversed(self.stack) if tag == "tr"), "")

    @property
    def ids(self) -> list[str]:
        return [given["id"] for _, given in self.tags if "id" in given]


def test_the_page_is_well_formed_and_its_links_lead_somewhere(assessment: Assessment) -> None:
    page = Page(to_html(assessment))
    assert page.unbalanced == []
    assert page.stack == []
    assert len(page.ids) == len(set(page.ids))
    targets = [given["href"] for tag, given in page.tags if tag == "a"]
    assert targets
    assert all(target.startswith("#") and target[1:] in set(page.ids) for target in targets)


def test_headings_go_down_one_level_at_a_time(assessment: Assessment) -> None:
    levels = [level for level, _ in Page(to_html(assessment)).headings]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_every_number_in_the_tables_is_that_of_the_assessment(assessment: Assessment) -> None:
    page = Page(to_html(assessment))
    bands = assessment.rubric.bands
    for pillar in assessment.pillars:
        for criterion in all_criteria(pillar):
            _, weight, score, extent, *_ = page.cells[f"c-{criterion.id}"]
            if criterion.value is None or criterion.low is None or criterion.high is None:
                assert not re.search(r"\d", score + extent)
            else:
                assert score == str(whole(criterion.value, bands))
                assert extent == f"{whole(criterion.low, bands)} to {whole(criterion.high, bands)}"
            assert weight == page.cells[f"w-{criterion.id}"][3]


def test_numbers_lead_from_page_one_to_criterion_to_evidence_and_weight() -> None:
    text = to_html(shipped("nato"))
    page_one = text.split('<section id="profile">')[0]
    criterion = re.search(r'href="#(c-[a-z0-9_]+)"', page_one)
    assert criterion
    row = re.search(rf'<tr id="{criterion[1]}".*?</tr>', text, re.DOTALL)
    assert row
    assert re.search(r'href="#w-', row[0])
    evidence = re.search(r'href="#(e-E\d+)"', row[0])
    assert evidence
    back = re.search(rf'<tr id="{evidence[1]}".*?</tr>', text, re.DOTALL)
    assert back
    assert f'href="#{criterion[1]}"' in back[0]


def test_the_file_stands_alone(assessment: Assessment) -> None:
    text = to_html(assessment)
    page = Page(text)
    assert not {"script", "link", "iframe", "object", "img", "form"} & {tag for tag, _ in page.tags}
    for _, given in page.tags:
        assert not {"src", "style", "srcdoc", "action"} & set(given)
        assert not any(name.startswith("on") for name in given)
    assert "url(" not in text
    assert "@import" not in text
    policy = next(given["content"] for tag, given in page.tags if given.get("http-equiv"))
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; img-src data:"


def test_what_a_screen_reader_needs_is_there(assessment: Assessment) -> None:
    page = Page(to_html(assessment))
    tags = [tag for tag, _ in page.tags]
    assert ("html", {"lang": "en"}) in page.tags
    assert tags.count("table") == tags.count("caption")
    assert {"main", "nav", "header", "footer"} <= set(tags)
    assert all("scope" in given for tag, given in page.tags if tag == "th")
    regions = [given for tag, given in page.tags if given.get("role") == "region"]
    assert len(regions) == tags.count("table")
    assert all(given.get("tabindex") == "0" and given.get("aria-label") for given in regions)


def test_the_figure_in_the_page_is_sound_xml() -> None:
    svg = re.search(r"<svg.*?</svg>", to_html(shipped("nato")), re.DOTALL)
    assert svg
    assert ET.fromstring(svg[0]).get("role") == "img"


def test_not_applicable_no_evidence_and_zero_look_different() -> None:
    rows = {given.get("id"): given.get("class") for tag, given in Page(to_html(sample())).tags if tag == "tr"}
    assert (rows["c-not-here"], rows["c-missing"], rows["c-zero"]) == ("not-applicable", "no-evidence", "scored")


@pytest.mark.parametrize("payload", PAYLOADS)
@pytest.mark.parametrize("make", [sample, lambda: capped("block")])
def test_hostile_text_stays_text(payload: str, make: object) -> None:
    plain = Page(to_html(make()))  # type: ignore[operator]
    page = Page(to_html(hostile(make(), payload)))  # type: ignore[operator]
    assert page.unbalanced == []
    assert {tag for tag, _ in page.tags} == {tag for tag, _ in plain.tags}
    assert {name for _, given in page.tags for name in given} == {name for _, given in plain.tags for name in given}
    assert all(given["href"].startswith("#") for tag, given in page.tags if tag == "a")


@pytest.mark.browser
@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("case", CASES)
def test_in_a_browser_nothing_is_fetched_and_nothing_overflows(
    case: str, scheme: str, tmp_path: object, browser: object
) -> None:
    from pathlib import Path

    path = Path(str(tmp_path)) / "report.html"
    path.write_text(to_html(shipped(case)))
    context = browser.new_context(color_scheme=scheme)  # type: ignore[attr-defined]
    page = context.new_page()
    requests: list[str] = []
    problems: list[str] = []
    page.on("request", lambda request: requests.append(request.url))
    page.on("console", lambda message: problems.append(message.text))
    page.on("pageerror", lambda error: problems.append(str(error)))
    for width in (1280, 640, 360):
        page.set_viewport_size({"width": width, "height": 800})
        page.goto(path.as_uri())
        assert page.evaluate("document.documentElement.scrollWidth") <= width
    contrast = page.evaluate(CONTRAST)
    context.close()
    assert requests == [path.as_uri()] * 3
    assert problems == []
    assert contrast == []


CONTRAST = """() => {
  const parts = colour => colour.match(/[\\d.]+/g).map(Number);
  const light = colour => {
    const [r, g, b] = parts(colour).map(c => c / 255).map(c => c <= .03928 ? c / 12.92 : ((c + .055) / 1.055) ** 2.4);
    return .2126 * r + .7152 * g + .0722 * b;
  };
  const behind = element => {
    for (let e = element; e; e = e.parentElement) {
      const colour = getComputedStyle(e).backgroundColor;
      if ((parts(colour)[3] ?? 1) > 0) return colour;
    }
    return 'rgb(255, 255, 255)';
  };
  const low = [];
  for (const element of document.querySelectorAll('body *')) {
    if (![...element.childNodes].some(n => n.nodeType === 3 && n.textContent.trim())) continue;
    if (element.namespaceURI.endsWith('svg') && !element.matches('text')) continue;
    const style = getComputedStyle(element);
    const [a, b] = [light(element.matches('text') ? style.fill : style.color), light(behind(element))];
    const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
    const name = element.className.baseVal ?? element.className;
    if (ratio < 4.5) low.push(`${element.tagName}.${name} ${ratio.toFixed(1)}`);
  }
  return [...new Set(low)];
}"""


@pytest.fixture(scope="module")
def browser() -> object:
    """Yield a headless Chromium without a sandbox, for containers."""
    from playwright.sync_api import sync_playwright

    path = needed("chromium")
    with sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=path, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield running
        running.close()
