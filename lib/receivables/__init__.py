"""Managing and collecting accounts receivable: calculations, exercises and the course itself.

Data flows one way: ledger -> analysis -> law, talk -> exercise -> course.
"""

from receivables.errors import Undefined

__all__ = ["Undefined"]
__version__ = "0.1.0"
