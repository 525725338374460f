"""CPU per page of full extraction beside trafilatura alone; what is measured stands in reading.py."""

import runpy
import sys
from pathlib import Path

sys.path[0] = str(Path(__file__).parents[1])  # the folder of this script would hide the package `extract`
if __name__ == "__main__":  # the reading processes import this file, too
    runpy.run_module("benchmarks.reading", run_name="__main__")
