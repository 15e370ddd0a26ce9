from __future__ import annotations

import base64
import hashlib
import re
import xml.etree.ElementTree as ET
from itertools import pairwise

from assess.reporting.edition import Edition
from assess.reporting.html import to_html
from assess.scoring.assessment import Assessment

from .conftest import sample, shipped
from .htmltools import Page


def test_the_page_is_well_formed_and_its_links_lead_somewhere(assessment: Assessment) -> None:
    page = Page(to_html(assessment))
    assert page.wrong == []
    named = [node.given["id"] for node in page.root.all() if "id" in node.given]
    assert len(named) == len(set(named))
    links = [link.given["href"] for link in page.root.all("a")]
    assert links
    assert [link for link in links if link[:1] != "#" or link[1:] not in page.ids] == []


def test_headings_go_down_one_level_at_a_time(assessment: Assessment) -> None:
    levels = [level for level, _ in Page(to_html(assessment)).headings()]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(after <= before + 1 for before, after in pairwise(levels))


def test_the_file_stands_alone_and_may_run_its_own_script_only(assessment: Assessment) -> None:
    text = to_html(assessment)
    page = Page(text)
    assert not {"link", "iframe", "object", "embed", "img", "form", "base"} & {node.tag for node in page.root.all()}
    for node in page.root.all():
        assert not {"src", "style", "srcdoc", "action"} & set(node.given)
        assert not any(name.startswith("on") for name in node.given)
    assert "url(" not in text
    assert "@import" not in text
    (script,) = page.root.all("script")
    digest = base64.b64encode(hashlib.sha256(script.text.encode()).digest()).decode()
    (policy,) = (node.given["content"] for node in page.root.all("meta") if "http-equiv" in node.given)
    rules = dict(rule.strip().split(" ", 1) for rule in policy.split(";"))
    assert rules["default-src"] == "'none'"
    assert rules["script-src"] == f"'sha256-{digest}'"
    assert set(rules) <= {"default-src", "script-src", "style-src", "img-src", "base-uri", "form-action"}


def test_what_a_screen_reader_needs_is_there(assessment: Assessment) -> None:
    page = Page(to_html(assessment))
    tags = [node.tag for node in page.root.all()]
    assert next(page.root.all("html")).given["lang"] == "en"
    assert {"main", "nav", "header", "footer"} <= set(tags)
    assert tags.count("table") == tags.count("caption")
    assert all("scope" in head.given for head in page.root.all("th"))
    wide = [node for node in page.root.all() if "scroll" in node.classes]
    assert len(wide) >= tags.count("table") + tags.count("figure")
    assert all(node.given["tabindex"] == "0" and node.given["aria-label"] for node in wide)


def test_figures_are_sound_xml_with_a_name_and_a_description(assessment: Assessment) -> None:
    figures = re.findall("<svg.*?</svg>", to_html(assessment), re.DOTALL)
    assert figures
    for figure in figures:
        root = ET.fromstring(figure)
        assert root.get("role") == "img"
        labels = {node.get("id"): node.text for node in root.iter() if node.tag.rpartition("}")[2] in ("title", "desc")}
        assert all(labels[name] for name in (root.get("aria-labelledby") or "missing").split())


def test_not_applicable_no_evidence_and_zero_look_different() -> None:
    page = Page(to_html(sample()))
    looks = [page.ids[f"c-{name}"].classes & {"scored", "no-evidence", "not-applicable"} for name in STATES]
    assert looks == [{state} for state in STATES.values()]


STATES = {"not-here": "not-applicable", "missing": "no-evidence", "zero": "scored"}


def test_a_summary_is_the_bottom_line_alone() -> None:
    page = Page(to_html(shipped("nato"), Edition(summary=True)))
    assert [section.given["id"] for section in page.main.all("section")] == ["bottom-line"]
    assert next(page.main.all("h1")).text == next(Page(to_html(shipped("nato"))).main.all("h1")).text
    assert not any(True for _ in page.root.all("nav"))
