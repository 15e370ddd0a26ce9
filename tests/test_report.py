"""The report as a whole: every number proved, HTML and PDF alike, whole in a browser, harmless, and large."""

from __future__ import annotations

import io
import json
import re
import unicodedata
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest
from benchmarks.reports import CLAUSES, PARTIES, SOURCES, large_case
from tests.reporting.browsertools import Opened, chromium
from tests.reporting.conftest import CASES, hostile, sample
from tests.reporting.htmltools import Page
from tests.reporting.payloads import PAYLOADS
from tests.reporting.pdftools import Lead, body_in, findings_of, leads_of, sheets_of, squeezed, text_in, written

from assess.cli.options import DEFAULT_RUBRIC, load_results
from assess.reporting import numbers
from assess.reporting.edition import Edition
from assess.reporting.html import to_html
from assess.reporting.numbers import whole
from assess.reporting.pdf import missing_glyphs, to_pdf
from assess.reporting.reading import read_result
from assess.reporting.theme import DEFAULT_THEME
from assess.reporting.words import clean
from assess.rubric.loading import load_rubric
from assess.scoring.assessment import Assessment
from assess.scoring.score import DEFAULT_SEED, score

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = (*CASES, "sample")
NO_NUMBER = {"n/a", "–", "no score", "no evidence", "too thin", "none"}
ENTERED = {"Severity", "Likelihood", "Declared", "Multiplier"}
"""Heads of columns whose numbers were entered by an author, not worked out."""
each = pytest.mark.parametrize("name", NAMES)


@cache
def made(name: str) -> tuple[Assessment, Edition]:
    """Return an assessment as `assess report` has it, with the edition that attaches its documents."""
    if name == "sample":
        return sample(), Edition()
    (result,) = load_results((name,), DEFAULT_RUBRIC, 500, DEFAULT_SEED)
    return result.assessment, Edition(documents=result.documents)


@cache
def html_of(name: str) -> str:
    return to_html(*made(name))


@cache
def pdf_of(name: str) -> bytes:
    return to_pdf(*made(name))


@cache
def leads(name: str) -> tuple[Lead, ...]:
    return tuple(leads_of(pdf_of(name)))


@cache
def page_of(name: str) -> Page:
    return Page(html_of(name))


def at(data: Any, pointer: str) -> Any:
    """Return what a JSON pointer (RFC 6901) names."""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        data = data[int(part)] if isinstance(data, list) else data[part]
    return data


def told(pointer: str, value: float, assessment: Assessment) -> set[str]:
    """Return how a report may show the field that a pointer names."""
    name = pointer.rpartition("/")[2]
    if name in ("weight", "overall_weight", "observed_share"):
        return {numbers.percent(value)}
    if name == "coverage":
        return {numbers.coverage(value, assessment.rubric.coverage)}
    if name in ("gain", "pillar_gain"):
        return {numbers.points(value)}
    if name == "share":
        return {f"{numbers.reading(value)} %"}
    number = whole(value, assessment.rubric.bands)
    return {str(number), f"risk {100 - number}"} if name == "score" else {str(number)}


# Numbers


@each
def test_every_number_is_that_of_the_field_it_names(name: str) -> None:
    assessment, _ = made(name)
    data = json.loads(assessment.to_json())
    links = page_of(name).numbers()
    assert len(links) > 100
    for link in links:
        shown = link.text.lower().replace("\u00a0", " ").split(" to ")
        pointers = link.given["data-of"].split()
        for text, pointer in zip(shown, pointers, strict=True):
            value = at(data, pointer)
            assert isinstance(value, int | float), pointer
            assert text in told(pointer, value, assessment), (link.text, pointer, value)


@each
def test_every_number_leads_on_to_what_it_rests_on(name: str) -> None:
    page = page_of(name)
    for link in page.numbers():
        place = page.ids[link.given["href"].removeprefix("#")]
        sheet = next((node for node in (place, *place.outside()) if node.tag == "details"), place)
        further = [other.given["href"] for other in sheet.all("a") if "permalink" not in other.classes]
        assert any(re.match("#([ecwpr]|ref)-", href) for href in further), link.given


@each
def test_every_field_of_numbers_leads_somewhere_or_says_why_there_is_none(name: str) -> None:
    fields = 0
    for table in page_of(name).root.all("table"):
        heads = [head.text for head in table.all("th") if head.given["scope"] == "col"]
        for row in table.all("tr"):
            for head, cell in zip(heads, [*row.all("th", "td")], strict=True):
                if "number" not in cell.classes or cell.tag == "th" or head in ENTERED:
                    continue
                fields += 1
                linked = any("data-of" in link.given for link in cell.all("a"))
                assert linked or cell.text in NO_NUMBER, (head, cell.text)
    assert fields > 30


# One report on two media


def leads_on_screen(page: Page) -> Iterator[tuple[str, str]]:
    """Yield where every link leads that paper has too, with its text; on paper a source leads to what rests on it."""
    for node in page.main.all("a", "div"):
        noted = any("endnotes" in around.classes for around in node.outside())
        if node.tag == "div" and noted:
            back = [link.given["href"][1:] for link in node.all("a") if "standing" in next(link.outside()).classes]
            yield (back or ["sources"])[0], squeezed(next(node.all("dt")).text)
        elif node.tag == "a" and not noted and "permalink" not in node.classes:
            place = node.given["href"][1:]
            if not place.startswith("a-"):
                yield place, squeezed(node.text)


@each
def test_paper_has_every_heading_number_and_source_of_the_screen_in_the_same_order(name: str) -> None:
    page, text = page_of(name), body_in(pdf_of(name))
    assert [heading for _, heading in page.headings() if squeezed(heading) not in text] == []
    sources = {node.given["id"] for node in page.root.all() if re.match("(e|ref)-", node.given.get("id", ""))}
    paper = list(leads(name))
    for place, shown in leads_on_screen(page):
        lead = paper.pop(0)
        under = lead.text
        while shown not in under and paper and paper[0].to == place:  # a link across two pages is two on paper
            under += paper.pop(0).text
        assert (lead.to, shown in under) == (place, True), (lead, shown)
    assert paper == []
    assert len(sources) >= len(made(name)[0].evidence)
    assert all(squeezed(source.partition("-")[2]) in text for source in sources)


@each
def test_links_on_paper_land_on_what_they_name(name: str) -> None:
    sheets, titles = sheets_of(pdf_of(name)), {}
    for place, node in page_of(name).ids.items():
        if re.match("(e|ref)-", place):
            titles[place] = next(node.all("dt")).text
        elif place.startswith("c-"):
            titles[place] = next(node.all("summary")).text
    landed = [lead for lead in leads(name) if lead.to in titles]
    assert landed
    for lead in landed:
        near = [word.text for word in sheets[lead.page].words if -2 < word.top - lead.top < 20]
        assert squeezed(titles[lead.to].split()[0]) in squeezed("".join(near)), lead


@each
def test_the_pdf_holds_what_it_was_made_from(name: str, tmp_path: Path) -> None:
    assessment, edition = made(name)
    path = tmp_path / "report.pdf"
    path.write_bytes(pdf_of(name))
    with pikepdf.open(path) as pdf:
        attached = {key: spec.get_file().read_bytes() for key, spec in pdf.attachments.items()}
    assert attached == {"assessment.json": assessment.to_json().encode(), **edition.documents}
    if name != "sample":
        shipped = Path(__file__).resolve().parent.parent
        assert attached[f"{name}.yaml"] == (shipped / "partnerships" / f"{name}.yaml").read_bytes()
        assert attached[f"{DEFAULT_RUBRIC}.yaml"] == (shipped / "rubrics" / f"{DEFAULT_RUBRIC}.yaml").read_bytes()
    again, documents = read_result(path)
    assert again.to_json() == assessment.to_json()
    assert to_pdf(again, Edition(documents=documents)) == pdf_of(name)


@each
def test_the_pdf_is_archivable_and_accessible(name: str) -> None:
    assert findings_of(pdf_of(name)) == []
    with pikepdf.open(io.BytesIO(pdf_of(name))) as pdf:
        stated = pdf.open_metadata()
        assert [stated[f"pdfaid:{key}"] for key in ("part", "conformance")] == ["3", "A"]
        assert stated["pdfuaid:part"] == "1"
        for page in (*pdf.pages[:3], pdf.pages[-1]):
            height = float(page.mediabox[3])
            head = {artifact for level, artifact in written(page) if level > height - 60}
            foot = {artifact for level, artifact in written(page) if level < 60}
            assert (head, foot) == ({True}, {True})


@each
@pytest.mark.parametrize("paper", ["a4", "us-letter"])
def test_the_summary_is_one_page(name: str, paper: str) -> None:
    edition = Edition(summary=True, theme=DEFAULT_THEME.model_copy(update={"paper_size": paper}))
    (sheet,) = sheets_of(to_pdf(made(name)[0], edition))
    assert round(sheet.width) == {"a4": 595, "us-letter": 612}[paper]


# In a browser


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


def without_script(text: str) -> str:
    """Return the page as a browser has it that runs no script."""
    assert "<noscript" not in text
    return re.sub(r"<script>.*?</script>", "", text, flags=re.DOTALL)


LOOKS = [
    ("sample", "light", 1280, True),
    ("sample", "dark", 360, True),
    ("sample", "light", 360, False),
    ("sample", "dark", 1280, False),
    ("quad", "light", 1280, True),
]
"""Every two of colours, width and script together once, and one full report: its audit alone takes seconds."""


@pytest.mark.browser
@pytest.mark.parametrize(("name", "scheme", "width", "script"), LOOKS)
def test_an_audit_of_accessibility_finds_nothing_serious(
    name: str, scheme: str, width: int, script: bool, tmp_path: Path, browser: Browser
) -> None:
    from axe_playwright_python.sync_playwright import Axe  # type: ignore[import-untyped]

    text = html_of(name) if script else without_script(html_of(name))
    with Opened(browser, tmp_path / "report.html", text, width=width, scheme=scheme) as opened:
        found = Axe().run(opened.page).response["violations"]
    assert [(one["id"], len(one["nodes"])) for one in found if one["impact"] in ("serious", "critical")] == []


@pytest.mark.browser
@pytest.mark.parametrize("name", NAMES)
def test_the_file_asks_for_nothing_complains_of_nothing_and_fits(name: str, tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "report.html", html_of(name)) as opened:
        assert opened.too_wide(1280, 640, 360) == []
        assert opened.asked == [opened.home]
        assert opened.said == []


LISTEN = """() => {
  window.met = [];
  document.addEventListener("focusin", ({ target }) => {
    const style = getComputedStyle(target), box = target.getBoundingClientRect();
    const ring = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) >= 2;
    const seen = box.width > 0 && box.bottom > 0 && box.top < innerHeight && box.right > 0 && box.left < innerWidth;
    window.met.push([target, ring && seen]);
  });
}"""
COUNT = """() => {
  const wanted = [...document.querySelectorAll("a[href], button, input, select, summary, [tabindex='0']")];
  const met = new Map(window.met);
  const name = (element) => element.outerHTML.slice(0, 120);
  return { missed: wanted.filter((one) => !met.has(one)).map(name),
           unseen: window.met.filter(([, good]) => !good).map(([one]) => name(one)), all: wanted.length };
}"""


@pytest.mark.browser
def test_the_keyboard_reaches_every_link_and_control_and_shows_where_it_is(tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "report.html", html_of("sample")) as opened:
        opened.page.evaluate(LISTEN)
        for _ in range(opened.page.evaluate(COUNT)["all"]):
            opened.page.keyboard.press("Tab")
        found = opened.page.evaluate(COUNT)
    assert found["all"] > 300
    assert (found["missed"], found["unseen"]) == ([], [])


@pytest.mark.browser
def test_sheets_can_be_filtered_folded_and_linked_to(tmp_path: Path, browser: Browser) -> None:
    criteria = [node for node in page_of("sample").root.all("details") if "sheet" in node.classes]
    with Opened(browser, tmp_path / "report.html", html_of("sample")) as opened:
        page = opened.page
        shown, unfolded = page.locator("details.sheet:not([hidden])"), page.locator("details.sheet[open]")
        assert (shown.count(), unfolded.count()) == (len(criteria), len(criteria))
        page.get_by_role("searchbox").fill("nothing there")
        expected = [node.given["id"] for node in criteria if "nothing there" in node.text.lower()]
        assert expected
        assert shown.evaluate_all("all => all.map((one) => one.id)") == expected
        page.get_by_role("searchbox").fill("")
        page.get_by_role("combobox").select_option("no-evidence")
        expected = [node.given["id"] for node in criteria if "no-evidence" in node.classes]
        assert shown.evaluate_all("all => all.map((one) => one.id)") == expected
        page.locator(".tools button").click()
        assert unfolded.count() == 0
        page.evaluate("location.hash = '#c-full'")
        page.wait_for_function("document.querySelector('#c-full').open && !document.querySelector('#c-full').hidden")
        link = page.locator("#profile > h2 a.permalink")
        assert link.get_attribute("href") == "#profile"
        link.click()
        assert page.evaluate("location.hash") == "#profile"


@pytest.mark.browser
def test_what_is_folded_or_filtered_away_is_printed(tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "report.html", html_of("sample")) as opened:
        opened.page.locator(".tools button").click()
        opened.page.get_by_role("searchbox").fill("no such words")
        assert opened.page.locator("details.sheet:not([hidden])").count() == 0
        printed = text_in(opened.page.pdf())
        assert opened.page.locator("details.sheet:not([hidden])").count() == 0  # as the reader had left it
    inside = [part for sheet in page_of("sample").root.all("details") for part in sheet.all("p", "li")]
    texts = [squeezed(part.text) for part in inside if "reading" not in part.classes]
    assert len(texts) > 30
    assert [text for text in texts if text not in printed] == []


# Hostile text

WORST = [
    *PAYLOADS,
    "e" + "\u0301\u0323\u0308" * 20 + " zalgo",
    "a\u035cb over two letters",
    "مرحبا بالعالم 123 שלום",
    "x" * 10_000,
]
hostilely = pytest.mark.parametrize("payload", WORST, ids=range(len(WORST)))


def poisoned(payload: str) -> Assessment:
    """Return the sample with a payload in every text; a very long one in a table and among the sources."""
    if len(payload) < 1000:
        return hostile(sample(), payload)
    case = sample().partnership
    evidence = [entry.model_copy(update={"fact": payload}) for entry in sample().evidence[:1]]
    structures = [entry.model_copy(update={"title": payload}) for entry in case.structures[:1]]
    case = case.model_copy(update={"structures": (*structures, *case.structures[1:])})
    return sample().model_copy(update={"partnership": case, "evidence": (*evidence, *sample().evidence[1:])})


def written_by_the_template(page: Page) -> list[tuple[str, tuple[str, ...]]]:
    """Return every element outside figures, with the names of its attributes; figures break long lines."""
    return [
        (node.tag, tuple(node.given))
        for node in page.root.all()
        if not any(around.tag == "svg" for around in node.outside())
    ]


@hostilely
def test_hostile_text_is_text_on_screen(payload: str) -> None:
    page, plain = Page(to_html(poisoned(payload))), Page(to_html(poisoned("x" * min(len(payload), 1001))))
    assert page.wrong == []
    if payload.strip():
        assert written_by_the_template(page) == written_by_the_template(plain)
    assert {node.tag for node in page.root.all()} == {node.tag for node in plain.root.all()}
    assert squeezed(clean(payload)) in squeezed(page.seen())


@pytest.mark.browser
@hostilely
def test_hostile_text_does_not_reach_out_of_the_page(payload: str, tmp_path: Path, browser: Browser) -> None:
    with Opened(browser, tmp_path / "report.html", to_html(poisoned(payload))) as opened:
        assert opened.too_wide(1280, 360) == []
        assert opened.asked == [opened.home]
        assert opened.said == []


@hostilely
def test_hostile_text_is_text_on_paper(payload: str) -> None:
    expected = clean(payload)
    payload = payload.replace("\ud800", "\ufffd")  # no document can hold half a pair, nor can JSON
    for character in missing_glyphs("".join(sorted(set(expected)))):
        expected = expected.replace(character, "\ufffd")
    text = body_in(to_pdf(poisoned(payload)))
    assert "root:" not in text
    assert visible(expected) <= visible(text)
    if len(payload) > 1000:  # it spans pages, and the head of its table stands on each
        assert text.count(payload[0]) >= 2 * len(payload)
    elif not re.search("[\u0300-\u06ff]", payload):
        assert squeezed(expected) in text


def visible(text: str) -> set[str]:
    """Return the letters of a text; right-to-left ones come out of a PDF in another order, and some in other forms."""
    return {c for c in unicodedata.normalize("NFKD", text) if unicodedata.category(c) not in ("Cf", "Mn", "Zs", "Cn")}


# A large case


@cache
def large() -> Assessment:
    return score(large_case(), load_rubric(DEFAULT_RUBRIC), draws=200)


def test_a_large_case_loses_nothing_and_stays_on_its_pages() -> None:
    assessment = large()
    case = assessment.partnership
    clauses = [clause for instrument in case.instruments for clause in instrument.clauses]
    assert (len(case.parties), len(assessment.evidence), len(clauses)) == (PARTIES, SOURCES, CLAUSES)
    pdf = to_pdf(assessment)
    text = body_in(pdf)
    wanted = [party.name for party in case.parties] + [clause.obligation for clause in clauses]
    wanted += [part for entry in assessment.evidence for part in (entry.fact, entry.citation)]
    assert [words for words in wanted if squeezed(clean(words)) not in text] == []
    for sheet in sheets_of(pdf):
        outside = [
            w for w in sheet.words if w.left < 0 or w.top < 0 or w.right > sheet.width or w.bottom > sheet.height
        ]
        assert outside == []
