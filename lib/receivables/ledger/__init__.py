"""What is owed: tables, validation, import of foreign files, open items at a date."""
