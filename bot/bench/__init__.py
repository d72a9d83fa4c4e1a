"""Our topic classifier beside what others would use, on the same sentences (`wegwijzer bench nlu`).

`task.py` what is measured on · `systems.py` who takes part and how they are set up · `peers/` one program per system ·
`measure.py` runs a program and reads its clock and memory · `run.py` the whole run · `scoring.py` · `table.py`.

The peers are never imported by the assistant or the tests of the assistant, and are no dependencies of it.
"""
