"""The script book (话术册): what learners wrote, collected, edited, printed; and papers filled from the ledger.

``collect`` reads answer files, ``sheet`` is the workbook a trainer edits, ``book`` prints, ``letters`` fills the
templates of data/templates.yaml for one customer. Words stand in data/scripts.yaml.
"""
