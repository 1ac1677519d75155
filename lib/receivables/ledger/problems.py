"""What is wrong with a file, said so that its owner can mend it."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

SHOWN = 20  # problems printed in the message; all of them are in LedgerError.problems


@dataclass(frozen=True)
class Problem:
    """One problem (问题): what, where, what stands there and what was expected.

    ``stops`` says whether the ledger could not be read because of it; the others are kept on ``ledger.problems``.

    >>> print(Problem("not a date", file="ar.csv", row=7, column="DueDate", value="31/02/2024",
    ...               expected="a day that exists"))
    ar.csv, row 7, column DueDate: not a date, found '31/02/2024', expected a day that exists
    """

    what: str
    file: str = ""
    sheet: str = ""
    row: int | None = None
    column: str = ""
    value: str | None = None
    expected: str = ""
    stops: bool = True

    def __str__(self) -> str:
        place = ", ".join(
            part
            for part in (
                self.file,
                f"sheet {self.sheet}" if self.sheet else "",
                f"row {self.row}" if self.row is not None else "",
                f"column {self.column}" if self.column else "",
            )
            if part
        )
        text = f"{place}: {self.what}" if place else self.what
        if self.value is not None:
            text += f", found {_short(self.value)!r}"
        return f"{text}, expected {self.expected}" if self.expected else text


def _short(value: str, length: int = 60) -> str:
    return value if len(value) <= length else value[:length] + "..."


class LedgerError(ValueError):
    """A file or set of tables that is no usable ledger (台账无法使用); lists every problem and what to do.

    Parameters
    ----------
    problems : the problems; at least one
    advice : what to do about them

    >>> raise LedgerError([Problem("the file is empty", file="ar.csv")], "export it again")
    Traceback (most recent call last):
    ...
    receivables.ledger.problems.LedgerError: the ledger cannot be used (1 problem):
      - ar.csv: the file is empty
    What to do: export it again
    """

    def __init__(self, problems: Iterable[Problem], advice: str = "correct the rows named above and read it again"):
        self.problems = list(problems)
        self.advice = advice
        count = len(self.problems)
        lines = [f"the ledger cannot be used ({count} problem{'s' * (count != 1)}):"]
        lines += [f"  - {problem}" for problem in self.problems[:SHOWN]]
        if count > SHOWN:
            lines.append(f"  ... and {count - SHOWN} more, all of them in error.problems")
        super().__init__("\n".join([*lines, f"What to do: {advice}"]))
