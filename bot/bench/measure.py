"""Runs one program and writes its exit code, time and peak memory: `python measure.py RESULT SECONDS PROGRAM ...`.

A program of its own, without imports, because the memory that the system reports for a child is never less than that of
the process it was started from, and the command itself holds Rasa.
"""

import json
import resource
import subprocess
import sys
import time


def main(result: str, seconds: str, *program: str) -> None:
    """Run `program`; it is ended after `seconds`."""
    started, late = time.monotonic(), False
    try:
        code = subprocess.run(program, timeout=float(seconds)).returncode
    except subprocess.TimeoutExpired:
        code, late = 1, True
    peak = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
    with open(result, "w", encoding="utf-8") as stream:
        json.dump(
            {
                "code": code,
                "late": late,
                "seconds": time.monotonic() - started,
                "megabytes": peak / (1e6 if sys.platform == "darwin" else 1e3),
            },
            stream,
        )


if __name__ == "__main__":
    main(*sys.argv[1:])
