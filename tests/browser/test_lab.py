"""The trainer's face: JupyterLab in Chinese, the same notebook, the same card."""

import json

from receivables.course import replay
from receivables.course.build import sources
from receivables.exercise import learners

LESSON = replay.lesson_of(next(s for s in sources() if s.stem == "00_start"))

# "Run all" fired before the kernel is connected silently clears all outputs and runs at most the first cell.
RUN_ALL = """async () => {
  const context = window.jupyterapp.shell.currentWidget.sessionContext;
  await context.ready;
  while (!(context.session?.kernel?.connectionStatus === 'connected' && context.session.kernel.status === 'idle'))
    await new Promise((resolve) => setTimeout(resolve, 50));
  await window.jupyterapp.commands.execute('notebook:run-all-cells');
}"""


def test_the_card_in_lab(clean, visit, axe):
    page = visit(clean.lab, ready=".jp-Notebook .jp-Cell")
    page.get_by_text("文件", exact=True).first.wait_for()  # the menu is in Chinese
    page.wait_for_function("window.jupyterapp?.shell?.currentWidget?.sessionContext")
    page.locator(".jp-CodeCell .jp-InputPlaceholder").nth(2).wait_for()  # folded: a trainer sees lessons, not code
    assert page.locator(".jp-CodeCell .jp-InputArea-editor:visible").count() == 0
    page.evaluate(RUN_ALL)
    card = page.locator('.rx-card[data-exercise="00-01"]')
    card.wait_for()
    bound = LESSON.bound("00-01")
    card.get_by_role("textbox").fill(next(learners.wrong_answers(bound))[0])
    card.get_by_role("button", name="交卷").click()
    card.get_by_role("status").get_by_text("今天才到期").wait_for()
    card.get_by_role("textbox").fill(learners.perfect(bound))
    card.get_by_role("button", name="交卷").click()
    card.get_by_role("status").get_by_text("✓ 对了").wait_for()
    # JupyterLab itself fails several rules: only what is ours is judged.
    assert axe(page, '.rx-card[data-exercise="00-01"]') == []
    kept = [json.loads(line) for line in next((clean.home / "answers").glob("*.jsonl")).read_text().splitlines()]
    assert [record["outcome"]["status"] for record in kept] == ["incorrect", "correct"]

    learner = visit(clean.start)  # what was answered in Lab is found in the learner's face
    learner.locator('.rx-card[data-exercise="00-01"]').get_by_text("✓ 对了").wait_for()
