"""``python -m receivables.ledger.company [FOLDER]``: write the thread company's files, by default into data/."""

import sys

from receivables.ledger.company.write import write

if __name__ == "__main__":
    folder = write(*sys.argv[1:2])
    for file in sorted([*(folder / "company").iterdir(), folder / "first_ledger.csv"]):
        print(f"{file.relative_to(folder)}: {file.stat().st_size:,} bytes")
