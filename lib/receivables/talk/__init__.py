"""Conversation: scenes, personas, red lines, concessions."""
