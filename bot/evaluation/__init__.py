"""Measuring quality on labelled messages and conversations: `wegwijzer evaluate`."""
