"""What a person should know: of a report, of what its tables hold besides, and of a run."""

import re
from collections.abc import Iterator
from importlib.resources import files
from importlib.resources.abc import Traversable

from browse.words import all_words
from manual.markdown import code, table
from manual.speech import Language, agree, begun, page_words
from pipeline import nightly, show

TOLD = re.compile(r'\b(?:Finding|Leftover)\(\s*"(\w+)"')
TOLD_OF_RUNS = re.compile(r'\bFinding\([^"\n]+, "(\w+)"|\.rest\([\w.]+, "(\w+)"|\bHIT = "(\w+)"')

NIGHT = "night_"


def findings(language: Language) -> str:
    read, of_runs = show.meanings(), of_runs_in_code()
    nights = [word.removeprefix(NIGHT) for word in all_words() if word.startswith(NIGHT)]
    agree("pipeline/findings.toml", read.keys() & of_reports_in_code(), of_reports_in_code())
    agree("browse/words.toml, value_…", [name for name in read if f"value_{name}" in all_words()], read)
    agree("browse/words.toml, night_…", of_runs.intersection(nights), of_runs)
    alarms = nightly.worth_a_look()["alarms"]
    agree("pipeline/nightly.toml, alarms", alarms, of_runs.intersection(alarms))
    words, said = page_words("findings", language), all_words()
    of_reports = [(code(name), said[f"value_{name}"][language]) for name in read]
    of_nights = [
        (code(name), said[f"{NIGHT}{name}"][language], "✓" if name in alarms else "") for name in nights
    ]
    return (
        f"{begun(words)}\n## {words['of_reports']}\n\n{table(words['head'], of_reports)}\n"
        f"## {words['of_nights']}\n\n{table(words['night_head'], of_nights)}"
    )


def of_reports_in_code() -> set[str]:
    """The codes that the extractor's source spells out."""
    return {name for text in sources("extract") for name in TOLD.findall(text)}


def of_runs_in_code() -> set[str]:
    """The codes that the sources of a crawl spell out."""
    found = (
        match
        for package in ("crawler", "pipeline")
        for text in sources(package)
        for match in TOLD_OF_RUNS.finditer(text)
    )
    return {name for match in found for name in match.groups() if name}


def sources(package: str) -> Iterator[str]:
    return (module.read_text("utf-8") for module in modules(files(package)))


def modules(folder: Traversable) -> Iterator[Traversable]:
    for each in folder.iterdir():
        if each.is_dir():
            yield from modules(each)
        elif each.name.endswith(".py"):
            yield each
