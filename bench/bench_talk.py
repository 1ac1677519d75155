"""How fast the red-line checker reads: a script of a hundred lines against one line, and against a plain scan."""

import re
import timeit

from receivables.talk import redline

LINE = "您好，这三张发票过了三十天，请您给个日期。不给的话，我们按合同停供。"
PIECE = "派人去他家"


def main() -> None:
    """Print ratios taken in one run."""
    redline.check(LINE)
    one = min(timeit.repeat(lambda: redline.check(LINE), number=20, repeat=3)) / 20
    hundred = min(timeit.repeat(lambda: redline.check(LINE * 100), number=1, repeat=3))
    word = re.compile("红线|威胁|回扣")
    scan = min(timeit.repeat(lambda: word.search(LINE), number=2000, repeat=3)) / 2000
    patterns = sum(len(rule.patterns) + len(rule.frames) for rule in redline.load().rules)
    print(f"redline.check, one line of {len(LINE)} characters: {one * 1e3:.2f} ms with {patterns} patterns and frames, "
          f"{one / scan / patterns:.1f} x a plain search a pattern")
    print(f"redline.check, 100 lines: {hundred / one:.0f} x one line")
    short, long = (min(timeit.repeat(lambda text=text: redline.check(text), number=1, repeat=3))
                   for text in (PIECE * 100, PIECE * 400))
    print(f"redline.check, four times a text of {len(PIECE) * 100} characters without a stop: {long / short:.1f} x")


if __name__ == "__main__":
    main()
