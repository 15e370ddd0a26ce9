"""A redraw of the page of weights for 60 cases of 35 criteria, in a browser."""

from __future__ import annotations

import shutil
import statistics
import tempfile
from itertools import cycle, islice
from pathlib import Path

from assess.documents.shipped import shipped_ids
from assess.partnership.loading import load_partnership
from assess.reporting.tunepage import to_page
from assess.rubric.loading import load_rubric
from benchmarks.measure import Row

CASES, RUNS, LIMIT = 60, 120, 0.016

REDRAWS = """async (runs) => {
    const frame = () => new Promise(requestAnimationFrame);
    const inputs = [...document.querySelectorAll('.slider input[type=range]')];
    const times = [];
    document.querySelectorAll('details').forEach((node) => { node.open = true; });
    for (let run = 0; run < runs; run++) {
        const input = inputs[run % inputs.length];
        await frame();
        let began;
        requestAnimationFrame(() => { began = performance.now(); });
        const handling = performance.now();
        input.value = Number(input.value) > 10 ? Number(input.value) - 7 : Number(input.value) + 9;
        input.dispatchEvent(new Event('input', { bubbles: true }));
        const handled = performance.now() - handling;
        await new Promise((done) => requestAnimationFrame(() => {
            document.body.getBoundingClientRect();
            times.push(handled + performance.now() - began);
            done();
        }));
    }
    return times;
}"""
"""Times in ms from the slider's event to the end of style and layout: the handler, the redraw, and the layout."""


def page() -> str:
    """Return the page for the shipped cases, again and again until there are 60, each under a name of its own."""
    shipped = [load_partnership(name) for name in shipped_ids("partnerships")]
    cases = [
        case.model_copy(update={"id": f"{case.id}-{number}", "title": f"{case.title}, {number}"})
        for number, case in enumerate(islice(cycle(shipped), CASES))
    ]
    return to_page(cases, load_rubric("partnership-default"))


def rows() -> list[Row]:
    """Measure redraws where Chromium is installed."""
    browser_path = shutil.which("chromium")
    if browser_path is None:
        return []
    from playwright.sync_api import sync_playwright

    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        file = Path(folder) / "page.html"
        file.write_text(page(), encoding="utf-8")
        browser = playwright.chromium.launch(
            executable_path=browser_path, args=["--no-sandbox", "--disable-dev-shm-usage"]
        )
        tab = browser.new_page(viewport={"width": 1280, "height": 900})
        tab.goto(file.as_uri())
        times = tab.evaluate(REDRAWS, RUNS)[20:]
        browser.close()
    middle, slow = statistics.median(times) / 1000, statistics.quantiles(times, n=20)[-1] / 1000
    return [
        Row("page of weights, redraw of 60 cases x 35 criteria", middle, None, "at most 16 ms", LIMIT),
        Row("the same, 95th percentile", slow, None, "at most 16 ms", LIMIT),
    ]
