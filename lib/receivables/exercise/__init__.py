"""Exercises: specification, key, checking, the answer store, the card."""
