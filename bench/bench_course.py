"""The course on the page, as ratios of one run: a preheated first card against a cold one, twelve cards against one,
click to feedback against a bare round trip of one traitlet."""

from __future__ import annotations

import statistics
import tempfile
import time
from pathlib import Path

import nbformat

from receivables import paths
from receivables.course import browser as machine
from receivables.course.build import KERNELSPEC
from receivables.course.trial import Trial, serving

ECHO = '''
import anywidget, traitlets
class Echo(anywidget.AnyWidget):
    """One traitlet there and back: what any answer costs at least."""
    _esm = """export default { render({ model, el }) {
      el.className = "echo";
      el.ask = (n) => new Promise((done) => {
        const seen = () => { model.off("change:back", seen); done(); };
        model.on("change:back", seen);
        model.set("there", n); model.save_changes();
      });
    } };"""
    there = traitlets.Int().tag(sync=True)
    back = traitlets.Int().tag(sync=True)
    @traitlets.observe("there")
    def _echo(self, change):
        self.back = change["new"]
Echo()
'''
LESSON = '''
from receivables.course.lesson import Lesson
lesson = Lesson("00_start", ledger="first_ledger.csv", as_of="2025-06-30")
'''
ROUND_TRIPS = """async () => {
  const median = (times) => times.sort((a, b) => a - b)[times.length >> 1];
  const echo = document.querySelector('.echo'), bare = [], card = [];
  const first = document.querySelector('.rx-card'), said = first.querySelector('[role=status]');
  const input = first.querySelector('input'), button = first.querySelector('button[type=submit]');
  const changed = () => new Promise((done) => {
    const watch = new MutationObserver(() => { watch.disconnect(); done(); });
    watch.observe(said, { childList: true });
  });
  for (let i = 0; i < 60; i++) {
    let began = performance.now();
    await echo.ask(i + 1);
    bare.push(performance.now() - began);
    input.value = i % 2 ? 'x' : '';          // judged, not stored: the store's fsync is the disk's time, not the card's
    began = performance.now();
    button.click();
    await changed();
    card.push(performance.now() - began);
  }
  return [median(bare), median(card)];
}"""


def notebook(folder: Path, cards: int) -> str:
    """A page with so many cards and an echo; its path below the course's root."""
    cells = [LESSON, *['lesson.card("00-01")'] * cards, ECHO]
    path = folder / f"cards_{cards}.ipynb"
    made = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells], metadata={"kernelspec": KERNELSPEC})
    nbformat.write(made, path)
    return path.relative_to(paths.course_root()).as_posix()


def first_card(browser, address: str) -> float:
    """Seconds from asking for the page until its first card has answered the hello."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_function("document.querySelector('.rx-top span:last-child')?.textContent", timeout=60_000)
    took = time.perf_counter() - began
    context.close()
    return took


def alternate(browser, one: str, other: str, *, rest: float, runs: int = 4) -> tuple[float, float]:
    """Median seconds of two pages, in turn."""
    first_card(browser, other)  # the browser's own caches
    times: list[list[float]] = [[], []]
    for _ in range(runs):
        for index, address in enumerate((one, other)):
            times[index].append(first_card(browser, address))
            time.sleep(rest)
    return statistics.median(times[0]), statistics.median(times[1])


def round_trips(browser, trial: Trial, page_path: str) -> tuple[float, float]:
    """Median milliseconds of a bare traitlet there and back, and of click to feedback."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(trial.page(page_path))
    page.wait_for_selector(".echo", state="attached", timeout=60_000)
    page.wait_for_function("Boolean(document.querySelector('.echo').ask)")
    took = page.evaluate(ROUND_TRIPS)
    context.close()
    return tuple(took)


def main() -> None:
    path = machine.find()
    if path is None:
        print("no browser on this machine: nothing measured")
        return
    from playwright.sync_api import sync_playwright

    scratch = paths.course_root() / "build"
    scratch.mkdir(exist_ok=True)
    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home, \
            tempfile.TemporaryDirectory(dir=scratch) as pages, \
            serving(Path(home, "warm")) as warm, serving(Path(home, "cold"), "--cold") as cold:
        browser = playwright.chromium.launch(executable_path=path, args=machine.FLAGS)
        time.sleep(8)  # let the pool fill
        low, high = alternate(browser, warm.start, cold.start, rest=6)
        print(f"first card of module 00: preheated {low:.2f} s, cold {high:.2f} s, ratio {low / high:.2f} (wanted <= 0.50)")
        one, twelve = (notebook(Path(pages), count) for count in (1, 12))
        single, many = alternate(browser, cold.page(one), cold.page(twelve), rest=1)
        print(f"first card, page of 12 against page of 1: {many:.2f} / {single:.2f} s = {many / single:.2f} (wanted <= 1.5)")
        bare, click = round_trips(browser, cold, twelve)
        print(f"click to feedback against a bare traitlet: {click:.1f} / {bare:.1f} ms = {click / bare:.2f} (wanted <= 1.2)")
        browser.close()


if __name__ == "__main__":
    main()
