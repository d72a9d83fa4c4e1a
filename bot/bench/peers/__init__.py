"""One program per system; each in a process of its own, some in an environment of their own."""
