"""The thread company (贯穿全课的公司): one fictional distributor, its customers and 36 months of their debts.

``profile()`` is what the course may know about the seller; ``generate()`` makes the tables that
``python -m receivables.ledger.company`` writes to data/company/. Everything is invented (虚构).
"""

from receivables.ledger.company.generate import generate
from receivables.ledger.company.profile import Company, profile

__all__ = ["Company", "generate", "profile"]
