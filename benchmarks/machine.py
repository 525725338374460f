"""What a measurement was made on."""

import os
import platform
from importlib.metadata import version
from pathlib import Path

LIBRARIES = ("scrapy", "twisted", "lxml", "trafilatura", "sqlalchemy")


def describe_machine() -> str:
    """Give one line on the processor and one on the software."""
    versions = ", ".join(f"{name} {version(name)}" for name in LIBRARIES)
    load = "/".join(f"{value:.1f}" for value in os.getloadavg())
    return (
        f"{processor()}, {os.cpu_count()} cores, load {load}, {platform.system()} {platform.machine()}\n"
        f"{platform.python_implementation()} {platform.python_version()}, {versions}"
    )


def processor() -> str:
    """Read Linux's name for the processor; elsewhere Python's."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.exists() else []
    names = (line.partition(":")[2].strip() for line in lines if line.startswith("model name"))
    return next(names, platform.processor() or "unknown processor")
