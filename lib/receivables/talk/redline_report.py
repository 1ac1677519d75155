"""How well the red-line checker reads (红线检查的查全与查准): measured, published, misses included.

``python -m receivables.talk.redline_report`` prints the page; ``--write`` puts it into
``data/redline_report.md``. A test holds the page current.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

from receivables import content, paths
from receivables.content import Content
from receivables.talk import redline

TITLES = {"later": "没看过规则的人写的一批", "unseen": "没见过的一半", "fresh": "规则写完后新写的一批",
          "seen": "用来写规则的句子"}
Split = Literal["seen", "unseen", "fresh", "later"]


class Sentence(Content):
    """One labelled sentence (标注句): the rules it crosses, or the rule it only comes near."""

    id: str
    text: str
    rules: tuple[str, ...] = ()
    near: str | None = None
    script: Literal["simplified", "traditional"]
    split: Split


@dataclass(frozen=True)
class Score:
    """Counts for one rule: found rightly, missed, found falsely; its near-misses, and those of them flagged."""

    rule: str
    found: int
    missed: int
    false: int
    near: int
    near_found: int

    @property
    def recall(self) -> float:
        """查全率: found / (found + missed)."""
        return self.found / (self.found + self.missed)

    @property
    def precision(self) -> float:
        """查准率: found / (found + false)."""
        return self.found / (self.found + self.false)

    @property
    def false_alarms(self) -> float:
        """误报率: the share of this rule's alarms that are false, 1 - precision."""
        return 1 - self.precision


@dataclass(frozen=True)
class Result:
    """Scores by rule, the share of clean sentences flagged at all, and every sentence read wrongly."""

    split: str
    sentences: int
    clean: int
    clean_flagged: int
    scores: tuple[Score, ...]
    wrong: tuple[tuple[Sentence, frozenset[str]], ...]

    @property
    def recall(self) -> float:
        """All rules together."""
        return sum(s.found for s in self.scores) / sum(s.found + s.missed for s in self.scores)

    @property
    def false_alarms(self) -> float:
        """Share of the clean sentences on which any rule fired."""
        return self.clean_flagged / self.clean


@lru_cache(maxsize=1)
def sentences() -> tuple[Sentence, ...]:
    """The labelled sentences of ``data/redline_sentences.yaml``.

    >>> len(sentences()) >= 400
    True
    """
    return content.load(paths.data("redline_sentences.yaml"), tuple[Sentence, ...])


def evaluate(split: Split = "unseen") -> Result:
    """Read one half of the labelled sentences and count (评测).

    Parameters
    ----------
    split : ``unseen`` (the held-out half of the first batch), ``fresh`` (written after the rules, never
        used), ``later`` (written by somebody who had not read the rules, never used), or ``seen`` (what
        the rules were written against)

    Examples
    --------
    >>> result = evaluate("unseen")
    >>> result.recall >= 0.9 and result.false_alarms <= 0.1
    True
    """
    rows = [row for row in sentences() if row.split == split]
    read = [(row, frozenset(hit.rule for hit in redline.check(row.text))) for row in rows]
    scores = tuple(Score(rule.id,
                         found=sum(rule.id in row.rules and rule.id in got for row, got in read),
                         missed=sum(rule.id in row.rules and rule.id not in got for row, got in read),
                         false=sum(rule.id not in row.rules and rule.id in got for row, got in read),
                         near=sum(row.near == rule.id for row in rows),
                         near_found=sum(row.near == rule.id and rule.id in got for row, got in read))
                   for rule in redline.load().rules)
    clean = [(row, got) for row, got in read if not row.rules]
    return Result(split, len(rows), len(clean), sum(bool(got) for _, got in clean), scores,
                  tuple((row, got) for row, got in read if set(row.rules) != got))


def _table(result: Result) -> list[str]:
    names = {rule.id: rule.name for rule in redline.load().rules}
    rows = ["| 红线 | 该报 | 报对 | 漏报 | 误报 | 查全率 | 查准率 | 临界句误报 |", "|---|---|---|---|---|---|---|---|"]
    rows += [f"| {names[s.rule]} `{s.rule}` | {s.found + s.missed} | {s.found} | {s.missed} | {s.false} | "
             f"{s.recall:.2f} | {s.precision:.2f} | {s.near_found}/{s.near} |" for s in result.scores]
    return rows


def page() -> str:
    """The report as Markdown (评测报告)."""
    lines = ["# 红线检查：查全与查准", "",
             "本页由 `python -m receivables.talk.redline_report --write` 生成，测试保证它和规则一致。",
             "", paths.data("redline_note.md").read_text(encoding="utf-8").rstrip(), ""]
    for split, title in TITLES.items():
        result = evaluate(split)
        lines += [f"## {title}（{result.sentences} 句，其中干净句 {result.clean} 句）", "",
                  f"合计查全率 {result.recall:.3f}；干净句被误报 {result.clean_flagged}/{result.clean}"
                  f"（{result.false_alarms:.3f}）。", "", *_table(result), "", "读错的句子：", ""]
        lines += [f"- {row.id} {row.text} 应为 {'、'.join(row.rules) or '无'}，"
                  f"报了 {'、'.join(sorted(got)) or '无'}" for row, got in result.wrong] or ["- 无"]
        lines.append("")
    return "\n".join(lines).rstrip() + "\n"


def main(argv: list[str] | None = None) -> int:
    """Print the report, or write it with ``--write``."""
    parser = argparse.ArgumentParser(description="Precision and recall of the red-line checker, per rule.")
    parser.add_argument("--write", action="store_true", help="write data/redline_report.md")
    if parser.parse_args(argv).write:
        paths.data("redline_report.md").write_text(page(), encoding="utf-8")
    else:
        sys.stdout.write(page())
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
