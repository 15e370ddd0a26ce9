"""Pictures of the report, on screen in both colour schemes and on paper in grey, against those that were approved.

`ASSESS_NEW_PICTURES=1 pytest tests/test_pictures.py` writes them anew, to be looked at before they are kept.
"""

from __future__ import annotations

import base64
import io
import os
import re
import subprocess
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

import font_source_sans_pro
import numpy as np
import pytest
from PIL import Image
from tests.reporting.browsertools import Opened, chromium
from tests.reporting.conftest import needed, shipped
from tests.reporting.htmltools import Page
from tests.reporting.pdftools import sheets_of, squeezed

from assess.reporting.html import to_html
from assess.reporting.pdf import to_pdf

if TYPE_CHECKING:
    from playwright.sync_api import Browser

HERE = Path(__file__).resolve().parent
APPROVED = HERE / "pictures"
DIFFERENT = HERE.parent / "build" / "pictures"
PARTS = {"front": "#bottom-line", "profile": "#profile", "sheet": "details.sheet", "parties": "#parties figure"}
"""The parts of a report that are looked at, as selectors of the page; of a selector the first."""
CASES = ("nato", "quad")
SLACK = 2
"""Pixels by which the height may differ: a line set half a pixel lower."""
STEP, SHARE = 40, 0.01
"""A pixel differs that is off by more than this of 255; a picture differs in which more than this share does."""


def compare(name: str, picture: Image.Image) -> None:
    """Fail unless a picture looks like the approved one of that name; put it beside then, to be looked at."""
    path = APPROVED / f"{name}.png"
    if os.environ.get("ASSESS_NEW_PICTURES") == "1":
        APPROVED.mkdir(exist_ok=True)
        picture.save(path, optimize=True)
        return
    assert path.exists(), f"{path} is missing; ASSESS_NEW_PICTURES=1 writes it"
    problem = difference(Image.open(path), picture)
    if problem:
        DIFFERENT.mkdir(parents=True, exist_ok=True)
        picture.save(DIFFERENT / path.name)
        pytest.fail(f"{name}: {problem}; compare {DIFFERENT / path.name} with {path}")


def difference(old: Image.Image, new: Image.Image) -> str | None:
    """Return how two pictures differ more than they may, or None."""
    if old.width != new.width or abs(old.height - new.height) > SLACK:
        return f"{new.width} x {new.height} pixels, not {old.width} x {old.height}"
    height = min(old.height, new.height)
    before, after = (np.asarray(one.convert("RGB"), dtype=np.int16)[:height] for one in (old, new))
    share = float(np.mean(np.abs(before - after).max(axis=2) > STEP))
    return f"{share:.1%} of the pixels differ" if share > SHARE else None


def small(content: bytes, scale: float = 1.0) -> Image.Image:
    """Return a picture scaled down, in few colours, as it is kept."""
    picture = Image.open(io.BytesIO(content)).convert("RGB")
    if scale != 1.0:
        picture = picture.resize((round(picture.width * scale), round(picture.height * scale)), Image.Resampling.BOX)
    return picture.quantize(32, method=Image.Quantize.MEDIANCUT, dither=Image.Dither.NONE)


def with_fonts(text: str) -> str:
    """Return a page with the fonts of the PDF inside, so that it looks the same on every machine."""
    folder = Path(font_source_sans_pro.__file__).parent / "files"
    faces = ""
    for style, weight, slant in (("Regular", 400, "normal"), ("It", 400, "italic"), ("Semibold", 600, "normal")):
        data = base64.b64encode((folder / f"SourceSansPro-{style}.ttf").read_bytes()).decode()
        face = f'font-family: "Source Sans 3"; font-weight: {weight}; font-style: {slant}'
        faces += f"@font-face {{ {face}; src: url(data:font/ttf;base64,{data}); }}\n"
    text, allowed = re.subn("default-src 'none'", "default-src 'none'; font-src data:", text, count=1)
    assert allowed == 1
    return text.replace("<style>", f"<style>\n{faces}", 1)


@cache
def pdf_of(case: str) -> bytes:
    return to_pdf(shipped(case))


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as running:
        yield running


ONLY = """wanted => document.querySelectorAll("main > section, details.sheet").forEach((part) => {
  const kept = wanted.map((one) => document.querySelector(one));
  if (!kept.some((one) => part.contains(one))) part.remove();
})"""
"""Takes away what is not looked at: a browser sets the whole page anew for every picture."""


@pytest.mark.browser
@pytest.mark.parametrize("case", CASES)
def test_on_screen(case: str, tmp_path: Path, browser: Browser) -> None:
    page = with_fonts(to_html(shipped(case)))
    with Opened(browser, tmp_path / "report.html", page) as opened:
        assert opened.page.evaluate("document.fonts.ready.then(() => document.fonts.check('16px \"Source Sans 3\"'))")
        opened.page.evaluate(ONLY, list(PARTS.values()))
        for scheme in ("light", "dark"):
            opened.page.emulate_media(color_scheme=scheme)
            for part, selector in PARTS.items():
                taken = opened.page.locator(selector).first.screenshot(animations="disabled")
                compare(f"{case}-{part}-{scheme}", small(taken, 0.5))


@pytest.mark.parametrize("case", CASES)
def test_on_paper_in_grey(case: str) -> None:
    for part, number in pages_of(case).items():
        command = [needed("pdftoppm"), "-gray", "-png", "-r", "50", "-f", str(number), "-l", str(number), "-"]
        taken = subprocess.run(command, input=pdf_of(case), capture_output=True, check=True).stdout
        compare(f"{case}-{part}-grey", small(taken))


def pages_of(case: str) -> dict[str, int]:
    """Return the pages (from 1) on which the parts begin: those that hold all words of their headings."""
    page = Page(to_html(shipped(case)))
    heads = {part: page.ids[part].text for part in ("profile", "parties")}
    texts = [squeezed("".join(word.text for word in sheet.words)) for sheet in sheets_of(pdf_of(case))]
    found = {"front": 1}
    for part in ("profile", "parties"):
        heading = squeezed(heads[part].strip().splitlines()[0].removesuffix("#").strip())
        found[part] = 1 + max(index for index, text in enumerate(texts) if heading in text)
    return found


def test_a_picture_that_differs_is_found() -> None:
    plain = Image.new("RGB", (100, 50), "white")
    dot, block = plain.copy(), plain.copy()
    dot.paste((0, 0, 0), (0, 0, 5, 5))
    block.paste((0, 0, 0), (0, 0, 30, 30))
    assert difference(plain, dot) is None
    assert difference(plain, block)
    assert difference(plain, Image.new("RGB", (100, 52), "white")) is None
    assert difference(plain, Image.new("RGB", (100, 53), "white"))
