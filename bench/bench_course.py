"""The course on the page: first card preheated against cold, and click to feedback, as ratios of one run."""

from __future__ import annotations

import os
import statistics
import tempfile
import time

from receivables.course import browser as machine
from receivables.course.trial import serving


def first_card(browser, address: str) -> float:
    """Seconds from asking for the page until its first card has answered the hello."""
    context = browser.new_context(viewport={"width": 390, "height": 844})
    page = context.new_page()
    began = time.perf_counter()
    page.goto(address)
    page.wait_for_selector(".rx-card h3", timeout=60_000)
    page.wait_for_function("document.querySelector('.rx-top span:last-child').textContent !== ''")
    took = time.perf_counter() - began
    context.close()
    return took


def click(browser, address: str) -> float:
    """Median seconds from click to feedback."""
    context = browser.new_context()
    page = context.new_page()
    page.goto(address)
    page.wait_for_selector(".rx-card h3", timeout=60_000)
    took = page.evaluate("""async () => {
      const card = document.querySelector('.rx-card'), said = card.querySelector('[role=status]');
      const input = card.querySelector('input'), button = card.querySelector('button[type=submit]');
      const times = [];
      for (let i = 0; i < 20; i++) {
        input.value = String(1000 + i); input.dispatchEvent(new Event('input'));
        said.replaceChildren();
        const began = performance.now();
        button.click();
        while (!said.childElementCount) await new Promise((r) => requestAnimationFrame(r));
        times.push((performance.now() - began) / 1000);
      }
      return times;
    }""")
    context.close()
    return statistics.median(took)


def main() -> None:
    path = machine.find()
    if path is None:
        print("no browser on this machine: nothing measured")
        return
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright, tempfile.TemporaryDirectory() as home, \
            serving(os.path.join(home, "warm")) as warm, serving(os.path.join(home, "cold"), "--cold") as cold:
        browser = playwright.chromium.launch(executable_path=path, args=machine.FLAGS)
        time.sleep(8)  # let the pool fill
        first_card(browser, cold.start)  # the browser's own caches
        colds, warms = [], []
        for _ in range(4):
            colds.append(first_card(browser, cold.start))
            warms.append(first_card(browser, warm.start))
            time.sleep(6)  # let the pool refill
        low, high = statistics.median(warms), statistics.median(colds)
        print(f"first card: preheated {low:.2f} s, cold {high:.2f} s, ratio {low / high:.2f} (wanted: at most 0.50)")
        print(f"click to feedback: {click(browser, warm.start) * 1000:.0f} ms (median of 20)")
        browser.close()


if __name__ == "__main__":
    main()
