"""Rasa custom actions. Thin: they ask `knowledge` and word the result; they import nothing of `bot`."""
