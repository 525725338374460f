"""The variables of the environment, and the settings of a crawl; their words from words/settings.toml."""

import re
from importlib.resources import files

from browse.words import all_words
from manual.markdown import code, table
from manual.speech import Language, agree, begun, page_words, topic
from settings import crawl
from settings.tables import load_toml

VARIABLE = re.compile(r'environ\.get\("(\w+)"|"(https?_proxy)"')
TUNED = ("settings", "crawler", "extract", "pipeline")
OF_THIS_MACHINE = {"NIANBAO_DATABASE", "NIANBAO_HAS_PROXY", "USER_AGENT"}  # read from its environment


def settings(language: Language) -> str:
    said, words = topic("settings"), page_words("settings", language)
    agree("manual/words/settings.toml, environment", said["environment"], variables())
    agree("manual/words/settings.toml, crawl", said["crawl"], in_crawl())
    read = [
        (code(name), each[language], code(each.get("default", "")))
        for name, each in said["environment"].items()
    ]
    kept = [(code(name), each[language], default(name)) for name, each in said["crawl"].items()]
    agree("manual/words/settings.toml, files", said["files"], tables())
    beside = [(code(name), each[language]) for name, each in said["files"].items()]
    return (
        f"{begun(words)}\n## {words['environment']}\n\n{table(words['head'], read)}\n"
        f"## {words['crawl']}\n\n{table(words['head'], kept)}\n"
        f"## {words['calendar']}\n\n{intervals(language)}\n"
        f"## {words['files']}\n\n{table(words['files_head'], beside)}"
    )


def intervals(language: Language) -> str:
    """Hours by kind of page; a kind without hours of its own for the season has the others."""
    calendar = load_toml("settings", "calendar.toml")
    season, rest, unchanged = (calendar[name]["hours"] for name in ("season", "else", "unchanged"))
    months = calendar["season"]["months"]
    head = [
        each.format(f"{months[0]}–{months[-1]}") for each in page_words("settings", language)["calendar_head"]
    ]
    rows = [
        (
            all_words()[f"value_{kind}"][language],
            str(season.get(kind, hours)),
            str(hours),
            str(unchanged.get(kind, "—")),
        )
        for kind, hours in rest.items()
    ]
    return table(head, rows)


def tables() -> list[str]:
    """The TOML files of the packages that decide how is crawled and read."""
    return [
        f"{name}/{each.name}"
        for name in TUNED
        for each in files(name).iterdir()
        if each.name.endswith(".toml")
    ]


def variables() -> set[str]:
    """Those that settings/environment.py, their only reader, names."""
    source = files("settings").joinpath("environment.py").read_text(encoding="utf-8")
    return {name or proxy for name, proxy in VARIABLE.findall(source)}


def in_crawl() -> set[str]:
    return {name for name in vars(crawl) if name.isupper()}


def default(name: str) -> str:
    """Its value where that is one word; longer ones are in the file."""
    value = getattr(crawl, name)
    return "" if name in OF_THIS_MACHINE or isinstance(value, dict) else code(str(value))
