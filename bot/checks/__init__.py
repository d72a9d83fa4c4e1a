"""Checks of the project's own data and conversations, run by `wegwijzer test` and by pytest."""
