"""The variables of the environment, and the settings of a crawl; their words from words/settings.toml."""

import re
from importlib.resources import files

from manual.markdown import code, table
from manual.speech import Language, agree, begun, page_words, topic
from settings import crawl

VARIABLE = re.compile(r'environ\.get\("(\w+)"|"(https?_proxy)"')
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
    return (
        f"{begun(words)}\n## {words['environment']}\n\n{table(words['head'], read)}\n"
        f"## {words['crawl']}\n\n{table(words['head'], kept)}"
    )


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
